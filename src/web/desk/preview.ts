// What readers would see of a post: the text that was sent, or the one they have now.
// Called through the route table by the live desk.
// Never writes anything, and never shows a post to somebody who may not know of it.

import type { FastifyReply, FastifyRequest } from 'fastify'
import { type PostContent, parseContent } from '../../domain/content.ts'
import { keyEventOf, sameContent } from '../../domain/decide-post.ts'
import { mayReadPost } from '../../domain/desk-visible.ts'
import { AppError } from '../../domain/error.ts'
import { isId } from '../../domain/id.ts'
import { type Actor, requireMayLook } from '../../domain/permission.ts'
import type { PublicPost, PublicStory } from '../../domain/view.ts'
import { renderPreview } from '../../pages/preview.ts'
import type { DeskPost, DeskStory } from '../../store/desk-reads.ts'
import { type FormBody, field, readForm } from '../form-body.ts'
import type { Route } from '../routes.ts'
import { type DeskDeps, requireOwnForm, signedIn, storyOf } from './deps.ts'
import { sendDeskPage } from './send.ts'

export function previewRoutes(deps: DeskDeps): Route[] {
  return [
    {
      method: 'POST',
      url: '/desk/stories/:storyId/posts/:postId/preview',
      access: 'desk:read',
      object: 'post',
      handler: (request, reply) => preview(deps, request, reply),
    },
  ]
}

/** `content` and `keyEvent` as JSON, `note` of a correction; without content: the text that readers have. */
async function preview(deps: DeskDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const session = await signedIn(deps, request)
  const body = await readForm(request)
  requireOwnForm(session, body)
  const story = await storyOf(deps, request)
  const { postId = '' } = request.params as { postId?: string }
  const post = await readablePost(deps, session.actor, story.id, postId)
  const shown = field(body, 'content') === '' ? asItIs(post) : asItWouldBe(story, postId, post, body, deps.now())
  return sendDeskPage(reply, renderPreview(shown, asReaders(story), deps.readerStyle))
}

/** null: there is none of this id yet, and they may make one. Throws `not_found`, `forbidden`. */
async function readablePost(deps: DeskDeps, actor: Actor, storyId: string, postId: string): Promise<DeskPost | null> {
  const post = isId(postId) ? await deps.reads.post(storyId, postId) : null
  if (post && !mayReadPost(actor, post)) throw new AppError('not_found', 'There is no such post in this story.')
  if (!post) requireMayLook(actor, 'post:draft', actor.id)
  return post
}

function asItIs(post: DeskPost | null): PublicPost {
  if (post?.state !== 'published') throw new AppError('not_found', 'Readers see nothing of this post.')
  return publicPost(post, post.publishedAt ?? 0)
}

/** Published at this moment, where it is not yet. */
function asItWouldBe(story: DeskStory, postId: string, post: DeskPost | null, body: FormBody, now: number): PublicPost {
  const content = parseContent(jsonIn(body, 'content'))
  const note = field(body, 'note').trim()
  const isOut = post?.state === 'published'
  const blank = { id: postId, storyId: story.id, version: 0, orderKey: 0, pinned: false, corrections: [] }
  const before = isOut ? publicPost(post, post.publishedAt ?? now) : { ...blank, publishedAt: now, updatedAt: null }
  const changed = isOut && !sameContent(post.content, content)
  return {
    ...before,
    content,
    keyEvent: keyEventIn(body, content),
    corrections: note === '' ? before.corrections : [...before.corrections, { at: now, note }],
    firstPublishedAt: before.publishedAt,
    updatedAt: changed ? now : before.updatedAt,
  }
}

/** One without a title is shown as it will be once it has one: as a key event. Throws `invalid`. */
function keyEventIn(body: FormBody, content: PostContent): PublicPost['keyEvent'] {
  const given = field(body, 'keyEvent') === '' ? null : jsonIn(body, 'keyEvent')
  const { title } = (given ?? {}) as { title?: unknown }
  if (typeof title !== 'string') return null
  return title.trim() === '' && content.headline === '' ? { title: '' } : keyEventOf({ title }, content)
}

/** Throws `invalid`. */
function jsonIn(body: FormBody, name: string): unknown {
  try {
    return JSON.parse(field(body, name))
  } catch (cause) {
    throw new AppError('invalid', `The field ${name} is no JSON.`, { cause })
  }
}

function publicPost(post: DeskPost, publishedAt: number): PublicPost {
  const { id, storyId, content, keyEvent, corrections, updatedAt } = post
  const place = { version: post.version ?? 0, orderKey: post.orderKey ?? 0, pinned: post.pinnedAt !== null }
  const times = { firstPublishedAt: post.firstPublishedAt ?? publishedAt, publishedAt, updatedAt }
  return { id, storyId, content, keyEvent, corrections, ...place, ...times }
}

/** A private story has no readers; its posts are shown as they will be once it has. */
function asReaders(story: DeskStory): PublicStory {
  const visibility = story.visibility === 'private' ? 'unlisted' : story.visibility
  return { ...story, name: story.slug ?? story.id, visibility, previous: null, next: null }
}
