// One liveBlogUpdate → one imported post.
// Called by formats/jsonld/read.ts. Never invents a headline, a byline or a picture of the post's own.

import type { Block } from '../../domain/content.ts'
import { MAX_BLOCKS, MAX_HEADLINE } from '../../domain/content.ts'
import { readBody } from '../html/read.ts'
import { plainLine, withoutCdata } from '../html/text.ts'
import type { ImportedPost } from '../imported.ts'
import { isThing, listOf, type Thing } from './json.ts'
import { readTime } from './time.ts'
import { addressOf, filmsOf, imagesOf, lineOf, namesOf, type Sight, shortened, textOf } from './values.ts'

/** `publishedAt` null: the update names no time of its own. */
export type Update = Omit<ImportedPost, 'publishedAt'> & {
  publishedAt: number | null
  hasBody: boolean
  problems: string[]
}

/** `pagePictures`: pictures of the page, which many systems repeat in every update. */
export function readUpdate(thing: Thing, sight: Sight, pagePictures: ReadonlySet<string>): Update {
  const problems: string[] = []
  const body = bodyOf(thing)
  const read = readBody(body, { base: sight.base })
  problems.push(...read.problems)
  const said = plainLine(textOf(thing.headline) || textOf(thing.name))
  const headline = said.length <= MAX_HEADLINE ? said : shortened(said, MAX_HEADLINE)
  const blocks = [...read.blocks]
  if (headline !== said) {
    blocks.unshift({ type: 'paragraph', text: [{ text: said.slice(0, 10_000), bold: true }] })
    problems.push('A headline was longer than a headline may be; the whole of it stands at the top of the text.')
  }
  const media = mediaOf(thing, sight, blocks).filter((block) => {
    const repeated = block.type === 'image' && pagePictures.has(pictureKey(block.source ?? ''))
    if (repeated) problems.push(REPEATED_PICTURE)
    return !repeated
  })
  const published = readTime(thing.datePublished) ?? readTime(thing.dateCreated)
  const modified = readTime(thing.dateModified)
  if ((published && !published.zoned) || (modified && !modified.zoned)) problems.push(NO_OFFSET)
  const publishedAt = published?.at ?? modified?.at ?? null
  if (!published && modified) problems.push('A post names only the time of its last change; that is taken as its time.')
  return {
    content: {
      headline,
      blocks: [...blocks, ...media].slice(0, MAX_BLOCKS),
      bylines: namesOf(thing.author ?? thing.creator, sight),
      tags: tagsOf(thing.keywords),
    },
    publishedAt,
    updatedAt: modified && publishedAt !== null && modified.at > publishedAt ? modified.at : null,
    keyEvent: null,
    originalUrl: addressOf(thing.url, sight),
    originalId: textOf(thing['@id']).trim() || textOf(thing.identifier).trim() || null,
    hasBody: body.trim() !== '',
    problems,
  }
}

export const REPEATED_PICTURE = 'A post names the picture of the whole page as its own; it was left out there.'
export const NO_OFFSET = 'A time names no offset; it was read as UTC.'

/** Addresses of one picture differ in their query between crops; the path is the picture. */
export function pictureKey(address: string): string {
  const url = URL.parse(address)
  return url ? url.host + url.pathname : address
}

function bodyOf(thing: Thing): string {
  const parts = listOf(thing.articleBody ?? thing.text ?? thing.description)
    .map(textOf)
    .map(withoutCdata)
  return parts.filter((part) => part.trim() !== '').join('\n')
}

/** Pictures and films the update carries beside its body; those the body already shows are left out. */
function mediaOf(thing: Thing, sight: Sight, body: Block[]): Block[] {
  const shown = new Set(body.flatMap((block) => ('source' in block && block.source ? [pictureKey(block.source)] : [])))
  const shared = listOf(thing.sharedContent)
    .map((entry) => sight.resolve(entry))
    .filter(isThing)
  const embeds = shared.flatMap((entry): Block[] => {
    const url = addressOf(entry.url, sight)
    const isMedia = ['ImageObject', 'VideoObject'].some((type) => listOf(entry['@type']).includes(type))
    const title = lineOf(entry.headline ?? entry.name, MAX_HEADLINE)
    return url && !isMedia ? [{ type: 'embed', url, ...(title ? { title } : {}) }] : []
  })
  const ofType = (type: string) => shared.filter((entry) => listOf(entry['@type']).includes(type))
  const images = [...imagesOf(thing.image, sight), ...imagesOf(ofType('ImageObject'), sight)]
  const films = [...filmsOf(thing.video, sight), ...filmsOf(ofType('VideoObject'), sight)]
  const fresh = images.filter((block) => block.type === 'image' && !shown.has(pictureKey(block.source ?? '')))
  return [...fresh, ...films, ...embeds]
}

function tagsOf(value: unknown): string[] {
  const words = listOf(value).flatMap((entry) => (typeof entry === 'string' ? entry.split(',') : [textOf(entry)]))
  return [...new Set(words.map((word) => shortened(plainLine(word), 60)).filter(Boolean))].slice(0, 30)
}
