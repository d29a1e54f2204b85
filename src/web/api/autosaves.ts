// Texts as they are typed: keeping one, and reading those that are kept of a post.
// Called by operations.ts.
// Never shows one to somebody who may not edit the post, whatever else of it they may read.

import { mayEdit } from '../../domain/autosave.ts'
import { isEmptyContent } from '../../domain/content.ts'
import { AppError } from '../../domain/error.ts'
import { may } from '../../domain/permission.ts'
import { autosavePost } from '../../newsroom/autosave-post.ts'
import * as answers from './answers.ts'
import { autosavePostBody } from './bodies.ts'
import { type ApiDeps, actorOf, type Call, type Operation, operation } from './operation.ts'

const path = '/stories/{story}/posts/{post}/autosaves'

export const AUTOSAVES: readonly Operation[] = [
  operation({
    name: 'autosavePost',
    group: 'Posts',
    method: 'POST',
    path,
    access: 'post:draft',
    object: 'post',
    does: 'Keep what is being typed, also before the post is there. No act: nothing of the post changes.',
    body: autosavePostBody,
    answer: answers.keptAutosave,
    creates: ({ repeated }) => !repeated,
    run: ({ autosaves }, call) =>
      autosavePost({ autosaves }, actorOf(call), call.params.story, { ...call.body, postId: call.params.post }),
  }),
  operation({
    ...read('listAutosaves', path),
    does: 'The autosaves of a post that are kept, newest first: when and by whom. For those who may edit the post.',
    answer: answers.autosaves,
    run: async (deps, call) => {
      await requireEditor(deps, call)
      return { autosaves: await deps.autosaves.list(call.params.story, call.params.post) }
    },
  }),
  operation({
    ...read('getAutosave', `${path}/{autosave}`),
    does: 'The text of one autosave. For those who may edit the post.',
    answer: answers.autosaveContent,
    run: async (deps, call) => {
      await requireEditor(deps, call)
      const { story, post, autosave } = call.params
      const found = await deps.autosaves.one(story, post, Number(autosave))
      if (!found) throw new AppError('not_found', 'There is no such autosave, or it is no longer kept.')
      return found
    },
  }),
  operation({
    ...read('listBegunTexts', '/stories/{story}/begun'),
    object: 'story',
    does: 'Texts that you began in this story and that were never saved as a draft: the last autosave of each.',
    answer: answers.begunTexts,
    run: async ({ autosaves }, call) => {
      const begun = await autosaves.begun(call.params.story, actorOf(call).id)
      // What was thrown away was emptied.
      return { texts: begun.filter(({ content }) => !isEmptyContent(content)) }
    },
  }),
]

function read(name: string, at: string) {
  return {
    ...{ name, path: at, group: 'Desk reads' as const, method: 'GET' as const },
    ...{ access: 'post:read-drafts' as const, object: 'post' as const },
  }
}

/** Throws `not_found` where even the post may not be read, and `forbidden` where it may. */
async function requireEditor({ reads, autosaves }: ApiDeps, call: Call): Promise<void> {
  const actor = actorOf(call)
  const { story, post: postId } = call.params
  const post = await reads.post(story, postId)
  const ownerId = post?.createdBy ?? (await autosaves.list(story, postId)).at(-1)?.by.id
  if (ownerId !== undefined && mayEdit(actor, post?.state ?? null, ownerId)) return
  if (!post || !may(actor, 'post:read-drafts', post.createdBy))
    throw new AppError('not_found', 'There is no such post in this story.')
  throw new AppError('forbidden', 'Only those who may edit this post see what was typed in it.')
}
