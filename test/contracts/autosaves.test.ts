// Autosaves on a real database: what is kept, by whom, in which numbers, and that no act and no reader notices.
// Run by node --test, on the embedded engine and on TEST_DATABASE_URL.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { MAX_AUTOSAVES } from '../../src/domain/autosave.ts'
import { MAX_CONTENT_BYTES, type PostContentInput } from '../../src/domain/content.ts'
import { decidePauseStory } from '../../src/domain/decide-story.ts'
import { isAppError } from '../../src/domain/error.ts'
import type { Actor } from '../../src/domain/permission.ts'
import { autosavePost } from '../../src/newsroom/autosave-post.ts'
import { giveRole } from '../../src/newsroom/give-role.ts'
import { resumeStory } from '../../src/newsroom/pause-story.ts'
import { publishPost } from '../../src/newsroom/publish-post.ts'
import { revisePost } from '../../src/newsroom/revise-post.ts'
import { saveDraft } from '../../src/newsroom/save-draft.ts'
import { undoPublish } from '../../src/newsroom/undo-publish.ts'
import { withdrawPhoto } from '../../src/newsroom/withdraw-photo.ts'
import { withdrawPost } from '../../src/newsroom/withdraw-post.ts'
import { withdrawStory } from '../../src/newsroom/withdraw-story.ts'
import { createAccounts } from '../../src/store/accounts.ts'
import { type Autosaves, createAutosaves } from '../../src/store/autosaves.ts'
import { EDITOR, liveStory, newId, publish, words } from '../helpers/acts.ts'
import { openTestStore, type TestStore } from '../helpers/database.ts'

const PATIENCE_MS = 2_000 // far below the 5 s that a lock is waited for
const BO: Actor = { id: 'reporter-bo', name: 'Bo', role: 'reporter', credential: 'test' }
const CY: Actor = { id: 'reporter-cy', name: 'Cy', role: 'reporter', credential: 'test' }
const NEWCOMER: Actor = { id: 'contributor-di', name: 'Di', role: 'contributor', credential: 'test' }

let store: TestStore
let autosaves: Autosaves
let story: string
before(async () => {
  store = await openTestStore()
  autosaves = createAutosaves(store.db)
  story = (await liveStory(store)).id
})
after(() => store.close())

async function type(postId: string, content: PostContentInput | string, by = EDITOR, storyId = story, revision = 0) {
  const typed = typeof content === 'string' ? words(content) : content
  return autosavePost({ autosaves }, by, storyId, { postId, revision, content: typed })
}

async function kept(postId: string): Promise<string[]> {
  const lines = await autosaves.list(story, postId)
  const all = await Promise.all(lines.map(({ id }) => autosaves.one(story, postId, id)))
  return all.map((one) => one?.content.headline ?? '')
}

const refused = (work: Promise<unknown>, code: Parameters<typeof isAppError>[1]) =>
  assert.rejects(work, (error) => isAppError(error, code))

/** Every row that an act or a reader could notice, as text. */
async function everythingElse(): Promise<string> {
  const tables = ['story', 'post', 'post_revision', 'post_media', 'desk_entry', 'public_entry', 'media']
  const found = tables.map((name) => `SELECT '${name}' AS name, to_jsonb(t)::text AS row FROM ${name} t`)
  return JSON.stringify((await store.admin.query(`${found.join(' UNION ALL ')} ORDER BY 1, 2`)).rows)
}

/** The work, or a failure when it has to wait for something. */
async function atOnce<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`It waited for more than ${PATIENCE_MS} ms.`)), PATIENCE_MS)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

describe('an autosave', () => {
  it('keeps a text before its post is there, while it is a draft, and while it is published; newest first', async () => {
    const post = newId()
    const first = await type(post, 'Before')
    await saveDraft(store, EDITOR, story, { postId: post, revision: 0, content: words('Draft') })
    await type(post, 'Draft, more', EDITOR, story, 1)
    await publishPost(store, EDITOR, story, { postId: post, content: words('Out'), revision: 1 })
    await type(post, 'Out, more', EDITOR, story, 2)
    const lines = await autosaves.list(story, post)
    assert.deepEqual(
      lines.map(({ revision, by }) => [revision, by.id]),
      [2, 1, 0].map((revision) => [revision, EDITOR.id]),
    )
    assert.deepEqual(await kept(post), ['Out, more', 'Draft, more', 'Before'])
    assert.deepEqual([lines[2]?.id, lines[2]?.at, first.repeated], [first.id, first.at, false])
    const clock = await store.acts.act(story, async ({ now }) => now)
    assert.ok(Math.abs(clock - first.at) < 60_000, 'ms UTC of the database')
  })

  it('moves nothing else: no entry, no revision, no position, no use of a photo', async () => {
    const [draft, out, unborn, media] = [newId(), newId(), newId(), newId()]
    await saveDraft(store, EDITOR, story, { postId: draft, revision: 0, content: words('Draft') })
    await publishPost(store, EDITOR, story, { postId: out, content: words('Out') })
    await store.media.save({ id: media, width: 30, height: 20, bytes: 1, metadata: {}, createdBy: EDITOR.id })
    const before = await everythingElse()
    const image = { type: 'image' as const, media, alt: '', caption: 'Not yet', credit: '' }
    for (const post of [draft, out, unborn]) await type(post, { headline: 'Typed', blocks: [image] })
    assert.equal(await everythingElse(), before)
    assert.equal(await store.media.isPublic(media), false)
    assert.deepEqual(await store.media.usesOf(media), [])
  })

  it('is kept however little of the text is there', async () => {
    const post = newId()
    const image = { type: 'image' as const, alt: '', caption: '', credit: '' }
    const unfinished: PostContentInput['blocks'] = [
      { type: 'paragraph', text: [] },
      { type: 'heading', level: 3, text: [{ text: '' }] },
      { type: 'list', ordered: false, items: [[]] },
      { type: 'quote', text: [[]], speaker: { name: '' } },
      { type: 'table', header: [], rows: [] },
      { type: 'data', title: '', items: [{ label: '', value: '' }] },
      { type: 'gallery', images: [image] },
      image,
    ]
    for (const blocks of [[], ...unfinished.map((block) => [block]), unfinished])
      assert.equal((await type(post, { headline: '', blocks })).repeated, false)
    assert.equal((await autosaves.list(story, post)).length, unfinished.length + 2)
  })

  it('is refused for its shape and its size only', async () => {
    const post = newId()
    const html = { headline: 'H', blocks: [{ type: 'html', text: '<b>' }] } as unknown as PostContentInput
    await refused(type(post, html), 'invalid')
    const long = { type: 'paragraph' as const, text: [{ text: 'x'.repeat(10_000) }] }
    const large = { headline: '', blocks: Array.from({ length: MAX_CONTENT_BYTES / 10_000 + 1 }, () => long) }
    await refused(type(post, large), 'too_large')
    await refused(type('NOT AN ID', 'H'), 'invalid')
    for (const revision of [-1, 0.5, 2_147_483_648, Number.NaN])
      await refused(type(post, 'H', EDITOR, story, revision), 'invalid')
    assert.deepEqual(await kept(post), [])
  })

  it('that says the same again is the one that is there; another person’s, or of another revision, is not', async () => {
    const post = newId()
    await saveDraft(store, BO, story, { postId: post, revision: 0, content: words('Draft') })
    const first = await type(post, 'Same', BO)
    assert.deepEqual(await type(post, 'Same', BO), { ...first, repeated: true })
    await type(post, 'Same', EDITOR)
    await type(post, 'Same', EDITOR, story, 1)
    await type(post, 'Other', EDITOR, story, 1)
    await type(post, 'Same', EDITOR, story, 1)
    assert.deepEqual(await kept(post), ['Same', 'Other', 'Same', 'Same', 'Same'])
  })

  it('of a post is read by its own story, post and number only', async () => {
    const [post, other] = [newId(), newId()]
    const { id } = await type(post, 'Mine')
    const { id: theirs } = await type(other, 'Theirs')
    assert.equal((await autosaves.one(story, post, id))?.content.headline, 'Mine')
    assert.equal(await autosaves.one(story, post, theirs), null)
    assert.equal(await autosaves.one(newId(), post, id), null)
    assert.deepEqual(await autosaves.list(newId(), post), [])
    assert.equal(await autosaves.one(story, post, 999_999_999_999_999), null)
  })
})

describe('the bound', () => {
  const texts = (from: number, count: number) => Array.from({ length: count }, (_, at) => `Text ${from + at}`)

  it('leaves the newest of a post and touches no other post', async () => {
    const [post, other] = [newId(), newId()]
    await type(other, 'Stays')
    for (const text of texts(1, MAX_AUTOSAVES + 5)) await type(post, text)
    assert.deepEqual(await kept(post), texts(6, MAX_AUTOSAVES).reverse())
    assert.deepEqual(await kept(other), ['Stays'])
  })

  it('loses nothing that should be kept, and holds, when fifty come at once', async () => {
    const post = newId()
    await Promise.all(texts(1, MAX_AUTOSAVES).map((text) => type(post, text)))
    assert.deepEqual((await kept(post)).sort(), texts(1, MAX_AUTOSAVES).sort(), 'all of the first fifty')
    const answers = await Promise.all(texts(101, MAX_AUTOSAVES).map((text) => type(post, text)))
    assert.deepEqual((await kept(post)).sort(), texts(101, MAX_AUTOSAVES).sort(), 'and then all of the next')
    const ids = (await autosaves.list(story, post)).map(({ id }) => id)
    assert.deepEqual(
      ids,
      answers.map(({ id }) => id).sort((a, b) => b - a),
    )
  })

  it('holds at every moment, from two people at one text', async () => {
    const post = newId()
    await saveDraft(store, BO, story, { postId: post, revision: 0, content: words('Draft') })
    let looking = true
    let most = 0
    const look = async () => {
      while (looking) {
        const { rows } = await store.admin.query('SELECT count(*)::int AS n FROM post_autosave WHERE post_id = $1', [
          post,
        ])
        most = Math.max(most, rows[0].n)
      }
    }
    const looks = look()
    await Promise.all(texts(1, 2 * MAX_AUTOSAVES).map((text, at) => type(post, text, at % 2 ? BO : EDITOR)))
    looking = false
    await looks
    assert.equal(most, MAX_AUTOSAVES)
  })
})

describe('the lock of a story', () => {
  it('is not waited for: a text is kept while an act holds the story', async () => {
    const post = newId()
    await store.acts.act(story, async () => {
      assert.equal((await atOnce(type(post, 'Meanwhile'))).repeated, false)
    })
    await store.acts.act(story, async (act) => {
      if (act.story) await act.record(EDITOR, decidePauseStory(act.story))
      await atOnce(type(post, 'While it is written'))
    })
    await resumeStory(store, EDITOR, story)
    assert.deepEqual(await kept(post), ['While it is written', 'Meanwhile'])
  })

  it('is not held: an act goes on while a text is being kept', async () => {
    const post = newId()
    await autosaves.type(story, post, async (typing) => {
      await typing.keep(EDITOR, { revision: 0, content: { ...CONTENT } })
      await atOnce(publish(store, story, words('Published meanwhile')))
    })
    assert.deepEqual(await kept(post), ['Kept'])
  })

  it('still lets one act after the other: acts at once take positions without a gap', async () => {
    const own = (await liveStory(store)).id
    await Promise.all(Array.from({ length: 12 }, (_, at) => publish(store, own, words(`Post ${at}`))))
    const { rows } = await store.admin.query('SELECT seq FROM public_entry WHERE story_id = $1 ORDER BY seq', [own])
    assert.deepEqual(
      rows.map(({ seq }) => seq),
      Array.from({ length: 14 }, (_, at) => at + 1),
    )
  })
})

describe('rights', () => {
  it('are those of saving a draft, and of revising once it is published', async () => {
    const draft = newId()
    await saveDraft(store, BO, story, { postId: draft, revision: 0, content: words('Draft') })
    await type(draft, 'By its author', BO)
    await type(draft, 'By an editor', EDITOR)
    await refused(type(draft, 'By somebody else', CY), 'forbidden')
    await publishPost(store, EDITOR, story, { postId: draft, content: words('Out'), revision: 1 })
    await type(draft, 'Still by its author', BO, story, 2)
    await refused(type(draft, 'Still somebody else', CY), 'forbidden')

    const first = newId()
    await saveDraft(store, NEWCOMER, story, { postId: first, revision: 0, content: words('Draft') })
    await type(first, 'By a contributor', NEWCOMER)
    await publishPost(store, EDITOR, story, { postId: first, content: words('Out'), revision: 1 })
    await refused(type(first, 'May not revise', NEWCOMER), 'forbidden')
    await undoPublish(store, EDITOR, story, first)
    await type(first, 'May again', NEWCOMER, story, 2)
    for (const role of ['viewer', 'guest'] as const) await refused(type(newId(), 'No', { ...BO, role }), 'forbidden')
  })

  it('before the post is there are theirs who typed it first, and an editor’s', async () => {
    const post = newId()
    await type(post, 'Bo began', BO)
    await refused(type(post, 'Cy goes on', CY), 'forbidden')
    await type(post, 'Ada goes on', EDITOR)
    await type(post, 'Bo goes on', BO)
    assert.deepEqual(await kept(post), ['Bo goes on', 'Ada goes on', 'Bo began'])
  })

  it('are asked at the moment of effect, in that story', async () => {
    const own = (await liveStory(store)).id
    const accounts = createAccounts({ db: store.db, now: Date.now, random: randomBytes })
    const gus = { name: 'Gus', email: 'gus@example.org', password: 'correct horse battery' }
    const { id } = await accounts.createAccount(gus, 'guest')
    const guest: Actor = { id, name: 'Gus', role: 'editor', credential: `account:${id}` }
    await refused(type(newId(), 'What the request said does not count', guest, own), 'forbidden')
    await giveRole(store, { ...EDITOR, role: 'admin' }, own, id, 'reporter')
    const post = newId()
    await type(post, 'In this story', guest, own)
    assert.equal((await autosaves.list(own, post))[0]?.by.name, 'Gus')
    await refused(type(newId(), 'Not in that one', guest), 'forbidden')
    await giveRole(store, { ...EDITOR, role: 'admin' }, own, id, null)
    await refused(type(post, 'No more', guest, own), 'forbidden')
    await store.admin.query('UPDATE account SET disabled_at = 1 WHERE id = $1', [id])
    await refused(type(post, 'Closed', guest, own), 'unauthorized')
  })

  it('end at another story’s post, at a withdrawn post, and at a story that is not there', async () => {
    const other = (await liveStory(store)).id
    const [there, typed] = [await publish(store, other, words('There')), newId()]
    await type(typed, 'There', EDITOR, other)
    for (const post of [there, typed]) await refused(type(post, 'Here'), 'conflict')
    assert.deepEqual([await kept(there), await kept(typed)], [[], []])

    await type(there, 'Last words', EDITOR, other)
    await withdrawPost(store, EDITOR, other, there, { trace: 'none', reason: '' })
    await refused(type(there, 'Too late', EDITOR, other), 'conflict')
    assert.equal((await autosaves.list(other, there)).length, 1, 'what was kept before stays at the desk')

    await refused(type(newId(), 'Nowhere', EDITOR, newId()), 'not_found')
    await withdrawStory(store, EDITOR, other, 'Law')
    await refused(type(newId(), 'Gone', EDITOR, other), 'conflict')
  })
})

it('a photo in an autosave is no use of it: withdrawing it finds nothing there, and it cannot be saved from there', async () => {
  const [post, media] = [newId(), newId()]
  await store.media.save({ id: media, width: 30, height: 20, bytes: 1, metadata: {}, createdBy: EDITOR.id })
  const content = {
    headline: 'With a photo',
    blocks: [{ type: 'image' as const, media, alt: '', caption: '', credit: '' }],
  }
  await type(post, content)
  assert.deepEqual(await withdrawPhoto({ ...store, photos: store.media }, EDITOR, media, { reason: 'Not ours' }), [])
  assert.equal((await type(post, content)).repeated, true, 'what is typed is kept all the same')
  await refused(saveDraft(store, EDITOR, story, { postId: post, revision: 0, content }), 'invalid')
})

it('saving a text leaves its autosaves: who goes back finds what was there before', async () => {
  const post = await publish(store, story, words('One'))
  await type(post, 'Two, typed', EDITOR, story, 1)
  await revisePost(store, EDITOR, story, post, { revision: 1, content: words('Two') })
  assert.deepEqual(await kept(post), ['Two, typed'])
})

const CONTENT = {
  headline: 'Kept',
  ...{ place: '', blocks: [], bylines: [], tags: [], source: '', rights: '' },
  ...{ verification: 'none' as const, breaking: false, eventAt: null },
}
