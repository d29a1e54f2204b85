// The desk's stream over two nodes on one database: an act, a presence and a count at one reach the editors of the other, with the
// doorbell and without it; who may not read it is kept out; and it ends when a right to it does.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { addNote } from '../../src/newsroom/add-note.ts'
import { giveRole } from '../../src/newsroom/give-role.ts'
import { saveDraft } from '../../src/newsroom/save-draft.ts'
import { createTokens } from '../../src/store/tokens.ts'
import { EDITOR, liveStory, newId, publish, words } from '../helpers/acts.ts'
import { openTestStore, type TestStore } from '../helpers/database.ts'
import { accountsOf, callApi, colleague, PATIENCE_MS, watchDesk } from '../helpers/desk-live.ts'
import { startTestNode, startTwoNodes, type TestNode, type TwoNodes } from '../helpers/node.ts'
import { openStream } from '../helpers/stream.ts'

const IN_TIME_MS = 1_000 // the promise, measured from the act's begin to the frame
const WITHOUT_BELL_MS = 2_000 // one poll and its reading, on a busy machine

for (const notify of [true, false]) {
  describe(`the desk's stream over two nodes, NOTIFY ${notify ? 'on' : 'cut off'}`, () => {
    let first: TestStore
    let second: TestStore
    let one: TestNode
    let two: TestNode
    let close: TwoNodes['close']
    before(async () => {
      ;({ first, second, one, two, close } = await startTwoNodes(notify))
    })
    after(() => close())

    it('an act of the desk alone reaches the editors of the other node in time, and moves no public position', async () => {
      const story = await liveStory(first)
      const editor = await colleague(first, 'editor')
      const desk = await watchDesk(two.origin, story.id, editor)
      const state = await desk.next('state')
      assert.deepEqual([state.head, state.you, state.presence], [2, { id: editor.id }, []])
      const publicHead = (await first.reads.heads([story.id])).get(story.id)
      const postId = newId()
      const begin = performance.now()
      await saveDraft(first, EDITOR, story.id, { postId, revision: 0, content: words('Pangolin') })
      const frame = await desk.next('desk')
      const took = performance.now() - begin
      assert.deepEqual(frame, { head: 3, changes: [{ seq: 3, kind: 'save-draft', postId, by: EDITOR.id }] })
      assert.ok(took < (notify ? IN_TIME_MS : WITHOUT_BELL_MS), `${Math.round(took)} ms`)
      await addNote(first, EDITOR, story.id, postId, { id: newId(), text: 'Pangolin' })
      assert.equal((await desk.next('desk')).changes?.[0]?.kind, 'add-note')
      assert.equal((await first.reads.heads([story.id])).get(story.id), publicHead)
      desk.close()
    })

    it('twenty acts at once arrive dense, in the order of the log, at editors of both nodes', async () => {
      const story = await liveStory(first)
      const editor = await colleague(first, 'editor')
      const desks = [await watchDesk(one.origin, story.id, editor), await watchDesk(two.origin, story.id, editor)]
      for (const desk of desks) await desk.next('state')
      await Promise.all(
        Array.from({ length: 20 }, (_, n) => publish(n % 2 ? first : second, story.id, words(`Post ${n}`))),
      )
      for (const desk of desks) {
        const seen: number[] = []
        while (seen.length < 20) seen.push(...((await desk.next('desk')).changes ?? []).map(({ seq }) => seq))
        assert.deepEqual(
          seen,
          Array.from({ length: 20 }, (_, n) => n + 3),
        )
        desk.close()
      }
    })

    it('who is there, and who writes what since when, is known at the other node; who leaves or falls silent is gone', async () => {
      const story = await liveStory(first)
      const [ada, bob] = [await colleague(first, 'editor'), await colleague(first, 'reporter')]
      const desk = await watchDesk(two.origin, story.id, ada)
      await desk.next('state')
      const tell = (body: object) =>
        callApi(one.origin, bob, { method: 'POST', path: `/stories/${story.id}/presence`, body })
      const postId = newId()
      const told = await tell({ postId: null, writing: false, tab: 'a' })
      assert.deepEqual(told, { status: 200, body: { nextIn: 10_000, goneAfter: 30_000 } })
      const [here] = (await desk.next('presence')).presence
      assert.deepEqual([here?.person.id, here?.tab, here?.postId, here?.writing], [bob.id, 'a', null, false])
      await tell({ postId, writing: true, tab: 'a' })
      const [writing] = (await desk.next('presence')).presence
      assert.deepEqual([writing?.postId, writing?.writing], [postId, true])
      await tell({ postId, writing: true, tab: 'a' }) // the same again: `since` stays
      await tell({ postId: null, writing: false, tab: 'b' })
      const both = (await desk.next('presence')).presence
      assert.equal(both.find(({ tab }) => tab === 'a')?.since, writing?.since)
      await tell({ postId: null, writing: false, tab: 'b', leaving: true })
      assert.deepEqual(
        (await desk.next('presence')).presence.map(({ tab }) => tab),
        ['a'],
      )
      // Thirty seconds later, by the database's clock.
      await first.admin.query('UPDATE desk_presence SET seen_at = seen_at - 31000 WHERE story_id = $1', [story.id])
      assert.deepEqual((await desk.next('presence')).presence, [])
      desk.close()
    })

    it('readers of this node are told at once, those of the others within seconds', async () => {
      const story = await liveStory(first)
      const editor = await colleague(first, 'editor')
      const desk = await watchDesk(two.origin, story.id, editor)
      assert.deepEqual((await desk.next('state')).readers, { node: 0, all: 0 })
      const here = await openStream(`${two.origin}/${story.name}/stream`)
      const there = await openStream(`${one.origin}/${story.name}/stream`)
      await here.opened()
      await there.opened()
      const { all } = await desk.until('readers', ({ node }) => node === 1)
      if (all !== 2) await desk.until('readers', ({ node, all }) => node === 1 && all === 2)
      here.close()
      there.close()
      await desk.until('readers', ({ node, all }) => node === 0 && all === 0)
      desk.close()
    })
  })
}

describe('who may read it', () => {
  let store: TestStore
  let node: TestNode
  before(async () => {
    store = await openTestStore()
    node = await startTestNode([], store)
  })
  after(async () => {
    await node.close()
    await store.close()
  })
  const status = async (storyId: string, headers: Record<string, string>) => {
    const stop = new AbortController()
    const answer = await fetch(`${node.origin}/desk/stories/${storyId}/live`, { headers, signal: stop.signal })
    stop.abort()
    return answer.status
  }

  it('nobody without a session: no stranger, no token, no cookie that is none', async () => {
    const story = await liveStory(store)
    const admin = await colleague(store, 'admin')
    const tokens = createTokens({ db: store.db, now: Date.now, random: (size) => new Uint8Array(size).fill(7) })
    const { secret } = await tokens.create({ email: admin.email, name: 'test', scopes: ['read'] })
    for (const headers of [{}, { authorization: `Bearer ${secret}` }, { cookie: `dateline-session=${'x'.repeat(43)}` }])
      assert.equal(await status(story.id, headers as Record<string, string>), 401)
    const viaToken = await fetch(`${node.origin}/api/v1/stories/${story.id}/presence`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      body: JSON.stringify({ postId: null, writing: false }),
    })
    assert.equal(viaToken.status, 403)
  })

  it('no page of another site, and a guest only in the story they were given', async () => {
    const [story, other] = [await liveStory(store), await liveStory(store)]
    const [editor, guest] = [await colleague(store, 'editor'), await colleague(store, 'guest')]
    const { cookie } = editor
    assert.equal(await status(story.id, { cookie, 'sec-fetch-site': 'cross-site' }), 403)
    assert.equal(await status(story.id, { cookie, 'sec-fetch-site': 'same-site' }), 403)
    assert.equal(await status(story.id, { cookie, origin: 'https://evil.example' }), 403)
    assert.equal(await status(story.id, { cookie, origin: node.origin, 'sec-fetch-site': 'same-origin' }), 200)
    assert.equal(await status(newId(), { cookie }), 404)
    await giveRole(store, { ...EDITOR, role: 'admin' }, story.id, guest.id, 'viewer')
    assert.equal(await status(story.id, { cookie: guest.cookie }), 200)
    assert.equal(await status(other.id, { cookie: guest.cookie }), 403)
    const tell = (storyId: string) =>
      callApi(node.origin, guest, {
        method: 'POST',
        path: `/stories/${storyId}/presence`,
        body: { postId: null, writing: false },
      })
    assert.deepEqual([(await tell(story.id)).status, (await tell(other.id)).status], [200, 403])
  })

  it('a contributor hears of nobody else’s draft, neither by an entry of the log nor by who writes it', async () => {
    const story = await liveStory(store)
    const [ada, cleo] = [await colleague(store, 'editor'), await colleague(store, 'contributor')]
    const desk = await watchDesk(node.origin, story.id, cleo)
    await desk.next('state')
    const [hidden, own, unsaved] = [newId(), newId(), newId()]
    await saveDraft(store, EDITOR, story.id, { postId: hidden, revision: 0, content: words('Pangolin') })
    assert.deepEqual(await desk.next('desk'), { head: 4 - 1, changes: [] })
    const tell = (who: typeof ada, postId: string | null) =>
      callApi(node.origin, who, {
        method: 'POST',
        path: `/stories/${story.id}/presence`,
        body: { postId, writing: postId !== null, tab: 'a' },
      })
    for (const postId of [hidden, unsaved]) {
      assert.equal((await tell(ada, postId)).status, 200)
      const said = await desk.next('presence')
      assert.deepEqual([said.presence[0]?.person.id, said.presence[0]?.postId], [ada.id, null])
    }
    assert.equal((await tell(cleo, hidden)).status, 404)
    const by = { ...EDITOR, id: cleo.id, role: 'contributor' as const }
    await saveDraft(store, by, story.id, { postId: own, revision: 0, content: words('Mine') })
    assert.deepEqual(
      (await desk.next('desk')).changes?.map(({ postId }) => postId),
      [own],
    )
    await tell(ada, own)
    assert.equal((await desk.next('presence')).presence[0]?.postId, own)
    desk.close()
  })

  it('a viewer is seen and writes nothing', async () => {
    const story = await liveStory(store)
    const postId = await publish(store, story.id, words('Out'))
    const viewer = await colleague(store, 'viewer')
    const tell = (writing: boolean) =>
      callApi(node.origin, viewer, {
        method: 'POST',
        path: `/stories/${story.id}/presence`,
        body: { postId, writing },
      })
    assert.deepEqual([(await tell(false)).status, (await tell(true)).status], [200, 403])
  })

  it('ends within seconds with the session, the role or the account, saying which', async () => {
    const story = await liveStory(store)
    const admin = { ...EDITOR, role: 'admin' as const }
    const accounts = accountsOf(store)
    const signedOut = await colleague(store, 'editor')
    const closed = await colleague(store, 'editor')
    const guest = await colleague(store, 'guest')
    await giveRole(store, admin, story.id, guest.id, 'viewer')
    const ends: [typeof guest, () => Promise<unknown>, string][] = [
      [signedOut, () => accounts.closeSession(signedOut.sessionId), 'unauthorized'],
      [
        closed,
        () => store.admin.query('UPDATE account SET disabled_at = 1 WHERE id = $1', [closed.id]),
        'unauthorized',
      ],
      [guest, () => giveRole(store, admin, story.id, guest.id, null), 'forbidden'],
    ]
    for (const [who, end, reason] of ends) {
      const desk = await watchDesk(node.origin, story.id, who)
      await desk.next('state')
      await end()
      assert.deepEqual(await desk.next('end', PATIENCE_MS), { reason })
      await assert.rejects(desk.next('beat', PATIENCE_MS), /ended/)
    }
  })

  it('an open stream alone keeps nobody signed in', async () => {
    const story = await liveStory(store)
    const editor = await colleague(store, 'editor')
    const idle = Date.now() - 11 * 3_600_000
    const desk = await watchDesk(node.origin, story.id, editor)
    await desk.next('state')
    await store.admin.query('UPDATE session SET seen_at = $2 WHERE id = $1', [editor.sessionId, idle])
    await new Promise((resolve) => setTimeout(resolve, 2_500)) // one turn of asking
    const { rows } = await store.admin.query('SELECT seen_at FROM session WHERE id = $1', [editor.sessionId])
    assert.equal(Number(rows[0].seen_at), idle)
    desk.close()
  })

  it('more windows than one person has are refused, and a place that is left is free again', async () => {
    const story = await liveStory(store)
    const editor = await colleague(store, 'editor')
    const desks = []
    for (let n = 0; n < 20; n++) desks.push(await watchDesk(node.origin, story.id, editor))
    assert.equal(await status(story.id, { cookie: editor.cookie }), 429)
    desks.pop()?.close()
    for (let tries = 0; (await status(story.id, { cookie: editor.cookie })) !== 200; tries++) {
      assert.ok(tries < 50)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    for (const desk of desks) desk.close()
  })
})
