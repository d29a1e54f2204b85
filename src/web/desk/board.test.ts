// The board of stories: what is asked for, who sees what, acts from a row, and what tells its page that a row is another.
// And what readers told beside a post on the plain desk.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { EDITOR, publish, words } from '../../../test/helpers/acts.ts'
import {
  openBrowser,
  openFully,
  openTestDesk,
  signInAsAdmin,
  startStory,
  type TestDesk,
} from '../../../test/helpers/desk.ts'
import { BUCKETS, bucketOf } from '../../domain/attention.ts'
import { giveRole } from '../../newsroom/give-role.ts'
import { createAttention } from '../../store/attention.ts'
import { createTogether } from '../../store/together.ts'
import { cookieNameOf } from '../auth/session.ts'
import { boardQuery, boardSearch } from './board-query.ts'

let desk: TestDesk
let ada: ReturnType<typeof openBrowser>
before(async () => {
  desk = await openTestDesk()
  ada = await signInAsAdmin(desk)
})
after(() => desk.close())

type Stamps = { all: number; rows: [id: string, stamp: string, readers: number][] }
const stamps = async (browser = ada, search = ''): Promise<Stamps> => (await browser.get(`/desk/board${search}`)).json()
const idsOf = (page: string) => [...page.matchAll(/data-story="([^"]+)"/g)].map(([, id]) => id)

test('what is asked for is what is shown, and what is no question of ours is none', async () => {
  const [storm, budget] = [await startStory(ada, 'Storm over the harbour'), await startStory(ada, 'Budget day')]
  await ada.get('/desk')
  await ada.post(`${budget.url}/pause`, {})
  const found = async (search: string) => idsOf((await ada.get(`/desk${search}`)).body)
  assert.deepEqual(await found('?find=HARBOUR+storm'), [storm.storyId])
  assert.deepEqual(await found('?state=paused'), [budget.storyId])
  assert.deepEqual(await found('?visibility=private'), [])
  assert.deepEqual(await found('?sort=title'), [budget.storyId, storm.storyId])
  assert.equal((await found('?state=nonsense&find[]=x&sort=1')).length, 2)
  assert.match((await ada.get('/desk?find=nowhere')).body, /No story is like that/)
  assert.equal(boardSearch(boardQuery({ state: 'live', sort: 'last', find: ' a b ' })), '?state=live&find=a+b')
})

test('an act from a row comes back to the board as it was asked for', async () => {
  const { storyId, url } = await startStory(ada, 'Acted upon')
  await ada.get('/desk?find=acted')
  const paused = await ada.post(`${url}/pause`, { board: '?find=acted&next=//evil.example' })
  assert.equal(paused.headers.location, `/desk?find=acted&done=paused#story-${storyId}`)
  assert.match((await ada.get(String(paused.headers.location))).body, /The story is paused/)
  const ended = await ada.post(`${url}/end`, { board: '?' })
  assert.equal(ended.headers.location, `/desk?done=ended#story-${storyId}`)
  assert.equal(
    (await ada.post(`${url}/start`, { csrf: 'old', board: '?' })).headers.location,
    `/desk?done=stale#story-${storyId}`,
  )
})

test('a stamp changes with the row and not with its readers; the row comes alone', async () => {
  const { storyId } = await startStory(ada, 'Watched')
  const rowOf = async () => (await stamps()).rows.find(([id]) => id === storyId)
  const first = await rowOf()
  await createTogether(desk.store.db).count('node-1', { [storyId]: 3 })
  await createTogether(desk.store.db).count('node-2', { [storyId]: 4 })
  const counted = await rowOf()
  assert.deepEqual([counted?.[1], counted?.[2]], [first?.[1], 7])
  await publish(desk.store, storyId, words('News'))
  assert.notEqual((await rowOf())?.[1], first?.[1])
  const rows = (await ada.get(`/desk/board/rows?ids=${storyId},nonsense`)).body
  assert.deepEqual(idsOf(rows), [storyId])
  assert.match(rows, /7 readers now/)
})

test('a role given in one story counts there: more than elsewhere, or nothing at all', async () => {
  const [run, shut] = [await startStory(ada, 'Run by Bo'), await startStory(ada, 'Shut to Bo')]
  const bo = await desk.accounts.createAccount(
    { name: 'Bo', email: 'bo@example.org', password: 'correct horse battery' },
    'viewer',
  )
  const admin = { ...EDITOR, role: 'admin' as const }
  await giveRole(desk.store, admin, run.storyId, bo.id, 'editor')
  await giveRole(desk.store, admin, shut.storyId, bo.id, 'guest')
  const browser = openBrowser(desk)
  browser.setCookie(`${cookieNameOf(null)}=${(await openFully(desk.accounts, bo.id)).token}`)
  const page = (await browser.get('/desk')).body
  assert.ok(!idsOf(page).includes(shut.storyId))
  assert.ok(page.includes(`action="${run.url}/pause"`))
  assert.equal([...page.matchAll(/\/pause"/g)].length, 1, 'nowhere else')
  assert.ok(!(await stamps(browser)).rows.some(([id]) => id === shut.storyId))
  assert.doesNotMatch((await browser.get(`/desk/board/rows?ids=${shut.storyId}`)).body, /Shut to Bo/)
})

test('the plain desk says beside a published post what readers told of it', async () => {
  const { storyId, url } = await startStory(ada, 'Told of')
  const [seen, other] = [
    await publish(desk.store, storyId, words('Seen')),
    await publish(desk.store, storyId, words('Not')),
  ]
  const shown = new Array(BUCKETS).fill(0).with(bucketOf(180), 3)
  await createAttention(desk.store.db).add([{ postId: seen, reads: 2, shown }])
  const page = (await ada.get(url)).body
  const row = (id: string) => page.slice(page.indexOf(`id="post-${id}"`)).split('</li>')[0] ?? ''
  assert.match(row(seen), /Seen within 0\.1\d s by half of 3 readers who told us \(95 % within 0\.1\d s\) · 2 reads/)
  assert.doesNotMatch(row(other), /class="attention"/)
})
