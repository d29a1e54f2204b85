// One run of the embedded PostgreSQL: create a cluster, start, ask whether it answers, end.
// Called by store/engine.ts only.
// Must never leave a server behind: the server ends when the pipe from our process closes, however we die.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { AppError } from '../domain/error.ts'
import { type Binaries, type Home, plain } from './engine-home.ts'

const MAX_LOG_BYTES = 10_000_000 // postgres.log is emptied at a start beyond this
const INITDB_TIMEOUT_MS = 120_000
const ASK_TIMEOUT_MS = 3_000
const FAST_STOP_MS = 15_000 // beyond it the server is told to stop at once and recovers at the next start
const HARD_STOP_MS = 5_000
const LOG_TAIL_BYTES = 4_000

/** The server runs in its own session, so Ctrl-C in a terminal does not reach it before we have drained. */
export type Run = { exited: Promise<void>; hasExited(): boolean; why(): WhyEnded; stop(): Promise<void> }
/** `passing` = waiting may help: the remains of a killed server are still there. */
export type WhyEnded = { text: string; passing: boolean }
export type Answer = 'ready' | 'starting' | 'none'

// dash waits for the server; beside it a reader waits for the end of our pipe (fd 3) and then asks for a fast shutdown.
const KEEPER = `exec 3<&0
"$@" </dev/null 3<&- & P=$!
( read -r _ <&3; kill -INT $P ) >/dev/null 2>&1 & W=$!
exec 3<&-
wait $P
kill $W 2>/dev/null`

/** Where clients connect. Every field is given, so that no PG* variable of the environment can change it. */
export function clientConfig(home: Home): pg.ClientConfig {
  const target = { host: home.socketDir, port: 5432, user: 'dateline', database: 'dateline', password: '' }
  return { ...target, ssl: false, connectionTimeoutMillis: ASK_TIMEOUT_MS, application_name: 'dateline-engine' }
}

/** 'starting' also covers shutting down and recovery: somebody is there, but not for us yet. */
export async function ask(home: Home): Promise<Answer> {
  if (!fs.existsSync(join(home.socketDir, '.s.PGSQL.5432'))) return 'none'
  const client = new pg.Client(clientConfig(home))
  client.on('error', () => {})
  try {
    await client.connect()
    return 'ready'
  } catch (error) {
    return answerOf(error as NodeJS.ErrnoException)
  } finally {
    await client.end().catch(() => {})
  }
}

// A server that refuses us for a reason of its own (57P03 starting, 53300 full) is there; a dead socket file is not.
function answerOf(error: NodeJS.ErrnoException): Answer {
  if (error.code === 'EACCES') {
    const text = 'The database of this data folder runs as another user. Use Dateline as the user who started it.'
    throw new AppError('unavailable', text, { cause: error })
  }
  return error.code === 'ECONNREFUSED' || error.code === 'ENOENT' || error.code === 'ECONNRESET' ? 'none' : 'starting'
}

/** Makes the cluster and its database aside and renames it, so a kill in the middle leaves nothing half. */
export function createCluster(home: Home, binaries: Binaries): void {
  // A name of its own: the initdb of a killed process may still be writing into the folder of the last try.
  for (const old of fs.readdirSync(home.dataDir).filter((name) => name.startsWith('pg.tmp'))) {
    fs.rmSync(join(home.dataDir, old), { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }
  const aside = join(home.dataDir, `pg.tmp-${process.pid}-${Date.now().toString(36)}`)
  fs.mkdirSync(aside, { mode: 0o700 })
  if (home.runAs !== null) fs.chownSync(aside, home.runAs.uid, home.runAs.gid)
  const initdb = ['-D', aside, '--locale=C.UTF-8', '-E', 'UTF8', '--auth=trust', '-U', 'dateline']
  runTool(home, binaries, 'initdb', initdb, '')
  runTool(home, binaries, 'postgres', ['--single', '-D', aside, 'template1'], 'create database dateline\n')
  fs.renameSync(aside, home.pg)
}

/** Throws `conflict` when the folder was written by another major version of PostgreSQL; touches nothing. */
export function checkMajor(home: Home, binaries: Binaries): void {
  const found = fs.readFileSync(join(home.pg, 'PG_VERSION'), 'utf8').trim()
  if (found === binaries.major) return
  const text = `The data in ${home.pg} were written by PostgreSQL ${found}; this version of Dateline carries PostgreSQL ${binaries.major}.`
  const todo = `Start the Dateline that wrote them, export (dump) there and import here. Nothing was changed.`
  throw new AppError('conflict', `${text} ${todo}`)
}

export function startServer(home: Home, binaries: Binaries): Run {
  const log = openLog(home)
  const logStart = fs.fstatSync(log).size
  const command = [join(binaries.native, 'bin/postgres'), '-D', home.pg, ...settings(home)]
  const { cwd, uid, gid } = plain(home.runAs)
  fs.chmodSync(home.pg, 0o700) // PostgreSQL refuses a folder that a copy or a chmod -R has opened
  const child = spawn('/bin/sh', ['-c', KEEPER, 'dateline-engine', ...command], {
    ...{ cwd, uid, gid, env: binaries.env },
    detached: true,
    stdio: ['pipe', log, log],
  })
  fs.closeSync(log)
  let gone = false
  const exited = new Promise<void>((resolve) => {
    const end = () => {
      gone = true
      resolve()
    }
    child.once('exit', end)
    child.once('error', end)
  })
  child.stdin?.on('error', () => {})
  const why = () => whyEnded(readTail(home.log, logStart))
  return { exited, hasExited: () => gone, why, stop: () => stopServer(home, child, exited) }
}

/** Ends what a killed server left behind: backends still busy with a long query. They change nothing that way. */
export function endLeftovers(home: Home): void {
  for (const pid of postgresProcesses().filter((pid) => workingFolder(pid) === home.pg)) send(pid, 'SIGQUIT')
}

/**
 * Removes a postmaster.pid whose process number now belongs to a stranger (a container that restarted): PostgreSQL
 * would refuse to start for ever. Only when surely no process works in the folder, which is what that file protects:
 * a postgres whose folder may not be read (root in a container) counts as one that does.
 */
export function dropForeignPid(home: Home): void {
  const path = join(home.pg, 'postmaster.pid')
  const pid = postmasterPid(home)
  if (pid === null || !fs.existsSync(`/proc/${pid}`) || commandName(pid) === 'postgres') return
  const using = postgresProcesses().map(workingFolder)
  if (using.every((folder) => folder !== null && folder !== home.pg)) fs.rmSync(path, { force: true })
}

function settings(home: Home): string[] {
  const values = {
    listen_addresses: '',
    port: '5432',
    unix_socket_directories: home.socketDir
      .replaceAll('\\', '\\\\')
      .replaceAll('"', '\\"')
      .replace(/^.*[,\s].*$/, '"$&"'),
    unix_socket_permissions: '0700',
    cluster_name: 'dateline',
    shared_buffers: '32MB',
    max_connections: '60',
    fsync: 'on',
    full_page_writes: 'on',
    synchronous_commit: 'on',
    log_checkpoints: 'off', // one line every five minutes for nothing
    log_timezone: 'UTC',
    timezone: 'UTC',
  }
  return Object.entries(values).flatMap(([key, value]) => ['-c', `${key}=${value}`])
}

function runTool(home: Home, binaries: Binaries, tool: string, args: string[], input: string): void {
  const options = {
    ...plain(home.runAs),
    timeout: INITDB_TIMEOUT_MS,
    env: binaries.env,
    input,
    encoding: 'utf8' as const,
  }
  const run = spawnSync(join(binaries.native, 'bin', tool), args, options)
  if (run.status === 0) return
  const why = run.error?.message ?? `${run.stdout}${run.stderr}`.trim().split('\n').slice(-3).join(' ')
  throw new AppError('unavailable', `The database in ${home.dataDir} could not be created (${tool}): ${why}`)
}

function openLog({ log: path, runAs }: Home): number {
  const size = fs.statSync(path, { throwIfNoEntry: false })?.size ?? 0
  if (size > MAX_LOG_BYTES) fs.truncateSync(path)
  const file = fs.openSync(path, 'a', 0o600)
  if (runAs !== null) fs.fchownSync(file, runAs.uid, runAs.gid) // a later start may not be root's
  return file
}

async function stopServer(home: Home, child: ChildProcess, exited: Promise<void>): Promise<void> {
  child.stdin?.end()
  if (await within(FAST_STOP_MS, exited)) return
  signalPostmaster(home, 'SIGQUIT')
  if (await within(HARD_STOP_MS, exited)) return
  signalPostmaster(home, 'SIGKILL')
  await exited
}

// Only called while our own run has not exited, so the number in the file is its postmaster's.
function signalPostmaster(home: Home, signal: NodeJS.Signals): void {
  const pid = postmasterPid(home)
  if (pid !== null && commandName(pid) === 'postgres') send(pid, signal)
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {} // it ended in this moment
}

function within(ms: number, event: Promise<void>): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), ms)
    void event.then(() => {
      clearTimeout(timer)
      resolve(true)
    })
  })
}

function whyEnded(log: string): WhyEnded {
  const lines = log.trim().split('\n')
  const text = lines.findLast((line) => /FATAL|PANIC|ERROR|could not|cannot/.test(line)) ?? lines.at(-1)
  return {
    text: text || 'it said nothing',
    passing: /pre-existing shared memory|lock file .* already exists/.test(log),
  }
}

function postmasterPid(home: Home): number | null {
  const pid = Number(readTail(join(home.pg, 'postmaster.pid')).split('\n')[0])
  return Number.isInteger(pid) && pid > 1 ? pid : null
}

function postgresProcesses(): number[] {
  const pids = fs.readdirSync('/proc').map(Number).filter(Number.isInteger)
  return pids.filter((pid) => commandName(pid) === 'postgres')
}

function commandName(pid: number): string {
  return readTail(`/proc/${pid}/comm`).trim()
}

function workingFolder(pid: number): string | null {
  try {
    return fs.readlinkSync(`/proc/${pid}/cwd`)
  } catch {
    return null
  }
}

function readTail(path: string, from = 0): string {
  try {
    return fs.readFileSync(path).subarray(from).subarray(-LOG_TAIL_BYTES).toString('utf8')
  } catch {
    return ''
  }
}
