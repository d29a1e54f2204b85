// The second question before an embargo is broken.
// Called by web/desk/embargo-acts.ts. Pure.

import { html, type SafeHtml } from '../../../kit/html.ts'
import type { DeskPost, DeskStory } from '../../../store/desk-reads.ts'
import type { Breaking } from '../draft-form.ts'
import { draftPath } from './draft.ts'
import { excerptOf } from './excerpt.ts'
import { csrfField, deskPage, problem, type Shell } from './shell.ts'
import { storyTrail } from './story-tools.ts'
import { moment } from './when.ts'

export type BreakView = {
  shell: Shell
  story: DeskStory
  post: DeskPost
  breaking: Breaking
  error: string | null
}

export function breakPage({ shell, story, post, breaking, error }: BreakView): SafeHtml {
  const { act, embargo } = breaking
  const publishes = act !== 'embargo'
  const button = publishes ? 'Break the embargo and publish' : embargo ? 'Shorten the embargo' : 'Lift the embargo'
  const back = draftPath(story.id, post.id)
  const body = html`<h1>Break the embargo?</h1>
${problem(error, error ? 'Nothing was done. The embargo still holds.' : '')}
<p class="message bad"><strong>${
    post.embargo
      ? html`It was promised that nothing of this is public before ${moment(post.embargo.until, story.timeZone, post.embargo.zone)}.`
      : 'The embargo is no longer set.'
  }</strong></p>
<blockquote>${excerptOf(story, post)}</blockquote>
<p>${
    publishes
      ? 'Readers will have it at once. The log keeps who broke it.'
      : html`From now on it holds ${embargo ? html`until ${moment(embargo.until, story.timeZone, embargo.zone)}` : 'no longer'}. Readers see nothing yet. The log keeps who did it.`
  } Your text is saved.</p>
<form method="post" action="${back}/break-embargo" class="stack">
${csrfField(shell)}<input type="hidden" name="revision" value="${post.revision}"><input type="hidden" name="act" value="${act}">
${embargo ? html`<input type="hidden" name="until" value="${embargo.until}"><input type="hidden" name="zone" value="${embargo.zone}">` : ''}
<div class="acts"><a class="button main" href="${back}">Keep the embargo</a> <button class="danger">${button}</button></div>
</form>`
  return deskPage({ title: 'Break the embargo', shell, body, trail: storyTrail(story) })
}
