// The whole gate, in named steps, the same on a laptop and in CI: `npm test`, or `npm test -- unit journeys` for some.
// Starts one embedded engine for all steps that need a database. Closes with a line "N passed, N failed".

import { type ChildProcess, spawn } from 'node:child_process'
import { globSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from 'node:test'
import { silentLog } from '../src/base/log.ts'
import { openEngine } from '../src/store/engine.ts'

const ROOT = join(import.meta.dirname, '..')
const TEST_TIMEOUT_MS = 300_000 // one file; a hung test must not hang the gate, a busy machine must not fail it
const INSTALL_TIMEOUT_MS = 600_000 // a slow network and a hundred packages

type Tally = { passed: number; failed: number; skipped: number }
type Step = { name: string; run: () => Promise<Tally> }

const TESTS = {
  unit: ['src/**/*.test.ts', 'client/**/*.test.ts', 'bin/*.test.mjs', 'test/helpers/*.test.ts'],
  contracts: ['test/contracts/*.test.ts'],
  simulation: ['test/simulation/*.test.ts'],
  surfaces: ['test/surfaces.test.ts', 'test/docs.test.ts'],
  budget: ['test/budget.test.ts'],
  torture: ['test/torture/*.test.ts'],
  journeys: ['test/journeys/*.test.ts'],
  package: ['test/package/package.test.ts'],
}

function steps(): Step[] {
  const embedded = { TEST_DATABASE_URL: '' }
  const list: Step[] = [
    { name: 'format', run: () => command('biome', ['check', '--error-on-warnings', '.']) },
    { name: 'types', run: () => command('tsc', ['--noEmit', '-p', '.']) },
    { name: 'build', run: () => command('../../bin/dateline.mjs', ['build']) },
    { name: 'architecture', run: () => tests(['test/architecture.test.ts'], embedded) },
  ]
  for (const [name, patterns] of Object.entries(TESTS)) {
    list.push({ name, run: () => tests(patterns, embedded) })
    if (name === 'package' && process.env.TEST_INSTALL) {
      const install = () => tests(['test/package/install.test.ts'], embedded, INSTALL_TIMEOUT_MS)
      list.push({ name: 'package from the registry', run: install })
    }
    if (process.env.TEST_DATABASE_URL && ['contracts', 'surfaces', 'journeys'].includes(name)) {
      const server = { TEST_DATABASE_URL: process.env.TEST_DATABASE_URL }
      list.push({ name: `${name} on TEST_DATABASE_URL`, run: () => tests(patterns, server) })
    }
  }
  return list
}

async function main(): Promise<void> {
  const wanted = process.argv.slice(2).filter((arg) => !arg.startsWith('-'))
  const chosen = steps().filter(
    (step) => wanted.length === 0 || wanted.some((name) => step.name.split(' ')[0] === name),
  )
  const dataDir = mkdtempSync(join(tmpdir(), 'dateline-check-'))
  const engine = await openEngine({ dataDir, log: silentLog() })
  process.env.TEST_ENGINE_SOCKET = engine.socketDir
  const sum: Tally = { passed: 0, failed: 0, skipped: 0 }
  try {
    for (const step of chosen) add(sum, await timed(step))
  } finally {
    await engine.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
  if (sum.skipped > 0) console.log(`${sum.skipped} skipped: see the lines above for what each needs`)
  const refuseSkips = process.env.FAIL_ON_SKIP === '1' && sum.skipped > 0
  if (refuseSkips) console.log('FAIL_ON_SKIP is set: a skip counts as a failure')
  console.log(`${sum.passed} passed, ${sum.failed + (refuseSkips ? sum.skipped : 0)} failed`)
  process.exitCode = sum.failed > 0 || refuseSkips || sum.passed === 0 ? 1 : 0
}

async function timed(step: Step): Promise<Tally> {
  const start = performance.now()
  process.stdout.write(`— ${step.name}\n`)
  const tally = await step.run()
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  const skipped = tally.skipped > 0 ? `, ${tally.skipped} skipped` : ''
  console.log(
    `  ${tally.failed === 0 ? 'ok' : 'FAILED'}  ${tally.passed} passed, ${tally.failed} failed${skipped}  ${seconds} s`,
  )
  return tally
}

/** A tool of node_modules/.bin; its output is shown only when it fails. */
async function command(name: string, args: string[]): Promise<Tally> {
  const bin = join(ROOT, 'node_modules/.bin', name)
  const child = spawn(bin, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
  const output = collect(child)
  const code = await new Promise<number>((resolve) => child.once('close', (status) => resolve(status ?? 1)))
  if (code !== 0) console.log(output())
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 }
}

function collect(child: ChildProcess): () => string {
  const parts: string[] = []
  child.stdout?.on('data', (part: Buffer) => parts.push(part.toString()))
  child.stderr?.on('data', (part: Buffer) => parts.push(part.toString()))
  return () => parts.join('')
}

async function tests(patterns: string[], env: Record<string, string>, timeout = TEST_TIMEOUT_MS): Promise<Tally> {
  const files = patterns.flatMap((pattern) => globSync(pattern, { cwd: ROOT })).map((file) => join(ROOT, file))
  const tally: Tally = { passed: 0, failed: 0, skipped: 0 }
  if (files.length === 0) return tally
  const merged = { ...process.env, ...env, FORCE_COLOR: '0' }
  const stream = run({
    files: files.sort(),
    concurrency: 2,
    timeout,
    cwd: ROOT,
    env: merged,
  } as Parameters<typeof run>[0])
  stream.on('test:pass', (event) => {
    if (event.details.type === 'suite') return
    if (event.skip === undefined) tally.passed += 1
    else {
      tally.skipped += 1
      console.log(`  skipped: ${event.name} ${typeof event.skip === 'string' ? `(${event.skip})` : ''}`)
    }
  })
  stream.on('test:fail', (event) => {
    const cause = event.details.error.cause
    const { failureType } = event.details.error as { failureType?: string }
    if (event.details.type === 'suite' && failureType === 'subtestsFailed') return
    tally.failed += 1
    console.log(
      `  FAILED: ${event.name}  ${event.file ?? ''}:${event.line ?? ''}\n${indent(describe(cause ?? event.details.error))}`,
    )
  })
  await new Promise<void>((resolve) => {
    stream.on('end', resolve)
    stream.resume()
  })
  return tally
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

function indent(text: string): string {
  return text
    .split('\n')
    .slice(0, 40)
    .map((line) => `    ${line}`)
    .join('\n')
}

function add(sum: Tally, more: Tally): void {
  sum.passed += more.passed
  sum.failed += more.failed
  sum.skipped += more.skipped
}

await main()
