// One post on a page of its own, with the way back to its place in the story.
// Called by web/reader.
// Never shows more of a withdrawn post than its trace.

import { postAnchor, postPath, rangePath, storyPath } from '../domain/address.ts'
import { firstPageFrom, ORDER_GAP, PAGE_SIZE } from '../domain/post.ts'
import type { PublicItem, PublicStory, StoryPost } from '../domain/view.ts'
import { html, nothing, type SafeHtml } from '../kit/html.ts'
import { dirOf } from './direction.ts'
import { renderDocument, skipToContent } from './document.ts'
import { previewPath } from './figures.ts'
import { livingFacts, renderConnection } from './living.ts'
import { type RenderItem, renderItem } from './post.ts'
import { renderState } from './regions.ts'
import type { Assets, Site } from './site.ts'
import { postData } from './structured.ts'
import { descriptionOf, titleOf } from './title.ts'
import { word } from './words.ts'

export type PostPageView = { view: StoryPost; site: Site; assets: Assets; render?: RenderItem }

/** `view.item` null renders the way back alone; web answers 404 before it comes to that. */
export function renderPostPage({ view, site, assets, render = renderItem }: PostPageView): SafeHtml {
  const { face, item } = view
  const { story } = face
  const { language, direction } = story
  const post = item?.kind === 'post' ? item.post : null
  return renderDocument({
    ...{ site, assets, language, direction, kind: 'article', live: true, head: nothing },
    title: titleOf(item, story),
    description: (post && descriptionOf(post.content)) || story.standfirst || story.title,
    path: item ? postPath(story.name, idOf(item)) : null,
    listed: story.visibility === 'public' && post !== null,
    image: post && previewPath(post.content.blocks),
    skip: skipToContent(language),
    bar: html`<a class="name" href="${storyPath(story.name)}">${story.title}</a>`,
    main: html`<main class="one" id="content" ${livingFacts(view.epoch, story, { order: 'newest', openEnd: false })}>
<header class="masthead"><p class="kicker">${word(language, 'post-of')}</p>
<h1 ${dirOf(story.title, direction)}><a href="${storyPath(story.name)}">${story.title}</a></h1>
${renderState(face)}</header>
<div class="posts" data-posts>${item && render(item, story)}</div>
<p class="empty">${word(language, 'post-gone')}</p>
<p class="back">${item && html`<a href="${placeInStory(item, story)}">${word(language, 'in-story')}</a>`} <a href="${storyPath(story.name)}">${word(language, 'to-story')}</a></p>
${renderConnection(language)}${post && postData(post, story, site)}
</main>`,
  })
}

/** The page of the story that the item stands on, at the item. Closed pages never shift, so the address stays good. */
export function placeInStory(item: PublicItem, story: PublicStory): string {
  const key = item.kind === 'post' ? item.post.orderKey : item.trace.orderKey
  const ordinal = Math.max(1, Math.floor(key / ORDER_GAP))
  const from = Math.floor((ordinal - 1) / PAGE_SIZE) * PAGE_SIZE + 1
  const closed = from < firstPageFrom(story.ordinal)
  const path = closed ? rangePath(story.name, { from, to: from + PAGE_SIZE - 1 }) : storyPath(story.name)
  return `${path}#${postAnchor(idOf(item))}`
}

function idOf(item: PublicItem): string {
  return item.kind === 'post' ? item.post.id : item.trace.id
}
