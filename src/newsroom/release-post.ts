// Release a scheduled post whose moment has come. Called by the release worker of wires/ alone.
// Never releases twice, and never on the word of somebody who may no longer publish.

import { decideHoldBack, decideRelease } from '../domain/decide-draft.ts'
import type { Receipt } from '../domain/decision.ts'
import { isAppError } from '../domain/error.ts'
import { type Actor, may } from '../domain/permission.ts'
import type { Post } from '../domain/post.ts'
import type { Act } from '../store/contract.ts'
import type { Desk } from './desk.ts'

export type Released = { postId: string; outcome: 'released' | 'held-back' | 'not-due'; receipt: Receipt | null }

/** All of one story in one transaction, so that a full hour is one commit. Posts that are not due any more are passed over. */
export function releasePosts(
  desk: Desk,
  actor: Actor,
  storyId: string,
  postIds: readonly string[],
): Promise<Released[]> {
  return desk.acts.act(storyId, async (act) => {
    const done: Released[] = []
    for (const postId of postIds) done.push(await releaseOne(act, actor, postId))
    return done
  })
}

async function releaseOne(act: Act, actor: Actor, postId: string): Promise<Released> {
  const { story, now } = act
  const post = await act.post(postId)
  if (!story || post?.storyId !== story.id || post.state !== 'scheduled' || (post.release?.at ?? now) > now)
    return { postId, outcome: 'not-due', receipt: null }
  const reason = await whyNot(act, post)
  if (reason === null) {
    try {
      return { postId, outcome: 'released', receipt: await act.record(actor, decideRelease(story, post, actor, now)) }
    } catch (error) {
      if (!isAppError(error, 'conflict') && !isAppError(error, 'invalid')) throw error
      return holdBack(act, actor, post, error.message)
    }
  }
  return holdBack(act, actor, post, reason)
}

async function holdBack(act: Act, actor: Actor, post: Post, reason: string): Promise<Released> {
  if (!act.story) return { postId: post.id, outcome: 'not-due', receipt: null }
  const receipt = await act.record(actor, decideHoldBack(act.story, post, reason, act.now))
  return { postId: post.id, outcome: 'held-back', receipt }
}

/** Whoever scheduled it must still be allowed to publish it. null = all is well. */
async function whyNot(act: Act, post: Post): Promise<string | null> {
  if (act.story?.withdrawnAt !== null) return 'The story was withdrawn.'
  const by = post.release?.by ?? post.createdBy
  if (by.startsWith('system:')) return null
  const claimed: Actor = { id: by, name: '', role: 'guest', credential: `account:${by}` }
  const scheduler = await act.present(claimed).catch((error) => {
    if (isAppError(error, 'unauthorized')) return null
    throw error
  })
  return scheduler && may(scheduler, 'post:publish', post.createdBy)
    ? null
    : 'Whoever scheduled this may no longer publish it.'
}
