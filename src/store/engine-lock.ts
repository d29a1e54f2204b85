// The lock held while an embedded engine is being started on a data folder.
// Called by store/engine.ts, by every process that opens the folder.
// Must never be held while the engine runs: PostgreSQL's own postmaster.pid guards that.

import { chmodSync, linkSync, readFileSync, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'

const FOREIGN_STALE_MS = 60_000 // a holder on another host (a replaced container) cannot be asked; a start takes seconds
const BREAK_STALE_MS = 10_000 // breaking a lock takes microseconds

export type EngineLock = { release(): void }

/** Takes the lock or answers null when a living process holds it. A dead holder's lock is taken over. */
export function tryLock(path: string): EngineLock | null {
  const me = `${process.pid} ${startTime(process.pid)} ${hostname()} ${Math.random().toString(36).slice(2)}\n`
  if (!place(path, me)) {
    if (!breakStale(path) || !place(path, me)) return null
  }
  return { release: () => release(path, me) }
}

// Written aside and linked into place: whoever sees the lock sees its whole content.
function place(path: string, content: string): boolean {
  const aside = `${path}.${Math.random().toString(36).slice(2)}.new`
  writeFileSync(aside, content)
  chmodSync(aside, 0o644) // readable whatever the umask: a lock that cannot be read looks dead
  try {
    linkSync(aside, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    unlinkSync(aside)
  }
}

// One breaker at a time, and it looks again once it is alone: otherwise the second of two breakers
// would remove the fresh lock of the first.
function breakStale(path: string): boolean {
  if (!isStale(path)) return false
  const breaking = `${path}.break`
  if (!place(breaking, `${process.pid}\n`)) {
    if (ageMs(breaking) > BREAK_STALE_MS) rmSync(breaking, { force: true })
    return false
  }
  try {
    if (isStale(path)) rmSync(path, { force: true })
    return true
  } finally {
    rmSync(breaking, { force: true })
  }
}

function isStale(path: string): boolean {
  const content = readOrNull(path)
  if (content === null) return true
  const [pid = '', started = '', host = ''] = content.trim().split(' ')
  if (host !== hostname()) return ageMs(path) > FOREIGN_STALE_MS
  return !isAlive(Number(pid)) || startTime(Number(pid)) !== started
}

function release(path: string, mine: string): void {
  if (readOrNull(path) === mine) rmSync(path, { force: true })
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Kernel start tick of a process (field 22 of its stat line), '-' where there is no /proc. Tells a reused pid apart. */
export function startTime(pid: number): string {
  const stat = readOrNull(`/proc/${pid}/stat`)
  // The command name may hold spaces and brackets, so count from the last bracket.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '-'
}

function ageMs(path: string): number {
  try {
    return Date.now() - statSync(path).mtimeMs
  } catch {
    return 0
  }
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
