// What the desk's handlers need, and the steps that all of them share.
// Called by the routes of web/desk. Never writes anything itself: acts are the newsroom's.

import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Log } from '../../base/log.ts'
import { mayReadPost } from '../../domain/desk-visible.ts'
import { AppError } from '../../domain/error.ts'
import { isId } from '../../domain/id.ts'
import { type Actor, may, type Role, roleInStory } from '../../domain/permission.ts'
import type { SafeHtml } from '../../kit/html.ts'
import type { Rectangle } from '../../media/rectangle.ts'
import type { PhotoDesk } from '../../newsroom/withdraw-photo.ts'
import type { Accounts } from '../../store/accounts.ts'
import type { Attention } from '../../store/attention.ts'
import type { AutosaveReads } from '../../store/autosaves.ts'
import type { Board } from '../../store/board.ts'
import type { DeskLists } from '../../store/desk-lists.ts'
import type { Notes } from '../../store/desk-notes.ts'
import type { DeskPhoto, DeskPost, DeskReads, DeskStory, PostElsewhere, Waiting } from '../../store/desk-reads.ts'
import type { Invitations } from '../../store/invitations.ts'
import type { People } from '../../store/people.ts'
import type { PhotoRecords } from '../../store/photo-records.ts'
import type { SecondFactors } from '../../store/second-factors.ts'
import type { Snippets } from '../../store/snippets.ts'
import { isCsrfToken, requireCsrfToken } from '../auth/csrf.ts'
import type { Sessions, SignedIn } from '../auth/session.ts'
import { asAppError, STATUS } from '../errors.ts'
import { type FormBody, field } from '../form-body.ts'
import type { StagedFile } from '../staged.ts'
import { boardQuery, boardSearch } from './board-query.ts'
import type { Photo, PhotoWords } from './post-form.ts'
import { sendDeskPage } from './send.ts'
import type { Notice, Shell } from './views/shell.ts'
import type { Rights } from './views/story.ts'

/** A photo taken in; its words come from its own metadata. */
export type TakenPhoto = Photo & PhotoWords

export type DeskDeps = {
  desk: PhotoDesk
  reads: DeskReads
  lists: Pick<DeskLists, 'revisions'>
  notes: Notes
  attention: Pick<Attention, 'ofStory'>
  board: Board
  autosaves: AutosaveReads
  sessions: Sessions
  /** Throws `invalid`, `too_large`, `too_many`, `unavailable`. */
  takePhoto(bytes: Uint8Array, actor: Actor): Promise<TakenPhoto>
  /** A part of a photo as a photo of its own. Throws `invalid`, `not_found`, `too_many`, `unavailable`. */
  cutPhoto(id: string, rectangle: Rectangle, actor: Actor): Promise<TakenPhoto>
  /** It stays where it is. Throws `invalid` naming what is wrong with it, `too_many`, `unavailable`. */
  takeClip(file: StagedFile, actor: Actor): Promise<DeskPhoto>
  /** Of one video or audio file. */
  maxClipBytes: number
  photos: PhotoRecords
  snippets: Snippets
  /** There may be work on pictures to do in the background. */
  mediaChanged(): void
  newId(): string
  /** ms UTC. */
  now(): number
  people: People
  invitations: Invitations
  factors: SecondFactors
  publicUrl: string | null
  /** Throws `unauthorized`, `too_many`. */
  checkPassword: Accounts['checkPassword']
  timeZone: string // offered for a new story
  style: string
  /** Of the reader's page, for a preview. */
  readerStyle: string
  /** The live desk's built files; null: there are none, and every page is plain. */
  program: DeskProgram | null
  /** Of the board of stories; null: it stays as it was loaded. */
  boardScript: string | null
  log: Log
}

/** `worker`: the service worker's script itself. `icons`: addresses of those for a home screen. */
export type DeskProgram = {
  script: string
  style: string
  /** What it asks for later. */
  tools: string
  worker: string
  icons: { small: string; large: string; masked: string }
  /** Of one video or audio file. */
  maxClipMb: number
}

const MAX_STORIES = 200 // the latest; older ones are found by their address

/** Those whose desk this person may read, latest first, and who they are in each. `actor`: with their role in the newsroom. */
export async function readableStories({ reads, board }: Pick<DeskDeps, 'reads' | 'board'>, actor: Actor) {
  const [listed, roles] = await Promise.all([
    reads.stories(MAX_STORIES, may(actor, 'desk:read') ? undefined : actor.id),
    board.rolesOf(actor.id),
  ])
  const inStory = ({ id }: DeskStory): Actor => ({ ...actor, role: roleInStory(actor.role, roles.get(id) ?? null) })
  return { stories: listed.filter((story) => may(inStory(story), 'desk:read')), inStory }
}

/** By story: the role at hand may be that in the story of the address. */
export async function roleEverywhere(
  { people, board }: Pick<DeskDeps, 'people' | 'board'>,
  { actor }: SignedIn,
): Promise<(storyId: string) => Role> {
  const [person, roles] = await Promise.all([people.person(actor.id), board.rolesOf(actor.id)])
  return (storyId) => roleInStory(person?.role ?? 'guest', roles.get(storyId) ?? null)
}

/** Of posts in many stories those that this person may know of, by their role in each; and how many others there are. */
export async function knownOf(
  deps: Pick<DeskDeps, 'people' | 'board'>,
  session: SignedIn,
  posts: readonly PostElsewhere[],
): Promise<{ posts: PostElsewhere[]; others: number }> {
  const roleIn = await roleEverywhere(deps, session)
  const known = posts.filter((post) => mayReadPost({ id: session.actor.id, role: roleIn(post.storyId) }, post))
  return { posts: known, others: posts.length - known.length }
}

/** Where a post can go from this story: those that are planned or running, as far as this person sees them; the next part first. */
export async function openStories(deps: DeskDeps, { actor }: SignedIn, story: DeskStory): Promise<DeskStory[]> {
  // The role at hand is the one in this story; what else they may see is the newsroom's to say.
  const person = await deps.people.person(actor.id)
  const { stories } = await readableStories(deps, { ...actor, role: person?.role ?? 'guest' })
  const isNext = ({ id }: DeskStory) => (id === story.continuedBy ? 1 : 0)
  return stories
    .filter(({ id, state, withdrawnAt }) => id !== story.id && state !== 'ended' && withdrawnAt === null)
    .toSorted((one, other) => isNext(other) - isNext(one))
}

/** The guard let the request in, so somebody is signed in; asked again all the same. Throws `unauthorized`. */
export async function signedIn(deps: Pick<DeskDeps, 'sessions'>, request: FastifyRequest): Promise<SignedIn> {
  const session = await deps.sessions.sessionOf(request)
  if (!session) throw new AppError('unauthorized', 'You are not signed in, or your session has ended.')
  return session
}

export function shellOf(deps: DeskDeps, { actor, csrf }: SignedIn): Shell {
  return { style: deps.style, viewer: { name: actor.name, csrf } }
}

/** For buttons without text: where the answer no costs one more press. */
export function isOwnForm(session: SignedIn, body: FormBody): boolean {
  return isCsrfToken(session.token, field(body, 'csrf'))
}

/** Throws `conflict`. */
export function requireOwnForm(session: SignedIn, body: FormBody): void {
  requireCsrfToken(session.token, field(body, 'csrf'))
}

/** Throws `not_found`. */
export async function storyOf(deps: Pick<DeskDeps, 'reads'>, request: FastifyRequest): Promise<DeskStory> {
  const { storyId = '' } = request.params as { storyId?: string }
  const story = isId(storyId) ? await deps.reads.story(storyId) : null
  if (!story) throw new AppError('not_found', 'There is no such story.')
  return story
}

/** Throws `not_found`. */
export async function postOf(deps: DeskDeps, request: FastifyRequest): Promise<DeskPost> {
  const { storyId = '', postId = '' } = request.params as { storyId?: string; postId?: string }
  const post = isId(storyId) && isId(postId) ? await deps.reads.post(storyId, postId) : null
  if (!post) throw new AppError('not_found', 'There is no such post in this story.')
  return post
}

/** What of the story waits, as far as this person may know. */
export async function waitingIn({ reads }: DeskDeps, { actor }: SignedIn, storyId: string): Promise<Waiting | null> {
  const draftsOf = may(actor, 'post:read-drafts') ? undefined : actor.id
  return (await reads.waiting([storyId], actor.id, draftsOf)).get(storyId) ?? null
}

export function rightsOf(actor: Actor): Rights {
  return {
    run: may(actor, 'story:run'),
    publish: may(actor, 'post:publish', actor.id),
    change: (post) => may(actor, 'post:change', post.createdBy),
    withdraw: (post) => may(actor, 'post:withdraw', post.createdBy),
    withdrawPhoto: may(actor, 'media:withdraw'),
    draft: may(actor, 'post:draft', actor.id),
    draftIn: (post) =>
      may(actor, 'post:draft', post.createdBy) &&
      (post.state !== 'scheduled' || may(actor, 'post:schedule', post.createdBy)),
    review: may(actor, 'post:review'),
    order: may(actor, 'post:order'),
    copy: (post) => may(actor, 'post:copy', post.createdBy),
    story: {
      summary: may(actor, 'story:summary'),
      settings: may(actor, 'story:settings'),
      continue: may(actor, 'story:continue'),
      withdraw: may(actor, 'story:withdraw'),
      roles: may(actor, 'roles:assign'),
    },
  }
}

/** A refusal as the form again, with its status. `page` may itself fail; then the error page keeps what was typed. */
export async function sendAgain(
  deps: DeskDeps,
  reply: FastifyReply,
  thrown: unknown,
  page: (error: AppError) => Promise<SafeHtml>,
): Promise<FastifyReply> {
  const error = asAppError(thrown)
  if (error.code === 'step_up') throw error // the page of errors asks for the proof and keeps the form
  if (error.code === 'internal') deps.log.error({ err: error.cause ?? error }, 'an act of the desk failed')
  return sendDeskPage(reply, await page(error), STATUS[error.code])
}

/**
 * A form that is only looked at again: Enter was pressed in a field, or it was given back after a sign-in and still carries
 * the token of the session before. Nothing may be done with it but to show it: that needs no token, for the page goes back
 * to the browser that sent the text, and the guard has seen that it came from a page of ours. The new page has a token.
 */
export function lookOf(session: SignedIn, body: FormBody): Notice | null {
  if (field(body, 'resume') !== '')
    return {
      words: `You are signed in as ${session.actor.name}. Nothing was sent yet: look it over, then send it.`,
      good: false,
    }
  if (field(body, 'check') === '') return null
  return {
    words: 'Nothing was sent yet. The buttons at the end of the form do that; Enter in a field only checks it.',
    good: false,
  }
}

/** Whether the form is only shown again because somebody signed in meanwhile. */
export function isResumed(body: FormBody): boolean {
  return field(body, 'resume') !== ''
}

/** To the story. `done` is a key of DONE_WORDS. A new post: to the top, where the next one is written; else to the post. */
export function backToStory(reply: FastifyReply, storyId: string, done: DoneKey, postId?: string): FastifyReply {
  const at = postId === undefined ? '' : `&post=${postId}${atPost(done) ? `#post-${postId}` : ''}`
  return reply.redirect(`/desk/stories/${storyId}?done=${done}${at}`, 303)
}

/** Where the button stood: on the story's page, or on the board as it was asked for there. */
export function backFrom(body: FormBody, reply: FastifyReply, storyId: string, done: DoneKey): FastifyReply {
  const board = field(body, 'board')
  if (board === '') return backToStory(reply, storyId, done)
  const query = boardQuery(Object.fromEntries(new URLSearchParams(board)))
  return reply.redirect(`/desk${boardSearch(query, { done })}#story-${storyId}`, 303)
}

function atPost(done: DoneKey): boolean {
  return done !== 'published'
}

const DONE_WORDS = {
  created: 'The story was created.',
  started: 'The story is live.',
  ended: 'The story has ended.',
  published: 'Published.',
  revised: 'Revised: readers see the new text.',
  corrected: 'Corrected: readers see the new text and your note.',
  unchanged: 'Nothing was changed: this is the text that readers have.',
  withdrawn: 'Withdrawn.',
  marked: 'This is a key event now, with that title.',
  unmarked: 'No longer a key event.',
  pinned: 'Pinned at the top of the story.',
  unpinned: 'No longer pinned.',
  stale: 'Nothing was changed: you signed in anew since that page was opened. Press the button again.',
  paused: 'The story is paused: readers see that. Posts can still be published.',
  resumed: 'The story goes on.',
  settings: 'The settings are saved.',
  summary: 'The summary is saved.',
  visibility: 'Who may see the story was changed.',
  continued: 'This is the next part. The one before has ended and leads here.',
  storyWithdrawn: 'The story was withdrawn: nothing of it is public any more.',
  role: 'The role was changed.',
  saved: 'Saved. Readers see nothing of it.',
  submitted: 'Submitted: an editor will read it.',
  'sent-back': 'Sent back to its author.',
  scheduled: 'Scheduled.',
  unscheduled: 'No longer scheduled.',
  embargoed: 'The embargo is set.',
  'embargo-lifted': 'The embargo is lifted.',
  discarded: 'The draft was discarded.',
  'draft-moved': 'Moved here. Readers see nothing of it.',
  undone: 'Undone: the post is a draft again, and nothing of it is on any page.',
  flagged: 'Verification and breaking are as you chose.',
  moved: 'Moved.',
  copied: 'Copied, as a draft here.',
  noted: 'The note is there. Readers never see it.',
  'note-gone': 'The note was taken away.',
  'shift-noted': 'The shift note is saved. Readers never see it.',
  'snippet-saved': 'The snippet is saved.',
  'snippet-gone': 'The snippet was deleted. Posts keep their words.',
  restored: 'The earlier text is here again, as a new revision. Readers see nothing of it.',
} as const
export type DoneKey = keyof typeof DONE_WORDS
const NOTHING_DONE: readonly DoneKey[] = ['unchanged', 'stale']

export type Done = Notice & { post: string | null; atPost: boolean }

/** Words of our own only: nothing of the address is shown. */
export function doneOf(request: FastifyRequest): Done | null {
  const { done = '', post = '' } = request.query as { done?: string; post?: string }
  if (!Object.hasOwn(DONE_WORDS, done)) return null
  const key = done as DoneKey
  const link = key === 'published' && isId(post) ? { href: `#post-${post}`, words: 'See it in the list' } : undefined
  const told = { words: DONE_WORDS[key], good: !NOTHING_DONE.includes(key), post: isId(post) ? post : null }
  return { ...told, atPost: atPost(key), ...(link ? { link } : {}) }
}
