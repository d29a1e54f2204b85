// The store in memory: the same contract as PostgreSQL's, for tests and the simulation.
// Called by test/. Nothing survives the process, so nothing but a test may run on it.
// Never lets an unfinished or failed act be seen.

import type { Decision, Receipt } from '../domain/decision.ts'
import { receiptOf, takePositions } from '../domain/decision.ts'
import { AppError } from '../domain/error.ts'
import { notesIn, shiftNotesIn } from '../domain/note.ts'
import type { Actor } from '../domain/permission.ts'
import type { Post } from '../domain/post.ts'
import { type Story, slugTaken } from '../domain/story.ts'
import type { Act, ActStore, Doorbell, PublicReads } from './contract.ts'
import type { LogLine } from './fold.ts'
import { createMemoryReads } from './memory-reads.ts'
import type { DeskLine, MemoryTables } from './memory-tables.ts'

export type MemoryStore = {
  acts: ActStore
  reads: PublicReads
  doorbell: Doorbell
  tables: MemoryTables
  /** What `restoreTo` takes: the rows as they stand now. */
  backup(): MemoryTables
  /** Back to a backup; `epoch` must be a new one (law 3). */
  restoreTo(backup: MemoryTables, epoch: string): void
}

export type MemoryOptions = {
  now: () => number // ms UTC: the database's clock
  epoch?: string
}

export function createMemoryStore(options: MemoryOptions): MemoryStore {
  const tables = emptyTables(options.epoch ?? 'memory')
  const listeners = new Set<(storyId: string, seq: number) => void>()
  let tail: Promise<unknown> = Promise.resolve() // one act after the other: an act may reach into other stories

  const act: ActStore['act'] = (storyId, work) => {
    const run = async () => {
      const staged = openStage(options.now())
      const result = await work(openAct(tables, staged, storyId))
      commit(tables, staged)
      for (const [moved, head] of heads(staged)) ring(listeners, moved, head)
      return result
    }
    const after = tail.then(run)
    tail = after.then(ignore, ignore)
    return after
  }

  return {
    acts: { act },
    reads: createMemoryReads(tables),
    doorbell: {
      listen(onRing) {
        const listener = (storyId: string, seq: number) => onRing(storyId, seq)
        listeners.add(listener)
        return () => void listeners.delete(listener)
      },
    },
    tables,
    backup: () => copyTables(tables),
    restoreTo: (backup, epoch) => void Object.assign(tables, copyTables(backup), { epoch }),
  }
}

/** Writes of one act, before its commit. */
type Stage = {
  now: number
  stories: Map<string, Story>
  posts: Map<string, Post>
  log: { storyId: string; line: LogLine }[]
  desk: DeskLine[]
}

function openStage(now: number): Stage {
  return { now, stories: new Map(), posts: new Map(), log: [], desk: [] }
}

function openAct(tables: MemoryTables, staged: Stage, storyId: string): Act {
  const postsNow = () => [...new Map([...tables.posts, ...staged.posts]).values()]
  const deskNow = () => [...(tables.desk.get(storyId) ?? []), ...staged.desk.filter((line) => line.storyId === storyId)]
  const placed = () => postsNow().filter((post) => post.storyId === storyId && post.orderKey !== null)
  return {
    now: staged.now,
    get story() {
      return staged.stories.get(storyId) ?? tables.stories.get(storyId) ?? null
    },
    post: async (id) => staged.posts.get(id) ?? tables.posts.get(id) ?? null,
    present: async (actor) => actor, // there are no accounts here
    publishedPosts: async () =>
      placed()
        .filter((post) => post.state === 'published')
        .sort(byKey),
    keyBeside: async (key, side) => {
      const keys = placed().flatMap((post) => post.orderKey ?? [])
      const beyond = keys.filter((other) => (side === 'above' ? other > key : other < key))
      if (beyond.length === 0) return null
      return side === 'above' ? Math.min(...beyond) : Math.max(...beyond)
    },
    copiesOf: async (postId) =>
      postsNow().filter((post) => post.origin?.postId === postId && post.state !== 'withdrawn'),
    notes: async (postId) => notesIn(deskNow(), postId),
    shiftNote: async () => shiftNotesIn(deskNow())[0] ?? null,
    saveRole: async () => undefined,
    also: async (other) => openAct(tables, staged, other),
    record: async (actor, decision) => record(tables, staged, actor, decision),
  }
}

function byKey(a: Post, b: Post): number {
  return (a.orderKey ?? 0) - (b.orderKey ?? 0)
}

function heads(staged: Stage): Map<string, number> {
  return new Map(staged.log.map(({ storyId, line }) => [storyId, line.seq]))
}

function record(tables: MemoryTables, staged: Stage, actor: Actor, decision: Decision): Receipt {
  if (decision.repeated) return receiptOf(tables.epoch, decision)
  const { story, post, posts, lines } = takePositions(decision)
  requireFreeSlug(tables, story)
  const head = (staged.stories.get(story.id) ?? tables.stories.get(story.id))?.seq ?? 0
  if (lines[0] && lines[0].seq !== head + 1)
    throw new AppError('conflict', 'This was made meanwhile by another request.')
  staged.stories.set(story.id, story)
  for (const one of posts) staged.posts.set(one.id, one)
  const at = staged.now
  const postId = post?.id ?? null
  for (const { seq, kind, post: about } of lines)
    staged.log.push({ storyId: story.id, line: { seq, kind, at, postId: about?.id ?? null } })
  const before = tables.desk.get(story.id)?.length ?? 0
  const own = staged.desk.filter((one) => one.storyId === story.id).length
  const line = {
    storyId: story.id,
    seq: before + own + 1,
    kind: decision.kind,
    postId,
    actor,
    at,
    payload: decision.payload,
  }
  staged.desk.push(line)
  return receiptOf(tables.epoch, { ...decision, story, post })
}

/** All or nothing: every check stands before the first write. */
function commit(tables: MemoryTables, staged: Stage): void {
  for (const story of staged.stories.values()) requireFreeSlug(tables, story)
  for (const story of staged.stories.values()) tables.stories.set(story.id, story)
  for (const post of staged.posts.values()) tables.posts.set(post.id, post)
  for (const { storyId, line } of staged.log) appendTo(tables.log, storyId, line)
  for (const line of staged.desk) appendTo(tables.desk, line.storyId, line)
}

function requireFreeSlug(tables: MemoryTables, story: Story): void {
  if (story.slug === null) return
  for (const other of tables.stories.values()) {
    if (other.slug === story.slug && other.id !== story.id) {
      throw slugTaken()
    }
  }
}

function ring(listeners: Set<(storyId: string, seq: number) => void>, storyId: string, seq: number | undefined): void {
  if (seq === undefined) return
  for (const listener of listeners) {
    try {
      listener(storyId, seq)
    } catch {
      // The act is committed: what a listener does with its ring is its own affair.
    }
  }
}

function emptyTables(epoch: string): MemoryTables {
  return { epoch, stories: new Map(), posts: new Map(), log: new Map(), desk: new Map() }
}

/** Values are never changed in place, so copying the maps and the logs is enough. */
function copyTables(tables: MemoryTables): MemoryTables {
  const copyLog = <T>(logs: Map<string, T[]>) => new Map([...logs].map(([id, lines]) => [id, [...lines]]))
  return {
    epoch: tables.epoch,
    stories: new Map(tables.stories),
    posts: new Map(tables.posts),
    log: copyLog(tables.log),
    desk: copyLog(tables.desk),
  }
}

function appendTo<T>(logs: Map<string, T[]>, id: string, line: T): void {
  const lines = logs.get(id)
  if (lines) lines.push(line)
  else logs.set(id, [line])
}

function ignore(): void {}
