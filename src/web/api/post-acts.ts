// Every act on a post, from its draft to its withdrawal.
// Called by operations.ts. The acts are the newsroom's; here they only get an address.

import type { Receipt } from '../../domain/decision.ts'
import { AppError } from '../../domain/error.ts'
import { approvePost } from '../../newsroom/approve-post.ts'
import { copyPost } from '../../newsroom/copy-post.ts'
import { correctPost } from '../../newsroom/correct-post.ts'
import { discardDraft } from '../../newsroom/discard-draft.ts'
import { embargoPost } from '../../newsroom/embargo-post.ts'
import { flagPost } from '../../newsroom/flag-post.ts'
import { markKeyEvent } from '../../newsroom/mark-key-event.ts'
import { moveDraft } from '../../newsroom/move-draft.ts'
import { pinPost } from '../../newsroom/pin-post.ts'
import { publishPost } from '../../newsroom/publish-post.ts'
import { reorderPost } from '../../newsroom/reorder-post.ts'
import { revisePost } from '../../newsroom/revise-post.ts'
import { saveDraft } from '../../newsroom/save-draft.ts'
import { schedulePost } from '../../newsroom/schedule-post.ts'
import { sendBackPost } from '../../newsroom/send-back-post.ts'
import { submitPost } from '../../newsroom/submit-post.ts'
import { undoPublish } from '../../newsroom/undo-publish.ts'
import { withdrawPost } from '../../newsroom/withdraw-post.ts'
import { receipt } from './answers.ts'
import * as bodies from './bodies.ts'
import { actorOf, type Call, type Operation, operation } from './operation.ts'

const isNew = ({ repeated, revision }: Receipt): boolean => !repeated && revision === 1

export const POST_ACTS: readonly Operation[] = [
  operation({
    ...act('publishPost', 'PUT', '', 'post:publish'),
    does: 'Publish a post under an id made by you, or a draft as it now is.',
    body: bodies.publishPostBody,
    creates: isNew,
    run: ({ desk }, call) => {
      const { story, post: postId } = call.params
      return publishPost(desk, actorOf(call), story, { ...call.body, postId })
    },
  }),
  operation({
    ...act('saveDraft', 'PUT', '/draft', 'post:draft'),
    does: 'Save a draft under an id made by you: a new one, or its next revision.',
    body: bodies.saveDraftBody,
    creates: isNew,
    run: ({ desk }, call) => {
      const { story, post: postId } = call.params
      return saveDraft(desk, actorOf(call), story, { ...call.body, postId })
    },
  }),
  operation({
    ...act('submitPost', 'POST', '/submit', 'post:draft'),
    does: 'Submit a draft to the editors.',
    body: bodies.submitPostBody,
    run: ({ desk }, call) => submitPost(desk, ...target(call), call.body.revision),
  }),
  operation({
    ...act('approvePost', 'POST', '/approve', 'post:review'),
    does: 'Approve a submitted post: it is published as its author wrote it.',
    body: bodies.approvePostBody,
    run: ({ desk }, call) => approvePost(desk, ...target(call), call.body),
  }),
  operation({
    ...act('sendBackPost', 'POST', '/send-back', 'post:review'),
    does: 'Send a submitted post back to its author, with a note.',
    body: bodies.sendBackPostBody,
    run: ({ desk }, call) => sendBackPost(desk, ...target(call), call.body.note),
  }),
  operation({
    ...act('schedulePost', 'PUT', '/schedule', 'post:schedule'),
    does: 'Schedule an unpublished post for a moment, or take the schedule away.',
    body: bodies.schedulePostBody,
    run: ({ desk }, call) => schedulePost(desk, ...target(call), call.body),
  }),
  operation({
    ...act('embargoPost', 'PUT', '/embargo', 'post:schedule'),
    does: 'Put an unpublished post under embargo, change it, or lift it.',
    body: bodies.embargoPostBody,
    run: ({ desk }, call) => embargoPost(desk, ...target(call), call.body),
  }),
  operation({
    ...act('discardDraft', 'POST', '/discard', 'post:draft'),
    does: 'Throw away a post that is not published, or whose publication was undone.',
    body: bodies.discardDraftBody,
    run: ({ desk }, call) => discardDraft(desk, ...target(call), call.body.revision),
  }),
  operation({
    ...act('moveDraft', 'POST', '/move', 'post:draft'),
    does: 'Move an unpublished post to another story, where it has a new id.',
    body: bodies.moveDraftBody,
    creates: isNew,
    run: ({ desk }, call) => {
      const { story: storyId, post: postId } = call.params
      const { to } = call.body
      return moveDraft(desk, actorOf(call), to.storyId, { from: { storyId, postId }, postId: to.postId })
    },
  }),
  operation({
    ...act('undoPublish', 'POST', '/undo', 'post:publish'),
    does: 'Undo a publication within ten seconds: it is a draft again, without a trace.',
    body: bodies.nothingBody,
    run: ({ desk }, call) => undoPublish(desk, ...target(call)),
  }),
  operation({
    ...act('revisePost', 'POST', '/revise', 'post:change'),
    does: 'Revise a published post: fix or add, without a public note.',
    body: bodies.revisePostBody,
    run: ({ desk }, call) => revisePost(desk, ...target(call), call.body),
  }),
  operation({
    ...act('correctPost', 'POST', '/correct', 'post:change'),
    does: 'Correct an error of fact, with a public note.',
    body: bodies.correctPostBody,
    run: ({ desk }, call) => correctPost(desk, ...target(call), call.body),
  }),
  operation({
    ...act('flagPost', 'POST', '/flag', 'post:change'),
    does: 'Say of a published post that it is breaking, confirmed or unconfirmed.',
    body: bodies.flagPostBody,
    run: ({ desk }, call) => flagPost(desk, ...target(call), given(call.body)),
  }),
  operation({
    ...act('markKeyEvent', 'PUT', '/key-event', 'post:change'),
    does: 'Mark a post as a key event with its own short title, or take the mark away.',
    body: bodies.markKeyEventBody,
    run: ({ desk }, call) => markKeyEvent(desk, ...target(call), call.body.keyEvent),
  }),
  operation({
    ...act('pinPost', 'PUT', '/pin', 'post:change'),
    does: 'Hold a post at the top of its story, or let it go.',
    body: bodies.pinPostBody,
    run: ({ desk }, call) => pinPost(desk, ...target(call), call.body.pinned),
  }),
  operation({
    ...act('reorderPost', 'POST', '/reorder', 'post:order'),
    does: 'Move a published post directly above or below another one. Times stay as they are.',
    body: bodies.reorderPostBody,
    run: ({ desk }, call) => reorderPost(desk, ...target(call), call.body),
  }),
  operation({
    ...act('copyPost', 'POST', '/copy', 'post:copy'),
    does: 'Copy a published post to another story: as a draft there, or published at once.',
    body: bodies.copyPostBody,
    creates: isNew,
    run: ({ desk }, call) => {
      const { story: storyId, post: postId } = call.params
      const { to, publish } = call.body
      if (to.storyId === storyId && to.postId === postId) throw new AppError('invalid', 'A copy has an id of its own.')
      return copyPost(desk, actorOf(call), to.storyId, { from: { storyId, postId }, postId: to.postId, publish })
    },
  }),
  operation({
    ...act('withdrawPost', 'POST', '/withdraw', 'post:withdraw'),
    does: 'Take a post down, leaving one grey line or nothing.',
    body: bodies.withdrawPostBody,
    run: ({ desk }, call) => withdrawPost(desk, ...target(call), call.body),
  }),
]

function act(name: string, method: 'PUT' | 'POST', part: string, access: Operation['access']) {
  const path = `/stories/{story}/posts/{post}${part}`
  return { name, group: 'Posts' as const, method, path, access, object: 'post' as const, answer: receipt }
}

function target(call: Call) {
  return [actorOf(call), call.params.story, call.params.post] as const
}

/** A field that was left out must not be written as undefined. */
function given<T extends object>(flags: T): T {
  return Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined)) as T
}
