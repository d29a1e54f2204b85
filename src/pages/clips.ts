// Videos and sounds: our own files in the browser's own player, those of other sites as a card.
// Called by pages/blocks.ts.
// Never starts by itself, and never loads more than it takes to tell how long it is.

import { clipPath } from '../domain/address.ts'
import type { BlockOf } from '../domain/content.ts'
import { directionOf } from '../domain/story.ts'
import { attributes, html, nothing, type SafeHtml } from '../kit/html.ts'
import { renderCard } from './cards.ts'
import { dirOf } from './direction.ts'
import { hostOf } from './figures.ts'
import { renderLines } from './runs.ts'
import { word } from './words.ts'

type Clip = BlockOf<'video'> | BlockOf<'audio'>

export function renderClip(clip: Clip, language: string): SafeHtml {
  const { type } = clip
  if (clip.media !== undefined) return renderPlayer(clip, clip.media, language)
  const host = hostOf(clip.source)
  const title = clip.title || word(language, type)
  const text = html`${clip.caption.trim() !== '' && clip.caption !== clip.title && html`<p ${dirOf(clip.caption, directionOf(language))}>${renderLines(clip.caption)}</p>`}${clip.credit !== '' && html`<p class="credit">${clip.credit}</p>`}`
  const open = word(language, type === 'video' ? 'watch-on' : 'listen-on', { host })
  return renderCard(type, title, text, clip.source, host, open, language)
}

function renderPlayer(clip: Clip, media: string, language: string): SafeHtml {
  const src = clipPath(media)
  const name = clip.title || word(language, clip.type)
  const isVideo = clip.type === 'video'
  // Width and height give it its place before anything of it has come.
  const size = isVideo && clip.width && clip.height ? { width: clip.width, height: clip.height } : {}
  const own = attributes({ src, preload: 'metadata', 'aria-label': name, ...size })
  const inside = html`<a href="${src}">${name}</a>` // for a browser that plays nothing
  const player = isVideo
    ? html`<video controls playsinline ${own}>${inside}</video>`
    : html`<audio controls ${own}>${inside}</audio>`
  const tall = isVideo && clip.width && clip.height && clip.height > clip.width ? ' tall' : ''
  return html`<figure class="clip ${clip.type}${tall}">${player}${renderClipCaption(clip, language)}</figure>`
}

function renderClipCaption({ title, caption, credit }: Clip, language: string): SafeHtml {
  const said = caption.trim() === title ? '' : caption.trim()
  if (title === '' && said === '' && credit === '') return nothing
  const parts = [
    title !== '' && html`<b>${title}</b>`,
    said !== '' && renderLines(said),
    credit !== '' && !said.includes(credit) && html`<span class="credit">${credit}</span>`,
  ].filter((part) => part !== false)
  const joined = parts.map((part, index) => (index === 0 ? part : html` ${part}`))
  return html`<figcaption ${dirOf(`${title} ${said} ${credit}`, directionOf(language))}>${joined}</figcaption>`
}
