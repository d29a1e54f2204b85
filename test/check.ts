// The gate, in named steps, the same on a laptop and in CI: `npm test`, or `npm test -- unit journeys` for some.
// Files named *.long.test.ts run in CI (TEST_LONG=1), and with the steps that are named. Starts one embedded engine for all steps that need a database. Closes with a line "N passed, N failed".

import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { globSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { run } from 'node:test'
import pg from 'pg'
import { silentLog } from '../src/base/log.ts'
import type { Connection } from '../src/store/database.ts'
import { type Engine, openEngine } from '../src/store/engine.ts'
import { createTemplate, dropDatabase } from './helpers/database.ts'

const ROOT = join(import.meta.dirname, '..')
const AT_ONCE = 2 // test files; with three, those that watch a clock fail on two cores
const TEST_TIMEOUT_MS = 300_000 // one file; a hung test must not hang the gate, a busy machine must not fail it
const LONG = '.long.test.ts' // more than some six seconds, and no promise of its own: `npm test` alone has to end within five minutes
const SLOWEST = Number(process.env.TEST_SLOWEST ?? 8) // files told of at the end: whoever wants the gate shorter begins there
const GRACE_MS = 30_000 // then a file is killed that its own time limit did not end
const INSTALL_TIMEOUT_MS = 600_000 // a slow network and a hundred packages

type Tally = { passed: number; failed: number; skipped: number }
type Work = () => Promise<Tally>
/** `alone`: nothing else runs beside it; what comes after may need what it leaves. */
type Step = { name: string; alone: boolean; works: Work[] }

/** What needs a browser stands first and what computes last: they are taken from both ends. */
const TESTS = {
  architecture: ['test/architecture.test.ts'],
  journeys: ['test/journeys/*.test.ts'],
  contracts: ['test/contracts/*.test.ts'],
  simulation: ['test/simulation/*.test.ts'],
  surfaces: ['test/surfaces.test.ts'],
  docs: ['test/docs.test.ts'],
  torture: ['test/torture/*.test.ts'],
  package: ['test/package/package.test.ts'],
  budget: ['test/budget.test.ts'],
  unit: ['src/**/*.test.ts', 'client/**/*.test.ts', 'bin/*.test.mjs', 'test/helpers/*.test.ts'],
}

/**
 * Walked on the second server in the whole browser, at twice the cost: passkeys, the service worker, and a reader's page. Of the
 * other long journeys one server is enough: what differs between servers is in the contracts, which run on both.
 */
const WHOLE = new Set(['sign-in.long.test.ts', 'desk-phone.long.test.ts', 'reader.test.ts'])
const whole: Env = { TEST_BROWSER: 'whole' }

const times: { file: string; ms: number }[] = []
const unsteady: string[] = []
const leftOut = new Set<string>()

/** `long`: the long files too. */
function steps(long: boolean): Step[] {
  const list: Step[] = [
    { name: 'format', alone: true, works: [() => command('biome', ['check', '--error-on-warnings', '.'])] },
    { name: 'types', alone: true, works: [() => command('tsc', ['--noEmit', '-p', '.'])] },
    { name: 'build', alone: true, works: [() => command('../../bin/dateline.mjs', ['build'])] },
  ]
  const { TEST_DATABASE_URL, TEST_INSTALL } = process.env
  for (const [name, patterns] of Object.entries(TESTS)) {
    const files = filesOf(patterns, long)
    list.push({ name, alone: false, works: testFiles(files, () => ({ TEST_DATABASE_URL: '' })) })
    if (TEST_DATABASE_URL && ['contracts', 'surfaces', 'journeys'].includes(name)) {
      const second = files.filter((file) => name !== 'journeys' || WHOLE.has(basename(file)) || !file.endsWith(LONG))
      const works = testFiles(second, (file) => ({ TEST_DATABASE_URL, ...(WHOLE.has(basename(file)) ? whole : {}) }))
      list.push({ name: `${name} on TEST_DATABASE_URL`, alone: false, works })
    }
  }
  if (TEST_INSTALL) {
    const works = testFiles(['test/package/install.test.ts'], () => ({}), INSTALL_TIMEOUT_MS)
    list.push({ name: 'package from the registry', alone: true, works })
  }
  return list
}

async function main(): Promise<void> {
  const start = performance.now()
  const wanted = process.argv.slice(2).filter((arg) => !arg.startsWith('-'))
  const all = steps(wanted.length > 0 || process.env.TEST_LONG === '1')
  const names = new Set(all.map((step) => step.name.split(' ')[0] ?? ''))
  const unknown = wanted.filter((name) => !names.has(name))
  if (unknown.length > 0) {
    console.log(`There is no step ${unknown.join(', ')}. Steps: ${[...names].join(', ')}.`)
    process.exit(1)
  }
  const chosen = all.filter((step) => wanted.length === 0 || wanted.some((name) => step.name.split(' ')[0] === name))
  const dataDir = mkdtempSync(join(tmpdir(), 'dateline-check-'))
  const engine = await openEngine({ dataDir, log: silentLog() })
  await hurry(engine)
  process.env.TEST_ENGINE_SOCKET = engine.socketDir
  const template = await makeTemplates(engine)
  process.env.NODE_COMPILE_CACHE ??= join(ROOT, 'node_modules/.cache/compiled') // for the many processes of the tests
  let sum: Tally
  try {
    sum = await runAll(chosen)
  } finally {
    await template.drop()
    await engine.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
  if (sum.skipped > 0) console.log(`${sum.skipped} skipped: see the lines above for what each needs`)
  const refuseSkips = process.env.FAIL_ON_SKIP === '1' && sum.skipped > 0
  if (refuseSkips) console.log('FAIL_ON_SKIP is set: a skip counts as a failure')
  const slowest = times.sort((one, other) => other.ms - one.ms).slice(0, SLOWEST)
  if (slowest.length >= SLOWEST || process.env.TEST_SLOWEST)
    console.log(`slowest: ${slowest.map(({ file, ms }) => `${basename(file)} ${seconds(ms)}`).join(', ')}`)
  if (leftOut.size > 0)
    console.log(`${leftOut.size} long files were left out: TEST_LONG=1 npm test runs them too, as CI does`)
  if (unsteady.length > 0) console.log(`unsteady, to be mended: ${unsteady.join(', ')}`)
  console.log(`in ${seconds(performance.now() - start)}`)
  console.log(`${sum.passed} passed, ${sum.failed + (refuseSkips ? sum.skipped : 0)} failed`)
  process.exitCode = sum.failed > 0 || refuseSkips || sum.passed === 0 ? 1 : 0
}

/** The tests' databases live no longer than this process: nothing of them has to outlive a machine that loses power. */
async function hurry(engine: Engine): Promise<void> {
  const client = new pg.Client({ host: engine.socketDir, user: 'dateline', database: 'dateline' })
  await client.connect()
  for (const setting of ['fsync', 'full_page_writes']) await client.query(`ALTER SYSTEM SET ${setting} = off`)
  await client.query('SELECT pg_reload_conf()')
  await client.end()
}

/** Copied for each test file by test/helpers/database.ts, on every server that is tested on. */
async function makeTemplates(engine: Engine): Promise<{ drop(): Promise<void> }> {
  const { TEST_DATABASE_URL: url } = process.env
  const own: Connection = { kind: 'socket', socketDir: engine.socketDir, user: 'dateline', database: 'dateline' }
  const servers: Connection[] = url ? [own, { kind: 'url', url, publicUrl: null }] : [own]
  const name = `t_template_${randomBytes(6).toString('hex')}`
  for (const server of servers) await createTemplate(server, name)
  process.env.TEST_TEMPLATE = name
  return {
    drop: async () => {
      for (const server of servers.slice(1)) await dropDatabase(server, name)
    },
  }
}

async function runAll(chosen: readonly Step[]): Promise<Tally> {
  const sum: Tally = { passed: 0, failed: 0, skipped: 0 }
  const together: (() => Promise<void>)[] = []
  for (const step of chosen) {
    const works = told(step).map((work) => async () => add(sum, await work()))
    if (!step.alone) together.push(...works)
    else {
      await inTurn(together, AT_ONCE)
      await inTurn(works, 1)
    }
  }
  await inTurn(together, AT_ONCE)
  return sum
}

/** From both ends: two browsers at once take two cores from each other until tests that watch a clock fail. */
async function inTurn(works: (() => Promise<void>)[], atOnce: number): Promise<void> {
  const lane = async (take: () => (() => Promise<void>) | undefined) => {
    for (let work = take(); work; work = take()) await work()
  }
  await Promise.all(
    Array.from({ length: atOnce }, (_, n) => lane(n % 2 === 0 ? () => works.shift() : () => works.pop())),
  )
}

/** The works of a step, of which the last to end says how all went; the time is that of all of them together. */
function told({ name, works }: Step): Work[] {
  const step: Tally = { passed: 0, failed: 0, skipped: 0 }
  let left = works.length
  let ms = 0
  return works.map((work) => async () => {
    const start = performance.now()
    const tally = await work()
    add(step, tally)
    ms += performance.now() - start
    left -= 1
    if (left > 0) return tally
    const verdict = step.failed === 0 ? '    ok' : 'FAILED'
    const skipped = step.skipped > 0 ? `, ${step.skipped} skipped` : ''
    console.log(`${verdict}  ${name}: ${step.passed} passed, ${step.failed} failed${skipped}  ${seconds(ms)}`)
    return tally
  })
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`
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

type Env = Record<string, string>

function filesOf(patterns: string[], long: boolean): string[] {
  const files = patterns.flatMap((pattern) => globSync(pattern, { cwd: ROOT }).sort())
  const isIn = (file: string) => long || !file.endsWith(LONG)
  for (const file of files) if (!isIn(file)) leftOut.add(file)
  return files.filter(isIn)
}

function testFiles(files: string[], envOf: (file: string) => Env, timeout = TEST_TIMEOUT_MS): Work[] {
  return files.map((file) => async () => {
    const start = performance.now()
    let tally = await testFile(file, envOf(file), timeout)
    if (tally.failed > 0 && file.startsWith('test/journeys/')) tally = await onceMore(file, envOf(file), timeout)
    times.push({ file, ms: performance.now() - start })
    return tally
  })
}

/**
 * A browser, a database and a node on two busy cores are late at times: a journey that failed is walked once more, whole.
 * Both are shown, and a file that passed only then is named at the end: it is a fault of the page or of the test.
 */
async function onceMore(file: string, env: Env, timeout: number): Promise<Tally> {
  console.log(`  once more: ${file}`)
  const tally = await testFile(file, env, timeout)
  if (tally.failed === 0) unsteady.push(basename(file))
  return tally
}

async function testFile(file: string, env: Env, timeout: number): Promise<Tally> {
  const tally: Tally = { passed: 0, failed: 0, skipped: 0 }
  const merged = { ...process.env, ...env, FORCE_COLOR: '0' }
  const signal = AbortSignal.timeout(timeout + GRACE_MS)
  const options = { files: [join(ROOT, file)], timeout, signal, cwd: ROOT, env: merged }
  const stream = run(options as Parameters<typeof run>[0])
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
