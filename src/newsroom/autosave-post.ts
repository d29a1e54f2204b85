// Keep what is being typed in a post, before it is there, while it is a draft and while it is published. No act (law 1):
// no lock of the story, no entry, no revision, no position.

import { requireRevision, requireTypeable, rightToEdit } from '../domain/autosave.ts'
import { type PostContentInput, parseContent } from '../domain/content.ts'
import { requireId } from '../domain/id.ts'
import type { Actor } from '../domain/permission.ts'
import type { Autosaves, KeptAutosave } from '../store/autosaves.ts'
import { authorise, requireStory } from './desk.ts'

/**
 * `revision` is that of the text it was made from, 0 for a new one; a stale one is kept like any other, for nothing is
 * overwritten. The newest MAX_AUTOSAVES of the post stay. Rights are those of saving the text: until the post is there, it is
 * whose autosave is the oldest. Throws `invalid`, `too_large`, `not_found`, `unauthorized`, `forbidden`, `conflict`.
 */
export function autosavePost(
  { autosaves }: { autosaves: Pick<Autosaves, 'type'> },
  actor: Actor,
  storyId: string,
  input: { postId: string; revision: number; content: PostContentInput },
): Promise<KeptAutosave> {
  const content = parseContent(input.content)
  requireId(input.postId)
  requireRevision(input.revision)
  return autosaves.type(storyId, input.postId, async (typing) => {
    const { post, begun } = typing
    const ownerId = post?.createdBy ?? begun?.byId ?? actor.id
    const present = await authorise(typing, actor, rightToEdit(post?.state ?? null), ownerId)
    requireStory(typing)
    requireTypeable(storyId, post, begun)
    return typing.keep(present, { revision: input.revision, content })
  })
}
