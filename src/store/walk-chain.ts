// One step after the other along a chain: does this entry follow, is its header what was hashed, its payload what was sealed?
// Called by verify-chains.ts with rows and by the check of a story's archive with its records. Pure but for the hashing.

import type { Json } from '../domain/decision.ts'
import { CHAIN_START, commitTo, hashHeader } from './chain.ts'

// Opening a private story gives each of its posts a public entry; the desk entry names the last of them.
const OPENS_MANY = 'set-visibility'

export type LogName = 'desk' | 'public'

/** `publicSeq`: the public entry a desk entry made. In the public log actor and credential are ''. */
export type WalkedEntry = {
  seq: number
  kind: string
  postId: string | null
  at: number
  commitment: string
  previous: string
  hash: string
  payload: { [key: string]: Json } | null
  salt: string | null
  actorId: string
  credential: string
  publicSeq: number | null
}

export type ChainWalk = {
  /** null = whole so far; else where and how it breaks. After a break the walk is over. */
  step(entry: WalkedEntry): { seq: number; what: string } | null
  /** Asked after the last entry, with the head of the story's public log. */
  end(head: number): { seq: number; what: string } | null
  /** Entries so far, and how many of them have no payload any more. */
  readonly entries: number
  readonly erased: number
}

export function walkChain(storyId: string, log: LogName): ChainWalk {
  const walked = { last: 0, erased: 0, mirrored: 0, wrongMirror: null as number | null }
  let previous = CHAIN_START
  return {
    step(entry) {
      const what = problemOf(entry, log, storyId, walked.last + 1, previous)
      if (what !== null) return { seq: Math.min(entry.seq, walked.last + 1), what }
      previous = entry.hash
      walked.last = entry.seq
      if (entry.payload === null) walked.erased += 1
      if (entry.publicSeq === null) return null
      const next = walked.mirrored + 1
      const isNext = entry.kind === OPENS_MANY ? entry.publicSeq >= next : entry.publicSeq === next
      if (!isNext) walked.wrongMirror ??= entry.seq
      walked.mirrored = isNext ? entry.publicSeq : next
      return null
    },
    end(head) {
      const what = log === 'public' ? headProblem(walked.last, head) : mirrorProblem(walked, head)
      return what === null ? null : { seq: walked.wrongMirror ?? walked.last + 1, what }
    },
    get entries() {
      return walked.last
    },
    get erased() {
      return walked.erased
    },
  }
}

function problemOf(entry: WalkedEntry, log: LogName, storyId: string, seq: number, previous: string): string | null {
  if (entry.seq !== seq) return `entry ${seq} is not there; the next one is ${entry.seq}`
  if (entry.previous !== previous) return 'it does not follow the entry before it'
  const { kind, postId, actorId, credential, at, commitment } = entry
  const header = { log, storyId, seq, kind, postId, actorId, credential, at, commitment, previous }
  if (hashHeader(header) !== entry.hash) return 'its header was changed'
  if (entry.payload === null) return null // erased by law: the commitment in the header stays
  if (entry.salt === null || commitTo(entry.payload, entry.salt) !== commitment)
    return 'its payload is not the one it was sealed with'
  return null
}

/** The story counts its public entries: a log cut off at its end shows here. */
function headProblem(last: number, head: number): string | null {
  return last === head ? null : `the log ends at ${last}, the story says ${head}`
}

/** Each public entry was written by one desk entry, in the same order, which names it or the last of several. */
function mirrorProblem(walked: { mirrored: number; wrongMirror: number | null }, head: number): string | null {
  if (walked.wrongMirror !== null) return 'it names another public entry than the one it made'
  return walked.mirrored === head ? null : `it names ${walked.mirrored} public entries, the story has ${head}`
}
