// Withdrawing a photo: what it is, where it stands, what will happen; afterwards, that it happened.
// Called by web/desk/photo-acts.ts. Pure.

import { html, type SafeHtml } from '../../../kit/html.ts'
import type { PhotoSheet } from '../../../store/desk-reads.ts'
import { csrfField, deskPage, problem, type Shell, timeTag } from './shell.ts'

export type WithdrawPhotoView = {
  shell: Shell
  photo: PhotoSheet
  timeZone: string
  reason: string
  error: string | null
}

export function withdrawPhotoPage(view: WithdrawPhotoView): SafeHtml {
  const { photo, shell } = view
  const body = photo.withdrawn ? isWithdrawn(view, photo.withdrawn) : asks(view)
  return deskPage({ title: photo.withdrawn ? 'Photo withdrawn' : 'Withdraw a photo', shell, body })
}

export const withdrawPhotoPath = (mediaId: string): string => `/desk/photos/${mediaId}/withdraw`

function asks({ shell, photo, reason, error }: WithdrawPhotoView): SafeHtml {
  const stories = new Set(photo.shownIn.map((post) => post.storyId)).size
  const count = `${photo.shownIn.length} ${photo.shownIn.length === 1 ? 'post' : 'posts'} in ${stories} ${stories === 1 ? 'story' : 'stories'}`
  return html`<h1>Withdraw this photo?</h1>
${problem(error, error ? 'The photo still stands. What you typed is below.' : '')}
<p class="kept"><img src="/media/${photo.id}/400.jpg" alt="The photo" width="192"></p>
<p>It is taken out of every post that shows it, in every story, with its caption and its credit; its files are deleted, and it can never
be used again. A post that is nothing but this photo is withdrawn, and one grey line stays.</p>
${photo.shownIn.length === 0 ? html`<p>No post shows it.</p>` : html`<p>It stands in ${count}:</p>${uses(photo)}`}
<form method="post" action="${withdrawPhotoPath(photo.id)}" class="stack">
${csrfField(shell)}
<label>Reason, for the desk; readers do not see it <textarea name="reason" rows="2">
${reason}</textarea></label>
<div class="acts"><button class="danger">Withdraw the photo</button> <a href="/desk">Keep it</a></div>
</form>`
}

function isWithdrawn(
  { photo, timeZone, error }: WithdrawPhotoView,
  { at, byName, reason }: NonNullable<PhotoSheet['withdrawn']>,
): SafeHtml {
  return html`<h1>This photo was withdrawn</h1>
${problem(error)}
<p class="facts"><span>${timeTag(at, timeZone, { year: true })} (${timeZone})</span> <span>by ${byName}</span>${reason ? html` <span>${reason}</span>` : ''}</p>
${
  photo.shownIn.length === 0
    ? html`<p class="message good" role="status">No post shows it any more, and nobody can load it.</p>`
    : html`<p class="message bad" role="status">Nobody can load it any more. Its words still stand in the posts below; they are taken out as soon as those stories can be written to.</p>${uses(photo)}`
}
<p class="acts"><a class="button" href="/desk">To the stories</a></p>`
}

function uses({ shownIn }: PhotoSheet): SafeHtml {
  return html`<ul class="rows">${shownIn.map(
    ({ storyId, storyTitle, postId, headline, state }) =>
      html`<li><a class="row-title" href="/desk/stories/${storyId}#post-${postId}">${headline || 'A post without a headline'}</a>
<p class="facts"><span>${storyTitle}</span> <span>${state}</span></p></li>`,
  )}</ul>`
}
