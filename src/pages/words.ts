// Every word of the reader's pages, by id and language; the tables stand beside this file.
// Called by pages and, for its own pages, by web. The reader's program gets its words from data attributes made here.
// Never holds a word of a story.

import { directionOf } from '../domain/story.ts'
import { attributes, type HtmlValue, html, type SafeAttributes, type SafeHtml } from '../kit/html.ts'
import { countText, localeOf } from '../kit/time.ts'
import { ENGLISH, type Word } from './words-en.ts'
import { HEBREW } from './words-he.ts'

export type { Word }

type Table = Partial<Record<Word, string>> & Readonly<Record<string, string>>
const LANGUAGES: Record<string, Table> = { en: ENGLISH, he: HEBREW }

type Values = Readonly<Record<string, HtmlValue>>

/** The language the words will be in: the one asked for where it has a table, else English. Dates beside words follow it. */
export function wordsLanguage(language: string): string {
  return tableOf(language) ? language : 'en'
}

/** The word with its `{places}` filled by text. A language without a table, or a table without the word, gets English. */
export function word(language: string, id: Word, values: Readonly<Record<string, string | number>> = {}): string {
  return find(language, id).replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place))
}

/**
 * For an element that holds nothing but our words: their language, where the page speaks one that has no table. No direction:
 * the element keeps its place among others, and the style sheet lets its text run as its letters do.
 */
export function wordsAttributes(language: string): SafeAttributes {
  return attributes({ lang: tableOf(language) ? null : 'en' })
}

/** The same with markup in its places. English on a page of another language is set apart: its parts would change places. */
export function phrase(language: string, id: Word, values: Values): SafeHtml {
  const text = fill(find(language, id), values)
  if (tableOf(language)) return text
  const dir = directionOf(language) === 'rtl' && 'ltr'
  return html`<bdi ${attributes({ lang: 'en', dir })}>${text}</bdi>`
}

/** The form by the language's own plural rules: `posts-one`, `posts-two`, `posts-other`. */
export function plural(language: string, id: 'posts', n: number): string {
  const spoken = wordsLanguage(language)
  const form = `${id}-${new Intl.PluralRules(localeOf(spoken)).select(n)}`
  const known = isWord(form) && tableOf(spoken)?.[form] !== undefined ? form : (`${id}-other` as const)
  return word(language, known, { n: countText(n, language) })
}

function fill(pattern: string, values: Values): SafeHtml {
  const parts = pattern.split(/\{(\w+)\}/)
  return html`${parts.map((part, index) => (index % 2 === 0 ? part : values[part]))}`
}

function find(language: string, id: Word): string {
  return tableOf(language)?.[id] ?? ENGLISH[id]
}

function tableOf(language: string): Table | undefined {
  return LANGUAGES[language.split('-')[0] ?? '']
}

function isWord(id: string): id is Word {
  return id in ENGLISH
}
