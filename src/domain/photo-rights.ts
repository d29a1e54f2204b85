// Until when a photo may be used, where not, and the sentence that refuses it. Its words at the desk.
// Called by newsroom/edit-photo.ts and by the store at the moment of effect. Pure.
// Never hides a photo that readers see already: that is what withdrawing it is for.

import { z } from 'zod'
import { type Block, cleanLine, cleanText, MAX_CAPTION, MAX_SHORT, momentSchema } from './content.ts'

export const MAX_NO_USE = 500 // characters

/** `useUntil`: ms UTC, the first moment at which it may no longer be used; null: no end. `noUse`: for people; '' = nothing said. */
export type PhotoRights = { useUntil: number | null; noUse: string; blocked: boolean }
export type RecordedWords = { caption: string; credit: string; agency: string; alt: string }

const line = (max: number) => z.string().max(max).transform(cleanLine)

export const photoRecordSchema = z.strictObject({
  caption: z.string().max(MAX_CAPTION).transform(cleanText),
  credit: line(MAX_SHORT),
  agency: line(MAX_SHORT),
  alt: line(MAX_CAPTION),
  useUntil: momentSchema.nullable().describe('The first moment at which it may no longer be used; null: no end.'),
  noUse: line(MAX_NO_USE).describe('“No use in …”: words for people. They refuse nothing by themselves.'),
  blocked: z.boolean().describe('No act may show it from now on, whatever the words say.'),
})
export type PhotoRecord = z.infer<typeof photoRecordSchema>
export type PhotoRecordInput = z.input<typeof photoRecordSchema>

/** A sentence naming the photo and the rule; null: it may be used. */
export function whyNotUsed(name: string, { useUntil, noUse, blocked }: PhotoRights, now: number): string | null {
  const remedy = 'Take it out, or change its rights.'
  if (blocked) return `${name} is blocked and may not be used${noUse ? `: ${noUse}` : ''}. ${remedy}`
  if (useUntil === null || now < useUntil) return null
  return `${name} could be used until ${inWords(useUntil)}, and that has passed${noUse ? ` (${noUse})` : ''}. ${remedy}`
}

/** As a person at the desk would call it: by its caption, else by what it shows. */
export function nameOfPhoto(blocks: readonly Block[], media: string): string {
  const all = blocks.flatMap((block) => (block.type === 'gallery' ? block.images : 'media' in block ? [block] : []))
  const shown = all.find((one) => one.media === media)
  const image = shown?.type === 'image' ? shown : null
  const clip = shown && shown.type !== 'image' ? shown : null
  const said = cleanLine(image?.caption || image?.alt || clip?.title || clip?.caption || '')
  const credit = shown?.credit || image?.agency || ''
  const kind = clip?.type === 'video' ? 'The video' : clip ? 'The sound' : 'The photo'
  const words = said.length > 80 ? `${said.slice(0, 79).toWellFormed()}…` : said
  return `${kind} ${words ? `“${words}”` : `without a caption (${media.slice(0, 6)})`}${credit ? ` by ${credit}` : ''}`
}

function inWords(at: number): string {
  const format = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })
  return `${format.format(at)} UTC`
}
