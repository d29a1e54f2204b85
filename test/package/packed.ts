// The tarball that `npm pack` makes, what it takes to put it under node_modules, and a start of it as a person would.
// Called by the tests of the package.
// Must never run the checkout: what is started stands in a folder of its own.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import { basename, delimiter, dirname, join } from 'node:path'
import { DEMO_STORY } from '../../src/cli/demo/story.ts'
import { until } from '../helpers/desk-client.ts'
import { startProgram } from '../helpers/node.ts'

export const ROOT = join(import.meta.dirname, '../..')
const PICTURE_MS = 60_000 // the demo's first photo, on a busy machine

/** Runs npm in `cwd`. Throws with its output. */
export function npm(args: string[], cwd: string): void {
  execFileSync('npm', [...args, '--no-update-notifier'], { cwd, stdio: 'pipe', encoding: 'utf8' })
}

/** Packs the checkout as a publisher would. Returns the path of the tarball in `folder`. */
export function pack(folder: string): string {
  npm(['pack', '--pack-destination', folder], ROOT)
  const [name = ''] = fs.readdirSync(folder).filter((file) => file.endsWith('.tgz'))
  return join(folder, name)
}

/** The Node a person on this machine would start with: not the one that came with the dependencies. */
export function hostNode(): string {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'))
  const onPath = folders.map((folder) => join(folder, 'node')).find((file) => fs.existsSync(file))
  return onPath ?? process.execPath
}

/**
 * Starts `home`/node_modules/dateline in `home` under the host's Node, with the demo, looks at it as a visitor, and
 * ends it by SIGTERM. Throws when anything is not as it should be.
 */
export async function tryPackage(home: string): Promise<void> {
  const launcher = join(home, 'node_modules/dateline/bin/dateline.mjs')
  const node = await startProgram([hostNode(), launcher, 'start', '--demo', '--port', '0'], home)
  const dataDir = join(fs.realpathSync(home), 'dateline-data')
  try {
    const said = node.lines.join('\n')
    assert.equal(/^ +Data +(.+)$/m.exec(said)?.[1], dataDir, said)
    assert.match(said, /DATA_DIR names a fixed place/)
    assert.ok(postgresIn(dataDir).length > 0, 'no database runs in the data folder')
    await lookAround(node.origin, node.setupLink)
  } finally {
    await node.kill('SIGTERM')
  }
  assert.equal(node.child.exitCode, 0, node.lines.join('\n'))
  assert.deepEqual(postgresIn(dataDir), [])
}

async function lookAround(origin: string, setupLink: string | null): Promise<void> {
  assert.ok(setupLink, 'no first-admin link was printed')
  assert.match(await textOf(setupLink), /name="password"/)
  const front = await textOf(`${origin}/`)
  const story = await textOf(`${origin}/${DEMO_STORY.slug}`)
  const built = [...`${front}${story}`.matchAll(/"(\/assets\/[^"]+)"/g)].map(([, path = '']) => path)
  assert.deepEqual([...new Set(built.map((path) => path.split('.').at(-1)))].sort(), ['css', 'js'])
  for (const path of new Set(built)) assert.ok((await textOf(`${origin}${path}`)).length > 100, path)
  // A photo passes through the decoding child, started by its path.
  let photo: string | undefined
  await until('a photo of the demo', PICTURE_MS, async () => {
    photo = /"(\/media\/[^" ]+)/.exec(await textOf(`${origin}/${DEMO_STORY.slug}`))?.[1]
    return photo !== undefined
  })
  assert.ok((await textOf(`${origin}${photo}`)).length > 1_000)
}

async function textOf(address: string): Promise<string> {
  const answer = await fetch(address)
  assert.equal(answer.status, 200, address)
  return answer.text()
}

/** Processes of the database whose folder lies in `folder`. */
function postgresIn(folder: string): string[] {
  return fs.readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && fs.readlinkSync(`/proc/${pid}/cwd`).startsWith(folder)
    } catch {
      return false
    }
  })
}

/**
 * Puts the tarball under `home`/node_modules, with the dependencies of the checkout beside it: those of package.json
 * and no others, so that a tool of development which is needed at run time is missed.
 */
export function unpack(tarball: string, home: string): void {
  const modules = join(home, 'node_modules')
  fs.mkdirSync(join(modules, 'dateline'), { recursive: true })
  execFileSync('tar', ['-xzf', tarball, '-C', join(modules, 'dateline'), '--strip-components=1'])
  const manifest = JSON.parse(fs.readFileSync(join(modules, 'dateline/package.json'), 'utf8'))
  for (const name of Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })) {
    const installed = join(ROOT, 'node_modules', name)
    if (!fs.existsSync(installed)) continue // for another kind of machine
    fs.mkdirSync(dirname(join(modules, name)), { recursive: true })
    fs.symlinkSync(installed, join(modules, name))
  }
  assert.equal(basename(fs.realpathSync(join(modules, 'dateline'))), 'dateline')
}
