// The fields of a post's form and the content they stand for.
// Called by the routes and views of web/desk. Pure.
// Never drops what the form cannot show: it is taken over from the content the form was made from.

import { canonicalJson } from '../../domain/canonical.ts'
import {
  type ImageBlock,
  type PostContent,
  type PostContentInput,
  parseContent,
  VERIFICATIONS,
} from '../../domain/content.ts'
import { markOf } from '../../domain/decide-post.ts'
import { AppError } from '../../domain/error.ts'
import { isId } from '../../domain/id.ts'
import { bylinesFrom, bylineText, tagsFrom, VERIFICATION_WORDS } from '../../domain/plain-fields.ts'
import { blocksFromText, textFromBlocks } from '../../domain/plain-text.ts'
import type { Post } from '../../domain/post.ts'
import type { Autosave } from '../../store/autosaves.ts'
import { type FormBody, field } from '../form-body.ts'
import { aboutField, tellField, tellFields } from './field-problems.ts'
import { labelOf } from './labels.ts'

const OF_MEDIA: ReadonlySet<string> = new Set(['media', 'width', 'height'])
const MAX_DIGITS = 15 // of an autosave's number: exact in JavaScript
const MAX_IMAGES = 20 // pictures of one post whose words the form offers; more keep theirs

/** `agency`: through whom the photo came; '' = not said. */
export type PhotoWords = { caption: string; credit: string; agency: string; alt: string }
export const NO_WORDS: PhotoWords = { caption: '', credit: '', agency: '', alt: '' }
export type ClipWords = { title: string; caption: string; credit: string }
export const NO_CLIP_WORDS: ClipWords = { title: '', caption: '', credit: '' }

/** Everything as it stands in the form's fields. `photoId`, `clipId`: taken in already, while something else went wrong. */
export type PostForm = {
  postId: string
  /** What the editor saw last: a later one is a conflict. 0 = a new post. */
  revision: number
  /** The revision whose pictures and embeds the placeholders in the text mean. */
  base: number
  /** The post whose text this is, to be published as a new one; '' = none. */
  from: string
  /** The autosave whose text this is: then the placeholders mean its pictures and embeds. 0 = none. */
  autosave: number
  headline: string
  text: string
  place: string
  byline: string
  tags: string
  source: string
  verification: PostContent['verification']
  breaking: boolean
  keyEvent: boolean
  keyEventTitle: string
  /** The mark that the form was opened with: what was not touched is left as it is. */
  markWas: Post['keyEvent']
  note: string
  photoId: string
  photo: PhotoWords
  clipId: string
  clip: ClipWords
  /** One came with the form and is not in our hands: the browser will not send it again by itself. */
  clipLost: boolean
  images: PhotoWords[]
}

export type Photo = { id: string; width: number; height: number }
export type Clip = Photo & { kind: 'video' | 'audio' }
/** What the form brings beside its words. */
export type FormMedia = { photo: Photo | null; clip: Clip | null }

export function emptyForm(postId: string): PostForm {
  return {
    postId,
    revision: 0,
    base: 0,
    from: '',
    autosave: 0,
    headline: '',
    text: '',
    place: '',
    byline: '',
    tags: '',
    source: '',
    verification: 'none',
    breaking: false,
    keyEvent: false,
    keyEventTitle: '',
    markWas: null,
    note: '',
    photoId: '',
    photo: NO_WORDS,
    clipId: '',
    clip: NO_CLIP_WORDS,
    clipLost: false,
    images: [],
  }
}

export function formOfPost(post: Pick<Post, 'id' | 'revision' | 'content' | 'keyEvent'>): PostForm {
  const { content } = post
  return {
    ...emptyForm(post.id),
    revision: post.revision,
    base: post.revision,
    headline: content.headline,
    text: textFromBlocks(content.blocks),
    place: content.place,
    byline: bylineText(content.bylines),
    tags: content.tags.join(', '),
    source: content.source,
    verification: content.verification,
    breaking: content.breaking,
    keyEvent: post.keyEvent !== null,
    keyEventTitle: markOf(post)?.title ?? '',
    markWas: markOf(post),
    images: imagesOf(content).map(({ caption, credit, agency = '', alt }) => ({ caption, credit, agency, alt })),
  }
}

/** A form filled with what was typed in it before; the revision is the one that text was made from. */
export function formOfAutosave(post: Post, { id, revision, content }: Autosave): PostForm {
  return { ...formOfPost({ ...post, content }), revision, autosave: id }
}

/** What was typed, whatever it is worth. Throws `invalid` for hidden fields that no page of ours could have sent. */
export function formFromBody(body: FormBody, postId: string): PostForm {
  const get = (name: string) => field(body, name)
  const photoId = get('photoId')
  const clipId = get('clipId')
  const from = get('from')
  if (!isId(postId) || [photoId, clipId, from].some((id) => id !== '' && !isId(id)))
    throw new AppError('invalid', 'This form is damaged. Open the page anew.')
  const markWas = get('wasKeyEvent') === '' ? null : { title: get('wasKeyEventTitle') }
  // Who names a turning point means one; where it was one, only the tick takes the mark away.
  const keyEvent = get('keyEvent') !== '' || (!markWas && get('keyEventTitle').trim() !== '')
  return {
    postId,
    revision: wholeNumber(get('revision')),
    base: wholeNumber(get('base')),
    from,
    autosave: wholeNumber(get('autosave'), MAX_DIGITS),
    headline: get('headline'),
    text: get('text').replace(/\r\n?/g, '\n'),
    place: get('place'),
    byline: get('byline'),
    tags: get('tags'),
    source: get('source'),
    verification: VERIFICATIONS.find((one) => one === get('verification')) ?? 'none',
    breaking: get('breaking') !== '',
    keyEvent,
    keyEventTitle: keyEvent ? get('keyEventTitle') : '',
    markWas,
    note: get('note'),
    photoId,
    photo: wordsOf(get, ''),
    clipId,
    clip: { title: get('clipTitle'), caption: get('clipCaption'), credit: get('clipCredit') },
    clipLost: clipId === '' && (body.clip !== undefined || body.clipProblem !== undefined),
    images: Array.from({ length: Math.min(wholeNumber(get('images')), MAX_IMAGES) }, (_, index) =>
      wordsOf(get, `image${index + 1}-`),
    ),
  }
}

/** What the form makes of the post's mark: undefined = nothing, an empty title = the headline's words. */
export function keyEventFrom({ keyEvent, keyEventTitle, markWas }: PostForm): Post['keyEvent'] | undefined {
  const mark = keyEvent ? { title: keyEventTitle } : null
  return mark?.title === markWas?.title ? undefined : mark
}

/** `previous`: the content at `form.base`, null for a new post. Throws `invalid`, told by the form's fields. */
export function readContent(form: PostForm, previous: PostContent | null, media: FormMedia): PostContent {
  const { photo, clip } = media
  if (!photo) requireNoWords(form.photo)
  if (!clip) requireNoClipWords(form.clip)
  const input = contentOf(form, previous, media)
  const images = input.blocks.flatMap((block, index) => (block.type === 'image' ? [index] : []))
  const takenClip = clip ? input.blocks.length - 1 : -1
  const taken = photo ? input.blocks.length - (clip ? 2 : 1) : -1
  return tellFields(
    input,
    ({ path, message }) => {
      const [part, index, ...rest] = path
      const last = String(rest.at(-1) ?? '')
      if (part === 'bylines')
        return { field: 'byline', what: index === undefined ? 'Bylines' : 'A byline’s name or role' }
      if (part === 'tags') return { field: 'tags', what: index === undefined ? 'Tags' : 'A tag' }
      if (part !== 'blocks' || typeof index !== 'number')
        return part === 'blocks' ? { field: 'text', what: 'Paragraphs and other parts' } : { field: String(part) }
      if (index === taken) return { field: last }
      if (index === takenClip) return { field: `clip${last.charAt(0).toUpperCase()}${last.slice(1)}` }
      if (images.includes(index)) return { field: `image${images.indexOf(index) + 1}-${last}` }
      return { field: 'text', ...wordsOfPart(rest, message) }
    },
    () => parseContent(input),
  )
}

const PHOTO_WORDS = { caption: 'a caption', credit: 'a credit', agency: 'an agency', alt: 'a description' } as const

/** Words without their photo would be lost without a word. */
function requireNoWords(words: PhotoWords): void {
  const names = ['caption', 'credit', 'agency', 'alt'] as const
  const typed = names.find((name) => words[name].trim() !== '')
  if (!typed) return
  const said = `You wrote ${PHOTO_WORDS[typed]} but chose no photo. Choose it, or take the words out.`
  throw aboutField(typed, new AppError('invalid', said))
}

function requireNoClipWords(words: ClipWords): void {
  const typed = (['title', 'caption', 'credit'] as const).find((name) => words[name].trim() !== '')
  if (!typed) return
  const said = `You wrote a ${typed} but chose no video or audio. Choose it, or take the words out.`
  throw aboutField(`clip${typed.charAt(0).toUpperCase()}${typed.slice(1)}`, new AppError('invalid', said))
}

/** How a part of the text is called in a sentence about it. */
function wordsOfPart(path: readonly (string | number)[], message: string): { what: string; sentence?: string } {
  if (path.includes('speaker')) return { what: 'A speaker’s name or role' }
  if (path.at(-1) === 'link') return { what: 'The address of a link' }
  if (path.at(-1) === 'source') return { what: 'The address after a speaker', sentence: message }
  if (path.at(-1) === 'items') return { what: 'Points of a list' }
  return { what: path.at(-1) === 'text' && path.length > 1 ? 'A paragraph' : 'Pieces of one part' }
}

export function contentOf(form: PostForm, previous: PostContent | null, { photo, clip }: FormMedia): PostContentInput {
  const before = previous ? withWords(previous, form.images) : null
  const blocks = tellField('text', () => blocksFromText(form.text, before?.blocks ?? []))
  if (photo) {
    const { id: media, width, height } = photo
    blocks.push({ type: 'image', media, width, height, ...saidOf(form.photo) })
  }
  if (clip) {
    const { id: media, kind, width, height } = clip
    if (kind === 'video') blocks.push({ type: kind, media, width, height, ...form.clip })
    else blocks.push({ type: kind, media, ...form.clip })
  }
  return {
    ...(previous ?? {}),
    headline: form.headline,
    place: form.place,
    blocks,
    bylines: previous && bylineText(previous.bylines) === form.byline ? previous.bylines : bylinesFrom(form.byline),
    tags: previous && previous.tags.join(', ') === form.tags ? previous.tags : tagsFrom(form.tags),
    source: form.source,
    verification: form.verification,
    breaking: form.breaking,
  }
}

/** The same post but for the ids of its files: what a form sent twice brings, for each time they are taken in anew. */
export function sameButMedia(one: PostContent, other: PostContent): boolean {
  return canonicalJson(one, OF_MEDIA) === canonicalJson(other, OF_MEDIA)
}

/** The same words, whatever their files: of a form that comes back from the browser's memory they may be missing. */
export function sameWords(one: PostContent, other: PostContent): boolean {
  const wordsOf = ({ headline, blocks }: PostContent) => [headline, blocks.filter((block) => !isOwnFile(block))]
  const [mine, theirs] = [wordsOf(one), wordsOf(other)].map((words) => canonicalJson(words))
  return mine === theirs && (mine !== canonicalJson(['', []]) || sameButMedia(one, other))
}

function isOwnFile(block: PostContent['blocks'][number]): boolean {
  return block.type === 'image' || ((block.type === 'video' || block.type === 'audio') && block.media !== undefined)
}

export type Difference = { label: string; words: string }

/** What `theirs` says otherwise than `mine`, headline and text left out: those stand side by side on the page. */
export function differencesOf(theirs: PostForm, mine: PostForm): Difference[] {
  const marked = keyEventFrom(mine) === undefined ? [] : (['keyEvent', 'keyEventTitle'] as const)
  const plain = [...(['place', 'byline', 'tags', 'source', 'verification', 'breaking'] as const), ...marked].flatMap(
    (name) => (theirs[name] === mine[name] ? [] : [{ label: labelOf(name), words: saidIn(theirs[name]) }]),
  )
  const pictures = theirs.images.flatMap((words, index) =>
    (Object.keys(words) as (keyof PhotoWords)[]).flatMap((name) =>
      words[name] === mine.images[index]?.[name]
        ? []
        : [{ label: labelOf(`image${index + 1}-${name}`), words: saidIn(words[name]) }],
    ),
  )
  return [...plain, ...pictures]
}

function saidIn(value: string | boolean): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return Object.entries(VERIFICATION_WORDS).find(([name]) => name === value)?.[1] ?? (value || '(nothing)')
}

/** The pictures whose words the form shows, in order. */
export function imagesOf(content: PostContent): ImageBlock[] {
  return content.blocks.filter((block) => block.type === 'image').slice(0, MAX_IMAGES)
}

function withWords(content: PostContent, words: readonly PhotoWords[]): PostContent {
  let at = 0
  const blocks = content.blocks.map((block) => {
    const said = block.type === 'image' ? words[at++] : undefined
    if (block.type !== 'image' || !said) return block
    const { agency: _before, ...rest } = block
    return { ...rest, ...saidOf(said) }
  })
  return { ...content, blocks }
}

/** A block without an agency has no such field. */
function saidOf({ agency, ...words }: PhotoWords): Pick<ImageBlock, 'caption' | 'credit' | 'agency' | 'alt'> {
  return agency.trim() === '' ? words : { ...words, agency }
}

function wordsOf(get: (name: string) => string, prefix: string): PhotoWords {
  const [caption, credit, agency, alt] = ['caption', 'credit', 'agency', 'alt'].map((name) => get(`${prefix}${name}`))
  return { caption, credit, agency, alt } as PhotoWords
}

function wholeNumber(text: string, digits = 9): number {
  return /^\d+$/.test(text) && text.length <= digits ? Number(text) : 0
}
