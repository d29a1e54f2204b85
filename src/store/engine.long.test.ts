// Tests of the embedded engine with the real server: start, share, kill, take over.
// Run by node --test; every test works in a folder of its own and ends what it started.
// Never waits without a bound.

import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { silentLog } from '../base/log.ts'
import { isAppError } from '../domain/error.ts'
import { chooseDataDir, type Engine, openEngine } from './engine.ts'
import { startTime, tryLock } from './engine-lock.ts'

const log = silentLog()
// One cluster is made once and copied: initdb is most of the time of a first start.
const nest = fs.mkdtempSync(join(tmpdir(), 'dateline-engine-'))
fs.chmodSync(nest, 0o755)
const children: ChildProcess[] = []
const engines: Engine[] = []

after(async () => {
  for (const child of children) child.kill('SIGKILL')
  for (const engine of engines) await engine.stop()
  await until(() => postgresIn(nest).length === 0, 5_000)
  fs.rmSync(nest, { recursive: true, force: true })
})

async function open(name: string): Promise<Engine> {
  const engine = await openEngine({ dataDir: join(nest, name), log })
  engines.push(engine)
  return engine
}

async function query(engine: { socketDir: string }, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ host: engine.socketDir, port: 5432, user: 'dateline', database: 'dateline' })
  client.on('error', () => {})
  try {
    await client.connect()
    return (await client.query(sql)).rows
  } finally {
    await client.end().catch(() => {})
  }
}

const queryOrNull = (engine: { socketDir: string }, sql: string) => query(engine, sql).catch(() => null)

/** A process of its own that opens the folder and says so; it lives until it is killed. */
async function openInChild(name: string): Promise<{ child: ChildProcess; owner: boolean }> {
  const script = `
    const { openEngine } = await import(${JSON.stringify(new URL('./engine.ts', import.meta.url).href)})
    const { silentLog } = await import(${JSON.stringify(new URL('../base/log.ts', import.meta.url).href)})
    const engine = await openEngine({ dataDir: process.argv[1], log: silentLog() })
    console.log(engine.owner ? 'owner' : 'joined')
    setInterval(() => {}, 1000)`
  const args = ['--input-type=module', '-e', script, join(nest, name)]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  const said = await new Promise<string>((resolve) =>
    child.stdout?.once('data', (data) => resolve(String(data).trim())),
  )
  return { child, owner: said === 'owner' }
}

function postgresIn(folder: string): number[] {
  return fs
    .readdirSync('/proc')
    .map(Number)
    .filter(Number.isInteger)
    .filter((pid) => {
      try {
        return fs.readlinkSync(`/proc/${pid}/cwd`).startsWith(folder)
      } catch {
        return false
      }
    })
}

function postmaster(engine: Engine): number {
  return Number(fs.readFileSync(join(engine.dataDir, 'pg/postmaster.pid'), 'utf8').split('\n')[0])
}

async function until(condition: () => boolean | Promise<boolean>, ms: number): Promise<boolean> {
  for (const deadline = Date.now() + ms; Date.now() < deadline; await sleep(30)) if (await condition()) return true
  return false
}

test('a new folder becomes a running server that answers over its socket, with fsync on', async () => {
  const engine = await open('first')
  assert.equal(engine.owner, true)
  assert.deepEqual(await query(engine, 'select 1 as one'), [{ one: 1 }])
  assert.deepEqual(await query(engine, 'show fsync'), [{ fsync: 'on' }])
  assert.deepEqual(await query(engine, 'show full_page_writes'), [{ full_page_writes: 'on' }])
  assert.deepEqual(await query(engine, 'show listen_addresses'), [{ listen_addresses: '' }])
  assert.equal(fs.statSync(engine.socketDir).mode & 0o777, 0o700)
  await engine.stop()
  assert.deepEqual(postgresIn(engine.dataDir), [])
})

test('an interrupted creation leaves nothing that is taken for a cluster', async () => {
  fs.mkdirSync(join(nest, 'half', 'pg.tmp'), { recursive: true })
  fs.writeFileSync(join(nest, 'half', 'pg.tmp', 'PG_VERSION'), '18\n')
  const engine = await open('half')
  assert.deepEqual(await query(engine, 'select 1 as one'), [{ one: 1 }])
  assert.deepEqual(
    fs.readdirSync(engine.dataDir).filter((name) => name.startsWith('pg.')),
    [],
  )
  await engine.stop()
})

test('two openings at the same moment share one server', async () => {
  const [a, b] = await Promise.all([open('first'), openInChild('first')])
  assert.equal([a.owner, b.owner].filter(Boolean).length, 1)
  assert.deepEqual(await query(a, 'select 1 as one'), [{ one: 1 }])
  b.child.kill('SIGKILL')
  await until(async () => a.owner, 8_000)
  assert.equal(a.owner, true)
  await a.stop()
})

test('after kill -9 of the owning process no server is left, and the folder opens again with its rows', async () => {
  const { child, owner } = await openInChild('first')
  assert.equal(owner, true)
  const here = { socketDir: join(fs.realpathSync(nest), 'first/run') }
  await query(here, 'create table kept (n int); insert into kept values (42)')
  child.kill('SIGKILL')
  assert.ok(await until(() => postgresIn(join(nest, 'first')).length === 0, 3_000), 'postgres is still there')
  const engine = await open('first')
  assert.deepEqual(await query(engine, 'select n from kept'), [{ n: 42 }])
  await engine.stop()
})

test('after kill -9 of the server alone it comes back by itself with every committed row', async () => {
  const engine = await open('first')
  let losses = 0
  engine.onLost(() => losses++)
  await query(engine, 'create table acked (n int); insert into acked select generate_series(1, 500)')
  process.kill(postmaster(engine), 'SIGKILL')
  let rows: Record<string, unknown>[] | null = null
  assert.ok(
    await until(async () => {
      rows = await queryOrNull(engine, 'select count(*)::int as n from acked')
      return rows !== null && losses > 0
    }, 10_000),
  )
  assert.deepEqual(rows, [{ n: 500 }])
  assert.equal(losses, 1)
  await engine.stop()
})

test('a joined process takes over when the owner is killed', async () => {
  const { child, owner } = await openInChild('first')
  assert.equal(owner, true)
  const engine = await open('first')
  assert.equal(engine.owner, false)
  child.kill('SIGKILL')
  assert.ok(await until(() => engine.owner, 8_000), 'nobody took over')
  assert.deepEqual(await query(engine, 'select 1 as one'), [{ one: 1 }])
  await engine.stop()
})

test('data of another major version are refused with both versions named, and not touched', async () => {
  const version = join(nest, 'first/pg/PG_VERSION')
  fs.writeFileSync(version, '17\n')
  await assert.rejects(
    open('first'),
    (error) => isAppError(error, 'conflict') && /PostgreSQL 17.*PostgreSQL 18/.test(error.message),
  )
  assert.equal(fs.readFileSync(version, 'utf8'), '17\n')
})

test('a data folder with a path too long for a socket, spaces and quotes gets a socket folder elsewhere', async () => {
  const engine = await open(`long ${'x'.repeat(60)} "and, more" ${'y'.repeat(30)}`)
  assert.ok(!engine.socketDir.startsWith(engine.dataDir))
  assert.deepEqual(await query(engine, 'select 1 as one'), [{ one: 1 }])
  await engine.stop()
  fs.rmSync(engine.socketDir, { recursive: true })
})

test('a held start lock is refused to others; the lock of a dead or reused process is taken over', () => {
  const path = join(nest, 'a-lock')
  const mine = tryLock(path)
  assert.ok(mine)
  assert.equal(tryLock(path), null)
  mine.release()
  assert.equal(fs.existsSync(path), false)
  const host = fs.readFileSync('/proc/sys/kernel/hostname', 'utf8').trim()
  fs.writeFileSync(path, `${process.pid} ${Number(startTime(process.pid)) - 1} ${host} x\n`)
  const taken = tryLock(path)
  assert.ok(taken, 'a lock by an earlier process with our number is stale')
  taken.release()
  fs.writeFileSync(path, `4194304 1 ${host} x\n`)
  assert.ok(tryLock(path), 'a lock by a dead process is stale')
})

test('the default data folder is the one in the checkout unless the engine cannot reach it', () => {
  const open = fs.mkdtempSync(join(nest, 'open-'))
  fs.chmodSync(open, 0o755)
  assert.equal(chooseDataDir(open).dataDir, join(open, 'data'))
  const shut = fs.mkdtempSync(join(nest, 'shut-'))
  fs.chmodSync(shut, 0o700)
  if (process.getuid?.() !== 0) return assert.equal(chooseDataDir(shut).dataDir, join(shut, 'data'))
  const chosen = chooseDataDir(shut)
  assert.match(chosen.dataDir, /^\/var\/lib\/dateline\/shut-\w+-[0-9a-f]{8}$/)
  assert.match(chosen.reason ?? '', /only root may enter/)
  assert.throws(
    () => chooseDataDir(shut, join(shut, 'mine')),
    (error) => isAppError(error, 'invalid'),
  )
})

test('a folder that vanished under a running server is not replaced by an empty database', async () => {
  const engine = await open('vanished')
  await query(engine, 'create table precious (n int); insert into precious values (7)')
  const pgFolder = join(engine.dataDir, 'pg')
  const aside = join(nest, 'vanished-aside')
  const server = postmaster(engine)
  fs.renameSync(pgFolder, aside)
  process.kill(server, 'SIGKILL')
  await until(() => postgresIn(aside).length === 0, 5_000)
  await sleep(1_500) // several tries to bring it back
  assert.equal(fs.existsSync(pgFolder), false, 'an empty one was made')
  assert.equal(await queryOrNull(engine, 'select 1'), null)
  fs.rmSync(join(aside, 'postmaster.pid'), { force: true })
  fs.renameSync(aside, pgFolder)
  let rows: Record<string, unknown>[] | null = null
  await until(async () => {
    rows = await queryOrNull(engine, 'select n from precious')
    return rows !== null
  }, 15_000)
  assert.deepEqual(rows, [{ n: 7 }])
  await engine.stop()
})

test('a start without the database that was there is refused, and nothing is made', async () => {
  fs.rmSync(join(nest, 'vanished/pg'), { recursive: true })
  const missing = (error: unknown) => isAppError(error, 'unavailable') && /database is missing/.test(error.message)
  await assert.rejects(open('vanished'), missing)
  assert.equal(fs.existsSync(join(nest, 'vanished/pg')), false)
  fs.mkdirSync(join(nest, 'pictures/media'), { recursive: true })
  fs.writeFileSync(join(nest, 'pictures/media/one.jpg'), 'x')
  await assert.rejects(open('pictures'), missing)
  assert.equal(fs.existsSync(join(nest, 'pictures/pg')), false)
})

test('a data folder that cannot be one is refused at once, in words', async () => {
  const file = join(nest, 'a-file')
  fs.writeFileSync(file, '')
  for (const wrong of [file, join(file, 'below')]) {
    const refused = (error: unknown) => isAppError(error, 'invalid') && /a-file is not a folder/.test(error.message)
    assert.throws(() => chooseDataDir(nest, wrong), refused)
    await assert.rejects(openEngine({ dataDir: wrong, log }), refused)
  }
  const nowhere = (error: unknown) => isAppError(error, 'unavailable') && /cannot be written/.test(error.message)
  await assert.rejects(openEngine({ dataDir: '/proc/nope/data', log }), nowhere)
})
