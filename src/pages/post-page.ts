// One post on a page of its own, with the way back to its place in the story.
// Called by web/reader.
// Never shows more of a withdrawn post than its trace.

import { postAnchor, postPath, rangePath, storyPath } from '../domain/address.ts'
import { type Block, type PostContent, plainRuns } from '../domain/content.ts'
import { firstPageFrom, ORDER_GAP, PAGE_SIZE } from '../domain/post.ts'
import type { PublicItem, PublicStory, StoryPost } from '../domain/view.ts'
import { html, nothing, type SafeHtml } from '../kit/html.ts'
import { clockTime } from '../kit/time.ts'
import { dirOf } from './direction.ts'
import { renderDocument, skipToContent } from './document.ts'
import { previewPath } from './figures.ts'
import { livingFacts, renderConnection } from './living.ts'
import { headlineOf, type RenderItem, renderItem } from './post.ts'
import { renderState } from './regions.ts'
import type { Assets, Site } from './site.ts'
import { word, wordsLanguage } from './words.ts'

const MAX_DESCRIPTION = 200 // characters; what link previews show
const MAX_TITLE = 80

export type PostPageView = { view: StoryPost; site: Site; assets: Assets; head?: SafeHtml; render?: RenderItem }

/** `view.item` null renders the way back alone; web answers 404 before it comes to that. */
export function renderPostPage({ view, site, assets, head = nothing, render = renderItem }: PostPageView): SafeHtml {
  const { face, item } = view
  const { story } = face
  const { language, direction } = story
  const content = item?.kind === 'post' ? item.post.content : null
  const text = content ? textOf(content) : ''
  return renderDocument({
    ...{ site, assets, language, direction, kind: 'article', live: true, head },
    title: titleOf(item, story),
    description: cut(text, MAX_DESCRIPTION) || story.standfirst || story.title,
    path: item ? postPath(story.name, idOf(item)) : null,
    listed: story.visibility === 'public' && content !== null,
    image: content ? previewPath(content.blocks) : null,
    skip: skipToContent(language),
    bar: html`<a class="name" href="${storyPath(story.name)}">${story.title}</a>`,
    main: html`<main class="one" id="content" ${livingFacts(view.epoch, story, { order: 'newest', openEnd: false })}>
<header class="masthead"><p class="kicker">${word(language, 'post-of')}</p>
<h1 ${dirOf(story.title, direction)}><a href="${storyPath(story.name)}">${story.title}</a></h1>
${renderState(face)}</header>
<div class="posts" data-posts>${item && render(item, story)}</div>
<p class="empty">${word(language, 'post-gone')}</p>
<p class="back">${item && html`<a href="${placeInStory(item, story)}">${word(language, 'in-story')}</a>`} <a href="${storyPath(story.name)}">${word(language, 'to-story')}</a></p>
${renderConnection(language)}
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

/** Tabs and link previews tell one post from another by it: its headline, else its words, else what it shows, and when. */
function titleOf(item: PublicItem | null, story: PublicStory): string {
  const { language } = story
  const within = (post: string) => `${post} | ${story.title}`
  if (item === null) return story.title
  if (item.kind === 'trace') {
    const time = clockTime(item.trace.withdrawnAt, { ...story, language: wordsLanguage(language) })
    return within(word(language, 'withdrawn-title', { time }))
  }
  const { post } = item
  const { blocks } = post.content
  const own = headlineOf(post) || cut(textOf(post.content), MAX_TITLE)
  if (own !== '') return own
  const shown = blocks.map(shownIn).find((text) => text.trim() !== '') ?? ''
  return within(cut(plain(shown), MAX_TITLE) || clockTime(post.publishedAt, story))
}

function textOf({ blocks }: PostContent): string {
  return plain(blocks.map(wordsOf).join(' '))
}

/** What a link preview may say of a block; '' for what is no running text. */
function wordsOf(block: Block): string {
  switch (block.type) {
    case 'paragraph':
      return plainRuns(block.text)
    case 'quote':
      return block.text.map(plainRuns).join(' ')
    case 'list':
    case 'heading':
    case 'image':
    case 'gallery':
    case 'video':
    case 'audio':
    case 'embed':
    case 'table':
    case 'data':
      return ''
  }
}

/** What a post without running text is about: a picture's caption, a clip's title, the first item of a list. */
function shownIn(block: Block): string {
  switch (block.type) {
    case 'image':
      return block.caption || block.alt
    case 'gallery':
      return block.images.map((image) => image.caption || image.alt).find((text) => text !== '') ?? ''
    case 'video':
    case 'audio':
      return block.title || block.caption
    case 'embed':
      return block.title ?? ''
    case 'table':
      return block.caption ?? ''
    case 'data':
      return block.title
    case 'heading':
      return plainRuns(block.text)
    case 'list':
      return plainRuns(block.items[0] ?? [])
    case 'paragraph':
    case 'quote':
      return '' // its words are the title already
  }
}

function plain(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

/** At a word's end, where there is one. */
function cut(text: string, max: number): string {
  if (text.length <= max) return text
  const start = text.slice(0, max - 1).toWellFormed()
  return `${start.replace(/\s+\S*$/, '')}…`
}
