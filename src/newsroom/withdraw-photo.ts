// Withdraw a photo, and with it what was cut from it: out of every post of every story, served nowhere, never to be used again. One act, however many stories.
// First the photo is marked, then each story follows in a transaction of its own; wherever that is cut, it can go on.

import { checkPhotoReason, decideDropLead, decideWithdrawPhoto } from '../domain/decide-photo.ts'
import type { Receipt } from '../domain/decision.ts'
import { AppError } from '../domain/error.ts'
import { isId } from '../domain/id.ts'
import { type Actor, requireMay } from '../domain/permission.ts'
import type { PhotoUse, PhotoWithdrawals } from '../store/media-records.ts'
import type { Desk } from './desk.ts'

export type PhotoDesk = Desk & { photos: PhotoWithdrawals }

/**
 * One receipt for each post and lead picture touched; none when it was done before. Throws `forbidden`, `not_found`, `invalid`; anything else
 * after the photo is marked and served no more: what is left to do, finishPhotoWithdrawal does.
 */
export async function withdrawPhoto(
  desk: PhotoDesk,
  actor: Actor,
  mediaId: string,
  input: { reason: string },
): Promise<Receipt[]> {
  requireMay(actor, 'media:withdraw')
  const reason = checkPhotoReason(input.reason)
  const { fresh: _ofThisMoment, ...by } = actor
  const known = isId(mediaId) && (await desk.photos.markWithdrawn(mediaId, { by, reason }))
  if (!known) throw new AppError('not_found', 'There is no such photo.')
  const receipts = await finishPhotoWithdrawal(desk, mediaId)
  for (const cut of await desk.photos.cutsOf(mediaId)) receipts.push(...(await finishPhotoWithdrawal(desk, cut)))
  return receipts
}

/** Goes on in the name of the one who withdrew it. One story that fails does not keep the photo in the others. */
export async function finishPhotoWithdrawal(desk: PhotoDesk, mediaId: string): Promise<Receipt[]> {
  const withdrawal = await desk.photos.withdrawal(mediaId)
  if (!withdrawal) return []
  const uses = await desk.photos.usesOf(mediaId)
  const receipts: Receipt[] = []
  let failure: unknown = null
  for (const use of uses) {
    try {
      receipts.push(...(await takeFromStory(desk, use, mediaId, withdrawal)))
    } catch (error) {
      failure ??= error
    }
  }
  if (failure) throw failure
  return receipts
}

function takeFromStory(
  desk: PhotoDesk,
  { storyId, postIds }: PhotoUse,
  mediaId: string,
  { by, reason }: { by: Actor; reason: string },
): Promise<Receipt[]> {
  return desk.acts.act(storyId, async (act) => {
    const receipts: Receipt[] = []
    if (act.story?.lead?.media === mediaId) receipts.push(await act.record(by, decideDropLead(act.story, reason)))
    for (const postId of postIds) {
      const post = await act.post(postId)
      if (!act.story || post?.storyId !== storyId) continue
      const receipt = await act.record(by, decideWithdrawPhoto(act.story, post, mediaId, reason, act.now))
      if (!receipt.repeated) receipts.push(receipt)
    }
    return receipts
  })
}
