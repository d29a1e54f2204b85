// `dateline token create|list|revoke`: tokens for programs that call the API.
// The secret is printed once, alone on standard output, and kept nowhere.

import { randomBytes } from 'node:crypto'
import { AppError } from '../../domain/error.ts'
import { idleScopes, SCOPES, type Scope } from '../../domain/permission.ts'
import { createTokens, DEFAULT_TOKEN_MS, type TokenLine, type Tokens } from '../../store/tokens.ts'
import type { Parsed } from '../options.ts'
import { openStoreAt, placeOf, sayPlace } from '../place.ts'
import { type Said, say } from '../say.ts'
import { misused } from '../usage.ts'

export const TOKEN_FLAGS = ['--account', '--name', '--scope', '--expires'] as const
type Flag = (typeof TOKEN_FLAGS)[number]

const UNITS: Record<string, number> = { h: 3_600_000, d: 24 * 3_600_000, w: 7 * 24 * 3_600_000 }

export async function token({ options, rest }: Parsed): Promise<void> {
  const run = wanted(rest)
  const place = placeOf(options)
  sayPlace(place)
  const store = await openStoreAt(place, options, 'must exist')
  try {
    const tokens = createTokens({ db: store.db, now: Date.now, random: randomBytes })
    say(await run(tokens, Date.now()))
  } finally {
    await store.close()
  }
}

/** Read before anything opens. Throws `invalid` with the usage. */
export function wanted(rest: readonly string[]): (tokens: Tokens, now: number) => Promise<Said> {
  const { words, flags } = readWords(rest)
  const [verb, id, more] = words
  const given = (names: readonly Flag[]) => [...flags.keys()].every((name) => names.includes(name))
  if (verb === 'create' && id === undefined && given(TOKEN_FLAGS)) return create(flags)
  if (verb === 'list' && id === undefined && given(['--account']))
    return async (tokens, now) => ({ out: listText(await tokens.list(flags.get('--account')), now) })
  if (verb === 'revoke' && id !== undefined && more === undefined && given([])) {
    return async (tokens) => {
      await tokens.revoke(id)
      return { note: 'Revoked. It is refused from now on.\n' }
    }
  }
  throw misused('token')
}

function create(flags: ReadonlyMap<Flag, string>): (tokens: Tokens) => Promise<Said> {
  const [email, name, scope] = [flags.get('--account'), flags.get('--name'), flags.get('--scope')]
  if (!email || !name || !scope) throw misused('token')
  const scopes = scopesOf(scope)
  const lastsMs = lengthOf(flags.get('--expires'))
  return async (tokens) => {
    const made = await tokens.create({ email, name, scopes, lastsMs })
    const until = new Date(made.expiresAt).toISOString().slice(0, 16).replace('T', ' ')
    const idle = idleScopes(made.role, scopes)
    const warning = `Of ${idle.join(', ')} a ${made.role} may do nothing, but in single stories where the account has a higher role.\n`
    return {
      out: `${made.secret}\n`,
      note: `This is shown once. Id ${made.id}, for ${scopes.join(', ')}, until ${until} UTC.\n${idle.length > 0 ? warning : ''}`,
    }
  }
}

function scopesOf(text: string): Scope[] {
  const words = text.split(',').map((word) => word.trim())
  const scopes = words.map((word) => SCOPES.find((scope) => scope === word))
  const unknown = words.find((_word, at) => scopes[at] === undefined)
  if (unknown !== undefined)
    throw new AppError('invalid', `There is no scope "${unknown}". Scopes are ${SCOPES.join(', ')}.`)
  return scopes.filter((scope) => scope !== undefined)
}

/** `30d`, `12h`, `2w`. */
function lengthOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_TOKEN_MS
  const [, number = '', unit = ''] = /^([1-9]\d{0,4})([hdw])$/.exec(text) ?? []
  if (number === '') throw new AppError('invalid', '--expires takes a length such as 30d, 12h or 8w; 365d at most.')
  return Number(number) * (UNITS[unit] ?? 0)
}

function readWords(rest: readonly string[]): { words: string[]; flags: Map<Flag, string> } {
  const words: string[] = []
  const flags = new Map<Flag, string>()
  for (let at = 0; at < rest.length; at++) {
    const word = rest[at] ?? ''
    const name = TOKEN_FLAGS.find((flag) => word === flag || word.startsWith(`${flag}=`))
    if (name === undefined) words.push(word)
    else flags.set(name, word === name ? (rest[++at] ?? '') : word.slice(name.length + 1))
  }
  return { words, flags }
}

function listText(lines: readonly TokenLine[], now: number): string {
  if (lines.length === 0) return 'There are no tokens.\n'
  return lines
    .map((line) => {
      const day = (at: number) => new Date(at).toISOString().slice(0, 10)
      const end = line.expiresAt <= now ? `expired ${day(line.expiresAt)}` : `until ${day(line.expiresAt)}`
      const state = line.revokedAt === null ? end : `revoked ${day(line.revokedAt)}`
      const used = line.usedAt === null ? 'never used' : `used ${day(line.usedAt)}`
      return `${line.id}  ${line.email}  ${line.name}  ${line.scopes.join(',')}  ${state}  ${used}\n`
    })
    .join('')
}
