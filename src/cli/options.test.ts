// Tests of the option table: where values come from, what is refused, what is shown.
// Run by node --test.
// Never reads the real environment.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { AppError } from '../domain/error.ts'
import { type Env, OPTION_KEYS, OPTIONS, parseOptions } from './options.ts'
import { optionsHelp, optionsMarkdown, printOptions } from './options-print.ts'

const URL_A = 'postgres://app:s3cret@db.example:5433/live?password=s3cret'

function problemsOf(argv: string[], env: Env, readText?: (path: string) => string): string[] {
  try {
    parseOptions(argv, env, [], readText)
  } catch (error) {
    assert.ok(error instanceof AppError && error.code === 'invalid')
    return error.details as string[]
  }
  return []
}

test('without any setting the defaults hold', () => {
  const { options, rest, sources } = parseOptions(['start'], {})
  assert.deepEqual(rest, ['start'])
  assert.equal(options.port, 4321)
  assert.equal(options.host, '127.0.0.1')
  assert.equal(options.databaseUrl, null)
  assert.equal(options.notify, true)
  assert.equal(sources.port, 'default')
})

test('a flag wins over the environment, and both forms of a flag are read', () => {
  const { options, sources, rest } = parseOptions(['start', '--port', '1', '--site-name=A B', 'x'], {
    PORT: '2',
    HOST: '::',
  })
  assert.deepEqual([options.port, options.siteName, options.host], [1, 'A B', '::'])
  assert.deepEqual([sources.port, sources.host, sources.siteName], ['flag', 'env', 'flag'])
  assert.deepEqual(rest, ['start', 'x'])
})

test('a switch can be turned off in three ways, and takes no following word', () => {
  for (const argv of [['--no-notify'], ['--notify=false'], []]) {
    const env = argv.length === 0 ? { NOTIFY: 'off' } : {}
    assert.equal(parseOptions(argv, env).options.notify, false)
  }
  assert.deepEqual(parseOptions(['--notify', 'start'], {}).rest, ['start'])
})

test('everything behind -- and the flags of a command are left alone', () => {
  const { rest } = parseOptions(['add', '--email', 'a@b', '--', '--port', 'x'], {}, ['--email'])
  assert.deepEqual(rest, ['add', '--email', 'a@b', '--port', 'x'])
})

test('an unknown flag is refused with the nearest known one', () => {
  assert.deepEqual(problemsOf(['--prot', '80'], {}), ['--prot is not a known option. Did you mean --port?'])
  assert.deepEqual(problemsOf(['--colour=blue'], {}), ['--colour is not a known option.'])
})

test('every problem is listed at once', () => {
  const env = {
    PORT: '70000',
    PUBLIC_URL: 'https://a.example/path',
    STALE_MAX: 'soon',
    LOG_LEVEL: 'loud',
    SITE_NAME: ' ',
  }
  const problems = problemsOf(['--trusted-proxies', '10.0.0.0/33', '--host'], env)
  assert.equal(problems.length, 7, problems.join('\n'))
})

test('values out of range or of another shape are refused', () => {
  const bad: Env[] = [
    { PORT: '-1' },
    { PORT: '1e3' },
    { PORT: '' },
    { PUBLIC_URL: 'ftp://a' },
    { PUBLIC_URL: 'https://u:p@a' },
    { PUBLIC_URL: 'https://a/?x' },
    { TRUSTED_PROXIES: '1.2.3' },
    { TRUSTED_PROXIES: '1.2.3.4/8/8' },
    { TRUSTED_PROXIES: '::1/129' },
    { NOTIFY: 'maybe' },
    { DATABASE_URL: 'mysql://a/b' },
    { DATABASE_URL: 'postgres://host' },
    { DATABASE_URL: 'postgres:///name' },
    { DATABASE_URL: '' },
    { SITE_NAME: 'a\nb' },
  ]
  for (const env of bad) assert.equal(problemsOf([], env).length, 1, JSON.stringify(env))
})

test('an origin is normalised and proxies become a list', () => {
  const { options } = parseOptions([], { PUBLIC_URL: 'HTTPS://Live.Example/', TRUSTED_PROXIES: '10.0.0.0/8, ::1' })
  assert.equal(options.publicUrl, 'https://live.example')
  assert.deepEqual(options.trustedProxies, ['10.0.0.0/8', '::1'])
})

test('a half-set database is refused, never replaced by the embedded one', () => {
  assert.match(
    problemsOf([], { PGHOST: 'db', PGDATABASE: 'live' })[0] ?? '',
    /PGDATABASE, PGHOST are set without DATABASE_URL/,
  )
  assert.match(problemsOf([], { DATABASE_PUBLIC_URL: URL_A })[0] ?? '', /without DATABASE_URL/)
  assert.deepEqual(problemsOf([], { PGHOST: 'db', DATABASE_URL: URL_A }), [])
})

test('a secret may come from a file, but not from both places, and a missing file is a problem', () => {
  const read = (path: string) => (path === '/run/url' ? `${URL_A}\n` : assert.fail('ENOENT'))
  const { options, sources } = parseOptions([], { DATABASE_URL_FILE: '/run/url' }, [], read)
  assert.equal(options.databaseUrl, URL_A)
  assert.equal(sources.databaseUrl, 'file')
  assert.match(problemsOf([], { DATABASE_URL_FILE: '/run/url', DATABASE_URL: URL_A }, read)[0] ?? '', /both set/)
  assert.match(problemsOf([], { DATABASE_URL_FILE: '/none' }, read)[0] ?? '', /cannot be read/)
})

test('a password whose signs cut the address short is refused with how to write it, and no part of it is shown', () => {
  for (const password of ['p@q9/w#rd', 'p@q9', 'p#q9', 'p/q9', '12/q9', 'p?q9', 'p%q9', 'q9%']) {
    const problem = problemsOf([], { DATABASE_URL: `postgres://app:${password}@db.example/live` }).join()
    assert.match(problem, /@ is written %40, \/ %2F/, password)
    assert.ok(!problem.includes('q9'), problem)
  }
  const right = 'postgres://app:choose%20one%40%2F%23%25@db.example:5433/live?application_name=a@b'
  assert.deepEqual(problemsOf([], { DATABASE_URL: right }), [])
})

test('no secret is shown: neither by dateline config nor in a problem', () => {
  const { options, sources } = parseOptions(['--port=0'], { DATABASE_URL: URL_A })
  const shown = printOptions(options, sources)
  assert.ok(!shown.includes('s3cret'), shown)
  assert.match(shown, /DATABASE_URL +postgres:\/\/\*\*\*@db\.example:5433\/live +\(env DATABASE_URL\)/)
  assert.match(shown, /PORT +0 +\(flag --port\)/)
  assert.ok(!problemsOf([], { DATABASE_URL: 'mysql://app:s3cret@db/live' }).join().includes('s3cret'))
})

test('--help is for a terminal: no marks of Markdown, and a link is the file it leads to', () => {
  const help = optionsHelp()
  assert.ok(help.includes('See docs/operations/single-sign-on.md.'), help)
  assert.doesNotMatch(help, /`|\]\(/)
})

test('flags are the environment names in another dress, and no two options share one', () => {
  for (const key of OPTION_KEYS)
    assert.equal(OPTIONS[key].flag, `--${OPTIONS[key].env.toLowerCase().replaceAll('_', '-')}`)
  assert.equal(new Set(OPTION_KEYS.map((key) => OPTIONS[key].env)).size, OPTION_KEYS.length)
})

test('docs/configuration.md is what the table says', () => {
  const file = new URL('../../docs/configuration.md', import.meta.url)
  assert.equal(readFileSync(file, 'utf8'), optionsMarkdown(), 'run: node bin/dateline.mjs run src/cli/options-write.ts')
})
