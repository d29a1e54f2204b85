// Public ids: random, never time-ordered (law 11: an ordered id tells when a draft was made).
// Called wherever an id enters or is made.

import { z } from 'zod'
import { AppError } from './error.ts'

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz' // Crockford's base 32: no letter that reads as a digit
export const ID_LENGTH = 20 // 100 bits

/** Ids made by other clients are welcome within these bounds. */
export const ID_PATTERN = /^[0-9a-z]{16,32}$/
export const idSchema = z.string().regex(ID_PATTERN, 'An id is 16 to 32 lower-case letters and digits.')

/** `random(n)` gives n random bytes. */
export function makeId(random: (size: number) => Uint8Array): string {
  return Array.from(random(ID_LENGTH), (byte) => ALPHABET[byte & 31]).join('')
}

/** Throws `invalid`. */
export function requireId(text: string): void {
  if (!isId(text)) throw new AppError('invalid', 'An id is 16 to 32 lower-case letters and digits.')
}

export function isId(text: string): boolean {
  return ID_PATTERN.test(text)
}
