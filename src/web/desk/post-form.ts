// The fields of a post's form and the content they stand for.
// Called by the routes and views of web/desk. Pure.
// Never drops what the form cannot show: it is taken over from the content the form was made from.

import { canonicalJson } from '../../domain/canonical.ts'
import {
  type Byline,
  type ImageBlock,
  type PostContent,
  type PostContentInput,
  VERIFICATIONS,
} from '../../domain/content.ts'
import { AppError } from '../../domain/error.ts'
import { isId } from '../../domain/id.ts'
import { blocksFromText, textFromBlocks } from '../../domain/plain-text.ts'
import type { Post } from '../../domain/post.ts'
import { type FormBody, field } from '../form-body.ts'

const OF_MEDIA: ReadonlySet<string> = new Set(['media', 'width', 'height'])
const MAX_IMAGES = 20 // pictures of one post whose words the form offers; more keep theirs

/** `agency`: through whom the photo came; '' = not said. */
export type PhotoWords = { caption: string; credit: string; agency: string; alt: string }
export const NO_WORDS: PhotoWords = { caption: '', credit: '', agency: '', alt: '' }

/** Everything as it stands in the form's fields. `photoId`: taken in already, while something else went wrong. */
export type PostForm = {
  postId: string
  /** What the editor saw last: a later one is a conflict. 0 = a new post. */
  revision: number
  /** The revision whose pictures and embeds the placeholders in the text mean. */
  base: number
  headline: string
  text: string
  place: string
  byline: string
  source: string
  verification: PostContent['verification']
  breaking: boolean
  keyEvent: boolean
  keyEventTitle: string
  note: string
  photoId: string
  photo: PhotoWords
  images: PhotoWords[]
}

export type Photo = { id: string; width: number; height: number }

export function emptyForm(postId: string): PostForm {
  return {
    postId,
    revision: 0,
    base: 0,
    headline: '',
    text: '',
    place: '',
    byline: '',
    source: '',
    verification: 'none',
    breaking: false,
    keyEvent: false,
    keyEventTitle: '',
    note: '',
    photoId: '',
    photo: NO_WORDS,
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
    source: content.source,
    verification: content.verification,
    breaking: content.breaking,
    keyEvent: post.keyEvent !== null,
    keyEventTitle: post.keyEvent?.title ?? '',
    images: imagesOf(content).map(({ caption, credit, agency = '', alt }) => ({ caption, credit, agency, alt })),
  }
}

/** What was typed, whatever it is worth. Throws `invalid` for hidden fields that no page of ours could have sent. */
export function formFromBody(body: FormBody, postId: string): PostForm {
  const get = (name: string) => field(body, name)
  const photoId = get('photoId')
  if (!isId(postId) || (photoId !== '' && !isId(photoId)))
    throw new AppError('invalid', 'This form is damaged. Open the page anew.')
  return {
    postId,
    revision: wholeNumber(get('revision')),
    base: wholeNumber(get('base')),
    headline: get('headline'),
    text: get('text').replace(/\r\n?/g, '\n'),
    place: get('place'),
    byline: get('byline'),
    source: get('source'),
    verification: VERIFICATIONS.find((one) => one === get('verification')) ?? 'none',
    breaking: get('breaking') !== '',
    keyEvent: get('keyEvent') !== '',
    keyEventTitle: get('keyEventTitle'),
    note: get('note'),
    photoId,
    photo: wordsOf(get, ''),
    images: Array.from({ length: Math.min(wholeNumber(get('images')), MAX_IMAGES) }, (_, index) =>
      wordsOf(get, `image${index + 1}-`),
    ),
  }
}

/** `previous`: the content at `form.base`, null for a new post. Throws `invalid`. */
export function contentOf(form: PostForm, previous: PostContent | null, photo: Photo | null): PostContentInput {
  const before = previous ? withWords(previous, form.images) : null
  const blocks = blocksFromText(form.text, before?.blocks ?? [])
  if (photo) {
    const { id: media, width, height } = photo
    blocks.push({ type: 'image', media, width, height, ...saidOf(form.photo) })
  }
  return {
    ...(previous ?? {}),
    headline: form.headline,
    place: form.place,
    blocks,
    bylines: previous && bylineText(previous.bylines) === form.byline ? previous.bylines : bylinesFrom(form.byline),
    source: form.source,
    verification: form.verification,
    breaking: form.breaking,
  }
}

/** The same post but for the ids of its photos: what a form sent twice brings, for each time its photo is taken in anew. */
export function sameButMedia(one: PostContent, other: PostContent): boolean {
  return canonicalJson(one, OF_MEDIA) === canonicalJson(other, OF_MEDIA)
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

/** "Anna Berg, correspondent; Bo Lind" */
function bylineText(bylines: readonly Byline[]): string {
  return bylines.map(({ name, role }) => (role ? `${name}, ${role}` : name)).join('; ')
}

function bylinesFrom(text: string): Byline[] {
  const parts = text.split(';').map((part) => part.trim())
  return parts.filter(Boolean).map((part) => {
    const [, name = '', role = ''] = /^([^,]*),?(.*)$/s.exec(part) ?? []
    return role.trim() ? { name: name.trim(), role: role.trim() } : { name: name.trim() }
  })
}

function wordsOf(get: (name: string) => string, prefix: string): PhotoWords {
  const [caption, credit, agency, alt] = ['caption', 'credit', 'agency', 'alt'].map((name) => get(`${prefix}${name}`))
  return { caption, credit, agency, alt } as PhotoWords
}

function wholeNumber(text: string): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : 0
}
