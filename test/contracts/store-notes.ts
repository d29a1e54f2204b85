// The part of the store contract about notes for the desk: beside a post and between shifts. No public position moves by any.
// Called by store.ts.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isAppError } from '../../src/domain/error.ts'
import { MAX_NOTES } from '../../src/domain/note.ts'
import { addNote } from '../../src/newsroom/add-note.ts'
import { deleteNote } from '../../src/newsroom/delete-note.ts'
import { saveDraft } from '../../src/newsroom/save-draft.ts'
import { setShiftNote } from '../../src/newsroom/set-shift-note.ts'
import { withdrawPost } from '../../src/newsroom/withdraw-post.ts'
import { ACTOR, type Get, head, liveStory, newId, publish, words } from './store-kit.ts'

const BOB = { ...ACTOR, id: 'reporter-1', name: 'Bob', role: 'reporter' as const }
const conflict = (error: unknown) => isAppError(error, 'conflict')

export function notes(get: Get): void {
  test('notes stand beside their post in the order they came, once each, and a note taken away leaves who took it', async () => {
    const store = get()
    const storyId = await liveStory(store)
    const [postId, other] = [await publish(store, storyId, 'Bridge'), await publish(store, storyId, 'Harbour')]
    const before = await head(store, storyId)
    const [first, second] = [newId(), newId()]
    await addNote(store, BOB, storyId, postId, { id: first, text: ' Who says so?\r\n' })
    await addNote(store, ACTOR, storyId, postId, { id: second, text: 'The police' })
    await addNote(store, ACTOR, storyId, other, { id: newId(), text: 'Elsewhere' })
    assert.equal((await addNote(store, BOB, storyId, postId, { id: first, text: 'Who says so?' })).repeated, true)
    await assert.rejects(addNote(store, BOB, storyId, postId, { id: first, text: 'Other words' }), conflict)
    await assert.rejects(addNote(store, ACTOR, storyId, postId, { id: first, text: 'Who says so?' }), conflict)
    const thread = () => store.acts.act(storyId, (act) => act.notes(postId))
    assert.deepEqual(
      (await thread()).map(({ id, by, text }) => [id, by.name, text]),
      [
        [first, 'Bob', 'Who says so?'],
        [second, 'Ada', 'The police'],
      ],
    )
    const foreign = deleteNote(store, BOB, storyId, postId, second)
    await assert.rejects(foreign, (error) => isAppError(error, 'forbidden'))
    await deleteNote(store, ACTOR, storyId, postId, first)
    assert.equal((await deleteNote(store, BOB, storyId, postId, first)).repeated, true)
    const [gone, stays] = await thread()
    assert.deepEqual([gone?.text, gone?.by.name, gone?.deleted?.by.name], [null, 'Bob', 'Ada'])
    assert.deepEqual([stays?.text, stays?.deleted], ['The police', null])
    assert.equal((await addNote(store, BOB, storyId, postId, { id: first, text: 'Back' })).repeated, true)
    assert.equal((await thread())[0]?.text, null, 'a note that was taken away does not come back')
    assert.equal(await head(store, storyId), before)
  })

  test('a note is refused without words, with too many, on a post that is not here, and past the bound of a post', async () => {
    const store = get()
    const storyId = await liveStory(store)
    const postId = await publish(store, storyId, 'Bridge')
    const add = (text: string, at = postId) => addNote(store, ACTOR, storyId, at, { id: newId(), text })
    for (const text of ['', ' \n\t', 'x'.repeat(2_001)])
      await assert.rejects(add(text), (error) => isAppError(error, 'invalid'))
    await assert.rejects(add('Where?', newId()), (error) => isAppError(error, 'not_found'))
    const elsewhere = await publish(store, await liveStory(store), 'In another story')
    await assert.rejects(add('Where?', elsewhere), (error) => isAppError(error, 'not_found'))
    const viewer = addNote(store, { ...BOB, role: 'viewer' }, storyId, postId, { id: newId(), text: 'No' })
    await assert.rejects(viewer, (error) => isAppError(error, 'forbidden'))
    for (let n = 0; n < MAX_NOTES; n++) await add(`Note ${n}`)
    await assert.rejects(add('One more'), conflict)
    assert.equal((await store.acts.act(storyId, (act) => act.notes(postId))).length, MAX_NOTES)
  })

  test('a contributor writes beside their own draft and what is out, and finds no draft of others', async () => {
    const store = get()
    const storyId = await liveStory(store)
    const contributor = { ...BOB, id: 'contributor-1', role: 'contributor' as const }
    const [out, own, hidden] = [await publish(store, storyId, 'Out'), newId(), newId()]
    await saveDraft(store, contributor, storyId, { postId: own, revision: 0, content: words('Own') })
    await saveDraft(store, ACTOR, storyId, { postId: hidden, revision: 0, content: words('Hidden') })
    const add = (postId: string) => addNote(store, contributor, storyId, postId, { id: newId(), text: 'Asked' })
    await add(out)
    await add(own)
    await assert.rejects(add(hidden), (error) => isAppError(error, 'not_found'))
    await withdrawPost(store, ACTOR, storyId, out, { trace: 'none', reason: '' })
    await add(out)
  })

  test('the shift note is one, in versions: who saw an older one is told, and nothing is overwritten', async () => {
    const store = get()
    const storyId = await liveStory(store)
    const before = await head(store, storyId)
    const now = () => store.acts.act(storyId, (act) => act.shiftNote())
    assert.equal(await now(), null)
    await setShiftNote(store, ACTOR, storyId, { revision: 0, text: 'The mayor at six' })
    assert.equal((await setShiftNote(store, BOB, storyId, { revision: 0, text: 'The mayor at six' })).repeated, true)
    await assert.rejects(setShiftNote(store, BOB, storyId, { revision: 0, text: 'The harbour at seven' }), (error) => {
      assert.ok(isAppError(error, 'conflict'))
      const { shiftNote } = error.details as { shiftNote: { text: string; revision: number } }
      return shiftNote.text === 'The mayor at six' && shiftNote.revision === 1
    })
    await setShiftNote(store, BOB, storyId, { revision: 1, text: 'Both' })
    const note = await now()
    assert.deepEqual([note?.revision, note?.by, note?.text], [2, { id: BOB.id, name: 'Bob' }, 'Both'])
    await setShiftNote(store, BOB, storyId, { revision: 2, text: '' })
    assert.deepEqual([(await now())?.revision, (await now())?.text], [3, ''])
    const long = setShiftNote(store, BOB, storyId, { revision: 3, text: 'x'.repeat(5_001) })
    await assert.rejects(long, (error) => isAppError(error, 'invalid'))
    assert.equal(await head(store, storyId), before)
  })

  test('of two who write the shift note at the same moment one is told', async () => {
    const store = get()
    const storyId = await liveStory(store)
    const tries = ['One', 'Two', 'Three'].map((text) => setShiftNote(store, ACTOR, storyId, { revision: 0, text }))
    const done = await Promise.allSettled(tries)
    assert.deepEqual(done.map(({ status }) => status).sort(), ['fulfilled', 'rejected', 'rejected'])
  })
}
