// Films, sound and posts of other sites in a Guardian block.
// Called by formats/guardian/elements.ts. Never keeps a player's code: an address, who made it and its words.

import { type Block, MAX_CAPTION, MAX_HEADLINE, MAX_SHORT, MAX_TEXT } from '../../domain/content.ts'
import { readHtml } from '../html/read.ts'
import { isThing, type Thing } from '../jsonld/json.ts'
import { addressOf, lineOf, shortened, textOf } from '../jsonld/values.ts'
import type { Element } from './element.ts'

const YOUTUBE_ID = /^[\w-]{6,20}$/
// The last line of a quoted post: "— Name (@handle) February 19, 2021".
const SIGNATURE = /^([^]*?)\s*—\s+([^\n]{1,150}?\(@\w{1,30}\))[^\n]*$/

/** A film of a site by its page there, else by its file. null: no address. */
export function videoOf({ data, assets }: Element, base: string | undefined): Block | null {
  const id = textOf(data.assetId)
  const youtube = YOUTUBE_ID.test(id) ? `https://www.youtube.com/watch?v=${id}` : undefined
  const file = assets.find((asset) => /^video\/mp4\b/i.test(textOf(asset.mimeType))) ?? assets[0]
  const places = [data.originalUrl, data.url, youtube, file?.url, file?.file, data.embedUrl]
  const source = addressOf(places, sightOf(base)) ?? embeddedIn(data, base)?.url
  if (!source) return null
  const title = lineOf(data.mediaTitle ?? data.title, MAX_SHORT)
  const caption = lineOf(data.caption ?? data.description, MAX_CAPTION)
  return { type: 'video', source, title, caption, credit: lineOf(data.credit, MAX_SHORT) }
}

export function audioOf({ data, assets }: Element, base: string | undefined): Block | null {
  const places = [data.trackUrl, assets[0]?.file, assets[0]?.url, data.url, data.originalUrl]
  const source = addressOf(places, sightOf(base)) ?? embeddedIn(data, base)?.url
  if (!source) return null
  const caption = lineOf(data.caption ?? data.description, MAX_CAPTION)
  return {
    type: 'audio',
    source,
    title: lineOf(data.title, MAX_SHORT),
    caption,
    credit: lineOf(data.credit, MAX_SHORT),
  }
}

/** A post of another network: its words, and who signed it. */
export function tweetOf(data: Thing, base: string | undefined): Block | null {
  const found = embeddedIn(data, base)
  const url = addressOf([data.url, data.originalUrl], sightOf(base)) ?? found?.url
  if (!url) return null
  const said = found?.text ?? ''
  const [, words = said, author = ''] = SIGNATURE.exec(said) ?? []
  const provider = lineOf(data.source, MAX_SHORT)
  return {
    type: 'embed',
    url,
    ...(provider ? { provider } : {}),
    ...(author ? { author: shortened(author, MAX_SHORT) } : {}),
    ...(words ? { text: words.slice(0, MAX_TEXT) } : {}),
  }
}

/** A reader's comment: public, signed, with an address of its own. */
export function commentOf(data: Thing, base: string | undefined): Block | null {
  const url = addressOf([data.permalink, data.originalUrl], sightOf(base))
  if (!url) return null
  const author = lineOf(data.profileName ?? data.authorName, MAX_SHORT)
  const text = wordsOf(textOf(data.body) || textOf(data.html), base)
  return { type: 'embed', url, ...(author ? { author } : {}), ...(text ? { text } : {}) }
}

/** Anything else with an address: maps, documents, posts, interactives. */
export function embedOf(data: Thing, base: string | undefined): Block | null {
  const witness = isThing(data.witnessTypeData) ? data.witnessTypeData : data
  const found = embeddedIn(witness, base)
  const url = addressOf([witness.originalUrl, witness.url, found?.url, witness.embedUrl], sightOf(base))
  if (!url) return null
  const title = lineOf(witness.title || witness.alt || witness.caption, MAX_HEADLINE)
  const provider = lineOf(witness.source, MAX_SHORT)
  const author = lineOf(witness.authorName, MAX_SHORT)
  const text = found?.text || wordsOf(textOf(witness.description), base)
  return {
    type: 'embed',
    url,
    ...(provider ? { provider } : {}),
    ...(title ? { title } : {}),
    ...(author ? { author } : {}),
    ...(text ? { text } : {}),
  }
}

/** The first player or quoted post in the element's HTML. */
function embeddedIn(data: Thing, base: string | undefined): { url: string; text?: string } | null {
  const { blocks } = readHtml(textOf(data.html), base ? { base } : {})
  for (const block of blocks)
    if (block.type === 'embed') return { url: block.url, ...(block.text ? { text: block.text } : {}) }
  return null
}

function wordsOf(html: string, base: string | undefined): string {
  const { blocks } = readHtml(html, base ? { base } : {})
  const lines = blocks.flatMap((block) => {
    const texts = block.type === 'paragraph' ? [block.text] : block.type === 'quote' ? block.text : []
    return texts.map((runs) => runs.map((run) => run.text).join(''))
  })
  return lines.join('\n').slice(0, MAX_TEXT)
}

function sightOf(base: string | undefined) {
  return { base, resolve: (value: unknown) => value }
}
