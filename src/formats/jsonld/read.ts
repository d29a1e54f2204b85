// LiveBlogPosting JSON-LD, in a page or a file → an imported story.
// Called by importers. Pure; bounded. A source that holds no live blog is null.
// Never loses an update silently: what is left out or guessed stands in `problems`.

import type { ImageBlock } from '../../domain/content.ts'
import { plainLine } from '../html/text.ts'
import type { ImportedPost, ImportedStory } from '../imported.ts'
import { oldestFirst } from '../order.ts'
import { hasType, isThing, jsonDocuments, listOf, type Thing, thingsOf } from './json.ts'
import { readTime } from './time.ts'
import { NO_OFFSET, pictureKey, readUpdate, type Update } from './update.ts'
import { addressOf, imagesOf, lineOf, namesOf, type Sight, textOf } from './values.ts'

export const MAX_PAGE = 30_000_000 // characters; the largest real page here has 1.2 million
export const MAX_UPDATES = 10_000
const HEAD = 200_000 // characters at the start of a page in which its title, language and address are looked for

/** `url`: where the text was found, for relative addresses. `readAt`: ms UTC, the time of posts in a page that names none at all. */
export type JsonLdOptions = { url?: string; readAt?: number }

export function readJsonLd(text: string, options: JsonLdOptions = {}): ImportedStory | null {
  const page = text.slice(0, MAX_PAGE)
  const { documents, broken } = jsonDocuments(page)
  const { things, byId } = thingsOf(documents)
  const sight: Sight = { base: options.url, resolve: (value) => resolved(value, byId) }
  const blogs = things.filter((thing) => hasType(thing, 'LiveBlogPosting'))
  const main = blogs.toSorted((a, b) => updatesOf(b).length - updatesOf(a).length)[0]
  if (!main) return null
  const problems = new Map<string, number>()
  const note = (problem: string) => problems.set(problem, (problems.get(problem) ?? 0) + 1)
  if (text.length > MAX_PAGE) note('The page is larger than a page may be; its end was left out.')
  for (let count = 0; count < broken; count++) note('A block of data in the page could not be read.')
  const head = page.slice(0, HEAD)
  const sourceUrl = sourceOf(main, head, sight)
  sight.base ??= sourceUrl ?? undefined
  const posts = readPosts(main, blogs, sight, { sourceUrl, readAt: options.readAt }, note)
  return { ...readFace(main, head, sight, note), sourceUrl, posts, problems: [...problems].map(counted) }
}

type Note = (problem: string) => void

function readFace(
  main: Thing,
  head: string,
  sight: Sight,
  note: Note,
): Omit<ImportedStory, 'posts' | 'problems' | 'sourceUrl'> {
  const own = plainLine(textOf(main.headline) || textOf(main.name))
  const title = own || plainLine(/<title[^>]{0,200}>([^<]{1,2000})/i.exec(head)?.[1] ?? '')
  if (!own)
    note(title ? "The live blog has no headline; the page's title stands for it." : 'The live blog has no headline.')
  const times = [main.coverageStartTime, main.datePublished, main.coverageEndTime].map(readTime)
  if (times.some((time) => time && !time.zoned)) note(NO_OFFSET)
  return {
    title,
    standfirst: lineOf(main.description, 1_000) || lineOf(main.alternativeHeadline, 1_000),
    language: languageOf(main, head),
    lead: leadOf(main, sight),
    publisher: namesOf(main.publisher, sight)[0]?.name ?? '',
    startedAt: (times[0] ?? times[1])?.at ?? null,
    endedAt: times[2]?.at ?? null,
  }
}

function readPosts(
  main: Thing,
  blogs: Thing[],
  sight: Sight,
  page: { sourceUrl: string | null; readAt: number | undefined },
  note: Note,
): ImportedPost[] {
  const seen = new Set<unknown>()
  const all = [main, ...blogs.filter((blog) => isSameBlog(blog, main, sight))].flatMap(updatesOf)
  const things = all
    .map((entry) => sight.resolve(entry))
    .filter((entry) => isThing(entry) && !seen.has(entry) && seen.add(entry))
  if (things.length > MAX_UPDATES) note(`The live blog has more than ${MAX_UPDATES} updates; the rest was left out.`)
  const pictures = new Set(listOf(main.image).flatMap((image) => pictureKeys(image, sight)))
  const updates = (things as Thing[]).slice(0, MAX_UPDATES).map((thing) => readUpdate(thing, sight, pictures))
  for (const problem of updates.flatMap((update) => [...new Set(update.problems)])) note(problem)
  const distinct = withoutRepeats(updates, page.sourceUrl, note)
  const visible = distinct.filter((update) => update.content.headline !== '' || update.content.blocks.length > 0)
  for (const _ of distinct.slice(visible.length)) note('An update has neither headline nor text; it was left out.')
  for (const update of visible) if (!update.hasBody) note('An update has a headline and no text.')
  const fallback = readTime(main.dateModified)?.at ?? readTime(main.datePublished)?.at ?? page.readAt ?? null
  return oldestFirst(dated(visible, fallback, note))
}

function leadOf(main: Thing, sight: Sight): ImageBlock | null {
  const [block] = imagesOf(listOf(main.image), sight)
  return block?.type === 'image' ? block : null
}

/** Other blocks of the page may carry more updates of the same live blog. */
function isSameBlog(blog: Thing, main: Thing, sight: Sight): boolean {
  if (blog === main) return false
  const address = (thing: Thing) => addressOf([thing.url, thing.mainEntityOfPage, thing['@id']], sight)
  return (
    address(blog) === address(main) || (textOf(blog.headline) !== '' && textOf(blog.headline) === textOf(main.headline))
  )
}

function updatesOf(blog: Thing): unknown[] {
  return listOf(blog.liveBlogUpdate ?? blog.blogPost)
}

/**
 * The same @id is the same update, the later change of it wins. The same address too, unless it is the page's own
 * or that of most updates: then it names the page. Without either, all words and the time must be the same.
 */
function withoutRepeats(updates: Update[], sourceUrl: string | null, note: Note): Update[] {
  const shared = sharedAddress(updates)
  const kept = new Map<string, Update>()
  for (const update of updates) {
    const id = update.originalId === sourceUrl ? null : update.originalId
    const url = update.originalUrl === sourceUrl || update.originalUrl === shared ? null : update.originalUrl
    const words = JSON.stringify([update.publishedAt, update.content])
    const key = id ? `id ${id}` : url ? `url ${url}` : `words ${words}`
    const before = kept.get(key)
    if (before) note('An update stands in the page twice; one was kept.')
    if (!before) kept.set(key, update)
    else if (lastChange(update) > lastChange(before)) kept.set(key, update)
  }
  return [...kept.values()]
}

function sharedAddress(updates: Update[]): string | null {
  const counts = new Map<string, number>()
  for (const { originalUrl } of updates) if (originalUrl) counts.set(originalUrl, (counts.get(originalUrl) ?? 0) + 1)
  const [url, count] = [...counts].toSorted((a, b) => b[1] - a[1])[0] ?? [null, 0]
  return updates.length > 2 && count > updates.length / 2 ? url : null
}

function lastChange(update: Update): number {
  return update.updatedAt ?? update.publishedAt ?? 0
}

/** A post without a time takes that of the nearest one before it in the document, else after it, else the page's. */
function dated(updates: Update[], fallback: number | null, note: Note): ImportedPost[] {
  return updates.flatMap((update, index) => {
    const { hasBody: _hasBody, problems: _problems, ...post } = update
    if (post.publishedAt !== null) return [{ ...post, publishedAt: post.publishedAt }]
    const before = updates.slice(0, index).findLast((other) => other.publishedAt !== null)
    const neighbour = before ?? updates.slice(index).find((other) => other.publishedAt !== null)
    const publishedAt = neighbour?.publishedAt ?? fallback
    if (publishedAt === null) note('An update has no time and neither has the page; it was left out.')
    else
      note(
        neighbour
          ? 'An update has no time; it took that of its neighbour.'
          : "An update has no time; it took the page's.",
      )
    return publishedAt === null ? [] : [{ ...post, publishedAt }]
  })
}

function pictureKeys(image: unknown, sight: Sight): string[] {
  return imagesOf([image], sight).flatMap((block) =>
    block.type === 'image' && block.source ? [pictureKey(block.source)] : [],
  )
}

function sourceOf(main: Thing, head: string, sight: Sight): string | null {
  const canonical = /<link\b[^>]{0,500}rel=["']?canonical["']?[^>]{0,1000}>/i.exec(head)?.[0]
  const href = /href=["']?([^"'\s>]{1,2000})/i.exec(canonical ?? '')?.[1]
  return addressOf([main.url, main.mainEntityOfPage, main['@id'], href, sight.base], sight)
}

function languageOf(main: Thing, head: string): string | null {
  const said = listOf(main.inLanguage).map((value) => (isThing(value) ? textOf(value.alternateName) : textOf(value)))
  const tag = said.find(Boolean) || /<html\b[^>]{0,500}?\slang=["']?([A-Za-z0-9_-]{2,35})/i.exec(head)?.[1]
  try {
    return tag ? (Intl.getCanonicalLocales(tag.replaceAll('_', '-'))[0] ?? null) : null
  } catch {
    return null
  }
}

/** A reference `{"@id": "…"}` → what it names. */
function resolved(value: unknown, byId: Map<string, Thing>): unknown {
  if (!isThing(value) || Object.keys(value).length > 2) return value
  const id = value['@id']
  return typeof id === 'string' ? (byId.get(id) ?? value) : value
}

function counted([problem, count]: [string, number]): string {
  return count === 1 ? problem : `${problem} (${count} times)`
}
