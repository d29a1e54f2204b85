// What a schema says of a wrong input, as sentences for people: the one place. Schemas with a sentence of their own keep it.
// Called by content.ts, story.ts and web/api wherever an input is parsed; web/desk knows these sentences from better ones. Pure.
// Never repeats what came in: inputs are long, and strange.

import type { z } from 'zod'

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
}
const UNITS: Readonly<Record<string, [one: string, many: string]>> = {
  string: ['character', 'characters'],
  array: ['item', 'items'],
}

/** For `safeParse(input, { error: sayIssue })`. */
export function sayIssue(issue: z.core.$ZodRawIssue): string {
  const { input } = issue
  if (issue.code === 'invalid_union' && issue.discriminator) {
    const named = (input as Record<string, unknown> | null)?.[String(issue.discriminator)]
    return named === undefined ? 'This is missing.' : `This must be ${oneOf(issue.options as unknown[])}.`
  }
  if (input === undefined && issue.code !== 'custom') return 'This is missing.'
  switch (issue.code) {
    case 'invalid_type':
      return `This must be ${TYPES[String(issue.expected)] ?? String(issue.expected)}.`
    case 'invalid_value':
      return `This must be ${oneOf(issue.values as unknown[])}.`
    case 'invalid_union':
      return sayUnion(issue.errors as z.core.$ZodIssue[][])
    case 'too_small':
      return sayBound('least', issue.minimum, String(issue.origin))
    case 'too_big':
      return sayBound('most', issue.maximum, String(issue.origin))
    case 'unrecognized_keys':
      return 'This field is not known here.'
    default:
      return 'This is not in the form that is asked for.'
  }
}

/** False for a sentence that a schema brought along. */
export function isSaidHere(message: string): boolean {
  return /^This (?:is|must|has|field is) (?:missing|not|be|at)\b/.test(message)
}

function sayUnion(choices: readonly (readonly z.core.$ZodIssue[])[]): string {
  const values = choices.flat().flatMap((one) => (one.code === 'invalid_value' ? one.values : []))
  return values.length === 0 ? 'This is not in the form that is asked for.' : `This must be ${oneOf(values)}.`
}

function sayBound(side: 'least' | 'most', bound: unknown, origin: string): string {
  const units = UNITS[origin]
  if (!units) return `This must be at ${side} ${bound}.`
  if (side === 'least' && Number(bound) === 1) return 'This must not be empty.'
  return `This has at ${side} ${bound} ${Number(bound) === 1 ? units[0] : units[1]}.`
}

function oneOf(values: readonly unknown[]): string {
  const said = values.map(String)
  return said.length < 3 ? said.join(' or ') : `one of ${said.join(', ')}`
}
