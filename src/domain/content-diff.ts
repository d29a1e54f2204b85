// What changed between two revisions of a post: its parts in reading order, each with its words kept, added and removed.
// Called by web/desk for the history of a post, and by the desk's browser program. Pure.
// Never leaves a change unsaid: what words cannot show (bold, a link's mark, a picture's size) makes a part `restyled`.

import { canonicalJson } from './canonical.ts'
import type { Block, ImageBlock, PostContent, Run } from './content.ts'
import { diffLists, diffText, likeness, type Piece } from './text-diff.ts'

export type PartName =
  | 'headline'
  | 'place'
  | 'paragraph'
  | 'heading'
  | 'list item'
  | 'quote'
  | 'speaker'
  | 'image'
  | 'caption'
  | 'alt text'
  | 'credit'
  | 'video'
  | 'audio'
  | 'embed'
  | 'table'
  | 'data'
  | 'byline'
  | 'tags'
  | 'source'
  | 'rights'
  | 'verification'
  | 'breaking'
  | 'time of the event'

/** `restyled`: the same words, another look. A part without words has no pieces. */
export type PartDiff = {
  part: PartName
  change: 'same' | 'changed' | 'restyled' | 'added' | 'removed'
  pieces: Piece[]
}

/** `seal`: everything of the part, also what its words do not show. */
type Part = { part: PartName; text: string; seal: string }

const ALIKE = 0.3 // less in common, and one part went and another came
const LOOK_AHEAD = 20 // parts; further off it is no edit of that one
const MAX_PARTS = 5_000 // 200 blocks, the longest of them 500 rows of a table
const MAX_PART_EDITS = 1_000

/** `before` null: there was nothing yet. Empty parts that are empty in both are left out. */
export function diffContent(before: PostContent | null, after: PostContent): PartDiff[] {
  const [were, are] = [before ? partsOf(before) : [], partsOf(after)]
  const key = ({ part, seal }: Part) => `${part} ${seal}`
  const edits = diffLists(were.map(key), are.map(key), MAX_PARTS, MAX_PART_EDITS) ?? [
    ...were.map(() => ({ change: 'removed' as const })),
    ...are.map(() => ({ change: 'added' as const })),
  ]
  const diffs: PartDiff[] = []
  let gone: Part[] = []
  let come: Part[] = []
  const flush = () => {
    diffs.push(...pairUp(gone, come))
    gone = []
    come = []
  }
  let [w, a] = [0, 0]
  for (const { change } of edits) {
    if (change === 'removed') gone.push(were[w++] as Part)
    else if (change === 'added') come.push(are[a++] as Part)
    else {
      flush()
      w++
      diffs.push(one('same', are[a++] as Part))
    }
  }
  flush()
  return diffs
}

/** True when a reader of the difference would see none. */
export function isSameText(diffs: readonly PartDiff[]): boolean {
  return diffs.every(({ change }) => change === 'same')
}

/**
 * Between two parts that stayed: those of one kind that are alike belong together, in order. Of the others, what went comes before
 * what came.
 */
function pairUp(gone: readonly Part[], come: readonly Part[]): PartDiff[] {
  const diffs: PartDiff[] = []
  let next = 0
  let waiting: Part[] = []
  for (const now of come) {
    const near = gone.slice(next, next + LOOK_AHEAD)
    const step = near.findIndex((was) => was.part === now.part && isAlike(was, now))
    const was = near[step]
    if (!was) {
      waiting.push(now)
      continue
    }
    diffs.push(...near.slice(0, step).map((left) => one('removed', left)), ...waiting.map((left) => one('added', left)))
    const change = was.text === now.text ? 'restyled' : 'changed'
    diffs.push({ part: now.part, change, pieces: diffText(was.text, now.text) })
    next += step + 1
    waiting = []
  }
  return [...diffs, ...gone.slice(next).map((was) => one('removed', was)), ...waiting.map((now) => one('added', now))]
}

/** Of these a post has one: however little is left, it is the same part. */
const ONCE: readonly PartName[] = [
  'headline',
  'place',
  'byline',
  'tags',
  'source',
  'rights',
  'verification',
  'breaking',
  'time of the event',
]

function isAlike(was: Part, now: Part): boolean {
  return ONCE.includes(now.part) || likeness(was.text, now.text) >= ALIKE
}

function one(change: 'same' | 'added' | 'removed', { part, text }: Part): PartDiff {
  const piece = { change: change === 'same' ? ('kept' as const) : change, text }
  return { part, change, pieces: text === '' ? [] : [piece] }
}

// ---- the parts of a text

function partsOf(content: PostContent): Part[] {
  const { headline, place, blocks, bylines, tags, source, rights, verification, breaking, eventAt } = content
  const byline = bylines.map(({ name, role }) => (role ? `${name}, ${role}` : name)).join(' · ')
  return [
    ...plain('headline', headline),
    ...plain('place', place),
    ...blocks.flatMap(partsOfBlock),
    ...plain('byline', byline),
    ...plain('tags', tags.join(', ')),
    ...plain('source', source),
    ...plain('rights', rights),
    ...plain('verification', verification === 'none' ? '' : verification),
    ...plain('breaking', breaking ? 'breaking' : ''),
    ...plain('time of the event', eventAt === null ? '' : new Date(eventAt).toISOString()),
  ]
}

function partsOfBlock(block: Block): Part[] {
  switch (block.type) {
    case 'paragraph':
      return [part('paragraph', textOf(block.text), block)]
    case 'heading':
      return [part('heading', textOf(block.text), block)]
    case 'list':
      return block.items.map((item) => part('list item', textOf(item), [block.ordered, item]))
    case 'quote':
      return [
        ...block.text.map((runs) => part('quote', textOf(runs), runs)),
        ...plain('speaker', [block.speaker?.name, block.speaker?.role, block.source].filter(Boolean).join(', ')),
      ]
    case 'image':
      return partsOfImage(block)
    case 'gallery':
      return block.images.flatMap(partsOfImage)
    case 'video':
    case 'audio': {
      const words = [block.title, block.source ?? block.media].filter(Boolean).join(' ')
      return [part(block.type, words, words), ...plain('caption', block.caption), ...plain('credit', block.credit)]
    }
    case 'embed': {
      const words = [block.title, block.author, block.text, block.url].filter(Boolean).join(' ')
      return [part('embed', words, block)]
    }
    case 'table':
      return [
        ...plain('caption', block.caption ?? ''),
        ...[block.header, ...block.rows].map((row) => part('table', row.map(textOf).join(' | '), row)),
      ]
    case 'data':
      return [
        ...plain('data', block.title),
        ...block.items.map(({ label, value, note }) =>
          part('data', [label, value, note].filter(Boolean).join(' '), [label, value, note ?? '']),
        ),
      ]
  }
}

/** A picture is told by its id, in which nothing is to be read. */
function partsOfImage({ media, alt, caption, credit, agency, source, ...rest }: ImageBlock): Part[] {
  return [
    part('image', media ?? source ?? '', [media ?? '', source ?? '', rest.width ?? 0, rest.height ?? 0]),
    ...plain('caption', caption),
    ...plain('alt text', alt),
    ...plain('credit', [credit, agency].filter(Boolean).join(' / ')),
  ]
}

function plain(name: PartName, text: string): Part[] {
  return text === '' ? [] : [part(name, text, text)]
}

function part(name: PartName, text: string, whole: unknown): Part {
  return { part: name, text, seal: canonicalJson(whole) }
}

/** With the addresses of links: a link that leads elsewhere is another statement. */
function textOf(runs: readonly Run[]): string {
  return runs
    .map(({ text, link }, index) => {
      const ends = link !== undefined && runs[index + 1]?.link !== link
      return ends ? `${text} <${link}>` : text
    })
    .join('')
}
