// A whole node for tests: in this process on a database of its own, or as a process of its own that can be killed.
// Never shares a port: the system chooses one.

import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { silentLog } from '../../src/base/log.ts'
import { type Options, parseOptions } from '../../src/cli/options.ts'
import { type Node, serve } from '../../src/cli/serve.ts'
import { openTestStore, type TestStore } from './database.ts'

const ROOT = join(import.meta.dirname, '../..')
const START_TIMEOUT_MS = 60_000

export type TestNode = Node & { store: TestStore; options: Options; mediaDir: string }

/** A node in this process. `store`: a second node on the same database; `sharedMedia`: and on the same folder. */
export async function startTestNode(flags: string[] = [], store?: TestStore, sharedMedia?: string): Promise<TestNode> {
  const opened = store ?? (await openTestStore())
  const { options } = parseOptions(flags, { PORT: '0' }) // a flag wins
  const mediaDir = sharedMedia ?? mkdtempSync(join(tmpdir(), 'dateline-media-'))
  const node = await serve(options, opened, mediaDir, silentLog())
  return {
    ...node,
    store: opened,
    options,
    mediaDir,
    close: async () => {
      await node.close()
      if (!store) await opened.close()
      if (!sharedMedia) rmSync(mediaDir, { recursive: true, force: true })
    },
  }
}

export type TwoNodes = { first: TestStore; second: TestStore; one: TestNode; two: TestNode; close(): Promise<void> }

/** Two nodes in this process on one database, each with a store of its own. */
export async function startTwoNodes(notify: boolean): Promise<TwoNodes> {
  const first = await openTestStore({ notify })
  const second = await openTestStore({ notify, connection: first.connection })
  const flags = notify ? [] : ['--no-notify']
  const one = await startTestNode(flags, first)
  const two = await startTestNode(flags, second)
  const close = async () => {
    for (const part of [two, one, second, first]) await part.close()
  }
  return { first, second, one, two, close }
}

export type NodeProcess = {
  origin: string
  child: ChildProcess
  /** The first-admin link, when one was printed. */
  setupLink: string | null
  lines: string[]
  /** Resolves when the process is gone. */
  kill(signal: NodeJS.Signals): Promise<void>
}

/** `dateline start` as a person starts it, without the launcher. Rejects with its output when it does not come up. */
export function startNodeProcess(
  dataDir: string,
  flags: string[] = [],
  env: Record<string, string> = {},
): Promise<NodeProcess> {
  const args = ['src/cli/main.ts', 'start', '--port', '0', '--data-dir', dataDir, ...flags]
  return startProgram([process.execPath, ...args], ROOT, env)
}

/** Any command line that ends in `dateline start`, in the folder `cwd`. */
export async function startProgram(
  [program = '', ...args]: string[],
  cwd: string,
  env: Record<string, string> = {},
): Promise<NodeProcess> {
  const child = spawn(program, args, { cwd, env: { ...cleanEnv(), ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  const lines: string[] = []
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()))
  child.stderr.on('data', (data: Buffer) => lines.push(data.toString()))
  const found = new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer in time:\n${lines.join('\n')}`)), START_TIMEOUT_MS)
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line)
      const [, origin] = /^\s+Readers\s+(\S+)/.exec(line) ?? []
      if (origin) resolve(origin)
      if (line.includes('Ctrl-C')) clearTimeout(timer)
    })
    child.once('close', (code) => {
      clearTimeout(timer)
      reject(new Error(`ended with ${code} before it served:\n${lines.join('\n')}`))
    })
  })
  const origin = await found
  for (let tries = 0; tries < 100 && !lines.some((line) => line.includes('Ctrl-C')); tries++)
    await new Promise((r) => setTimeout(r, 10))
  const setupLink = /https?:\S+\/desk\/setup\/\S+/.exec(lines.join('\n'))?.[0] ?? null
  return {
    origin,
    child,
    setupLink,
    lines,
    kill: async (signal) => {
      child.kill(signal)
      await exited
    },
  }
}

function cleanEnv(): Record<string, string | undefined> {
  const { DATABASE_URL: _url, DATABASE_PUBLIC_URL: _public, PORT: _port, DATA_DIR: _data, ...rest } = process.env
  return rest
}

export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'dateline-node-'))
  chmodSync(path, 0o711) // as root the database runs as another user, who must be able to enter
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}
