// Who wrote a post, with the way to what else they wrote.
// Called by pages/post.ts.
// Never leads to a page that does not exist: only a post in a listed story is on its writer's page.

import { personPath } from '../domain/address.ts'
import type { Byline } from '../domain/content.ts'
import type { PublicStory } from '../domain/view.ts'
import { html, type SafeHtml } from '../kit/html.ts'

const NO_ADDRESS = /^\.{0,2}$/ // a browser takes dots for a step up

/** In an unlisted story a name is never a link, whatever else is public of that person: one rule, easy to foresee. */
export function renderByline({ name, role }: Byline, { visibility }: PublicStory): SafeHtml {
  const linked =
    visibility === 'public' && !NO_ADDRESS.test(name) ? html`<a href="${personPath(name)}">${name}</a>` : html`${name}`
  return html`<span class="byline"><b>${linked}</b>${role && html`, ${role}`}</span>`
}
