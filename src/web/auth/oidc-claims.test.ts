// What a provider's claims mean: roles by the first rule that fits, addresses only where they are confirmed.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { judgeClaims, type SsoRules } from './oidc-claims.ts'

const RULES: SsoRules = {
  domains: [],
  required: null,
  roles: [
    { name: 'groups', value: 'chiefs', role: 'admin' },
    { name: 'realm_access.roles', value: 'desk', role: 'editor' },
    { name: 'https://example.org/level', value: '3', role: 'reporter' },
  ],
  otherwise: null,
  trustEmail: false,
}
const roleOf = (claims: Record<string, unknown>, rules: Partial<SsoRules> = {}) =>
  judgeClaims(claims, { ...RULES, ...rules }).role

test('the first rule that fits decides: a value, one of several, a claim inside another, a name with dots', () => {
  assert.equal(roleOf({ groups: 'chiefs' }), 'admin')
  assert.equal(roleOf({ groups: ['a', 'chiefs'], realm_access: { roles: ['desk'] } }), 'admin')
  assert.equal(roleOf({ realm_access: { roles: ['desk'] } }), 'editor')
  assert.equal(roleOf({ 'realm_access.roles': ['desk'] }), 'editor')
  assert.equal(roleOf({ 'https://example.org/level': 3 }), 'reporter')
})

test('what only looks like a value grants nothing', () => {
  for (const groups of [
    'chiefs,desk',
    'CHIEFS',
    ' chiefs',
    ['x', ['chiefs']],
    { chiefs: true },
    null,
    undefined,
    'chief',
  ])
    assert.equal(roleOf({ groups }), null, JSON.stringify(groups))
  assert.equal(roleOf({ realm_access: 'desk' }), null)
  assert.equal(roleOf({}, { roles: [{ name: '__proto__.x', value: 'undefined', role: 'admin' }] }), null)
  assert.equal(roleOf({}, { roles: [{ name: 'constructor.name', value: 'Object', role: 'admin' }] }), null)
  assert.equal(roleOf({ groups: null }, { roles: [{ name: 'groups', value: 'null', role: 'admin' }] }), null)
})

test('without a rule that fits the default holds, and without a default nobody comes in', () => {
  assert.equal(roleOf({ groups: 'x' }, { otherwise: 'viewer' }), 'viewer')
  assert.deepEqual(judgeClaims({ groups: 'x' }, RULES).refusal, 'no rule of OIDC_ROLES fits')
})

test('a required claim and a domain are asked before any role', () => {
  const claims = { groups: 'chiefs', email: 'a@Example.org', email_verified: true }
  assert.equal(roleOf(claims, { domains: ['example.org'] }), 'admin')
  assert.equal(roleOf({ ...claims, email_verified: false }, { domains: ['example.org'], otherwise: 'viewer' }), null)
  assert.equal(roleOf(claims, { domains: ['example.com'], otherwise: 'viewer' }), null)
  assert.equal(roleOf(claims, { required: { name: 'department', value: 'news' }, otherwise: 'viewer' }), null)
  assert.equal(
    roleOf({ ...claims, department: ['news'] }, { required: { name: 'department', value: 'news' } }),
    'admin',
  )
})

test('an address is theirs only where the provider says so', () => {
  const emailOf = (email_verified: unknown, trustEmail = false) =>
    judgeClaims({ email: 'a@example.org', email_verified }, { ...RULES, trustEmail }).email
  assert.deepEqual([emailOf(true), emailOf('true')], ['a@example.org', 'a@example.org'])
  assert.deepEqual([emailOf(false), emailOf('false'), emailOf(undefined), emailOf(1)], [null, null, null, null])
  assert.deepEqual(
    [emailOf(undefined, true), emailOf(false, true), emailOf('false', true)],
    ['a@example.org', null, null],
  )
})
