// The options of single sign-on and of HTTPS: what belongs together is set together, or the start is refused.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AppError } from '../domain/error.ts'
import { type Env, parseOptions } from './options.ts'
import { printOptions } from './options-print.ts'
import { rulesOf } from './single-sign-on.ts'

const WHOLE: Env = {
  PUBLIC_URL: 'https://live.example.org',
  OIDC_ISSUER: 'https://id.example.org/realms/news',
  OIDC_CLIENT_ID: 'dateline',
  OIDC_CLIENT_SECRET: 'x://s3cret.example/path',
  OIDC_ROLES: 'groups=chiefs:admin, urn:x=urn:news:desk:editor',
}

function problemsOf(env: Env): string[] {
  try {
    parseOptions([], env)
  } catch (error) {
    assert.ok(error instanceof AppError && error.code === 'invalid')
    return error.details as string[]
  }
  return []
}
const without = (...names: string[]): Env =>
  Object.fromEntries(Object.entries(WHOLE).filter(([name]) => !names.includes(name)))

test('a whole single sign-on is taken, and its rules are read as they are written', () => {
  const { options } = parseOptions([], {
    ...WHOLE,
    OIDC_EMAIL_DOMAINS: '@Example.org,news.example',
    OIDC_REQUIRED_CLAIM: 'dep=news',
  })
  assert.deepEqual(rulesOf(options), {
    domains: ['example.org', 'news.example'],
    required: { name: 'dep', value: 'news' },
    roles: [
      { name: 'groups', value: 'chiefs', role: 'admin' },
      { name: 'urn:x', value: 'urn:news:desk', role: 'editor' },
    ],
    otherwise: null,
    trustEmail: false,
  })
})

test('half of a single sign-on is refused in one sentence that names the other half', () => {
  assert.deepEqual(problemsOf(without('OIDC_CLIENT_SECRET', 'PUBLIC_URL')), [
    'OIDC_ISSUER is set without OIDC_CLIENT_SECRET, PUBLIC_URL.',
  ])
  assert.deepEqual(problemsOf(without('OIDC_ROLES')), ['OIDC_ISSUER is set without OIDC_ROLES or OIDC_DEFAULT_ROLE.'])
  assert.match(
    problemsOf(without('OIDC_ISSUER'))[0] ?? '',
    /^OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_ROLES are set without/,
  )
  assert.match(problemsOf({ OIDC_ONLY: 'true' })[0] ?? '', /^OIDC_ONLY is set without OIDC_ISSUER/)
  assert.deepEqual(problemsOf({ ...without('OIDC_ROLES'), OIDC_DEFAULT_ROLE: 'viewer' }), [])
})

test('http is for a provider whose host was named', () => {
  const plain = { ...WHOLE, OIDC_ISSUER: 'http://id.internal:8080' }
  assert.match(problemsOf(plain)[0] ?? '', /OIDC_PRIVATE_HOSTS/)
  assert.match(problemsOf({ ...plain, OIDC_PRIVATE_HOSTS: 'id.internal:80' })[0] ?? '', /OIDC_PRIVATE_HOSTS/)
  assert.deepEqual(problemsOf({ ...plain, OIDC_PRIVATE_HOSTS: 'ID.internal:8080' }), [])
})

test('values of another shape are refused', () => {
  const bad: Env[] = [
    { OIDC_ROLES: 'groups=chiefs' },
    { OIDC_ROLES: 'chiefs:admin' },
    { OIDC_ROLES: 'groups=chiefs:owner' },
    { OIDC_ROLES: 'groups=chiefs:admin,' },
    { OIDC_DEFAULT_ROLE: 'none' },
    { OIDC_ISSUER: 'id.example.org' },
    { OIDC_ISSUER: 'https://u:p@id.example.org' },
    { OIDC_EMAIL_DOMAINS: 'example' },
    { OIDC_REQUIRED_CLAIM: 'department' },
    { OIDC_PRIVATE_HOSTS: 'id.internal' },
    { OIDC_PRIVATE_HOSTS: '*:443' },
    { OIDC_SCOPE: 'email' },
    { OIDC_LABEL: 'a\nb' },
  ]
  for (const one of bad) assert.equal(problemsOf({ ...WHOLE, ...one }).length, 1, JSON.stringify(one))
})

test('the client’s secret is not shown, whatever it looks like', () => {
  const { options, sources } = parseOptions([], WHOLE)
  const shown = printOptions(options, sources)
  assert.doesNotMatch(shown, /s3cret/)
  assert.match(shown, /OIDC_CLIENT_SECRET +\*\*\* +\(env/)
})

test('a certificate has its key, an https address, and a redirect only with both', () => {
  assert.deepEqual(problemsOf({ TLS_CERT: '/a.pem' }), ['TLS_CERT is set without TLS_KEY. Set both, or none for HTTP.'])
  assert.deepEqual(problemsOf({ TLS_KEY: '/a.pem' }), ['TLS_KEY is set without TLS_CERT. Set both, or none for HTTP.'])
  const both = { TLS_CERT: '/a.pem', TLS_KEY: '/b.pem' }
  assert.deepEqual(problemsOf(both), [])
  assert.match(problemsOf({ ...both, PUBLIC_URL: 'http://a.example' })[0] ?? '', /begins with http:/)
  assert.match(problemsOf({ ...both, HTTP_REDIRECT_PORT: '80' })[0] ?? '', /HTTP_REDIRECT_PORT is set without/)
  assert.deepEqual(problemsOf({ ...both, HTTP_REDIRECT_PORT: '80', PUBLIC_URL: 'https://a.example' }), [])
})
