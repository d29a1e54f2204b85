// Tests of the table of rights: what each role may do, to its own things and to those of others, and what a token takes away.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import {
  ACTIONS,
  type Action,
  may,
  ROLES,
  type Role,
  refusalOf,
  roleInStory,
  SCOPES,
  type Scope,
  scopeOf,
} from './permission.ts'

/** yes, own or nothing (-), in the order of ACTIONS: written out once more, so that no change of the table passes unseen. */
const EXPECTED: Record<Role, string> = {
  admin: 'y y y y y y y y y y y y y y y y y y y y y y y y y',
  editor: 'y y y y y y y y y y y y y y y y y y y y y y y - y',
  reporter: 'y y o - o o - o - o o y - - y - - - - - - - - - y',
  contributor: 'y o o - - - - - - - - y - - y - - - - - - - - - -',
  viewer: 'y y - - - - - - - - - - - - - - - - - - - - - - -',
  guest: '- - - - - - - - - - - - - - - - - - - - - - - - -',
}

const actor = (role: Role) => ({ id: 'me', role })

it('holds for every role and action', () => {
  for (const role of ROLES) {
    const rules = ACTIONS.map((action) => {
      if (may(actor(role), action)) return 'y'
      return may(actor(role), action, 'me') ? 'o' : '-'
    })
    assert.equal(rules.join(' '), EXPECTED[role], role)
    for (const action of ACTIONS) if (!may(actor(role), action)) assert.equal(may(actor(role), action, 'other'), false)
  }
})

it('a token never does more than its person, nor what is for people alone', () => {
  for (const role of ROLES) {
    for (const action of ACTIONS) {
      const all = may({ ...actor(role), scopes: SCOPES }, action, 'me')
      assert.ok(!all || may(actor(role), action, 'me'), `${role} ${action}`)
      assert.equal(may({ ...actor(role), scopes: [] }, action, 'me'), false)
    }
  }
  const alone: Action[] = ['post:break-embargo', 'roles:assign', 'token:create']
  for (const action of alone) assert.equal(may({ ...actor('admin'), scopes: SCOPES }, action), false)
  assert.equal(may({ ...actor('editor'), scopes: ['read'] }, 'post:publish', 'me'), false)
})

it('a refusal names what is missing: the role, whose posts, the scope, or a person', () => {
  const token = (role: Role, ...scopes: Scope[]) => ({ ...actor(role), scopes })
  const cases: [string | null, ReturnType<typeof token> | ReturnType<typeof actor>, Action, string?][] = [
    [null, token('editor', 'publish'), 'post:publish'],
    ['Your role (viewer) does not allow this.', token('viewer', 'publish'), 'post:publish', 'me'],
    ['Your role (reporter) does not allow this.', actor('reporter'), 'story:create'],
    ['Your role (reporter) allows this for your own posts only.', actor('reporter'), 'post:change', 'other'],
    [
      'This needs the scope `manage`; this token has draft, publish.',
      token('editor', 'draft', 'publish'),
      'story:create',
    ],
    ['This needs the scope `publish`; this token has draft.', token('reporter', 'draft'), 'post:change', 'other'],
    ['No token may do this: sign in at the desk.', token('admin', ...SCOPES), 'roles:assign'],
  ]
  for (const [said, who, action, owner] of cases) assert.equal(refusalOf(who, action, owner), said)
  assert.match(refusalOf(token('editor', ...SCOPES), 'post:break-embargo', 'me') ?? '', /^A token may never lift/)
  for (const role of ROLES)
    for (const action of ACTIONS)
      for (const scopes of [undefined, [], SCOPES]) {
        const who = { ...actor(role), ...(scopes ? { scopes } : {}) }
        assert.equal(refusalOf(who, action, 'me') === null, may(who, action, 'me'), `${role} ${action}`)
      }
})

it('a role in a story takes the place of the newsroom’s, but never an administrator’s', () => {
  assert.equal(roleInStory('guest', 'reporter'), 'reporter')
  assert.equal(roleInStory('editor', 'viewer'), 'viewer')
  assert.equal(roleInStory('editor', null), 'editor')
  assert.equal(roleInStory('admin', 'viewer'), 'admin')
})

it('each action is in one scope at most, and what is for people alone in none', () => {
  for (const action of ACTIONS) {
    const holding = SCOPES.filter((scope) => may({ ...actor('admin'), scopes: [scope] }, action))
    assert.deepEqual(holding, scopeOf(action) === null ? [] : [scopeOf(action)], action)
  }
  assert.equal(scopeOf('post:break-embargo'), null)
})
