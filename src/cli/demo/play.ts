// Plays the demo story: its first acts at once, the rest in the rhythm of the day, many times faster.
// Called by the start command, which wires DemoDesk to the newsroom's acts.
// Never does an act twice: stopped at any point and started again, it goes on where it was. Hand edits win.

import { createHash } from 'node:crypto'
import type { PostContent, PostContentInput } from '../../domain/content.ts'
import { isAppError } from '../../domain/error.ts'
import { makeId } from '../../domain/id.ts'
import type { Post, Withdrawal } from '../../domain/post.ts'
import { type DemoAct, type DemoPhoto, imageOf } from './build.ts'
import { DEMO_STORY } from './story.ts'

export const BACKLOG_ACTS = 14 // published at once, so that the page is alive from the first look
export const DEFAULT_SPEED = 45 // what then remains of the day lasts about 20 minutes
export const MIN_WAIT = 4_000 // ms: bursts stay readable
export const MAX_WAIT = 40_000 // ms: nobody watches a still page for longer
export const RETRY_WAIT = 5_000 // ms after the first failure; twice as long after each further one, up to MAX_WAIT
const MAX_TRIES = 200 // of one act, about two hours: beyond it somebody should look

/** What the player needs of a post. */
export type DemoPost = Pick<Post, 'state' | 'revision' | 'content' | 'pinnedAt'>

/** The newsroom as the player sees it. Every promise resolves after the act was acknowledged. */
export type DemoDesk = {
  find(postId: string): Promise<DemoPost | null>
  /** `publishedAt` (ms UTC, in the past) for the acts published at once; null = now. */
  publish(input: {
    postId: string
    content: PostContentInput
    keyEvent: { title: string } | null
    publishedAt: number | null
  }): Promise<unknown>
  revise(input: { postId: string; revision: number; content: PostContentInput }): Promise<unknown>
  correct(input: { postId: string; revision: number; content: PostContentInput; note: string }): Promise<unknown>
  withdraw(input: { postId: string; trace: Withdrawal['trace']; reason: string }): Promise<unknown>
  pin(input: { postId: string }): Promise<unknown>
  /** Doing it twice with one id gives one picture. The file stands at photoUrl(photo). */
  addPhoto(input: { mediaId: string; photo: DemoPhoto }): Promise<{ id: string }>
  /** May resolve early when the signal given to playDemo is aborted. */
  sleep(ms: number): Promise<void>
  /** ms UTC. */
  now(): number
}

export type PlayOptions = { speed?: number; acts?: readonly DemoAct[]; signal?: AbortSignal }

/** The same id for the same key, on every machine. */
export function demoId(key: string): string {
  const digest = createHash('sha256').update(`dateline demo: ${key}`).digest()
  return makeId((size) => digest.subarray(0, size))
}

export const DEMO_STORY_ID = demoId('story')

export function photoUrl(photo: DemoPhoto): URL {
  return new URL(`./photos/${photo.file}`, import.meta.url)
}

/**
 * Ends after the last act, or between two acts when the signal is aborted. A desk that is busy or out of reach is asked
 * again after a pause; its other errors come through.
 */
export async function playDemo(room: DemoDesk, options: PlayOptions = {}): Promise<{ done: number; skipped: number }> {
  const { speed = DEFAULT_SPEED, signal } = options
  const desk = patient(room, signal)
  const acts = options.acts ?? DEMO_STORY.acts
  const steps = stepsOf(acts)
  const backlogEnd = acts[Math.min(BACKLOG_ACTS, acts.length) - 1]
  const began = desk.now()
  const first = await resumePoint(desk, steps)
  const tally = { done: 0, skipped: first }
  for (let i = first; i < steps.length; i += 1) {
    const step = steps[i]
    if (!step || signal?.aborted) break
    const postId = demoId(step.act.key)
    const atOnce = backlogEnd !== undefined && step.act.at <= backlogEnd.at
    if (!isDone(step, await desk.find(postId))) {
      const wait = atOnce ? 0 : waitBefore(steps, i, speed)
      if (wait > 0) await desk.sleep(wait)
      if (signal?.aborted) break
    }
    const post = await desk.find(postId) // read again: an editor may have been faster during the wait
    if (isDone(step, post)) {
      tally.skipped += 1
      continue
    }
    const publishedAt = atOnce ? began - (backlogEnd.at - step.act.at) * 60_000 : null
    await perform(desk, step.act, postId, post, publishedAt)
    tally.done += 1
  }
  return tally
}

/** Every act may be asked for twice: that is what lets a stopped demo go on. */
function patient(desk: DemoDesk, signal: AbortSignal | undefined): DemoDesk {
  const again =
    <T, R>(ask: (input: T) => Promise<R>) =>
    async (input: T): Promise<R> => {
      for (let tries = 1; ; tries += 1) {
        try {
          return await ask(input)
        } catch (error) {
          const passing = isAppError(error, 'unavailable') || isAppError(error, 'too_many')
          if (!passing || tries === MAX_TRIES || signal?.aborted) throw error
          await desk.sleep(Math.min(MAX_WAIT, RETRY_WAIT * 2 ** Math.min(tries - 1, 10)))
        }
      }
    }
  const { find, publish, revise, correct, withdraw, pin, addPhoto } = desk
  return {
    ...desk,
    ...{ find: again(find), publish: again(publish), revise: again(revise), correct: again(correct) },
    ...{ withdraw: again(withdraw), pin: again(pin), addPhoto: again(addPhoto) },
  }
}

/** `changesBefore`: how many revisions and corrections of the same post come earlier in the day. */
type Step = { act: DemoAct; changesBefore: number }

function stepsOf(acts: readonly DemoAct[]): Step[] {
  const changes = new Map<string, number>()
  return acts.map((act) => {
    const changesBefore = changes.get(act.key) ?? 0
    if (act.type === 'revise' || act.type === 'correct') changes.set(act.key, changesBefore + 1)
    return { act, changesBefore }
  })
}

/** Just after the last post that was published: what stands before it was done, or was undone by hand. */
async function resumePoint(desk: DemoDesk, steps: readonly Step[]): Promise<number> {
  for (let i = steps.length - 1; i >= 0; i -= 1) {
    const step = steps[i]
    if (step?.act.type === 'publish' && isDone(step, await desk.find(demoId(step.act.key)))) return i + 1
  }
  return 0
}

/** Done already, or no longer possible because somebody withdrew the post. */
function isDone({ act, changesBefore }: Step, post: DemoPost | null): boolean {
  if (act.type === 'publish') return post?.state === 'published' || post?.state === 'withdrawn'
  if (post?.state !== 'published') return true
  if (act.type === 'revise' || act.type === 'correct') return post.revision > changesBefore + 1
  return act.type === 'pin' && post.pinnedAt !== null
}

/** ms, within the bounds. */
function waitBefore(steps: readonly Step[], i: number, speed: number): number {
  const here = steps[i]
  const before = steps[i - 1]
  if (!here || !before) return 0
  const gap = (here.act.at - before.act.at) * 60_000
  return Math.min(MAX_WAIT, Math.max(MIN_WAIT, Math.round(gap / speed)))
}

async function perform(
  desk: DemoDesk,
  act: DemoAct,
  postId: string,
  post: DemoPost | null,
  publishedAt: number | null,
): Promise<void> {
  if (act.type === 'publish') {
    const keyEvent = act.keyEvent === undefined ? null : { title: act.keyEvent }
    const content = act.photo ? await withPhoto(desk, act.content, act.photo) : act.content
    await desk.publish({ postId, content, keyEvent, publishedAt })
    return
  }
  if (!post) return
  const { revision } = post
  if (act.type === 'revise') await desk.revise({ postId, revision, content: keepImages(act.content, post.content) })
  if (act.type === 'correct') {
    await desk.correct({ postId, revision, content: keepImages(act.content, post.content), note: act.note })
  }
  if (act.type === 'withdraw') await desk.withdraw({ postId, trace: act.trace, reason: act.reason })
  if (act.type === 'pin') await desk.pin({ postId })
}

async function withPhoto(desk: DemoDesk, content: PostContentInput, photo: DemoPhoto): Promise<PostContentInput> {
  const { id } = await desk.addPhoto({ mediaId: demoId(`photo ${photo.file}`), photo })
  return { ...content, blocks: [...content.blocks, imageOf(photo, id)] }
}

/** A change of the words leaves the pictures where they are. */
function keepImages(content: PostContentInput, current: PostContent): PostContentInput {
  return { ...content, blocks: [...content.blocks, ...current.blocks.filter((block) => block.type === 'image')] }
}
