// What stands under a post and leads beyond its story: who wrote it, what it is about.
// Called by pages/post.ts.
// Never leads to a page that does not exist: only a post in a listed story is on the pages of its writer and its topics.

import { personPath, tagPath } from '../domain/address.ts'
import type { Byline } from '../domain/content.ts'
import type { PublicStory } from '../domain/view.ts'
import { html, type SafeHtml } from '../kit/html.ts'

const NO_ADDRESS = /^\.{0,2}$/ // a browser takes dots for a step up

export function renderByline({ name, role }: Byline, story: PublicStory): SafeHtml {
  return html`<span class="byline"><b>${linked(name, personPath(name), story)}</b>${role && html`, ${role}`}</span>`
}

export function renderTag(tag: string, story: PublicStory): SafeHtml {
  return linked(tag, tagPath(tag), story)
}

/** In an unlisted story a name is never a link, whatever else is public under it: one rule, easy to foresee. */
function linked(name: string, path: string, { visibility }: PublicStory): SafeHtml {
  return visibility === 'public' && !NO_ADDRESS.test(name) ? html`<a href="${path}">${name}</a>` : html`${name}`
}
