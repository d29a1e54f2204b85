// Withdrawing a photo: what it is, where it stands, what will happen; afterwards, that it happened.
// Called by web/desk/photo-acts.ts. Pure.

import { html, nothing, type SafeHtml } from '../../../kit/html.ts'
import type { DeskStory, PhotoSheet } from '../../../store/desk-reads.ts'
import { othersLine } from './copies.ts'
import { KIND_WORDS, mediaShown } from './media-shown.ts'
import { csrfField, deskPage, problem, type Shell, timeTag } from './shell.ts'
import { storyPathOnDesk, storyTrail } from './story-tools.ts'

/** `others`: posts that show it in stories that this person does not read. */
export type ShownPhoto = PhotoSheet & { others: number }
export type WithdrawPhotoView = {
  shell: Shell
  photo: ShownPhoto
  /** Where one came from; null: by the photo's own address. */
  story: DeskStory | null
  timeZone: string
  reason: string
  error: string | null
}

export function withdrawPhotoPage(view: WithdrawPhotoView): SafeHtml {
  const { photo, shell, story } = view
  const body = photo.withdrawn ? isWithdrawn(view, photo.withdrawn) : asks(view)
  return deskPage({
    title: photo.withdrawn ? 'Photo withdrawn' : 'Withdraw a photo',
    shell,
    body,
    ...(story ? { trail: storyTrail(story) } : {}),
  })
}

export const withdrawPhotoPath = (mediaId: string, storyId?: string): string =>
  `/desk/photos/${mediaId}/withdraw${storyId === undefined ? '' : `?story=${storyId}`}`

function asks({ shell, photo, story, reason, error }: WithdrawPhotoView): SafeHtml {
  const stories = new Set(photo.shownIn.map((post) => post.storyId)).size
  const count = `${photo.shownIn.length} ${photo.shownIn.length === 1 ? 'post' : 'posts'} in ${stories} ${stories === 1 ? 'story' : 'stories'}${photo.others > 0 ? ', and elsewhere' : ''}`
  return html`<h1>Withdraw this ${KIND_WORDS[photo.kind]}?</h1>
${problem(error, error ? 'The photo still stands. What you typed is below.' : '')}
<p class="kept">${mediaShown(photo, `The ${KIND_WORDS[photo.kind]}`, 192)}</p>
<p>This upload is taken out of every post that shows it, in every story, with its caption and its credit; its files are deleted, and it can
never be used again. The same file brought in a second time is another one. A post that is nothing but this ${KIND_WORDS[photo.kind]} is withdrawn, and one grey line stays.</p>
${isShown(photo) ? html`<p>It stands in ${count}:</p>${uses(photo)}` : html`<p>No post shows it.</p>`}
${alike(photo, story)}
<p><a href="/desk/photos/${photo.id}">Its words and rights</a></p>
<form method="post" action="${withdrawPhotoPath(photo.id, story?.id)}" class="stack">
${csrfField(shell)}
<label>Reason, for the desk; readers do not see it <textarea name="reason" rows="2">
${reason}</textarea></label>
<div class="acts"><button class="danger">Withdraw the ${KIND_WORDS[photo.kind]}</button> <a href="${story ? storyPathOnDesk(story.id) : '/desk'}">Keep it</a></div>
</form>`
}

function isWithdrawn(
  { photo, story, timeZone, error }: WithdrawPhotoView,
  { at, byName, reason }: NonNullable<PhotoSheet['withdrawn']>,
): SafeHtml {
  return html`<h1>This photo was withdrawn</h1>
${problem(error)}
<p class="facts"><span>${timeTag(at, timeZone, { year: true })} (${timeZone})</span> <span>by ${byName}</span>${reason ? html` <span>${reason}</span>` : ''}</p>
${
  isShown(photo)
    ? html`<p class="message bad" role="status">Nobody can load it any more. Its words still stand in the posts below; they are taken out as soon as those stories can be written to.</p>${uses(photo)}`
    : html`<p class="message good" role="status">No post shows this upload any more, and nobody can load it.</p>`
}
${alike(photo, story)}
<p class="acts">${story ? html`<a class="button" href="${storyPathOnDesk(story.id)}">Back to the story</a> ` : ''}<a class="button" href="/desk">To the stories</a></p>`
}

/** Each is withdrawn by itself: whether it is the same picture, a person sees. */
function alike({ alike: ids, ...photo }: ShownPhoto, story: DeskStory | null): SafeHtml {
  if (ids.length === 0) return nothing
  const one = ids.length === 1
  return html`<div class="message bad"><p><b>${one ? 'Another upload looks' : `${ids.length} other uploads look`} like the same file, and ${one ? 'is' : 'are'} not withdrawn with this one:</b></p>
<ul class="pictures">${ids.map(
    (id, index) =>
      html`<li><a href="${withdrawPhotoPath(id, story?.id)}">${photo.kind === 'image' ? mediaShown({ id, kind: photo.kind }, `Upload ${index + 1}`, 96) : `Upload ${index + 1}`}</a></li>`,
  )}</ul></div>`
}

function isShown({ shownIn, others }: ShownPhoto): boolean {
  return shownIn.length + others > 0
}

function uses({ shownIn, others }: ShownPhoto): SafeHtml {
  return html`<ul class="rows">${shownIn.map(
    ({ storyId, storyTitle, postId, headline, state }) =>
      html`<li><a class="row-title" href="/desk/stories/${storyId}#post-${postId}">${headline || 'A post without a headline'}</a>
<p class="facts"><span>${storyTitle}</span> <span>${state}</span></p></li>`,
  )}${othersLine(others)}</ul>`
}
