// Law 2: an entry is a header and a payload that can be erased. The header commits to the payload through a salt and
// carries the hash of the header before it, so that erasing a payload leaves the chain whole.
// Called by the act store for both logs and by the audit. Never reads a row.

import { createHash, randomBytes } from 'node:crypto'
import { canonicalJson } from '../domain/canonical.ts'
import type { Json } from '../domain/decision.ts'

export const CHAIN_START = '0'.repeat(64)

export type Header = {
  log: 'desk' | 'public'
  storyId: string
  seq: number
  kind: string
  postId: string | null
  actorId: string // empty in the public log
  credential: string // empty in the public log
  at: number
  commitment: string
  previous: string
}

export function newSalt(): string {
  return randomBytes(16).toString('hex')
}

export function commitTo(payload: { [key: string]: Json | undefined }, salt: string): string {
  return sha256(`${salt}\n${canonicalJson(payload)}`)
}

/** Field order is part of the format. */
export function hashHeader(header: Header): string {
  const { log, storyId, seq, kind, postId, actorId, credential, at, commitment, previous } = header
  return sha256(JSON.stringify([log, storyId, seq, kind, postId, actorId, credential, at, commitment, previous]))
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
