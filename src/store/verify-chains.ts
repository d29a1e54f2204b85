// Walks both chains of every story and says where each breaks first.
// Called by `dateline verify` and by the restore, before anything is kept.
// Never repairs: a chain that was put right by us would prove nothing.

import { AppError } from '../domain/error.ts'
import { CHAIN_START, commitTo, hashHeader } from './chain.ts'
import type { Database } from './tables.ts'

const ENTRIES_PER_READ = 500 // with their payloads some megabytes

type LogName = 'desk' | 'public'
/** `seq`: the entry where it shows. */
export type ChainBreak = { storyId: string; log: LogName; seq: number; what: string }
/** `erased`: entries whose payload was taken out, which is allowed. `breaks`: at most one per log. */
export type ChainReport = { stories: number; desk: number; public: number; erased: number; breaks: ChainBreak[] }

type Entry = {
  seq: number
  kind: string
  post_id: string | null
  at: number
  commitment: string
  previous: string
  hash: string
  payload: { [key: string]: never } | null
  salt: string | null
  actor_id: string
  credential: string
  public_seq: number | null
}

/** Give it a transaction that reads one snapshot: a post published meanwhile would look like a break. */
export async function verifyChains(tx: Database): Promise<ChainReport> {
  const stories = await tx.selectFrom('story').select(['id', 'seq']).orderBy('id').execute()
  const report: ChainReport = { stories: stories.length, desk: 0, public: 0, erased: 0, breaks: [] }
  for (const { id, seq } of stories) {
    await walk(tx, report, id, 'public', (walked) => headProblem(walked, seq))
    await walk(tx, report, id, 'desk', (walked) => mirrorProblem(walked, seq))
  }
  return report
}

/** For people: one line, or one line per break. */
export function chainText({ stories, desk, public: shown, erased, breaks }: ChainReport): string {
  const sum = `${stories} ${stories === 1 ? 'story' : 'stories'}: ${desk} desk entries, ${shown} public entries, ${erased} of them erased`
  if (breaks.length === 0) return `${sum}. Both chains of every story are whole.`
  const lines = breaks.map(({ storyId, log, seq, what }) => `\n  story ${storyId}, ${log} log, entry ${seq}: ${what}`)
  return `${sum}. ${breaks.length === 1 ? 'One chain is' : `${breaks.length} chains are`} broken:${lines.join('')}`
}

type Walked = { last: number; mirrored: number; wrongMirror: number | null }

async function walk(
  tx: Database,
  report: ChainReport,
  storyId: string,
  log: LogName,
  endProblem: (walked: Walked) => string | null,
): Promise<void> {
  const walked: Walked = { last: 0, mirrored: 0, wrongMirror: null }
  let previous = CHAIN_START
  const broken = (seq: number, what: string) => void report.breaks.push({ storyId, log, seq, what })
  for (;;) {
    const entries = await readEntries(tx, log, storyId, walked.last)
    for (const entry of entries) {
      const what = problemOf(entry, log, storyId, walked.last + 1, previous)
      if (what !== null) return broken(Math.min(entry.seq, walked.last + 1), what)
      previous = entry.hash
      walked.last = entry.seq
      report[log] += 1
      if (entry.payload === null) report.erased += 1
      if (entry.public_seq === null) continue
      walked.mirrored += 1
      if (entry.public_seq !== walked.mirrored) walked.wrongMirror ??= entry.seq
    }
    if (entries.length < ENTRIES_PER_READ) break
  }
  const what = endProblem(walked)
  if (what !== null) broken(walked.wrongMirror ?? walked.last + 1, what)
}

async function readEntries(tx: Database, log: LogName, storyId: string, after: number): Promise<Entry[]> {
  const shared = ['seq', 'kind', 'post_id', 'at', 'commitment', 'previous', 'hash', 'payload', 'salt'] as const
  if (log === 'desk') {
    const rows = await tx
      .selectFrom('desk_entry')
      .select([...shared, 'actor_id', 'credential', 'public_seq'])
      .where('story_id', '=', storyId)
      .where('seq', '>', after)
      .orderBy('seq')
      .limit(ENTRIES_PER_READ)
      .execute()
    return rows as Entry[]
  }
  const rows = await tx
    .selectFrom('public_entry')
    .select(shared)
    .where('story_id', '=', storyId)
    .where('seq', '>', after)
    .orderBy('seq')
    .limit(ENTRIES_PER_READ)
    .execute()
  return rows.map((row) => ({ ...(row as Entry), actor_id: '', credential: '', public_seq: null }))
}

function problemOf(entry: Entry, log: LogName, storyId: string, seq: number, previous: string): string | null {
  if (entry.seq !== seq) return `entry ${seq} is not there; the next one is ${entry.seq}`
  if (entry.previous !== previous) return 'it does not follow the entry before it'
  const { kind, post_id: postId, actor_id: actorId, credential, at, commitment } = entry
  const header = { log, storyId, seq, kind, postId, actorId, credential, at, commitment, previous }
  if (hashHeader(header) !== entry.hash) return 'its header was changed'
  if (entry.payload === null) return null // erased by law: the commitment in the header stays
  if (entry.salt === null || commitTo(entry.payload, entry.salt) !== commitment)
    return 'its payload is not the one it was sealed with'
  return null
}

/** The story counts its public entries: a log cut off at its end shows here. */
function headProblem({ last }: Walked, head: number): string | null {
  return last === head ? null : `the log ends at ${last}, the story says ${head}`
}

/** Each public entry was written by one desk entry that names it, in the same order. */
function mirrorProblem({ mirrored, wrongMirror }: Walked, head: number): string | null {
  if (wrongMirror !== null) return 'it names another public entry than the one it made'
  return mirrored === head ? null : `it names ${mirrored} public entries, the story has ${head}`
}

/** Throws `conflict`, naming every break. */
export function requireWhole(report: ChainReport): void {
  if (report.breaks.length > 0) throw new AppError('conflict', chainText(report), { details: report.breaks })
}
