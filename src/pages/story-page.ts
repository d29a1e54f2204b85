// The page of a story: masthead, key events, pinned posts, one page of posts. An older page is its posts and where they stand.
// Called by web/reader.
// Never depends on who reads it or when: the same position gives the same bytes (DESIGN §4).

import { latestPath, rangePath, storyPath } from '../domain/address.ts'
import { firstPageFrom, olderPage, PAGE_SIZE, type PageRange } from '../domain/post.ts'
import type { PublicItem, PublicStory, StoryFace, StoryPage } from '../domain/view.ts'
import type { Region } from '../domain/wire.ts'
import { attributes, html, nothing, type SafeHtml } from '../kit/html.ts'
import { countText, isSameDay } from '../kit/time.ts'
import { dayHeadings } from './day.ts'
import { renderDocument } from './document.ts'
import { feedLinks } from './feed.ts'
import { previewPath } from './figures.ts'
import { leadPath } from './lead.ts'
import { livingFacts, type Order, renderConnection } from './living.ts'
import { type RenderItem, renderItem } from './post.ts'
import { countWords, renderRegions } from './regions.ts'
import type { Assets, Site } from './site.ts'
import { storyData } from './structured.ts'
import { phrase, word, wordsAttributes } from './words.ts'

/** `range` null: the first page, where the newest posts belong. */
export type StoryPageView = {
  page: StoryPage
  order: Order
  range: PageRange | null
  site: Site
  assets: Assets
  /** A node keeps what it rendered (law 5). */
  render?: RenderItem
}

export function renderStoryPage(view: StoryPageView): SafeHtml {
  const { page, range, site, assets } = view
  const { story } = page.face
  const { language, direction } = story
  return renderDocument({
    ...{
      site,
      assets,
      language,
      direction,
      image: leadPath(story) ?? firstPicture(page.items),
      kind: 'article',
      live: true,
    },
    title: range ? `${story.title} (${rangeWords(range, language)})` : story.title,
    description: story.standfirst || story.title,
    path: range ? rangePath(story.name, range) : storyPath(story.name),
    listed: story.visibility === 'public',
    skip: { to: 'posts', words: word(language, 'skip-posts') },
    bar: renderBar(page.face, range !== null),
    head: feedLinks(story.name),
    main: renderMain(view),
  })
}

// What depends on the story's regions or on the number of posts is always there; the style sheet shows it when its time
// has come (:has, :empty), so that a page that is open gets it too.

/** `isOlder`: the key events stand on the story's own page. */
function renderBar({ story, keyEvents }: StoryFace, isOlder: boolean): SafeHtml {
  const { language } = story
  const foreign = wordsAttributes(language)
  const own = storyPath(story.name)
  const events =
    (!isOlder || keyEvents.length > 0) &&
    html`<a class="to-events" ${foreign} href="${`${isOlder ? own : ''}#key-events`}">${word(language, 'key-events')}</a>`
  return html`<a class="name" href="${own}">${story.title}</a><b class="mark" ${foreign}>${word(language, 'live')}</b>${events}`
}

function renderMain(view: StoryPageView): SafeHtml {
  const { page, order, range, render = renderItem } = view
  const { face, items } = page
  const { story } = face
  const { language } = story
  const regions = renderRegions(face)
  const shown = inOrder(items, order)
  const headings = dayHeadings(shown, story)
  // Halfway, so that gzip finds each post's words within its window: 2 KB more for 30 posts instead of 16.
  const middle = shown.length > 1 ? Math.floor((shown.length - 1) / 2) : null
  const data = range === null && storyData(face, shown, view.site)
  const facts = livingFacts(page.epoch, story, { order, openEnd: range === null })
  return html`<main class="${range ? 'story older' : 'story'}" ${facts} data-days="${daysOf(items, story)}">
<div class="onward" data-region="onward">${regions.onward}</div>
<header class="masthead" data-region="masthead">${regions.masthead}</header>
${range === null && renderAbove(face, regions)}<div class="column">
${
  story.state === 'live' &&
  html`<noscript><p class="notice">${word(language, 'no-script')}</p></noscript>
`
}${
  range
    ? renderRange(range, face)
    : html`<section class="pinned" data-region="pinned" aria-label="${word(language, 'pinned')}">${regions.pinned}</section>`
}
${renderOrder(view)}
<div class="pill-place" role="status"><button ${attributes({ type: 'button', class: 'pill', 'data-pill': true, hidden: true, 'data-one': word(language, 'pill-one'), 'data-many': word(language, 'pill-many') })} ${wordsAttributes(language)}></button></div>
${renderPaper(view)}<div class="posts" id="posts" data-posts tabindex="-1">${shown.map(
    (item, at) => html`${headings[at]}${render(item, story)}
${at === middle && data}`,
  )}</div>
<p class="empty">${word(language, range ? 'no-posts-left' : 'no-posts')}</p>${middle === null && data}${renderPages(view)}${range && renderLater(view)}
</div>
${renderConnection(language)}
</main>`
}

/** What sums the story up: the lead picture, the summary, the key events. */
function renderAbove({ story: { language } }: StoryFace, regions: Record<Region, SafeHtml>): SafeHtml {
  return html`<div class="lead" data-region="lead">${regions.lead}</div>
<section class="summary" data-region="summary" aria-label="${word(language, 'in-short')}">${regions.summary}</section>
<aside class="side" id="key-events" aria-label="${word(language, 'key-events')}"><div data-region="key-events">${regions['key-events']}</div><p class="all"><a href="#key-events">${word(language, 'all-key-events')}</a></p></aside>
`
}

/** Which posts of how many an older page shows, and the way to the newest. */
function renderRange(range: PageRange, face: StoryFace): SafeHtml {
  const { name, language } = face.story
  const count = html`<span data-count>${countWords(face)}</span>`
  // Posts that were withdrawn keep their numbers: then there may be fewer than the page counts up to.
  const of = face.postCount >= range.to && html` <span class="of">${phrase(language, 'of-count', { count })}</span>`
  return html`<div class="range"><h2>${rangeWords(range, language)}${of}</h2><a href="${storyPath(name)}">${word(language, 'to-newest')}</a></div>`
}

/** For paper alone, which holds one page of the story. */
function renderPaper({ page, range, site }: StoryPageView): SafeHtml {
  const { name, language, ordinal } = page.face.story
  const older = olderPage(firstPageFrom(ordinal))
  if (range) {
    const from = countText(range.from, language)
    const to = countText(range.to, language)
    const address = html`<bdi>${site.origin}${storyPath(name)}</bdi>`
    return html`<p class="paper">${phrase(language, 'paper-range', { from, to, address })}</p>
`
  }
  if (!older) return nothing
  const address = html`<bdi>${site.origin}${rangePath(name, older)}</bdi>`
  return html`<p class="paper">${phrase(language, 'paper-newest', { address })}</p>
`
}

/** `one` while all posts shown lie on the story's first day. */
function daysOf(items: readonly PublicItem[], story: PublicStory): 'one' | 'many' {
  const first = story.startedAt
  if (first === null) return 'many'
  const moments = items.map((item) => (item.kind === 'post' ? item.post.publishedAt : item.trace.withdrawnAt))
  return moments.every((moment) => isSameDay(moment, first, story)) ? 'one' : 'many'
}

function inOrder(items: readonly PublicItem[], order: Order): readonly PublicItem[] {
  return order === 'oldest' ? items.toReversed() : items
}

function firstPicture(items: readonly PublicItem[]): string | null {
  for (const item of items) {
    const path = item.kind === 'post' ? previewPath(item.post.content.blocks) : null
    if (path !== null) return path
  }
  return null
}

function rangeWords({ from, to }: PageRange, language: string): string {
  return word(language, 'page-range', { from: countText(from, language), to: countText(to, language) })
}

/** Both orders of this page; the one shown is no link. */
function renderOrder({ page, order, range }: StoryPageView): SafeHtml {
  const { story } = page.face
  const { language } = story
  const choice = (one: Order) =>
    one === order
      ? html`<b aria-current="true">${word(language, `${one}-first`)}</b>`
      : html`<a href="${orderedPath(range, one, story)}" rel="nofollow">${word(language, `${one}-first`)}</a>`
  return html`<nav class="order" aria-label="${word(language, 'order')}">${choice('newest')} ${choice('oldest')}</nav>`
}

/** To the posts themselves, where much stands above them: who turns the order has seen that. */
function orderedPath(range: PageRange | null, order: Order, story: PublicStory): string {
  const other = orderedRange(range, order, story)
  const isOlder = other !== null || (order === 'oldest' && firstPageFrom(story.ordinal) > 1)
  return `${pathOf(story.name, other, order)}${isOlder ? '' : '#posts'}`
}

/** Newest first from the very beginning of a story is its first page again. */
function orderedRange(range: PageRange | null, order: Order, { ordinal }: PublicStory): PageRange | null {
  return order === 'newest' && range?.from === 1 && firstPageFrom(ordinal) > 1 ? null : range
}

function renderPages({ page, order, range }: StoryPageView): SafeHtml {
  const { story } = page.face
  const { name, language, ordinal } = story
  const older = olderPage(range?.from ?? firstPageFrom(ordinal))
  const newer = range && newerPage(range, ordinal)
  const links = [
    newer &&
      html`<a href="${newer === 'first' ? newestPath(name, order) : pathOf(name, newer, order)}">${word(language, newer === 'first' ? 'latest-posts' : order === 'oldest' ? 'later-posts' : 'newer-posts')}</a>`,
    older &&
      html`<a href="${pathOf(name, older, order)}">${word(language, order === 'oldest' ? 'earlier-posts' : 'older-posts')}</a>`,
  ].filter((link) => link !== null)
  if (links.length === 0) return nothing
  return html`<nav class="pages" aria-label="${word(language, 'more-pages')}">${order === 'oldest' ? links.toReversed() : links}</nav>`
}

/** On a page that new posts do not come to: hidden until there are some elsewhere. */
function renderLater({ page, order }: StoryPageView): SafeHtml {
  const { name, language } = page.face.story
  return html`
<p class="later" role="status"><a ${attributes({ 'data-later': true, hidden: true })} ${wordsAttributes(language)} href="${newestPath(name, order)}">${word(language, 'later-elsewhere')}</a></p>`
}

/** `first`: the page where the newest posts belong, which has no range of its own. */
function newerPage({ to }: PageRange, ordinal: number): PageRange | 'first' {
  const from = to + 1
  return from >= firstPageFrom(ordinal) ? 'first' : { from, to: from + PAGE_SIZE - 1 }
}

/** Read from its start, a story's own address is the oldest page. */
function newestPath(name: string, order: Order): string {
  return order === 'oldest' ? `${latestPath(name)}?order=oldest` : storyPath(name)
}

function pathOf(name: string, range: PageRange | null, order: Order): string {
  const path = range ? rangePath(name, range) : storyPath(name)
  return order === 'oldest' ? `${path}?order=oldest` : path
}
