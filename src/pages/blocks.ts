// The content tree of a post as HTML: the whitelist walker (law 10).
// Called by pages/post.ts and pages/regions.ts.
// Never passes on markup, and contacts nobody: what stands elsewhere is a still card with a link.

import { type Block, type BlockOf, plainRuns, type Run } from '../domain/content.ts'
import { directionOf } from '../domain/story.ts'
import { html, nothing, type SafeHtml } from '../kit/html.ts'
import { renderCard } from './cards.ts'
import { renderClip } from './clips.ts'
import { type Direction, directionIn, dirOf } from './direction.ts'
import { hostOf, renderGallery, renderImage } from './figures.ts'
import { hasText, renderParagraphs, renderRuns } from './runs.ts'
import { word } from './words.ts'

type HeadingLevel = 2 | 3

/**
 * `place` leads the first paragraph in, as datelines do; where the post does not open with one it stands alone. `top`: the level
 * of the first heading, one below what stands over the blocks.
 */
export function renderBlocks(blocks: readonly Block[], language: string, place = '', top: HeadingLevel = 3): SafeHtml {
  const around = directionOf(language)
  const lead = place === '' ? nothing : html`<span class="place">${place}</span> `
  const first = blocks[0]
  const firstAbove = blocks.findIndex((block) => block.type === 'heading' && block.level === 3)
  // A lower heading without a higher one before it would skip a level.
  const isLower = (block: BlockOf<'heading'>, index: number) =>
    block.level === 4 && firstAbove !== -1 && firstAbove < index
  const opens = place !== '' && first?.type === 'paragraph' && hasText(first.text)
  const parts = blocks.map((block, index) => {
    if (opens && index === 0 && block.type === 'paragraph')
      return html`<p ${dirOf(block.text, around)}>${lead}${renderRuns(block.text)}</p>`
    if (block.type === 'heading') return renderHeading(block, around, isLower(block, index) ? top + 1 : top)
    return renderBlock(block, language)
  })
  return html`${place !== '' && !opens && html`<p class="place" ${dirOf(place, around)}>${place}</p>`}${parts}`
}

export function renderBlock(block: Block, language: string): SafeHtml {
  const around = directionOf(language)
  switch (block.type) {
    case 'paragraph':
      return hasText(block.text) ? renderParagraph(block.text, around) : nothing
    case 'heading':
      return renderHeading(block, around, block.level)
    case 'list':
      return renderList(block, around)
    case 'quote':
      return renderQuote(block, language)
    case 'image':
      return renderImage(block, language)
    case 'gallery':
      return renderGallery(block, language)
    case 'video':
    case 'audio':
      return renderClip(block, language)
    case 'embed':
      return renderEmbed(block, language)
    case 'table':
      return renderTable(block, language)
    case 'data':
      return renderData(block, around)
    default:
      block satisfies never // the compiler asks for every kind
      return nothing // stored by a later version: silence is better than a broken page
  }
}

function renderParagraph(text: readonly Run[], around: Direction): SafeHtml {
  return html`<p ${dirOf(text, around)}>${renderRuns(text)}</p>`
}

function renderHeading({ text }: BlockOf<'heading'>, around: Direction, level: number): SafeHtml {
  const dir = dirOf(text, around)
  if (level === 2) return html`<h2 class="sub" ${dir}>${renderRuns(text)}</h2>`
  return level === 3 ? html`<h3 ${dir}>${renderRuns(text)}</h3>` : html`<h4 ${dir}>${renderRuns(text)}</h4>`
}

/** The whole list decides on which side its numbers stand. */
function renderList({ items, ordered }: BlockOf<'list'>, around: Direction): SafeHtml {
  const whole = textOf(items)
  const own = directionIn(whole, around)
  const lines = items.map((item) => html`<li ${dirOf(item, own)}>${renderRuns(item)}</li>`)
  return ordered ? html`<ol ${dirOf(whole, around)}>${lines}</ol>` : html`<ul ${dirOf(whole, around)}>${lines}</ul>`
}

function textOf(parts: readonly (readonly Run[])[]): string {
  return parts.map(plainRuns).join(' ')
}

function renderQuote(quote: BlockOf<'quote'>, language: string): SafeHtml {
  const around = directionOf(language)
  const whole = textOf(quote.text)
  const own = directionIn(whole, around)
  const paragraphs = quote.text.filter(hasText).map((runs) => renderParagraph(runs, own))
  const { speaker, source } = quote
  const link =
    source && html`<a href="${source}" rel="noopener">${hostOf(source) || word(language, 'quote-source')}</a>`
  const caption = html`<figcaption>${speaker && html`<span class="speaker">${speaker.name}</span>`}${speaker?.role && html`, <span class="role">${speaker.role}</span>`}${speaker && link && ' · '}${link}</figcaption>`
  return html`<figure class="quote" ${dirOf(whole, around)}><blockquote>${paragraphs}</blockquote>${(speaker || source) && caption}</figure>`
}

function renderEmbed(embed: BlockOf<'embed'>, language: string): SafeHtml {
  const host = hostOf(embed.url)
  const plain = embed.title || word(language, 'embed-plain', { provider: embed.provider || host })
  const title = embed.author ? word(language, 'embed-by', { title: plain, author: embed.author }) : plain
  const text = embed.text
    ? html`<blockquote>${renderParagraphs(embed.text, directionOf(language))}</blockquote>`
    : nothing
  return renderCard('embed', title, text, embed.url, host, word(language, 'open-on', { host }), language)
}

function renderTable(table: BlockOf<'table'>, language: string): SafeHtml {
  const columns = Math.max(table.header.length, ...table.rows.map((row) => row.length))
  const label = table.caption || word(language, 'table')
  const around = directionOf(language)
  const whole = [table.caption, textOf(table.header), ...table.rows.map(textOf)].join(' ')
  const own = directionIn(whole, around)
  const caption = table.caption && html`<caption>${table.caption}</caption>`
  const head =
    table.header.some(hasText) &&
    html`<thead><tr>${fill(table.header, columns).map((cell) => renderHeaderCell(cell, own))}</tr></thead>`
  const rows = table.rows.map((row) => html`<tr>${fill(row, columns).map((cell) => renderCell(cell, own))}</tr>`)
  // Wide tables scroll in themselves; a scrolling part has to be reachable by keyboard and named.
  return html`<div class="table" ${dirOf(whole, around)} role="region" tabindex="0" aria-label="${label}"><table>${caption}${head}<tbody>${rows}</tbody></table></div>`
}

function fill(row: readonly Run[][], columns: number): Run[][] {
  return [...row, ...Array.from({ length: columns - row.length }, () => [])]
}

/** An empty one is no header: it would be read out as one without a name. */
function renderHeaderCell(cell: readonly Run[], around: Direction): SafeHtml {
  return hasText(cell) ? html`<th scope="col" ${dirOf(cell, around)}>${renderRuns(cell)}</th>` : html`<td></td>`
}

const FIGURE = /^[\s+\-−–(]*[\p{Sc}]?\s?\p{Nd}[\p{Nd}.,:\s]*(?:%|\p{Sc})?\)?$/u

function renderCell(cell: readonly Run[], around: Direction): SafeHtml {
  const text = cell.map((run) => run.text).join('')
  return FIGURE.test(text.slice(0, 40))
    ? html`<td class="number">${renderRuns(cell)}</td>`
    : html`<td ${dirOf(cell, around)}>${renderRuns(cell)}</td>`
}

function renderData(data: BlockOf<'data'>, around: Direction): SafeHtml {
  const items = data.items.map(
    ({ label, value, note }) =>
      html`<div ${dirOf(`${label} ${value} ${note ?? ''}`, around)}><dt>${label}</dt><dd>${value}${note && html` <small>${note}</small>`}</dd></div>`,
  )
  return html`<div class="data">${data.title !== '' && html`<p class="title" ${dirOf(data.title, around)}>${data.title}</p>`}<dl>${items}</dl></div>`
}
