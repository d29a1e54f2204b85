// The option table: every setting of Dateline, where it may come from, and how it is checked.
// Called by cli/ before anything opens; docs/configuration.md is made from it.
// Must never guess: an unknown flag, an empty value or a half-set database is refused, and all problems are listed at once.

import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { LOG_LEVELS, type LogLevel } from '../base/log.ts'
import { AppError } from '../domain/error.ts'
import { MAX_CLIP_MB } from '../media/clip-formats.ts'
import { matching, named, parseBoolean, type Rows, wholeNumber } from './option.ts'
import { OIDC_ROWS, type OidcOptions, oidcProblems } from './options-oidc.ts'
import { halfStorage, STORAGE_ROWS, type StorageOptions } from './options-storage.ts'
import { TLS_ROWS, type TlsOptions, tlsProblems } from './options-tls.ts'

export type Options = TlsOptions &
  OidcOptions &
  StorageOptions & {
    /** Null = chosen by the store (see docs/configuration.md). */
    dataDir: string | null
    /** Null = the embedded database. */
    databaseUrl: string | null
    publicDatabaseUrl: string | null
    host: string
    port: number
    /** Origin without a trailing slash. Null = taken from the request. */
    publicUrl: string | null
    trustedProxies: string[]
    logLevel: LogLevel
    siteName: string
    /** Seconds. */
    staleMax: number
    /** Milliseconds. */
    pollInterval: number
    notify: boolean
    maxReaders: number
    maxReadersPerAddress: number
    maxClipMb: number
  }

export type OptionKey = keyof Options
export type Source = 'default' | 'env' | 'file' | 'flag'
export type Sources = Record<OptionKey, Source>
export type Env = Record<string, string | undefined>
export type Parsed = { options: Options; rest: string[]; sources: Sources }

export const OPTIONS: Rows<Options> = {
  dataDir: {
    ...named('DATA_DIR', 'path', 'Folder for the embedded database and uploaded files.'),
    default: null,
    shown: '`data` in the checkout; `dateline-data` in the current folder when installed as a package',
    parse: (text) => text,
  },
  databaseUrl: {
    ...named('DATABASE_URL', 'URL', 'PostgreSQL server (15 or later) to use instead of the embedded one.'),
    default: null,
    shown: 'embedded',
    secret: true,
    parse: parseDatabaseUrl,
  },
  publicDatabaseUrl: {
    ...named(
      'DATABASE_PUBLIC_URL',
      'URL',
      'The same database for a role that can read the public views only. Allowed only together with DATABASE_URL.',
    ),
    default: null,
    shown: 'none',
    secret: true,
    parse: parseDatabaseUrl,
  },
  host: {
    ...named('HOST', 'address', 'Address to listen on. `0.0.0.0` or `::` listens on every interface.'),
    default: '127.0.0.1',
    parse: (text) => matching(text, /^[\w.:-]+$/, 'an IP address or a host name'),
  },
  port: {
    ...named('PORT', 'number', 'TCP port to listen on; 0 takes any free one.'),
    default: 4321,
    parse: wholeNumber(0, 65_535),
  },
  publicUrl: {
    ...named(
      'PUBLIC_URL',
      'origin',
      'Where readers reach the site, as `https://live.example.org`. Set it behind a proxy. With https, cookies are sent over https only.',
    ),
    default: null,
    shown: 'taken from the request',
    parse: parseOrigin,
  },
  trustedProxies: {
    ...named(
      'TRUSTED_PROXIES',
      'list',
      'Addresses or CIDR ranges, separated by commas, whose X-Forwarded-* headers are believed.',
    ),
    default: [],
    shown: 'none',
    parse: (text) => text.split(',').map((part) => parseRange(part.trim())),
  },
  logLevel: {
    ...named('LOG_LEVEL', LOG_LEVELS.join(' / '), 'Least important log lines that are written.'),
    default: 'info',
    parse: parseLogLevel,
  },
  siteName: {
    ...named('SITE_NAME', 'text', 'Name of the newsroom, shown to readers.'),
    default: 'Dateline',
    parse: (text) => matching(text.trim(), /^[^\p{Cc}]{1,100}$/u, 'one line of 1 to 100 characters'),
  },
  staleMax: {
    ...named(
      'STALE_MAX',
      'number',
      'How long readers are shown the last good page while the database is out of reach.',
    ),
    default: 600,
    unit: 'seconds',
    parse: wholeNumber(1, 86_400),
  },
  pollInterval: {
    ...named('POLL_INTERVAL', 'number', 'How often the log is read when no notification comes.'),
    default: 1000,
    unit: 'milliseconds',
    parse: wholeNumber(20, 10_000),
  },
  notify: {
    ...named(
      'NOTIFY',
      'true / false',
      'Use database notifications to wake nodes. Off = polling only, for poolers that lose notifications.',
    ),
    default: true,
    parse: parseBoolean,
  },
  maxReaders: {
    ...named('MAX_READERS', 'number', 'Open streams one node accepts.'),
    default: 20_000,
    parse: wholeNumber(1, 1_000_000),
  },
  maxReadersPerAddress: {
    ...named('MAX_READERS_PER_ADDRESS', 'number', 'Open streams one node accepts from one client address.'),
    default: 200,
    parse: wholeNumber(1, 1_000_000),
  },
  maxClipMb: {
    ...named('MAX_CLIP_MB', 'number', 'Size of a video or audio file that the desk and the API take in.'),
    default: 200,
    unit: 'MB',
    parse: wholeNumber(1, MAX_CLIP_MB),
  },
  ...TLS_ROWS,
  ...OIDC_ROWS,
  ...STORAGE_ROWS,
}

export const OPTION_KEYS = Object.keys(OPTIONS) as OptionKey[]

/**
 * Flag, else environment, else default. `rest` = what is no flag of the table, in order: the command and its arguments,
 * everything behind `--`, and the flags named in `commandFlags` (with `--`, untouched). Throws `invalid`; its message
 * lists every problem, `details` is the same as string[].
 */
export function parseOptions(
  argv: readonly string[],
  env: Env,
  commandFlags: readonly string[] = [],
  readText: (path: string) => string = (path) => readFileSync(path, 'utf8'),
): Parsed {
  const problems: string[] = []
  const { flags, rest } = readFlags(argv, commandFlags, problems)
  const values: Partial<Record<OptionKey, unknown>> = {}
  const sources = {} as Sources
  for (const key of OPTION_KEYS) {
    const found = flags.get(key) ?? fromEnv(key, env, readText, problems)
    sources[key] = found?.source ?? 'default'
    values[key] = found === null ? OPTIONS[key].default : checked(key, found, problems)
  }
  refuseHalfDatabase(sources, env, problems)
  problems.push(...halfStorage((key) => sources[key] !== 'default'))
  // Only once each is right by itself: one that was refused would look like one that is missing.
  if (problems.length === 0) {
    const options = values as Options
    problems.push(...tlsProblems(options), ...oidcProblems(options, (key) => sources[key] !== 'default'))
  }
  if (problems.length > 0) {
    const text = problems.map((problem) => `\n  - ${problem}`).join('')
    throw new AppError('invalid', `The settings cannot be used:${text}`, { details: problems })
  }
  return { options: values as Options, rest, sources }
}

type Found = { text: string; name: string; source: Source }

function readFlags(argv: readonly string[], commandFlags: readonly string[], problems: string[]) {
  const flags = new Map<OptionKey, Found>()
  const rest: string[] = []
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] as string
    if (word === '--') {
      rest.push(...argv.slice(at + 1))
      break
    }
    const name = word.split('=', 1)[0] as string
    if (!word.startsWith('-') || word === '-' || commandFlags.includes(name)) {
      rest.push(word)
      continue
    }
    const key = OPTION_KEYS.find((one) => OPTIONS[one].flag === name || (isSwitch(one) && negated(one) === name))
    if (key === undefined) {
      problems.push(`${name} is not a known option.${suggestion(name, commandFlags)}`)
      continue
    }
    const next = argv[at + 1]
    let text = word.includes('=') ? word.slice(name.length + 1) : null
    if (text === null && isSwitch(key)) text = name === OPTIONS[key].flag ? 'true' : 'false'
    else if (name !== OPTIONS[key].flag) problems.push(`${name} takes no value.`)
    if (text === null && next !== undefined && !next.startsWith('--')) text = argv[++at] as string
    if (text === null) problems.push(`${name} needs a value.`)
    else if (flags.has(key)) problems.push(`${name} is given twice.`)
    else flags.set(key, { text, name, source: 'flag' })
  }
  return { flags, rest }
}

function fromEnv(key: OptionKey, env: Env, readText: (path: string) => string, problems: string[]): Found | null {
  const { env: name, secret } = OPTIONS[key]
  const text = env[name]
  const twin = `${name}_FILE`
  const path = secret ? env[twin] : undefined
  if (path === undefined) return text === undefined ? null : { text, name, source: 'env' }
  if (text !== undefined) problems.push(`${name} and ${twin} are both set; set one of them.`)
  try {
    return { text: readText(path).trim(), name: twin, source: 'file' }
  } catch (error) {
    problems.push(`${twin}: the file ${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'error'}).`)
    return { text: '', name: '', source: 'file' }
  }
}

// The problem never quotes the value of a secret.
function checked(key: OptionKey, { text, name }: Found, problems: string[]): unknown {
  if (name === '') return null
  if (text.trim() === '') {
    problems.push(`${name} is set but empty. Give it a value or leave it out.`)
    return null
  }
  try {
    return OPTIONS[key].parse(text)
  } catch (error) {
    const value = OPTIONS[key].secret ? '' : `, not ${JSON.stringify(text)}`
    problems.push(`${name} must be ${(error as Error).message}${value}.`)
    return null
  }
}

// Someone who sets PGHOST believes that it is used. Starting an empty embedded database instead would look like lost data.
function refuseHalfDatabase(sources: Sources, env: Env, problems: string[]): void {
  if (sources.databaseUrl !== 'default') return
  if (sources.publicDatabaseUrl !== 'default') {
    problems.push('DATABASE_PUBLIC_URL is set without DATABASE_URL. Set both, or none for the embedded database.')
  }
  const set = Object.keys(env).filter((name) => LIBPQ.test(name) && env[name] !== undefined)
  if (set.length > 0) {
    const which = set.sort().join(', ')
    problems.push(
      `${which} ${set.length === 1 ? 'is' : 'are'} set without DATABASE_URL. Dateline reads no PG* variables: ` +
        'set DATABASE_URL=postgres://user:password@host/database, or unset them for the embedded database.',
    )
  }
}

const LIBPQ = /^PG(HOST|HOSTADDR|PORT|DATABASE|USER|PASSWORD|PASSFILE|SERVICE|SERVICEFILE|OPTIONS|SSL[A-Z]*|DATA)$/

function isSwitch(key: OptionKey): boolean {
  return typeof OPTIONS[key].default === 'boolean'
}

function negated(key: OptionKey): string {
  return OPTIONS[key].flag.replace('--', '--no-')
}

function suggestion(name: string, commandFlags: readonly string[]): string {
  const known = [...OPTION_KEYS.map((key) => OPTIONS[key].flag), ...commandFlags]
  const near = known.map((flag) => ({ flag, far: distance(name, flag) })).sort((a, b) => a.far - b.far)[0]
  return near !== undefined && near.far <= Math.max(2, name.length / 4) ? ` Did you mean ${near.flag}?` : ''
}

// Levenshtein, one row at a time.
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1]
    for (const [j, other] of [...b].entries()) {
      const change = (row[j] as number) + (letter === other ? 0 : 1)
      next.push(Math.min(change, (row[j + 1] as number) + 1, (next[j] as number) + 1))
    }
    row = next
  }
  return row[b.length] as number
}

const SIGNS = '; in a password @ is written %40, / %2F, ? %3F, # %23, % %25 and : %3A'

function parseDatabaseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  const right = url !== null && ['postgres:', 'postgresql:'].includes(url.protocol)
  const where = url !== null && (url.hostname !== '' || url.searchParams.has('host'))
  if (!right || !where || url.pathname.length < 2)
    throw new Error(`postgres://user:password@host:port/database${SIGNS}`)
  // Part of a password would be taken for a host, a path or a comment, and stand in a log as such.
  const signs = (text.split('?', 1)[0] ?? '').split('@').length - 1
  if (url.hash !== '' || signs > 1 || url.pathname.includes('@') || !isDecodable(url.password))
    throw new Error(`postgres://user:password@host:port/database${SIGNS}`)
  return text
}

function isDecodable(text: string): boolean {
  try {
    return decodeURIComponent(text) !== undefined
  } catch {
    return false
  }
}

function parseOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  const right = url !== null && ['http:', 'https:'].includes(url.protocol) && url.username === '' && url.password === ''
  if (!right || url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    throw new Error('an http or https origin without a path, as https://live.example.org')
  }
  return url.origin
}

function parseRange(text: string): string {
  const [address = '', prefix, more] = text.split('/')
  const bits = isIP(address) === 4 ? 32 : 128
  const fits = prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits)
  if (isIP(address) === 0 || !fits || more !== undefined) {
    throw new Error('a comma-separated list of IP addresses or CIDR ranges, as 10.0.0.0/8')
  }
  return text
}

function parseLogLevel(text: string): LogLevel {
  const level = LOG_LEVELS.find((one) => one === text.toLowerCase())
  if (level === undefined) throw new Error(`one of ${LOG_LEVELS.join(', ')}`)
  return level
}
