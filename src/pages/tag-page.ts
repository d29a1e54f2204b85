// The page of a topic: the newest posts that carry it in listed stories, with time, headline and story.
// Called by web/reader.
// Never leads anywhere from a story that is not public.

import { tagPath } from '../domain/address.ts'
import { directionOf } from '../domain/story.ts'
import type { PostOfStory } from '../domain/view.ts'
import { html, nothing, type SafeHtml } from '../kit/html.ts'
import { renderDocument, skipToContent } from './document.ts'
import { renderPosts } from './person-page.ts'
import type { Assets, Site } from './site.ts'
import { word } from './words.ts'

/** `posts` newest first, at least one. */
export type TagPageView = { tag: string; posts: readonly PostOfStory[]; site: Site; assets: Assets }

export function renderTagPage({ tag, posts, site, assets }: TagPageView): SafeHtml {
  const { language } = site
  return renderDocument({
    ...{ site, assets, language, direction: directionOf(language), image: null, kind: 'website', live: false },
    title: tag,
    description: tag,
    path: tagPath(tag),
    listed: true,
    skip: skipToContent(language),
    bar: nothing,
    head: nothing,
    main: html`<main class="person" id="content">
<h1><bdi>${tag}</bdi></h1>
<h2>${word(language, 'latest-posts')}</h2>
${renderPosts(posts, language)}
</main>`,
  })
}
