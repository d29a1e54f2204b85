// A story: one running coverage, its settings, its states and what its public face shows.
// Called by newsroom, store, pages and web. Pure.

import { z } from 'zod'
import {
  cleanLine,
  cleanText,
  type ImageBlock,
  imageSchema,
  invalidInput,
  MAX_HEADLINE,
  momentSchema,
  type SummaryBlock,
} from './content.ts'
import { type AppError, isAppError, wrongField } from './error.ts'
import { isId } from './id.ts'
import { sayIssue } from './issue-words.ts'

export const STORY_STATES = ['planned', 'live', 'paused', 'ended'] as const
export const VISIBILITIES = ['private', 'unlisted', 'public'] as const
export type StoryState = (typeof STORY_STATES)[number]
export type Visibility = (typeof VISIBILITIES)[number]

/** A story as the desk knows it. Times are ms UTC. */
export type Story = {
  id: string
  slug: string | null // taken only on becoming public
  title: string
  standfirst: string
  language: string // BCP 47
  direction: 'ltr' | 'rtl'
  timeZone: string // IANA
  state: StoryState
  visibility: Visibility
  seq: number // head of the public log; 0 = nothing public yet
  version: number // seq of the last public entry that changed how the story's own parts look
  ordinal: number // order keys given out so far
  createdAt: number
  startsAt: number | null // when a planned story is meant to begin
  startedAt: number | null
  endedAt: number | null
  withdrawnAt: number | null // taken down: nothing of it is public any more
  revision: number // of settings and summary, from 1; for concurrency
  summary: Summary | null
  lead: ImageBlock | null
  continues: string | null // id of the part before this one
  continuedBy: string | null // id of the part that goes on from here
}

/** The editors' recap at the top. Earlier ones are in the desk log. */
export type Summary = { blocks: SummaryBlock[]; at: number }

/** Slugs that would hide an address of ours. */
export const RESERVED_WORDS: ReadonlySet<string> = new Set(
  `about account admin api app archive asset assets atom author authors card cards client desk docs embed event events
  export favicon favicon.ico feed feeds health healthz help home ics image images import index live login logout manifest
  media most-read new news now oembed ops page person place post posts print privacy push readyz robots robots.txt rss
  search section sections security sign-in sign-out sitemap sitemap.xml static story stories stream sw sw.js tag tags
  tally topic topics user users wall webhooks well-known .well-known ws`.split(/\s+/),
)

const NO_LANGUAGE =
  'Write the language as its short tag: "en" for English, "he" for Hebrew, "ar" for Arabic, "pt-BR" for Brazilian Portuguese.'
const MAX_TAG = 35 // characters; what RFC 5646 asks programs to hold
const SLUG = /^[a-z0-9]+(?:-[a-z0-9]+)*$/
const NAME = /^[a-z0-9-]{1,200}$/ // both, and no longer than a part of an address can be
export const MAX_SLUG = 80

const standfirstSchema = z
  .string()
  .max(1_000)
  .transform((text) => cleanText(text).trim())

export const timeZoneSchema = z
  .string()
  .refine(isTimeZone, 'A time zone is an IANA name such as "Europe/Paris".')
  .describe('IANA time zone, such as Europe/Paris.')
const startsAt = momentSchema.nullable().describe('When it is meant to begin: milliseconds since 1970 UTC.')

/** The last part of an address. Empty = none is asked for: it is made from the title. */
export const slugSchema = z
  .string()
  .max(MAX_SLUG)
  .superRefine((slug, found) => {
    const wrong = slug === '' ? null : wrongWithSlug(slug)
    if (wrong !== null) found.addIssue({ code: 'custom', message: wrong })
  })

export const NO_ADDRESS = 'This story has no address of its own. It takes one when it becomes public.'

export const storySettingsSchema = z
  .strictObject({
    title: z
      .string()
      .max(MAX_HEADLINE)
      .transform(cleanLine)
      .refine((title) => title !== '', 'A story needs a title.'),
    standfirst: standfirstSchema.default(''),
    language: z
      .string()
      .refine(languageTag, NO_LANGUAGE)
      .transform((text) => languageTag(text) ?? text)
      .describe('Tag of the language, as BCP 47 has it. A new story’s is `en` where none is given.')
      .default('en'),
    timeZone: timeZoneSchema.default('UTC'),
    visibility: z.enum(VISIBILITIES).default('public').describe('`public`: at once open and listed.'),
    slug: slugSchema.optional().describe('Last part of the address of a public story. Left out: made from the title.'),
    startsAt: startsAt.default(null),
  })
  .refine(({ visibility, slug }) => visibility === 'public' || !slug, { path: ['slug'], message: NO_ADDRESS })
export type StorySettings = z.infer<typeof storySettingsSchema>
export type StorySettingsInput = z.input<typeof storySettingsSchema>

/** What may be changed later: absent = as it is. `lead` null takes it away. */
export const storyChangeSchema = z.strictObject({
  title: storySettingsSchema.shape.title.optional(),
  standfirst: standfirstSchema.optional(),
  language: storySettingsSchema.shape.language.unwrap().optional(),
  timeZone: timeZoneSchema.optional(),
  startsAt: startsAt.optional(),
  lead: imageSchema.nullable().optional(),
})
export type StoryChange = z.infer<typeof storyChangeSchema>
export type StoryChangeInput = z.input<typeof storyChangeSchema>

/** Throws `invalid`. */
export function parseStoryChange(input: unknown): StoryChange {
  const parsed = storyChangeSchema.safeParse(input, { error: sayIssue })
  if (!parsed.success) throw invalidInput('This change cannot be saved', parsed.error)
  return parsed.data
}

/** Throws `invalid`. */
export function parseStorySettings(input: unknown): StorySettings {
  const parsed = storySettingsSchema.safeParse(input, { error: sayIssue })
  if (!parsed.success) throw invalidInput('This story cannot be saved', parsed.error)
  return parsed.data
}

/** The slug a title suggests; empty when the title has no Latin letter (then the id serves): "6-1" tells nobody anything. */
export function slugFrom(title: string): string {
  const plain = title.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
  const words = plain.replace(/['’]/g, '').split(/[^a-z0-9]+/)
  let slug = ''
  for (const word of words.filter(Boolean)) {
    if (slug.length + word.length + 1 > MAX_SLUG) break
    slug = slug ? `${slug}-${word}` : word
  }
  if (!/[a-z]/.test(slug)) return ''
  return RESERVED_WORDS.has(slug) || isId(slug) ? `${slug}-live` : slug
}

/** False for what is neither slug nor id, so that nobody has to look for it. */
export function mayNameStory(text: string): boolean {
  return NAME.test(text)
}

/** Throws `invalid` when the slug cannot be an address. */
export function checkSlug(slug: string): string {
  const wrong = wrongWithSlug(slug)
  if (wrong !== null) throw wrongField('invalid', '#/slug', wrong)
  return slug
}

function wrongWithSlug(slug: string): string | null {
  if (!SLUG.test(slug)) return 'An address holds lower-case letters, digits and single hyphens.'
  if (RESERVED_WORDS.has(slug)) return `The address "${slug}" is used by Dateline itself.`
  return isId(slug) ? 'This address looks like an id; add a hyphen.' : null
}

const TAKEN = 'This address is taken by another story.'

/** `pointer`: where the request that wanted it may name another one. */
export function slugTaken(pointer = '#/slug', cause?: unknown): AppError {
  return wrongField('conflict', pointer, TAKEN, { cause, hint: `${TAKEN} Send another one as \`slug\`.` })
}

export function isSlugTaken(error: unknown): boolean {
  return isAppError(error, 'conflict') && error.message === TAKEN
}

/** False: no story has such a name, so nothing needs to be asked. */
export function isStoryName(name: string): boolean {
  return isId(name) || (name.length <= MAX_SLUG && SLUG.test(name))
}

const RTL_SCRIPTS = new Set(['ar', 'arc', 'ckb', 'dv', 'fa', 'he', 'ku-arab', 'ps', 'sd', 'ug', 'ur', 'yi'])

export function directionOf(language: string): 'ltr' | 'rtl' {
  const lower = language.toLowerCase()
  return RTL_SCRIPTS.has(lower) || RTL_SCRIPTS.has(lower.split('-')[0] ?? '') ? 'rtl' : 'ltr'
}

const NO_LANGUAGES = ['und', 'mul', 'mis', 'zxx'] // undetermined, several, uncoded, none
const known = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' })

/** `HE-il` → `he-IL`, `iw` → `he`; null for what is no tag of a language. */
export function languageTag(text: string): string | null {
  try {
    const tag = Intl.getCanonicalLocales(text.trim())[0] ?? ''
    const [language = ''] = tag.split('-')
    if (tag.length > MAX_TAG || !/^[a-z]{2,3}$/.test(language) || NO_LANGUAGES.includes(language)) return null
    // Of the subtags with two letters all are known here; of the thousands with three only some.
    return language.length === 3 || known.of(language) !== undefined ? tag : null
  } catch {
    return null
  }
}

export function isTimeZone(zone: string): boolean {
  try {
    return zone.length <= 64 && new Intl.DateTimeFormat('en', { timeZone: zone }) !== null
  } catch {
    return false
  }
}
