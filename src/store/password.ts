// Passwords as argon2id strings, made and checked off the main thread.
// Called by store/accounts.ts.
// Never lets a flood of sign-ins take the machine: a few at a time, a short queue, then `too_many`.

import { argon2, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { AppError } from '../domain/error.ts'

// OWASP's smallest advised setting: 19 MiB, two passes, one lane; about 30 ms of one core.
const MEMORY_KIB = 19 * 1024
const PASSES = 2
const LANES = 1
const TAG_BYTES = 32
const SALT_BYTES = 16
const MAX_RUNNING = 2 // the thread pool also serves files and name look-ups
const MAX_WAITING = 32 // about half a second of queue

const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/
const derive = promisify(argon2)

type Cost = { memory: number; passes: number; parallelism: number }

/** A string in PHC form that carries its own cost, so that the cost can be raised later. Throws `too_many`. */
export async function hashPassword(password: string, random: (size: number) => Uint8Array): Promise<string> {
  const salt = random(SALT_BYTES)
  const cost = { memory: MEMORY_KIB, passes: PASSES, parallelism: LANES }
  const tag = await inTurn(() => tagOf(password, salt, cost, TAG_BYTES))
  return `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$${base64(salt)}$${base64(tag)}`
}

/** False for a wrong password and for a string that is no hash of ours. Throws `too_many`. */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const [, memory, passes, parallelism, salt = '', tag = ''] = PHC.exec(hash) ?? []
  if (!memory) return false
  const expected = Buffer.from(tag, 'base64')
  const cost = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) }
  const actual = await inTurn(() => tagOf(password, Buffer.from(salt, 'base64'), cost, expected.length))
  return timingSafeEqual(actual, expected)
}

function tagOf(password: string, nonce: Uint8Array, cost: Cost, tagLength: number): Promise<Buffer> {
  // The same letters typed on two keyboards must be the same password.
  return derive('argon2id', { message: password.normalize('NFKC'), nonce, tagLength, ...cost })
}

let running = 0
const waiting: (() => void)[] = []

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= MAX_RUNNING) {
    if (waiting.length >= MAX_WAITING)
      throw new AppError('too_many', 'Too many people are signing in. Try again in a moment.')
    await new Promise<void>((resolve) => waiting.push(resolve)) // the turn is handed over, `running` stays
  } else running += 1
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    if (next) next()
    else running -= 1
  }
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '')
}
