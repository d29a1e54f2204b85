// From one part of a story to the next, and back to the one before.
// Called by pages/regions.ts: the way on is a region of its own, the way back stands in the masthead.
// Never names a part that is not public: the view knows none.

import { storyPath } from '../domain/address.ts'
import type { PublicStory, StoryLink } from '../domain/view.ts'
import { html, nothing, type SafeHtml } from '../kit/html.ts'
import { phrase } from './words.ts'

/** Empty while the story does not go on elsewhere. */
export function renderOnward({ next, language }: PublicStory): SafeHtml {
  return next
    ? html`<p><a href="${storyPath(next.name)}">${phrase(language, 'goes-on', titled(next))}</a></p>`
    : nothing
}

export function renderBefore({ previous, language }: PublicStory): SafeHtml {
  if (!previous) return nothing
  return html`
<p class="before"><a href="${storyPath(previous.name)}">${phrase(language, 'part-before', titled(previous))}</a></p>`
}

/** Parts may be of different languages. */
function titled({ title }: StoryLink): { title: SafeHtml } {
  return { title: html`<b><bdi>${title}</bdi></b>` }
}
