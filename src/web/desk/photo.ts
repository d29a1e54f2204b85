// The photo of a post's form: taken in now, or kept from a try before.
// Called by web/desk/story.ts and web/desk/post.ts.
// Never takes words that somebody typed from them: the photo's own fill empty fields only.

import { AppError } from '../../domain/error.ts'
import type { Actor } from '../../domain/permission.ts'
import { parseRectangle, type Rectangle, rectangleText } from '../../media/rectangle.ts'
import { type FormBody, field } from '../form-body.ts'
import type { DeskDeps } from './deps.ts'
import { aboutField } from './field-problems.ts'
import { NO_WORDS, type Photo, type PhotoWords, type PostForm } from './post-form.ts'

/** The form comes back with the photo's id in it, so that a later refusal does not lose it. Throws `invalid`, `too_large`. */
export async function photoOf(
  deps: DeskDeps,
  actor: Actor,
  body: FormBody,
  form: PostForm,
): Promise<{ form: PostForm; photo: Photo | null }> {
  if (body.photoProblem) throw body.photoProblem
  const cut = rectangleIn(body)
  if (body.photo) {
    const whole = await deps.takePhoto(body.photo, actor)
    const taken = cut ? await deps.cutPhoto(whole.id, cut, actor) : whole
    const words = {
      caption: form.photo.caption || taken.caption,
      ...creditWords(form.photo, taken),
      alt: form.photo.alt || taken.alt,
    }
    return { form: { ...form, photoId: taken.id, photo: words }, photo: taken }
  }
  if (field(body, 'noPhoto') !== '') return { form: { ...form, photoId: '', photo: NO_WORDS }, photo: null }
  if (form.photoId === '') return { form, photo: null }
  const kept = await deps.reads.photo(form.photoId)
  if (!kept) throw new AppError('invalid', 'The photo you sent before is no longer here. Choose it again.')
  if (!cut) return { form, photo: kept }
  const part = await deps.cutPhoto(kept.id, cut, actor)
  return { form: { ...form, photoId: part.id }, photo: part }
}

const CUT_FIELDS = ['cutLeft', 'cutTop', 'cutWidth', 'cutHeight'] as const

/** Per cent of the photo, as typed; null where nothing is. What is left out means the edge. Throws `invalid`. */
function rectangleIn(body: FormBody): Rectangle | null {
  const typed = CUT_FIELDS.map((name) => field(body, name).trim().replace(',', '.'))
  if (typed.every((text) => text === '')) return null
  const [left = 0, top = 0, width = 0, height = 0] = typed.map((text) => (text === '' ? null : Number(text)))
  const [x, y] = [(left ?? 0) / 100, (top ?? 0) / 100]
  const text = rectangleText({
    x,
    y,
    width: width === null ? 1 - x : width / 100,
    height: height === null ? 1 - y : height / 100,
  })
  const rectangle = parseRectangle(text)
  if (rectangle) return rectangle
  throw aboutField(
    'cutLeft',
    new AppError('invalid', 'The part to keep must lie inside the photo: four numbers from 0 to 100.'),
  )
}

/** Who took it and through whom it came belong together: a typed credit is not given the agency of another. */
function creditWords(typed: PhotoWords, taken: PhotoWords): Pick<PhotoWords, 'credit' | 'agency'> {
  const { credit, agency } = typed.credit || typed.agency ? typed : taken
  return { credit, agency }
}

/** A photo came with the form but is not in our hands: the browser will not send it again by itself. */
export function photoLost(body: FormBody, form: PostForm): boolean {
  return (body.photo !== null || body.photoProblem !== null) && form.photoId === ''
}
