// Correct a published post: an error of fact, with a public note that says what was wrong.

import { parseContent } from '../domain/content.ts'
import { decideCorrect } from '../domain/decide-post.ts'
import type { Receipt } from '../domain/decision.ts'
import type { Actor } from '../domain/permission.ts'
import { actOnPost, type Desk } from './desk.ts'
import type { ReviseInput } from './revise-post.ts'

/** As revisePost; an empty note is `invalid`. */
export function correctPost(
  desk: Desk,
  actor: Actor,
  storyId: string,
  postId: string,
  input: Omit<ReviseInput, 'at'> & { note: string },
): Promise<Receipt> {
  const content = parseContent(input.content)
  return actOnPost(desk, actor, 'post:change', { storyId, postId }, (story, post, now) =>
    decideCorrect(story, post, input.revision, content, input.note, now, input.keyEvent),
  )
}
