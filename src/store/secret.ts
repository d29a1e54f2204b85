// Random tokens for cookies, links and programs, and the hashes under which they are kept.
// Called by the files of store/ that make sessions, links and codes.
// Never stores what it makes: only the SHA-256 stays, so that a stolen copy of the database opens nothing.

import { createHash } from 'node:crypto'

const TOKEN_BYTES = 32

export function newToken(random: (size: number) => Uint8Array): string {
  return Buffer.from(random(TOKEN_BYTES)).toString('base64url')
}

export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
