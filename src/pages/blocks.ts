// The content tree of a post as HTML: the whitelist walker (law 10).
// Called by pages/post.ts and pages/regions.ts.
// Never passes on markup, and contacts nobody: what stands elsewhere is a still card with a link.

import type { Block, BlockOf, Run } from '../domain/content.ts'
import { html, nothing, type SafeHtml } from '../kit/html.ts'
import { hostOf, renderGallery, renderImage } from './figures.ts'
import { hasText, renderLines, renderParagraphs, renderRuns } from './runs.ts'
import { word } from './words.ts'

/** `place` leads the first paragraph in, as datelines do; where the post does not open with one it stands alone. */
export function renderBlocks(blocks: readonly Block[], language: string, place = ''): SafeHtml {
  const lead = place === '' ? nothing : html`<span class="place">${place}</span> `
  const first = blocks[0]
  const opens = place !== '' && first?.type === 'paragraph' && hasText(first.text)
  return html`${place !== '' && !opens && html`<p class="place">${place}</p>`}${blocks.map((block, index) =>
    opens && index === 0 && block.type === 'paragraph'
      ? html`<p>${lead}${renderRuns(block.text)}</p>`
      : renderBlock(block, language),
  )}`
}

export function renderBlock(block: Block, language: string): SafeHtml {
  switch (block.type) {
    case 'paragraph':
      return hasText(block.text) ? html`<p>${renderRuns(block.text)}</p>` : nothing
    case 'heading':
      return block.level === 3 ? html`<h3>${renderRuns(block.text)}</h3>` : html`<h4>${renderRuns(block.text)}</h4>`
    case 'list':
      return renderList(block)
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
      return renderData(block)
    default:
      block satisfies never // the compiler asks for every kind
      return nothing // stored by a later version: silence is better than a broken page
  }
}

function renderList(list: BlockOf<'list'>): SafeHtml {
  const items = list.items.map((item) => html`<li>${renderRuns(item)}</li>`)
  return list.ordered ? html`<ol>${items}</ol>` : html`<ul>${items}</ul>`
}

function renderQuote(quote: BlockOf<'quote'>, language: string): SafeHtml {
  const paragraphs = quote.text.filter(hasText).map((runs) => html`<p>${renderRuns(runs)}</p>`)
  const { speaker, source } = quote
  const link =
    source && html`<a href="${source}" rel="noopener">${hostOf(source) || word(language, 'quote-source')}</a>`
  const caption = html`<figcaption>${speaker && html`<span class="speaker">${speaker.name}</span>`}${speaker?.role && html`, <span class="role">${speaker.role}</span>`}${speaker && link && ' · '}${link}</figcaption>`
  return html`<figure class="quote"><blockquote>${paragraphs}</blockquote>${(speaker || source) && caption}</figure>`
}

function renderClip(clip: BlockOf<'video'> | BlockOf<'audio'>, language: string): SafeHtml {
  const { type } = clip
  const host = hostOf(clip.source)
  const title = clip.title || word(language, type)
  const text = html`${clip.caption.trim() !== '' && clip.caption !== clip.title && html`<p>${renderLines(clip.caption)}</p>`}${clip.credit !== '' && html`<p class="credit">${clip.credit}</p>`}`
  const open = word(language, type === 'video' ? 'watch-on' : 'listen-on', { host })
  return renderCard(type, title, text, clip.source, host, open, language)
}

function renderEmbed(embed: BlockOf<'embed'>, language: string): SafeHtml {
  const host = hostOf(embed.url)
  const plain = embed.title || word(language, 'embed-plain', { provider: embed.provider || host })
  const title = embed.author ? word(language, 'embed-by', { title: plain, author: embed.author }) : plain
  const text = embed.text ? html`<blockquote>${renderParagraphs(embed.text)}</blockquote>` : nothing
  return renderCard('embed', title, text, embed.url, host, word(language, 'open-on', { host }), language)
}

/** Still: nothing loads. It says who will be contacted, and the reader decides. */
function renderCard(
  kind: 'embed' | 'video' | 'audio',
  title: string,
  text: SafeHtml,
  address: string | undefined,
  host: string,
  open: string,
  language: string,
): SafeHtml {
  const link =
    address !== undefined &&
    host !== '' &&
    html`<p class="open"><a href="${address}" rel="noopener nofollow external">${open}</a> <small>${word(language, 'embed-contacts', { host })}</small></p>`
  return html`<div class="card ${kind}"><p class="title">${title}</p>${text}${link}</div>`
}

function renderTable(table: BlockOf<'table'>, language: string): SafeHtml {
  const columns = Math.max(table.header.length, ...table.rows.map((row) => row.length))
  const label = table.caption || word(language, 'table')
  const caption = table.caption && html`<caption>${table.caption}</caption>`
  const head =
    table.header.some(hasText) && html`<thead><tr>${fill(table.header, columns).map(renderHeaderCell)}</tr></thead>`
  const rows = table.rows.map((row) => html`<tr>${fill(row, columns).map(renderCell)}</tr>`)
  // Wide tables scroll in themselves; a scrolling part has to be reachable by keyboard and named.
  return html`<div class="table" role="region" tabindex="0" aria-label="${label}"><table>${caption}${head}<tbody>${rows}</tbody></table></div>`
}

function fill(row: readonly Run[][], columns: number): Run[][] {
  return [...row, ...Array.from({ length: columns - row.length }, () => [])]
}

/** An empty one is no header: it would be read out as one without a name. */
function renderHeaderCell(cell: readonly Run[]): SafeHtml {
  return hasText(cell) ? html`<th scope="col">${renderRuns(cell)}</th>` : html`<td></td>`
}

const FIGURE = /^[\s+\-−–(]*[\p{Sc}]?\s?\p{Nd}[\p{Nd}.,:\s]*(?:%|\p{Sc})?\)?$/u

function renderCell(cell: readonly Run[]): SafeHtml {
  const text = cell.map((run) => run.text).join('')
  return FIGURE.test(text.slice(0, 40))
    ? html`<td class="number">${renderRuns(cell)}</td>`
    : html`<td>${renderRuns(cell)}</td>`
}

function renderData(data: BlockOf<'data'>): SafeHtml {
  const items = data.items.map(
    ({ label, value, note }) =>
      html`<div><dt>${label}</dt><dd>${value}${note && html` <small>${note}</small>`}</dd></div>`,
  )
  return html`<div class="data">${data.title !== '' && html`<p class="title">${data.title}</p>`}<dl>${items}</dl></div>`
}
