// The matrix of rights, made from the list of operations: every operation, role, credential, state of the post, own and foreign.
// What is expected stands here once more, by hand, so that no change of a table passes unseen. A refusal changes nothing.

import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { EDITOR, liveStory, newId } from '../../../test/helpers/acts.ts'
import { type Headers, openTestApi, type Person, type TestApi } from '../../../test/helpers/api.ts'
import { type Ids, NAMES_WITH_BODY, requestOf, urlOf } from '../../../test/helpers/api-requests.ts'
import { contentOf } from '../../../test/helpers/public-story.ts'
import { newPost } from '../../domain/decide-post.ts'
import { ROLES, type Role, SCOPES, type Scope } from '../../domain/permission.ts'
import { POST_STATES, type Post, type PostState } from '../../domain/post.ts'
import { addNote } from '../../newsroom/add-note.ts'
import { giveRole } from '../../newsroom/give-role.ts'
import { postToRow } from '../../store/rows.ts'
import { nothingBody } from './bodies.ts'
import type { Operation } from './operation.ts'
import { OPERATIONS } from './operations.ts'

/** yes, own or nothing, in the order of ROLES (admin editor reporter contributor viewer guest), and the scope of a token. */
const EXPECTED = `
  readFront      y y y y y y  public
  readStory      y y y y y y  public
  readPosts      y y y y y y  public
  readPost       y y y y y y  public
  readChanges    y y y y y y  public
  createStory    y y - - - -  manage
  startStory     y y - - - -  publish
  pauseStory     y y - - - -  publish
  resumeStory    y y - - - -  publish
  endStory       y y - - - -  publish
  changeStory    y y - - - -  manage
  setVisibility  y y - - - -  manage
  setSummary     y y - - - -  publish
  giveRole       y - - - - -  people
  withdrawStory  y y - - - -  manage
  continueStory  y y - - - -  manage
  publishPost    y y o - - -  publish
  saveDraft      y y o o - -  draft
  autosavePost   y y o o - -  draft
  submitPost     y y o o - -  draft
  approvePost    y y - - - -  publish
  sendBackPost   y y - - - -  publish
  schedulePost   y y o - - -  publish
  embargoPost    y y o - - -  publish
  discardDraft   y y o o - -  draft
  moveDraft      y y o o - -  draft
  undoPublish    y y o - - -  publish
  revisePost     y y o - - -  publish
  correctPost    y y o - - -  publish
  flagPost       y y o - - -  publish
  markKeyEvent   y y o - - -  publish
  pinPost        y y o - - -  publish
  reorderPost    y y - - - -  publish
  copyPost       y y o - - -  publish
  withdrawPost   y y o - - -  withdraw
  uploadMedia    y y y y - -  draft
  cutMedia       y y y y - -  draft
  getMedia       y y y y y -  read
  editMedia      y y - - - -  publish
  listEndedMedia y y y y y -  read
  withdrawPhoto  y y - - - -  withdraw
  whoAmI         y y y y y y  any
  listStories    y y y y y y  read
  getStory       y y y y y -  read
  listPosts      y y y y y -  read
  getPost        y y y y y -  read
  findInStory    y y y y y -  read
  listRevisions  y y y o y -  read
  getRevision    y y y o y -  read
  listAutosaves  y y o o - -  read
  getAutosave    y y o o - -  read
  listBegunTexts y y y y y -  read
  tellPresence   y y y y y -  people
  addNote        y y y y - -  draft
  deleteNote     y y o o - -  draft
  setShiftNote   y y y y - -  draft
  listNotes      y y y y y -  read
  getShiftNote   y y y y y -  read
  listSnippets   y y y y - -  draft
  saveSnippet    y y - - - -  manage
  deleteSnippet  y y - - - -  manage
  listAttention  y y y y y -  read
`
const TABLE = new Map(
  EXPECTED.trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/))
    .map(([name = '', ...cells]) => [name, { rules: cells.slice(0, -1), scope: cells.at(-1) ?? '' }]),
)

/** A token's scopes take away from a role whatever the state: these stand for all. */
const SOME_STATES = ['draft', 'published'] as const

type Outcome = 'in' | 'unauthorized' | 'forbidden' | 'hidden'
type Credential = { scopes: readonly Scope[] | null } // null: a session

function expected(one: Operation, role: Role, { scopes }: Credential, state: PostState, own: boolean): Outcome {
  const row = TABLE.get(one.name)
  const rule = row?.rules[ROLES.indexOf(role)]
  const scope = row?.scope ?? ''
  const isDraft = state === 'draft' || state === 'submitted' || state === 'scheduled'
  if (scope === 'public') return one.name === 'readPost' && isDraft ? 'hidden' : 'in'
  if (scopes && scope !== 'any' && !scopes.includes(scope as Scope)) return 'forbidden'
  if (rule === '-') return 'forbidden'
  if (NOTES.includes(one.name)) return expectedOfNote(one, role, { scopes }, isDraft, own)
  if (AUTOSAVES.includes(one.name)) return expectedOfAutosave(one, role, { scopes }, isDraft, own)
  if (one.name === 'getPost' && role === 'contributor' && isDraft && !own) return 'hidden'
  // What is scheduled goes out by itself: its text takes the right to schedule it, and so does taking it away.
  const asText = ['saveDraft', 'discardDraft', 'moveDraft'].includes(one.name)
  if (asText && state === 'scheduled' && role === 'contributor') return 'forbidden'
  if (rule === 'o' && !own) return one.method === 'GET' ? 'hidden' : 'forbidden'
  return 'in'
}

const NOTES = ['addNote', 'deleteNote', 'listNotes']

/** Whoever may know of the post; a note is taken away by its author, here who made the post, and by who may review. */
function expectedOfNote(one: Operation, role: Role, { scopes }: Credential, isDraft: boolean, own: boolean): Outcome {
  if (role === 'contributor' && isDraft && !own) return 'hidden'
  if (one.name !== 'deleteNote' || own) return 'in'
  const reviews = (role === 'admin' || role === 'editor') && (scopes?.includes('publish') ?? true)
  return reviews ? 'in' : 'forbidden'
}

const AUTOSAVES = ['autosavePost', 'listAutosaves', 'getAutosave']

/** What was out is edited by whom may revise it; what may be read but not edited is not hidden. */
function expectedOfAutosave(
  one: Operation,
  role: Role,
  { scopes }: Credential,
  isDraft: boolean,
  own: boolean,
): Outcome {
  const edits = role === 'admin' || role === 'editor' || (own && (isDraft || role === 'reporter'))
  if (one.method === 'POST') return edits && (isDraft || (scopes?.includes('publish') ?? true)) ? 'in' : 'forbidden'
  if (edits) return 'in'
  return role === 'contributor' && !own ? 'hidden' : 'forbidden'
}

let api: TestApi
let ids: Ids
/** By state and owner. */
const posts = new Map<string, string>()
/** By post. */
const autosaves = new Map<string, string>()
const notes = new Map<string, string>()
/** What the last request left: most are refused, and then nothing has to be put back. */
let heads = ''

before(async () => {
  api = await openTestApi()
  const story = await liveStory(api.store)
  const other = await liveStory(api.store)
  const third = await api.person('guest')
  ids = { story: story.id, other: other.id, post: '', account: third.id, media: newId() }
  const photo = { id: ids.media, kind: 'image' as const, width: 9, height: 9, bytes: 9, metadata: '{}' }
  await api.store.db
    .insertInto('media')
    .values({ ...photo, created_at: 1, created_by: EDITOR.id })
    .execute()
  await makePosts(EDITOR.id)
})
after(() => api.close())

it('stands for every operation, and each has a request', () => {
  const names = OPERATIONS.map((one) => one.name)
  assert.deepEqual([...TABLE.keys()].sort(), [...names].sort())
  const withBody = OPERATIONS.filter((one) => one.body && one.body !== 'media' && one.body !== nothingBody)
  assert.deepEqual([...NAMES_WITH_BODY].sort(), withBody.map((one) => one.name).sort())
  for (const one of OPERATIONS) assert.equal(one.surface !== undefined, one.access === 'public', one.name)
})

it('holds for every role, credential and state of a post, own and foreign; a refusal changes nothing', async (test) => {
  let asked = 0
  for (const role of ROLES) {
    const person = await api.person(role)
    await makePosts(person.id)
    const session = { scopes: null, headers: person.session }
    const all = { scopes: [...SCOPES], headers: await api.tokenOf(person, SCOPES) }
    for (const one of OPERATIONS) asked += await askAll(one, person, session)
    for (const one of OPERATIONS) asked += await askAll(one, person, all, SOME_STATES)
    for (const scope of SCOPES) {
      const single = { scopes: [scope], headers: await api.tokenOf(person, [scope]) }
      for (const one of OPERATIONS) asked += await askAll(one, person, single, SOME_STATES, [true])
    }
  }
  test.diagnostic(`${asked} requests`)
})

it('a role in one story takes the place of the newsroom’s there, and opens nothing elsewhere', async () => {
  const elsewhere = await liveStory(api.store)
  for (const role of ROLES) {
    if (role === 'admin') continue
    const guest = await api.person('guest')
    const admin = { ...EDITOR, role: 'admin' as const }
    for (const id of [ids.story, ids.other]) await giveRole(api.store, admin, id, guest.id, role)
    await makePosts(guest.id)
    const inStory = { ...guest, role }
    for (const one of OPERATIONS) {
      // What is asked of no story is asked with the role in the newsroom.
      const asWhom = [
        'createStory',
        'withdrawPhoto',
        'getMedia',
        'editMedia',
        'listEndedMedia',
        'saveSnippet',
        'deleteSnippet',
      ].includes(one.name)
        ? guest
        : inStory
      await askAll(one, asWhom, { scopes: null, headers: guest.session }, SOME_STATES)
      if (!one.path.startsWith('/stories/{story}')) continue
      const { statusCode } = await send(one, { ...ids, story: elsewhere.id, post: newId() }, guest.session)
      assert.equal(statusCode, 403, `${role} ${one.name} elsewhere`)
    }
  }
})

it('without a credential, or one that is no good, nothing but public reads is open', async () => {
  const person = await api.person('admin')
  const tokens: Record<string, Headers> = {}
  for (const name of ['revoked', 'expired', 'closed']) tokens[name] = await api.tokenOf(person, SCOPES)
  const [revoked, expired] = (await api.tokens.list(person.email)).map((line) => line.id)
  await api.tokens.revoke(revoked ?? '')
  await api.store.admin.query('UPDATE api_token SET expires_at = 1 WHERE id = $1', [expired])
  await api.store.admin.query('UPDATE account SET disabled_at = 1 WHERE id = $1', [person.id])
  const before = await api.heads()
  for (const headers of [{}, person.session, ...Object.values(tokens)]) {
    for (const one of OPERATIONS) {
      const { statusCode } = await send(one, { ...ids, post: postOf('published', EDITOR.id) }, headers)
      if (one.access === 'public') assert.ok(statusCode < 400, one.name)
      else assert.equal(statusCode, 401, one.name)
    }
  }
  assert.equal(await api.heads(), before)
})

it('no other spelling of an address, no other method, leads round the guard', async () => {
  const all = { ...ids, post: postOf('draft', EDITOR.id) }
  for (const one of OPERATIONS.filter(({ access }) => access !== 'public')) {
    const url = urlOf(one, all)
    const spellings = [
      `${url}/`,
      `/${url}`,
      url.toUpperCase(),
      url.replace('/v1/', '/v1//'),
      url.replace('/v1/', '/v1%2f'),
    ]
    spellings.push(url.replace('/v1/', '/v1/public/../'), `${url};a=b`, `${url}%00`, url.replace('api', '%61pi'))
    for (const spelling of spellings) {
      const { statusCode } = await api.app.inject({ method: one.method, url: spelling })
      assert.ok([400, 401, 403, 404].includes(statusCode), `${one.method} ${spelling}: ${statusCode}`)
    }
    for (const method of ['HEAD', 'DELETE', 'PATCH', 'OPTIONS'] as const) {
      const { statusCode, headers } = await api.app.inject({ method, url })
      // Which methods an address takes stands in the documentation: to say so gives nothing away.
      const isRead = method === 'HEAD' && String(headers.allow ?? 'HEAD').includes('HEAD')
      assert.equal(statusCode, isRead ? 401 : 405, `${method} ${url}`)
    }
    const headers = { 'x-http-method-override': one.method, 'x-method-override': one.method }
    const { statusCode } = await api.app.inject({ method: 'GET', url: `${url}?_method=${one.method}`, headers })
    assert.ok([401, 405].includes(statusCode), `override ${url}: ${statusCode}`)
  }
})

async function askAll(
  one: Operation,
  person: Person,
  credential: Credential & { headers: Headers },
  states: readonly PostState[] = POST_STATES,
  owns: readonly boolean[] = [true, false],
): Promise<number> {
  const aboutPost = one.path.includes('{post}')
  let asked = 0
  for (const state of aboutPost ? states : (['published'] as const)) {
    for (const own of aboutPost ? owns : [true]) {
      const owner = own ? person.id : EDITOR.id
      const post = postOf(state, owner)
      const answer = await send(
        one,
        { ...ids, post, autosave: autosaves.get(post), note: notes.get(post) },
        credential.headers,
      )
      const outcome = outcomeOf(one, answer.statusCode)
      const what = `${one.name} as ${person.role}, ${credential.scopes ?? 'session'}, ${state}, ${own ? 'own' : 'foreign'}`
      assert.equal(outcome, expected(one, person.role, credential, state, own), `${what}: ${answer.body}`)
      asked += 1
      const after = await api.heads()
      if (after === heads) continue
      assert.ok(answer.statusCode < 400, `${what} was refused and changed something`)
      heads = after
      await putBack(state, owner)
    }
  }
  return asked
}

function outcomeOf(one: Operation, status: number): Outcome {
  assert.ok(status < 500, `${one.name}: ${status}`)
  if (status === 401) return 'unauthorized'
  if (status === 403) return 'forbidden'
  return status === 404 && (one.method === 'GET' || NOTES.includes(one.name)) ? 'hidden' : 'in'
}

async function send(one: Operation, at: Ids, headers: Headers) {
  const { method, url, type, payload } = requestOf(one, at)
  return api.app.inject({
    method: method as 'GET',
    url,
    headers: { ...headers, ...(payload === undefined ? {} : { 'content-type': type }) },
    payload,
  })
}

function postOf(state: PostState, owner: string): string {
  return posts.get(`${state} ${owner}`) ?? ''
}

async function makePosts(owner: string): Promise<void> {
  for (const state of POST_STATES) {
    posts.set(`${state} ${owner}`, newId())
    const row = postToRow(postIn(state, owner))
    await api.store.db.insertInto('post').values(row).execute()
    const { content } = row
    const revision = { post_id: row.id, revision: 1, kind: 'save-draft', content, note: null, by_id: owner, at: 1 }
    await api.store.db.insertInto('post_revision').values(revision).execute()
    const autosave = { post_id: row.id, story_id: ids.story, by_id: owner, at: 1, revision: 1, content }
    const kept = await api.store.db
      .insertInto('post_autosave')
      .values(autosave)
      .returning('id')
      .executeTakeFirstOrThrow()
    autosaves.set(row.id, String(kept.id))
    notes.set(row.id, newId())
    const author = { ...EDITOR, id: owner }
    await addNote(api.store, author, ids.story, row.id, { id: notes.get(row.id) ?? '', text: 'By its author' })
  }
  heads = await api.heads()
}

/** The post of that state as it was, in a story that is live. */
async function putBack(state: PostState, owner: string): Promise<void> {
  const { id, version: _v, ...rest } = postToRow(postIn(state, owner))
  await api.store.db.updateTable('post').set(rest).where('id', '=', id).execute()
  await api.store.db
    .updateTable('story')
    .set({ state: 'live', ended_at: null, withdrawn_at: null, continued_by: null, visibility: 'public' })
    .where('id', '=', ids.story)
    .execute()
}

function postIn(state: PostState, owner: string): Post {
  const at = Date.now()
  const isOut = state === 'published' || state === 'withdrawn'
  return {
    ...newPost(postOf(state, owner), ids.story, owner, 1),
    state,
    content: contentOf({ headline: `A ${state} post` }),
    revision: 1,
    ...(isOut ? { version: 1, firstPublishedAt: at, publishedAt: at } : {}),
    orderKey: isOut ? placeOf(state, owner) : null,
    withdrawal: state === 'withdrawn' ? { at, trace: 'line', reason: '' } : null,
    release: state === 'scheduled' ? { at: at + 3_600_000, zone: 'UTC', by: owner } : null,
  }
}

/** Each has its own, below all that is published meanwhile. */
function placeOf(state: PostState, owner: string): number {
  return [...posts.keys()].indexOf(`${state} ${owner}`) + 1
}
