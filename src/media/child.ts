// A program of ours in a process of its own: bounded in time, heap and address space, killable at any moment.
// Called by media/intake.ts, media/clips.ts and media/avif.ts. Never hands our environment on and never throws: what failed is told in words.

import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { EXIT_MEMORY } from './memory-guard.ts'

const MAX_HEAP_MB = 256
const MAX_ADDRESS_SPACE_KB = 3 * 1024 * 1024 // Node alone reserves 1.3 GB; the largest progressive JPEG was read with 2 GB
const MAX_ANSWER = 100_000 // characters

/**
 * `gentle`: everything else on the machine goes first. `signal` ends it at once. `spentMs`: of computing, by which a late one had
 * the machine; absent = half its time.
 */
export type ChildLimits = { ms: number; gentle?: boolean; signal?: AbortSignal | undefined; spentMs?: number }
/**
 * What it wrote to stdout; `failure` null when it ended by itself with 0. `late`: its time was up, as on a machine that has
 * other things to do. `spent`: its time was up, and it had the machine: another try would go no better.
 */
export type ChildEnd = { output: string; failure: string | null; late: boolean; spent: boolean }
const LEAST_SPENT_MS = 5_000 // of computing; below it a bound was too tight, not a file too much
const TICK_MS = 10 // Linux counts computing in hundredths of a second

// ulimit bounds memory outside the JavaScript heap too; where the shell does not know it, the heap limit remains.
const BOUNDED = `ulimit -v ${MAX_ADDRESS_SPACE_KB} 2>/dev/null`
const SCRIPT = `${BOUNDED}; exec "$0" "$@"`
const GENTLE = `${BOUNDED}; command -v nice >/dev/null && exec nice -n 19 "$0" "$@"; exec "$0" "$@"`

/** `program`: a file beside this one, without its ending. */
export function runChild(program: string, args: readonly string[], limits: ChildLimits): Promise<ChildEnd> {
  const child = start(program, args, limits.gentle ?? false)
  return new Promise((done) => {
    let output = ''
    let failure: string | null = null
    let late = false
    let spent = false
    const end = (why: string) => {
      failure ??= why
      child.kill('SIGKILL')
    }
    const stopped = () => end('was stopped')
    const timer = setTimeout(() => {
      spent = computedMs(child.pid) >= (limits.spentMs ?? Math.max(LEAST_SPENT_MS, limits.ms / 2))
      late = !spent
      end(`took longer than ${limits.ms} ms`)
    }, limits.ms)
    const settle = (answer: ChildEnd) => {
      clearTimeout(timer)
      limits.signal?.removeEventListener('abort', stopped)
      done(answer)
    }
    if (limits.signal?.aborted) stopped()
    limits.signal?.addEventListener('abort', stopped)
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      if (output.length < MAX_ANSWER) output += chunk
    })
    child.on('error', (error) => settle({ output, failure: error.message, late, spent }))
    child.on('close', (code, signal) =>
      settle({ output, failure: failure ?? (code === 0 ? null : reasonOf(code, signal)), late, spent }),
    )
  })
}

/** ms that a process has computed, on all its threads; 0 where that is not told. */
function computedMs(pid: number | undefined): number {
  try {
    // The name before it may hold anything, a bracket too.
    const [, rest = ''] = /.*\) (.*)/s.exec(readFileSync(`/proc/${pid}/stat`, 'latin1')) ?? []
    const fields = rest.split(' ')
    return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * TICK_MS
  } catch {
    return 0
  }
}

function reasonOf(code: number | null, signal: NodeJS.Signals | null): string {
  return code === EXIT_MEMORY ? 'took more memory than a file may' : `ended with ${signal ?? code}`
}

// Without the flag WebAssembly alone reserves 10 GB of addresses and the limit would have to be useless.
function start(program: string, args: readonly string[], gentle: boolean) {
  const file = fileURLToPath(new URL(`./${program}${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url))
  const node = ['--no-warnings', '--disable-wasm-trap-handler', `--max-old-space-size=${MAX_HEAP_MB}`, file, ...args]
  const options = {
    env: { MALLOC_ARENA_MAX: '2', PATH: '/usr/bin:/bin' },
    cwd: '/',
    stdio: ['ignore', 'pipe', 'ignore'] as ['ignore', 'pipe', 'ignore'],
  }
  return process.platform === 'win32'
    ? spawn(process.execPath, node, { ...options, cwd: tmpdir() })
    : spawn('/bin/sh', ['-c', gentle ? GENTLE : SCRIPT, process.execPath, ...node], options)
}
