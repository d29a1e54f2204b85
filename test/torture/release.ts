// Scheduled posts under kill -9: two nodes on one database, one of them killed again and again while posts come due.
// Oracle: the moments asked for. Invariants: each post public exactly once, none before its moment, all within a second of it.
// Run by release.test.ts (a small field) and alone: `npm run torture -- release --posts 300 --seed 7`.

import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { silentLog } from '../../src/base/log.ts'
import { connectStore } from '../../src/cli/open-store.ts'
import { makeId } from '../../src/domain/id.ts'
import { createStory } from '../../src/newsroom/create-story.ts'
import { saveDraft } from '../../src/newsroom/save-draft.ts'
import { schedulePost } from '../../src/newsroom/schedule-post.ts'
import { startStory } from '../../src/newsroom/start-story.ts'
import { systemActor } from '../../src/store/accounts.ts'
import { openEngine } from '../../src/store/engine.ts'
import { type NodeProcess, startNodeProcess, temporaryFolder } from '../helpers/node.ts'
import { createRandom } from '../helpers/random.ts'

const STORIES = 5
const SLACK_MS = 1_000 // what is promised

export type ReleaseReport = {
  seed: number
  posts: number
  kills: number
  early: number
  twice: number
  missing: number
  /** Later than a second, though a node was up all the time. */
  late: number
  medianMs: number
  slowestMs: number
}

/** `spread`: ms over which the posts come due. */
export async function releaseTrial({
  posts,
  spread,
  seed,
}: {
  posts: number
  spread: number
  seed: number
}): Promise<ReleaseReport> {
  const random = createRandom(seed)
  const folder = temporaryFolder()
  const engine = await openEngine({ dataDir: folder.path, log: silentLog() })
  const connection = {
    kind: 'socket' as const,
    socketDir: engine.socketDir,
    user: engine.user,
    database: engine.database,
  }
  const store = await connectStore(connection, { notify: true, engine: null }, silentLog())
  const nodes: NodeProcess[] = []
  try {
    nodes.push(await startNodeProcess(folder.path), await startNodeProcess(folder.path))
    const { due, start } = await schedule(store, { posts, spread, random })
    let kills = 0
    while (Date.now() < start + spread) {
      await sleep(300 + random() * 1_500)
      const at = Math.floor(random() * nodes.length)
      await nodes[at]?.kill('SIGKILL')
      kills++
      nodes[at] = await startNodeProcess(folder.path) // the other one works on meanwhile
    }
    await sleep(SLACK_MS * 2)
    return { seed, posts, kills, ...(await check(store, due)) }
  } finally {
    await Promise.all(nodes.map((node) => node.kill('SIGKILL')))
    await store.close()
    await engine.stop()
    folder.remove()
  }
}

type Store = Awaited<ReturnType<typeof connectStore>>
type Plan = { posts: number; spread: number; random: () => number }

async function schedule(
  store: Store,
  { posts, spread, random }: Plan,
): Promise<{ due: Map<string, number>; start: number }> {
  const actor = systemActor('torture')
  const newId = () => makeId((size) => randomBytes(size))
  const stories = Array.from({ length: STORIES }, newId)
  for (const id of stories) {
    await createStory(store, actor, id, { title: `Releases ${id}` })
    await startStory(store, actor, id)
  }
  const drafts: { storyId: string; postId: string }[] = []
  const began = Date.now()
  for (let n = 0; n < posts; n++) {
    const draft = { storyId: stories[n % STORIES] ?? '', postId: newId() }
    const content = { headline: `Due ${n}`, blocks: [] }
    await saveDraft(store, actor, draft.storyId, { postId: draft.postId, revision: 0, content })
    drafts.push(draft)
  }
  const start = Date.now() + 2 * (Date.now() - began) + 2_000 // scheduling takes as long as saving
  const due = new Map<string, number>()
  for (const [n, { storyId, postId }] of drafts.entries()) {
    // A third of them at full moments, where many come at once.
    const at = Math.round(start + (n % 3 === 0 ? Math.floor((random() * spread) / 1_000) * 1_000 : random() * spread))
    await schedulePost(store, actor, storyId, postId, { revision: 1, release: { at, zone: 'UTC' } })
    due.set(postId, at)
  }
  return { due, start }
}

async function check(store: Store, due: Map<string, number>) {
  const rows = await store.db
    .selectFrom('public_entry')
    .select(['post_id', 'at'])
    .where('kind', '=', 'post-published')
    .execute()
  const times = new Map<string, number[]>()
  for (const { post_id, at } of rows) if (post_id) times.set(post_id, [...(times.get(post_id) ?? []), at])
  const delays = [...due].flatMap(([id, at]) => (times.get(id) ?? []).slice(0, 1).map((released) => released - at))
  delays.sort((a, b) => a - b)
  return {
    early: delays.filter((delay) => delay < 0).length,
    twice: [...times.values()].filter((all) => all.length > 1).length,
    missing: [...due.keys()].filter((id) => !times.has(id)).length,
    late: delays.filter((delay) => delay > SLACK_MS).length,
    medianMs: delays[Math.floor(delays.length / 2)] ?? 0,
    slowestMs: delays.at(-1) ?? 0,
  }
}

/** Being late is a matter of the machine and is reported; the rest must never happen. */
export function isSafe({ early, twice, missing }: ReleaseReport): boolean {
  return early === 0 && twice === 0 && missing === 0
}
