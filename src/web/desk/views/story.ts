// The desk of one story: its state, the form of a new post, its posts in every state.
// Called by web/desk/story.ts. Pure.

import { postPath, storyPath } from '../../../domain/address.ts'
import { kindsOf } from '../../../domain/content.ts'
import { markOf } from '../../../domain/decide-post.ts'
import type { ShiftNote } from '../../../domain/note.ts'
import { VERIFICATION_WORDS } from '../../../domain/plain-fields.ts'
import type { PostState } from '../../../domain/post.ts'
import { ATTENTION_MEANS, type Attention, attentionWords } from '../../../domain/seen.ts'
import { attributes, html, nothing, type SafeHtml } from '../../../kit/html.ts'
import type { DeskPost, DeskStory, Waiting } from '../../../store/desk-reads.ts'
import type { FieldProblems } from '../field-problems.ts'
import type { PostForm } from '../post-form.ts'
import { draftRow } from './draft.ts'
import { excerptOf } from './excerpt.ts'
import { checkButton, written } from './fields.ts'
import { mediaShown } from './media-shown.ts'
import { notesPath, shiftNoteOf } from './notes.ts'
import { withdrawPhotoPath } from './photo.ts'
import { postFields, sourceFields } from './post-fields.ts'
import { postTools, undoForm } from './post-tools.ts'
import { csrfField, deskPage, type Notice, notice, type Program, problem, type Shell, timeTag } from './shell.ts'
import { stateChip, visibilityWord } from './stories.ts'
import { type StoryRights, storyTools } from './story-tools.ts'

const POST_WORDS: Record<PostState, string> = {
  draft: 'Draft',
  submitted: 'Submitted',
  scheduled: 'Scheduled',
  published: 'Published',
  withdrawn: 'Withdrawn',
}

/** What the viewer's role may do to a post of their own or of others. */
export type Rights = {
  run: boolean
  publish: boolean
  change(post: DeskPost): boolean
  withdraw(post: DeskPost): boolean
  withdrawPhoto: boolean
  /** A new draft, and submitting it. */
  draft: boolean
  draftIn(post: DeskPost): boolean
  review: boolean
  order: boolean
  copy(post: DeskPost): boolean
  story: StoryRights
}

export type StoryView = {
  shell: Shell
  story: DeskStory
  posts: readonly DeskPost[]
  waiting: Waiting | null
  /** The next part, where there is one, is gone. */
  nextWithdrawn: boolean
  rights: Rights
  form: PostForm
  older: string | null // id of the last post shown, when there are more
  /** What was done last. At its post where `post` is one of those shown, else above the form. */
  done: (Notice & { post: string | null; atPost: boolean }) | null
  /** About the form of the new post, which did not do anything. */
  told: Notice | null
  undo: string | null // id of a post that was published seconds ago
  error: string | null
  problems: FieldProblems
  /** The live desk's program; null where the plain page is to stay. */
  program: Program | null
  /** A way to the live desk. */
  offerLive: boolean
  /** The form's words are those of this post, published a short while ago: is it meant? */
  twin: DeskPost | null
  photoLost: boolean
  shift: ShiftNote | null
  /** By post; absent where there is none. */
  notes: ReadonlyMap<string, number>
  /** What readers' browsers told, by post; absent where nothing was told. */
  attention: ReadonlyMap<string, Attention>
}

export function storyPage(view: StoryView): SafeHtml {
  const { shell, story, rights, posts, older } = view
  const open = story.state === 'live' || story.state === 'paused'
  const asked = Boolean(view.error || view.told || view.twin)
  const body = html`${storyHead(view)}
${shiftNoteOf(story, view.shift, rights.draft)}
${view.done && !doneAtPost(view, view.done.post) ? notice(view.done) : ''}
${view.undo === null ? '' : undoForm(shell, story, view.undo)}
${(rights.publish && (open || asked)) || (rights.draft && mayDraftIn(story)) ? newPost(view) : ''}
${!open && !asked && story.withdrawnAt === null ? html`<p class="empty">${story.state === 'ended' ? 'This story has ended. Its posts can still be corrected and withdrawn.' : 'Start the story to publish in it.'}</p>` : ''}
<section aria-labelledby="posts-title"><h2 id="posts-title">Posts</h2>
${posts.length === 0 ? html`<p class="empty">Nothing yet.</p>` : html`<ol class="rows posts">${posts.map((post) => postRow(view, post))}</ol>`}
${older === null ? '' : html`<p><a class="button" href="/desk/stories/${story.id}?before=${older}">Older posts</a></p>`}
</section>`
  return deskPage({ title: story.title, shell, body, program: view.program })
}

function doneAtPost({ done, posts }: StoryView, postId: string | null): boolean {
  return done !== null && done.atPost && done.post === postId && posts.some((post) => post.id === postId)
}

function mayDraftIn(story: DeskStory): boolean {
  return story.state !== 'ended' && story.withdrawnAt === null
}

function storyHead(view: StoryView): SafeHtml {
  const { shell, story, rights, nextWithdrawn } = view
  const act = `/desk/stories/${story.id}`
  const open = story.state === 'live' || story.state === 'paused'
  const seen = story.visibility !== 'private' && story.withdrawnAt === null
  return html`<div class="head"><h1 lang="${story.language}" dir="${story.direction}">${story.title}</h1></div>
<p class="facts">${stateChip(story)} <span>${visibilityWord(story.visibility)}</span> <span>${story.posts} ${story.posts === 1 ? 'post' : 'posts'}</span> <span>times in ${story.timeZone}</span>
${seen ? html`<a href="${storyPath(story.slug ?? story.id)}">See the page</a>` : ''}</p>
${
  rights.run && story.withdrawnAt === null && !open && (!story.continuedBy || nextWithdrawn)
    ? html`<div class="acts"><form method="post" action="${act}/start">${csrfField(shell)}<button class="${story.state === 'ended' ? 'quiet' : 'main'}">${story.state === 'ended' ? 'Go live again' : 'Go live'}</button></form></div>`
    : ''
}
${storyTools(view)}${view.offerLive ? liveDesk(view) : ''}`
}

function liveDesk({ shell, story }: StoryView): SafeHtml {
  return html`<form method="post" action="/desk/stories/${story.id}/look" class="look">${csrfField(shell)}<button class="quiet" name="look" value="live">Live desk</button> <span class="hint">These are the plain forms, which work without a script.</span></form>`
}

function newPost(view: StoryView): SafeHtml {
  const { shell, story, rights, form, error, problems, photoLost, told, twin } = view
  const act = `/desk/stories/${story.id}`
  const publishes = rights.publish && story.state !== 'planned'
  return html`<section class="composer" aria-labelledby="new-title"><h2 id="new-title">New post</h2>
${problem(error, error ? 'Nothing was published. What you typed is below.' : '')}
${notice(told)}${twin ? alreadyThere(story, twin) : ''}
<form method="post" action="${publishes ? `${act}/posts` : `${act}/drafts`}" enctype="multipart/form-data" class="stack">
${checkButton()}${csrfField(shell)}<input type="hidden" name="postId" value="${form.postId}">${sourceFields(form)}
${postFields({ form, story, photoLost, problems, ownName: shell.viewer?.name })}
<div class="acts">${publishes ? html`<button class="main" ${attributes(twin ? { name: 'again', value: '1' } : {})}>${twin ? 'Publish it again' : 'Publish'}</button>` : ''}${twin ? html` <a href="/desk/stories/${story.id}">Leave it at that</a>` : ''}${rights.draft ? draftButtons(act, rights, publishes) : ''}</div>
</form></section>`
}

function draftButtons(act: string, rights: Rights, publishes: boolean): SafeHtml {
  const save = html`<button formaction="${act}/drafts">Save draft</button>`
  if (rights.review) return save
  return html`<button class="${publishes ? '' : 'main'}" formaction="${act}/drafts" name="then" value="submit">Submit</button> ${save}`
}

/** The way back in the browser leads to a form with the old words and a new id. */
function alreadyThere(story: DeskStory, twin: DeskPost): SafeHtml {
  const gone = twin.withdrawal ? html`, and withdrawn ${timeTag(twin.withdrawal.at, story.timeZone)}` : ''
  return html`<div class="message bad" role="alert"><p><strong>This was published ${timeTag(twin.firstPublishedAt ?? twin.createdAt, story.timeZone)}${gone}.</strong> <a href="#post-${twin.id}">See it</a></p>
<p>Nothing was published now. Publish it again only if readers should see it twice.</p></div>`
}

function postRow(view: StoryView, post: DeskPost): SafeHtml {
  const { shell, story, rights } = view
  const at = post.firstPublishedAt ?? post.createdAt
  const image = post.content.blocks.find((block) => block.type === 'image')
  return html`<li id="post-${post.id}" data-state="${post.state}" ${attributes({ class: view.done?.post === post.id && 'new' })}>
${doneAtPost(view, post.id) ? notice(view.done) : ''}
<p class="facts">${view.done?.post === post.id && !view.done.atPost ? html`<span class="chip" data-state="new">New</span>` : ''}${timeTag(at, story.timeZone)} <span class="chip" data-state="${post.state}">${POST_WORDS[post.state]}</span>
${post.state === 'draft' && post.deskNote ? html`<span class="chip" data-state="sent-back">Sent back</span>` : ''}${flagChips(post)}${post.keyEvent ? html`<span class="chip" data-state="key">Key event</span>` : ''}${post.pinnedAt === null ? '' : html`<span class="chip" data-state="pinned">Pinned</span>`}
${post.byName ? html`<span>${post.byName}</span>` : ''}${post.updatedAt === null ? '' : html`<span>updated ${timeTag(post.updatedAt, story.timeZone)}</span>`}
${post.corrections.length === 0 ? '' : html`<span>${post.corrections.length === 1 ? '1 correction' : `${post.corrections.length} corrections`}</span>`}${notesLink(view, post)}</p>
${image?.media ? html`<img class="thumb" src="/media/${image.media}/400.jpg" alt="${image.alt}" width="96" loading="lazy">` : ''}
${excerptOf(story, post)}${toldOf(view, post)}
${post.withdrawal ? html`<p class="facts"><span>Withdrawn ${timeTag(post.withdrawal.at, story.timeZone)}, ${withdrawalWords(post.withdrawal)}</span></p>` : ''}
${post.state === 'published' ? postActs(shell, story, post, rights) : draftRow(story, post, rights.draftIn(post))}
</li>`
}

function toldOf({ attention }: StoryView, { id, state }: DeskPost): SafeHtml {
  const told = state === 'published' ? attention.get(id) : undefined
  return told ? html`<p class="attention" title="${ATTENTION_MEANS}">${attentionWords(told)}</p>` : nothing
}

function notesLink({ story, notes, rights }: StoryView, { id }: DeskPost): SafeHtml {
  const count = notes.get(id) ?? 0
  if (count === 0 && (!rights.draft || story.withdrawnAt !== null)) return nothing
  const words = count === 0 ? 'Note…' : count === 1 ? '1 note' : `${count} notes`
  return html`<a href="${notesPath(story.id, id)}">${words}</a>`
}

function flagChips({ content: { breaking, verification } }: DeskPost): SafeHtml {
  const said = verification === 'none' ? '' : VERIFICATION_WORDS[verification]
  return html`${breaking ? html`<span class="chip" data-state="breaking">Breaking</span>` : ''}${said ? html`<span class="chip" data-state="${verification}">${said}</span>` : ''}`
}

function withdrawalWords({ trace, reason }: NonNullable<DeskPost['withdrawal']>): string {
  if (trace === 'none') return reason ? `no trace stays; reason: ${reason}` : 'no trace stays'
  return `one line stays: ${reason || 'no reason given'}`
}

function postActs(shell: Shell, story: DeskStory, post: DeskPost, rights: Rights): SafeHtml {
  if (story.withdrawnAt !== null) return nothing
  const act = `/desk/stories/${story.id}/posts/${post.id}`
  const name = story.slug ?? story.id
  return html`<div class="acts small">
${rights.change(post) ? html`<a class="button" href="${act}">Edit</a>` : ''}
${rights.withdraw(post) ? html`<a class="button" href="${act}/withdraw">Withdraw…</a>` : ''}
${rights.change(post) ? pinAndMark(shell, story, post, act) : ''}
${rights.withdrawPhoto ? photosOf(story, post) : ''}
${postTools(shell, story, post, rights)}
${story.visibility === 'private' ? '' : html`<a href="${postPath(name, post.id)}">See it</a>`}
</div>`
}

/** Each leads to a page that asks. */
function photosOf(story: DeskStory, post: DeskPost): SafeHtml {
  const shown = [...kindsOf(post.content)]
  if (shown.length === 0) return nothing
  return html`<details class="confirm"><summary>Withdraw a photo…</summary><p class="hint">Choose the photo. You are asked once more.</p><ul class="pictures">${shown.map(
    ([id, kind], index) =>
      html`<li><a href="${withdrawPhotoPath(id, story.id)}">${kind === 'image' ? mediaShown({ id, kind }, `Photo ${index + 1}`, 96) : `${kind === 'video' ? 'Video' : 'Audio'} ${index + 1}`}</a></li>`,
  )}</ul></details>`
}

function pinAndMark(shell: Shell, story: DeskStory, post: DeskPost, act: string): SafeHtml {
  const pinned = post.pinnedAt !== null
  return html`<form method="post" action="${act}/pin">${csrfField(shell)}<button class="quiet" name="pin" value="${pinned ? 'no' : 'yes'}">${pinned ? 'Unpin' : 'Pin'}</button></form>
<details class="confirm"><summary>Key event…</summary><form method="post" action="${act}/key-event" class="stack">${csrfField(shell)}
<label>Short title <textarea name="title" rows="1" ${written(story, post.content.headline || 'what turned')} ${attributes({ required: post.content.headline === '' })}>
${markOf(post)?.title ?? ''}</textarea></label>
<div class="acts"><button name="mark" value="yes">${post.keyEvent ? 'Change the title' : 'Mark as key event'}</button>${post.keyEvent ? html` <button class="quiet" name="mark" value="no" formnovalidate>Not a key event</button>` : ''}</div></form></details>`
}
