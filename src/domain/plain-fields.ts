// Bylines and tags as one line of a form, and back; how sure a report is, in words.
// Called by the forms of web/desk and by client/desk. Pure.
// Never decides what a byline or a tag may hold: that is the schema of content.ts.

import type { Byline, PostContent } from './content.ts'

export const VERIFICATION_WORDS: Readonly<Record<PostContent['verification'], string>> = {
  none: 'Not stated',
  unconfirmed: 'Unconfirmed',
  confirmed: 'Confirmed',
}

/** "Anna Berg, correspondent; Bo Lind", in Arabic with its own comma and semicolon. */
export function bylineText(bylines: readonly Byline[]): string {
  const arabic = bylines.some(({ name }) => /\p{Script=Arabic}/u.test(name))
  const [comma, semicolon] = arabic ? ['،', '؛'] : [',', ';']
  return bylines.map(({ name, role }) => (role ? `${name}${comma} ${role}` : name)).join(`${semicolon} `)
}

export function bylinesFrom(text: string): Byline[] {
  const parts = text.split(/[;؛；]/).map((part) => part.trim())
  return parts.filter(Boolean).map((part) => {
    const [, name = '', role = ''] = /^([^,،、，]*)[,،、，]?(.*)$/s.exec(part) ?? []
    return role.trim() ? { name: name.trim(), role: role.trim() } : { name: name.trim() }
  })
}

/** Parted by commas of any script; each once. */
export function tagsFrom(text: string): string[] {
  return [...new Set(text.split(/[,،、，;؛；\n]/).map((tag) => tag.trim()))].filter(Boolean)
}

/** A name as a byline, where it can be read back as one; '' where it cannot. */
export function bylineOf(name: string): string {
  const [only, ...others] = bylinesFrom(name)
  return only?.name === name && others.length === 0 ? name : ''
}
