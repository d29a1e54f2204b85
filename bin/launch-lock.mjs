// One start at a time installs or builds; the others wait. A folder holding the number of its maker is the lock.
// Called by bin/dateline.mjs.
// Must never wait for a process that is dead, nor for ever for one that is not.

import * as fs from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { readOrNull, Stop } from './launch-state.mjs'

const POLL_MS = 250
const WAIT_MS = 15 * 60_000 // a slow network and a hundred packages
const UNOWNED_MS = 10_000 // between making the folder and writing its owner lie microseconds

/** Runs `work` holding the lock; `say` gets one line if it has to wait. Throws when the wait is too long. */
export async function withLock(path, what, say, work) {
  fs.mkdirSync(dirname(path), { recursive: true })
  const deadline = Date.now() + WAIT_MS
  for (let waited = false; !takeLock(path); waited = true) {
    if (!waited) say(`Another start is ${what}; waiting…`)
    if (Date.now() > deadline) throw new Stop(`Gave up waiting for ${path}. If no other start is ${what}, remove it.`)
    await sleep(POLL_MS)
  }
  try {
    return await work()
  } finally {
    fs.rmSync(path, { recursive: true, force: true })
  }
}

/** True = it is ours. The lock of a dead process is taken over. */
export function takeLock(path) {
  if (make(path)) return true
  if (!isStale(path)) return false
  // One breaker at a time, and it looks again when alone: a second one would remove the fresh lock of the first.
  const breaking = `${path}.break`
  if (!make(breaking)) {
    if (isStale(breaking)) fs.rmSync(breaking, { recursive: true, force: true })
    return false
  }
  try {
    if (isStale(path)) fs.rmSync(path, { recursive: true, force: true })
  } finally {
    fs.rmSync(breaking, { recursive: true, force: true })
  }
  return make(path)
}

function make(path) {
  try {
    fs.mkdirSync(path)
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
  fs.writeFileSync(join(path, 'owner'), `${process.pid} ${startTime(process.pid)}`)
  return true
}

function isStale(path) {
  const owner = readOrNull(join(path, 'owner'))
  if (!owner) return ageMs(path) > UNOWNED_MS
  const [pid, started] = owner.split(' ')
  return !isAlive(Number(pid)) || startTime(pid) !== started
}

/** Kernel start tick of a process, '-' where there is no /proc: tells a reused number apart. */
export function startTime(pid) {
  const stat = readOrNull(`/proc/${pid}/stat`)
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '-'
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

function ageMs(path) {
  const found = fs.statSync(path, { throwIfNoEntry: false })
  return found === undefined ? 0 : Date.now() - found.mtimeMs
}
