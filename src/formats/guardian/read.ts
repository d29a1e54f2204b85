// A Guardian live blog, block by block → an imported story. Two shapes: the page's own data (`PAGE.json?dcr`), and the answer
// of the content API with its blocks. Called by formats/live-page.ts. Pure; bounded. Anything else is null.
// Never gives out a block that was not published, nor who works on it: e-mail addresses in the data are not read.

import { readHtml } from '../html/read.ts'
import type { ImportedPost, ImportedStory } from '../imported.ts'
import { hasType, isThing, listOf, type Thing } from '../jsonld/json.ts'
import { readTime } from '../jsonld/time.ts'
import { addressOf, lineOf, namesOf, shortened } from '../jsonld/values.ts'
import { oldestFirst } from '../order.ts'
import { type GuardianBlock, type Names, readBlock } from './block.ts'

export const MAX_JSON = 30_000_000 // characters; the largest page of this kind here has 150,000
export const MAX_BLOCKS = 10_000
const MAX_STANDFIRST = 1_000 // characters; what a story takes
const LIVE_DESIGNS = ['LiveBlogDesign', 'LiveBlog', 'DeadBlogDesign', 'DeadBlog']
const OVER = /^DeadBlog/

export type GuardianOptions = { url?: string }

/** What both shapes come down to. `further`: blocks that stand on other pages of the blog and were sent along. */
type Source = { face: Thing; fields: Thing; blocks: unknown[]; further: unknown[]; isOver: boolean }

export function readGuardian(text: string, options: GuardianOptions = {}): ImportedStory | null {
  const source = sourceOf(text)
  if (!source) return null
  const { face, fields } = source
  const problems = new Map<string, number>()
  const note = (problem: string) => problems.set(problem, (problems.get(problem) ?? 0) + 1)
  const base = options.url
  const url = addressOf([face.webURL, face.webUrl, face.canonicalUrl, base], sightOf(base))?.replace(/#.*$/, '') ?? null
  const posts = readPosts(source, url, note)
  notePages(face, note)
  const title = lineOf(fields.headline, 2_000) || lineOf(face.headline, 2_000) || lineOf(face.webTitle, 2_000)
  return {
    title,
    standfirst: standfirstOf(face, fields, note),
    language: languageOf(lineOf(face.lang, 35) || lineOf(fields.lang, 35)),
    sourceUrl: url,
    publisher: publisherOf(face, fields),
    startedAt: readTime(fields.firstPublicationDate)?.at ?? null,
    endedAt: source.isOver ? (posts.at(-1)?.publishedAt ?? null) : null,
    posts,
    problems: [...problems].map(([problem, count]) => (count === 1 ? problem : `${problem} (${count} times)`)),
  }
}

type Note = (problem: string) => void

function sourceOf(text: string): Source | null {
  if (text.length > MAX_JSON || !text.trimStart().startsWith('{')) return null
  const document = parsed(text)
  return isThing(document) ? (pageSource(document) ?? apiSource(document)) : null
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** The page's own data. An article of one piece has blocks too: where the design is named, it must be a live blog's. */
function pageSource(page: Thing): Source | null {
  const { blocks } = page
  if (!Array.isArray(blocks) || !blocks.some(isBlock)) return null
  const design = isThing(page.format) ? page.format.design : undefined
  if (typeof design === 'string' && !LIVE_DESIGNS.includes(design)) return null
  if (design === undefined && page.pageId === undefined && page.webURL === undefined) return null
  const further = [page.pinnedPost, ...listOf(page.keyEvents)]
  return { face: page, fields: {}, blocks, further, isOver: OVER.test(String(design)) }
}

function apiSource(document: Thing): Source | null {
  const response = isThing(document.response) ? document.response : document
  const content = isThing(response.content) ? response.content : response
  const body = isThing(content.blocks) ? content.blocks.body : null
  if (!Array.isArray(body) || !body.some(isBlock)) return null
  const fields = isThing(content.fields) ? content.fields : {}
  const isOver = String(fields.liveBloggingNow) === 'false' && content.type === 'liveblog'
  return { face: content, fields, blocks: body, further: [], isOver }
}

/** As both shapes have them: an id, and elements or at least their HTML. */
function isBlock(value: unknown): value is GuardianBlock {
  return isThing(value) && typeof value.id === 'string' && (Array.isArray(value.elements) || 'bodyHtml' in value)
}

function readPosts({ face, blocks, further }: Source, url: string | null, note: Note): ImportedPost[] {
  const named: Names = {
    byId: contributorsOf(face),
    pinned: isThing(face.pinnedPost) ? String(face.pinnedPost.id) : null,
    listed: new Set(listOf(face.keyEvents).flatMap((event) => (isBlock(event) ? [event.id] : []))),
  }
  const distinct = withoutRepeats(blocks, further, note)
  if (distinct.length > MAX_BLOCKS) note(`The live blog has more than ${MAX_BLOCKS} blocks; the rest was left out.`)
  const posts = distinct.slice(0, MAX_BLOCKS).flatMap((block) => readBlock(block, named, url, note) ?? [])
  return oldestFirst(posts)
}

/** The same id is the same block. The page's own copy wins over one that was sent along. */
function withoutRepeats(blocks: unknown[], further: unknown[], note: Note): GuardianBlock[] {
  const kept = new Map<string, GuardianBlock>()
  for (const block of blocks) {
    if (!isBlock(block)) note('A block without an id or a body was left out.')
    else if (kept.has(block.id)) note('A block stands in the data twice; one was kept.')
    else kept.set(block.id, block)
  }
  for (const block of further.filter(isBlock)) {
    if (kept.has(block.id)) continue
    kept.set(block.id, block)
    note('A block of another page of the blog (a key event or the pinned post) came with this one.')
  }
  return [...kept.values()]
}

function contributorsOf(face: Thing): Map<string, string> {
  const tags = listOf(face.tags).filter(isThing)
  return new Map(tags.map((tag) => [String(tag.id), lineOf(tag.webTitle ?? tag.title, 200)]))
}

function notePages(face: Thing, note: Note): void {
  const pages = isThing(face.pagination) ? face.pagination : {}
  const { currentPage, totalPages } = pages
  if (typeof totalPages !== 'number' || totalPages < 2) return
  note(`This is page ${Number(currentPage) || 1} of ${totalPages} of the live blog; the other pages are not in it.`)
}

/** Its paragraphs; a list below them links to other articles. */
function standfirstOf(face: Thing, fields: Thing, note: Note): string {
  const html = fields.standfirst ?? face.standfirst
  const { blocks } = readHtml(typeof html === 'string' ? html : '')
  const lines = blocks.flatMap((block) =>
    block.type === 'paragraph' ? [block.text.map((run) => run.text).join('')] : [],
  )
  if (blocks.some((block) => block.type !== 'paragraph'))
    note('The standfirst held links to other articles; they were left out.')
  const trail = lineOf(fields.trailText ?? face.trailText, MAX_STANDFIRST)
  return shortened(lines.join(' ').replace(/\s+/g, ' ').trim(), MAX_STANDFIRST) || trail
}

function publisherOf(face: Thing, fields: Thing): string {
  const said = lineOf(face.publication, 200) || lineOf(fields.publication, 200)
  const linked = listOf(face.linkedData).filter(isThing)
  const blog = linked.find((thing) => hasType(thing, 'LiveBlogPosting'))
  return said || (namesOf(blog?.publisher, sightOf(undefined))[0]?.name ?? '')
}

function languageOf(tag: string): string | null {
  try {
    return tag ? (Intl.getCanonicalLocales(tag)[0] ?? null) : null
  } catch {
    return null
  }
}

function sightOf(base: string | undefined) {
  return { base, resolve: (value: unknown) => value }
}
