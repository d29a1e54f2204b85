// Texts kept while they are typed: how many, who may keep and read them, and for which posts. They are no acts (law 1).
// Called by newsroom where one is kept, by web where they are read, by store for the bound. Pure.
// Never asks whether a text is complete: what is half written is what is kept here.

import { AppError } from './error.ts'
import { type Action, type Actor, may } from './permission.ts'
import { MAX_REVISION, type Post, type PostState } from './post.ts'

/**
 * The newest of one post, whoever typed them: two people at one text share it, and what a post can take up stays bounded
 * (50 × MAX_CONTENT_BYTES) however many come by. One every few seconds is some minutes of steady typing.
 */
export const MAX_AUTOSAVES = 50

/** The right that saving the text takes. null: there is no such post yet. */
export function rightToEdit(state: PostState | null): Action {
  return state === 'published' || state === 'withdrawn' ? 'post:change' : 'post:draft'
}

/** By role alone: what a token may read is asked apart. `ownerId`: who made the post, or began it where it is not there yet. */
export function mayEdit({ id, role }: Pick<Actor, 'id' | 'role'>, state: PostState | null, ownerId: string): boolean {
  return may({ id, role }, rightToEdit(state), ownerId)
}

/**
 * `begun`: where it was typed first, for a post that is not there yet. Throws `conflict` for a post of another story, and for
 * one that was withdrawn: nothing more can be saved of it.
 */
export function requireTypeable(storyId: string, post: Post | null, begun: { storyId: string } | null): void {
  const where = post ?? begun
  if (where && where.storyId !== storyId) throw new AppError('conflict', 'This id belongs to a post of another story.')
  if (post?.state === 'withdrawn')
    throw new AppError('conflict', 'This post was withdrawn. Nothing more is kept of it.', {
      details: { state: post.state, revision: post.revision },
    })
}

/** Throws `invalid` for what no post can have. 0 = made from nothing. */
export function requireRevision(revision: number): void {
  if (!Number.isInteger(revision) || revision < 0 || revision > MAX_REVISION)
    throw new AppError('invalid', 'A revision is a whole number from 0.')
}
