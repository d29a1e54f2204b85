// Walks both chains of every story and says where each breaks first.
// Called by `dateline verify` and by the restore, before anything is kept.
// Never repairs: a chain that was put right by us would prove nothing.

import { AppError } from '../domain/error.ts'
import { counted } from '../kit/counted.ts'
import type { Database } from './tables.ts'
import { type LogName, type WalkedEntry, walkChain } from './walk-chain.ts'

const ENTRIES_PER_READ = 500 // with their payloads some megabytes

/** `seq`: the entry where it shows. */
export type ChainBreak = { storyId: string; log: LogName; seq: number; what: string }
/** `erased`: entries whose payload was taken out, which is allowed. `breaks`: at most one per log. */
export type ChainReport = { stories: number; desk: number; public: number; erased: number; breaks: ChainBreak[] }

/**
 * Give it a transaction that reads one snapshot: a post published meanwhile would look like a break. `only`: one story's id;
 * absent = all.
 */
export async function verifyChains(tx: Database, only?: string): Promise<ChainReport> {
  const all = tx.selectFrom('story').select(['id', 'seq']).orderBy('id')
  const stories = await (only === undefined ? all : all.where('id', '=', only)).execute()
  const report: ChainReport = { stories: stories.length, desk: 0, public: 0, erased: 0, breaks: [] }
  for (const { id, seq } of stories) {
    await walk(tx, report, { storyId: id, log: 'public', head: seq })
    await walk(tx, report, { storyId: id, log: 'desk', head: seq })
  }
  return report
}

/** For people: one line, or one line per break. */
export function chainText({ stories, desk, public: shown, erased, breaks }: ChainReport): string {
  const logs = `${counted(desk, 'desk entry', 'desk entries')}, ${counted(shown, 'public entry', 'public entries')}`
  const sum = `${counted(stories, 'story', 'stories')}: ${logs}, ${erased} of them erased`
  if (breaks.length === 0) return `${sum}. Both chains of every story are whole.`
  const lines = breaks.map(({ storyId, log, seq, what }) => `\n  story ${storyId}, ${log} log, entry ${seq}: ${what}`)
  return `${sum}. ${breaks.length === 1 ? 'One chain is' : `${breaks.length} chains are`} broken:${lines.join('')}`
}

type Walk = { storyId: string; log: LogName; head: number }

async function walk(tx: Database, report: ChainReport, { storyId, log, head }: Walk): Promise<void> {
  const chain = walkChain(storyId, log)
  let found: { seq: number; what: string } | null = null
  for (;;) {
    const entries = await readEntries(tx, log, storyId, chain.entries)
    for (const entry of entries) {
      found = chain.step(entry)
      if (found) break
    }
    if (found || entries.length < ENTRIES_PER_READ) break
  }
  report[log] += chain.entries
  report.erased += chain.erased
  found ??= chain.end(head)
  if (found) report.breaks.push({ storyId, log, ...found })
}

async function readEntries(tx: Database, log: LogName, storyId: string, after: number): Promise<WalkedEntry[]> {
  const shared = [
    'seq',
    'kind',
    'post_id as postId',
    'at',
    'commitment',
    'previous',
    'hash',
    'payload',
    'salt',
  ] as const
  if (log === 'desk') {
    return tx
      .selectFrom('desk_entry')
      .select([...shared, 'actor_id as actorId', 'credential', 'public_seq as publicSeq'])
      .where('story_id', '=', storyId)
      .where('seq', '>', after)
      .orderBy('seq')
      .limit(ENTRIES_PER_READ)
      .execute()
  }
  const rows = await tx
    .selectFrom('public_entry')
    .select(shared)
    .where('story_id', '=', storyId)
    .where('seq', '>', after)
    .orderBy('seq')
    .limit(ENTRIES_PER_READ)
    .execute()
  return rows.map((row) => ({ ...row, actorId: '', credential: '', publicSeq: null }))
}

/** Throws `conflict`, naming every break. */
export function requireWhole(report: ChainReport): void {
  if (report.breaks.length > 0) throw new AppError('conflict', chainText(report), { details: report.breaks })
}
