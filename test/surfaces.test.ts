// Law 7: every surface of the table, before a post is released and after it was withdrawn; and law 6: visible() and its SQL twin.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createPictures } from '../src/cli/pictures.ts'
import { personPath, tagPath } from '../src/domain/address.ts'
import { newPost } from '../src/domain/decide-post.ts'
import { isAppError } from '../src/domain/error.ts'
import { POST_STATES, type Post } from '../src/domain/post.ts'
import { VISIBILITIES } from '../src/domain/story.ts'
import { photoVisible, postVisible } from '../src/domain/visible.ts'
import { addNote } from '../src/newsroom/add-note.ts'
import { autosavePost } from '../src/newsroom/autosave-post.ts'
import { correctPost } from '../src/newsroom/correct-post.ts'
import { deleteNote } from '../src/newsroom/delete-note.ts'
import { embargoPost } from '../src/newsroom/embargo-post.ts'
import { markKeyEvent } from '../src/newsroom/mark-key-event.ts'
import { pinPost } from '../src/newsroom/pin-post.ts'
import { publishPost } from '../src/newsroom/publish-post.ts'
import { saveDraft } from '../src/newsroom/save-draft.ts'
import { schedulePost } from '../src/newsroom/schedule-post.ts'
import { setShiftNote } from '../src/newsroom/set-shift-note.ts'
import { setVisibility } from '../src/newsroom/set-visibility.ts'
import { submitPost } from '../src/newsroom/submit-post.ts'
import { withdrawPhoto } from '../src/newsroom/withdraw-photo.ts'
import { withdrawPost } from '../src/newsroom/withdraw-post.ts'
import { withdrawStory } from '../src/newsroom/withdraw-story.ts'
import { systemActor } from '../src/store/accounts.ts'
import { createAutosaves } from '../src/store/autosaves.ts'
import { postToRow } from '../src/store/rows.ts'
import { createTogether } from '../src/store/together.ts'
import { SURFACES, type Subject } from '../src/web/surfaces.ts'
import { EDITOR, liveStory, newId, publish, words } from './helpers/acts.ts'
import { startTestNode, type TestNode } from './helpers/node.ts'
import { flat } from './helpers/pictures.ts'
import { contentOf } from './helpers/public-story.ts'

let node: TestNode
before(async () => {
  node = await startTestNode()
})
after(() => node.close())

/** Everything a reader can tell about an address; the stream is read for a moment. */
async function look(path: string): Promise<string> {
  if (path.includes('/stream')) return lookAtStream(path)
  const answer = await fetch(`${node.origin}${path}`, { redirect: 'manual' })
  const headers = [...answer.headers].filter(([name]) => name !== 'date')
  return JSON.stringify([answer.status, headers, Buffer.from(await answer.arrayBuffer()).toString('latin1')])
}

const LOOK_MS = 100 // twice, each after an answer made from the same rows: a busy machine takes its time for both

async function lookAtStream(path: string, again = true): Promise<string> {
  const stop = new AbortController()
  const answer = await fetch(`${node.origin}${path}`, { signal: stop.signal })
  let text = `${answer.status}`
  let ended = false
  const reading = (async () => {
    for await (const part of answer.body ?? []) text += Buffer.from(part as Uint8Array).toString()
    ended = true // it was none: a refusal
  })().catch(() => undefined) // aborted: a stream has no end
  const catchUp = `${node.origin}${path.replace('/stream?since=', '/since/')}`
  for (let [had, looks] = ['', 0]; !ended && (text !== had || looks < 2); looks++) {
    had = text
    await (await fetch(catchUp)).arrayBuffer()
    await sleep(LOOK_MS)
  }
  stop.abort()
  await reading
  // The node's beat comes every quarter of a minute, whatever was done: a look that met it is taken once more.
  return again && text.includes('event: beat\n') ? lookAtStream(path, false) : text
}

async function lookEverywhere(subject: Subject): Promise<Map<string, string>> {
  const seen = new Map<string, string>()
  for (const surface of SURFACES) {
    for (const address of surface.addresses(subject)) seen.set(`${surface.name} ${address}`, await look(address))
  }
  return seen
}

/** The database's clock, ms UTC. */
function clock(): Promise<number> {
  return node.store.acts.act(newId(), async (act) => act.now)
}

/** No person: its rights cannot be lost before the moment. */
const CLOCK = systemActor('test')

async function subjectOf(
  storyId: string,
  name: string,
  postId: string,
  beforeSeq: number,
  mediaIds: string[] = [],
): Promise<Subject> {
  const head = (await node.store.reads.heads([storyId])).get(storyId) ?? 0
  const epoch = await node.store.reads.epoch()
  return { name, storyId, postId, mediaIds, before: `${epoch}.${beforeSeq}`, head: `${epoch}.${head}` }
}

/** All of them show a pinned post. */
const API_SURFACES = SURFACES.map((surface) => surface.name).filter((name) => name.startsWith('api-'))

describe('the table of surfaces', () => {
  it('names exactly the surfaces that public routes declare', () => {
    const declared = node.routes.filter((route) => route.surface).map((route) => route.surface)
    assert.deepEqual([...new Set(declared)].sort(), SURFACES.map((surface) => surface.name).sort())
  })

  it('has no public route about a story, a post or media outside of it', () => {
    const outside = node.routes.filter(
      (route) => route.access === 'public' && ['story', 'post', 'media'].includes(route.object) && !route.surface,
    )
    assert.deepEqual(
      outside.map((route) => route.url),
      [],
    )
  })
})

describe('before release', () => {
  it('every surface is byte for byte as if the post did not exist', async () => {
    const story = await liveStory(node.store)
    await publish(node.store, story.id, words('Something public'))
    const hidden = newId()
    const subject = await subjectOf(story.id, story.name, hidden, 0)
    const without = await lookEverywhere(subject)
    for (const state of ['draft', 'submitted', 'scheduled'] as const)
      await insertPost(story.id, state === 'draft' ? hidden : newId(), state)
    assert.deepEqual(await lookEverywhere(subject), without)
  })

  it('an embargoed and scheduled post changes no byte before its moment, and stands there within a second after it', async () => {
    const story = await liveStory(node.store)
    await publish(node.store, story.id, words('Something public'))
    const [postId, mediaId] = [newId(), newId()]
    const subject = {
      ...(await subjectOf(story.id, story.name, postId, 0)),
      mediaIds: [mediaId],
      byline: 'Zebra Finch',
    }
    const without = await lookEverywhere(subject)
    const same = async (step: string) => assert.deepEqual(await lookEverywhere(subject), without, step)

    const record = { width: 30, height: 20, bytes: 1, metadata: {}, createdBy: CLOCK.id }
    await node.store.media.save({ id: mediaId, ...record })
    const image = { type: 'image' as const, media: mediaId, alt: 'zebrafinch', caption: 'zebrafinch', credit: '' }
    const content = {
      headline: 'zebrafinch',
      blocks: [image],
      tags: ['zebrafinch'],
      bylines: [{ name: 'Zebra Finch' }],
    }
    await saveDraft(node.store, CLOCK, story.id, { postId, revision: 0, content, keyEvent: { title: 'zebrafinch' } })
    await same('a draft')
    await submitPost(node.store, CLOCK, story.id, postId, 1)
    await same('submitted')
    const at = (await clock()) + 5_000
    await embargoPost(node.store, CLOCK, story.id, postId, { embargo: { until: at, zone: 'Europe/Paris' } })
    await schedulePost(node.store, CLOCK, story.id, postId, { revision: 1, release: { at, zone: 'Europe/Paris' } })
    await same('embargoed and scheduled')
    const early = publishPost(node.store, CLOCK, story.id, { postId, content, revision: 1 })
    await assert.rejects(early, (error) => isAppError(error, 'conflict'))
    let looks = 0
    for (; at - (await clock()) > 1_500; looks++) await same('while the moment comes nearer')
    assert.ok(looks > 0)
    while ((await clock()) < at + 1_000) await sleep(20)
    assert.match(await look(`/${story.name}`), /zebrafinch/)
    assert.match(await look(personPath('Zebra Finch')), /^\[200.*zebrafinch/s)
  })

  it('what is only typed changes no byte: before its post is there, while it is a draft, and while it is published', async () => {
    const story = await liveStory(node.store)
    const [hidden, mediaId] = [newId(), newId()]
    const shown = await publish(node.store, story.id, words('Something public'))
    const record = { width: 30, height: 20, bytes: 1, metadata: {}, createdBy: EDITOR.id }
    await node.store.media.save({ id: mediaId, ...record })
    const extras = { mediaIds: [mediaId], byline: 'Zebra Finch' }
    const subjects = [
      { ...(await subjectOf(story.id, story.name, hidden, 0)), ...extras },
      { ...(await subjectOf(story.id, story.name, shown, 2)), ...extras },
    ]
    const seen = () => Promise.all(subjects.map(lookEverywhere))
    const without = await seen()
    const image = { type: 'image' as const, media: mediaId, alt: 'zebrafinch', caption: 'zebrafinch', credit: '' }
    const content = { headline: 'zebrafinch', blocks: [image], bylines: [{ name: 'Zebra Finch' }] }
    const autosaves = createAutosaves(node.store.db)
    const type = async (postId: string, revision: number) => {
      const { id } = await autosavePost({ autosaves }, EDITOR, story.id, { postId, revision, content })
      assert.match(JSON.stringify(await autosaves.one(story.id, postId, id)), /zebrafinch/)
      assert.deepEqual(await seen(), without, `${postId === shown ? 'published' : 'unpublished'}, revision ${revision}`)
    }
    await type(hidden, 0)
    await saveDraft(node.store, EDITOR, story.id, { postId: hidden, revision: 0, content: words('Draft') })
    await type(hidden, 1)
    await type(shown, 1)
  })

  it('a note for the desk changes no byte: beside a post under embargo, beside one that is out, and between shifts', async () => {
    const story = await liveStory(node.store)
    const [hidden, shown] = [newId(), await publish(node.store, story.id, words('Something public'))]
    const subjects = [await subjectOf(story.id, story.name, hidden, 0), await subjectOf(story.id, story.name, shown, 2)]
    const seen = () => Promise.all(subjects.map(lookEverywhere))
    const without = await seen()
    await saveDraft(node.store, CLOCK, story.id, { postId: hidden, revision: 0, content: words('zebrafinch') })
    const until = (await clock()) + 3_600_000
    await embargoPost(node.store, CLOCK, story.id, hidden, { embargo: { until, zone: 'UTC' } })
    for (const postId of [hidden, shown]) {
      const id = newId()
      await addNote(node.store, EDITOR, story.id, postId, { id, text: 'zebrafinch' })
      assert.deepEqual(await seen(), without, 'a note')
      await deleteNote(node.store, EDITOR, story.id, postId, id)
      assert.deepEqual(await seen(), without, 'a note that was taken away')
    }
    await setShiftNote(node.store, EDITOR, story.id, { revision: 0, text: 'zebrafinch' })
    const together = createTogether(node.store.db)
    const here = { storyId: story.id, sessionId: newId(), tab: '', person: { id: newId(), name: 'zebrafinch' } }
    await together.say({ ...here, postId: hidden, writing: true })
    assert.deepEqual(await seen(), without, 'a shift note, and somebody who is there')
  })

  it('a private story is as absent as one that never was', async () => {
    const story = await liveStory(node.store, { visibility: 'private', title: 'Secret plan' })
    const postId = await publish(node.store, story.id, words('zebrafinch'))
    const there = await lookEverywhere(await subjectOf(story.id, story.id, postId, 0))
    const nowhere = newId()
    const absent = await lookEverywhere(await subjectOf(nowhere, nowhere, postId, 0))
    assert.deepEqual(
      [...there.values()],
      [...absent.values()].map((seen) => seen.replaceAll(nowhere, story.id)),
    )
    assert.equal((await fetch(`${node.origin}/secret-plan`)).status, 404)
  })
})

describe('after release and withdrawal', () => {
  for (const trace of ['line', 'none'] as const) {
    it(`every surface that showed the post holds nothing of it but its trace (${trace})`, async () => {
      const story = await liveStory(node.store)
      await publish(node.store, story.id, words('An older one'))
      const byline = `Ibex ${trace}`
      const tag = `Antelope ${trace}`
      const bylines = [{ name: byline, role: 'Role quokka' }]
      const content = { ...words('Headline xylophone', 'Body okapi'), bylines, tags: [tag] }
      const postId = await publish(node.store, story.id, content)
      await markKeyEvent(node.store, EDITOR, story.id, postId, { title: 'Keyword quagga' })
      await pinPost(node.store, EDITOR, story.id, postId, true)
      const subject = { ...(await subjectOf(story.id, story.name, postId, 2)), byline, tag }
      const shown = await lookEverywhere(subject)
      for (const list of [`person ${personPath(byline)}`, `tag ${tagPath(tag)}`])
        assert.match(shown.get(list) ?? '', /xylophone/, list)
      for (const surface of ['story', 'feed', 'post', 'catch-up', 'stream', ...API_SURFACES]) {
        const texts = [...shown].filter(([name]) => name.startsWith(`${surface} `)).map(([, text]) => text)
        assert.ok(
          texts.some((text) => text.includes('okapi')),
          `${surface} shows the post`,
        )
      }
      await withdrawPost(node.store, EDITOR, story.id, postId, { trace, reason: 'Published by mistake' })
      await sleep(50)
      for (const [name, text] of await lookEverywhere(subject)) {
        assert.doesNotMatch(text, /xylophone|okapi|quagga|quokka/, name)
        if (trace === 'none') assert.doesNotMatch(text, /Published by mistake/, name)
      }
      const permalink = await fetch(`${node.origin}/${story.name}/post/${postId}`)
      assert.equal(permalink.status, trace === 'line' ? 200 : 404)
    })
  }

  it('a corrected text is nowhere any more', async () => {
    const story = await liveStory(node.store)
    const postId = await publish(node.store, story.id, words('The count is capybara'))
    await look(`/${story.name}`)
    await correctPost(node.store, EDITOR, story.id, postId, {
      revision: 1,
      content: words('The count is right'),
      note: 'The count was wrong.',
    })
    await sleep(50)
    for (const [name, text] of await lookEverywhere(await subjectOf(story.id, story.name, postId, 2))) {
      assert.doesNotMatch(text, /capybara/, name)
    }
  })
})

describe('the page of a person', () => {
  const status = async (name: string) => (await fetch(`${node.origin}${personPath(name)}`)).status

  it('holds nothing of an unlisted story, and no post there leads to it; nor does the page of a topic', async () => {
    const story = await liveStory(node.store, { visibility: 'unlisted', slug: undefined })
    const name = 'Wombat Writer'
    const content = { ...words('Headline narwhal'), bylines: [{ name }], tags: [name] }
    const postId = await publish(node.store, story.id, content)
    const subject = { ...(await subjectOf(story.id, story.id, postId, 0)), byline: name, tag: name }
    const seen = await lookEverywhere(subject)
    assert.deepEqual([await status(name), (await fetch(`${node.origin}${tagPath(name)}`)).status], [404, 404])
    for (const [where, text] of seen) assert.ok(!/\/(?:person|tag)\//.test(text), where)
    await setVisibility(node.store, EDITOR, story.id, { visibility: 'public', slug: `open-${story.id}` })
    for (const path of [personPath(name), tagPath(name)]) assert.match(await look(path), /^\[200.*narwhal/s)
    assert.match(await look(`/open-${story.id}`), /href=\\"\/person\/Wombat%20Writer\\"/)
    await setVisibility(node.store, EDITOR, story.id, { visibility: 'unlisted' })
    assert.equal(await status(name), 404)
    assert.ok(!(await look(`/open-${story.id}`)).includes('/person/'))
  })

  it('goes with the story', async () => {
    const story = await liveStory(node.store)
    const name = 'Dugong Writer'
    await publish(node.store, story.id, { ...words('Headline narwhal'), bylines: [{ name }] })
    assert.equal(await status(name), 200)
    await withdrawStory(node.store, EDITOR, story.id, 'Law')
    assert.equal(await status(name), 404)
  })

  it('is found by any name a byline can hold', async () => {
    const story = await liveStory(node.store)
    for (const name of [
      'מיכל כהן־לוי ושותפיה, כתבת לענייני משפט וחברה',
      'A/B & "C" <d> % ?#',
      'Zoë Ångström',
      'é'.repeat(200),
    ]) {
      await publish(node.store, story.id, { ...words('By many'), bylines: [{ name }] })
      assert.equal(await status(name), 200, name)
      const page = await (await fetch(`${node.origin}/${story.name}`)).text()
      assert.ok(page.includes(`href="${personPath(name)}"`), name)
    }
    const sentOn = await fetch(`${node.origin}/person/${encodeURIComponent(' Zoe\u0308  A\u030angstro\u0308m')}`, {
      redirect: 'manual',
    })
    assert.deepEqual([sentOn.status, sentOn.headers.get('location')], [308, personPath('Zoë Ångström')])
    for (const path of ['/person/', '/person', '/person/%00', '/person/%ff', `/person/${'a'.repeat(5_000)}`])
      assert.ok(
        [308, 400, 404, 414].includes((await fetch(`${node.origin}${path}`, { redirect: 'manual' })).status),
        path,
      )
  })
})

const CLIP = join(import.meta.dirname, 'fixtures/clips/h264-aac.mp4')

for (const kind of ['photo', 'clip'] as const)
  describe(`a ${kind}`, () => {
    /** Taken in for real; every rendition of a photo is there, AVIF by its stand-in or itself. */
    async function photo(): Promise<string> {
      const shelf = createPictures(node.mediaDir, node.store.media)
      if (kind === 'clip') return (await shelf.takeClip(CLIP, EDITOR)).id
      return (await shelf.take(await flat(900, 600).jpeg().toBuffer(), EDITOR)).id
    }
    const surface = kind === 'photo' ? 'media' : 'clip'
    const size = { width: 900, height: 600, credit: 'Creditname ocelot' }
    const showing = (headline: string, media: string, caption: string) => ({
      headline,
      blocks: [
        kind === 'photo'
          ? { type: 'image' as const, media, alt: '', caption, ...size }
          : { type: 'video' as const, media, title: '', caption, ...size },
      ],
    })
    const addressesOf = (mediaIds: string[]) =>
      SURFACES.filter(({ name }) => name === surface).flatMap((one) =>
        one.addresses({ name: '', storyId: '', postId: '', mediaIds, before: '', head: '' }),
      )

    it('is as absent as one that never was, until a published post shows it', async () => {
      const story = await liveStory(node.store)
      const media = await photo()
      const never = newId()
      const seen = async () =>
        (await Promise.all(addressesOf([media]).map(look))).map((text) => text.replaceAll(media, never))
      const absent = await Promise.all(addressesOf([never]).map(look))
      assert.deepEqual(await seen(), absent)
      await publish(node.store, story.id, showing('Seen', media, 'A ferry'))
      assert.ok((await seen()).every((text) => text.startsWith('[200')))
    })

    it('that was withdrawn is nowhere any more, on no node: neither its bytes nor its words', async () => {
      const other = await startTestNode([], node.store, node.mediaDir)
      try {
        const [story, second] = [await liveStory(node.store), await liveStory(node.store)]
        const media = await photo()
        const kept = await publish(node.store, story.id, showing('Headline stays', media, 'Caption axolotl'))
        await pinPost(node.store, EDITOR, story.id, kept, true)
        const bare = await publish(node.store, second.id, showing('', media, 'Caption axolotl'))
        const subjects = [
          await subjectOf(story.id, story.name, kept, 2, [media]),
          await subjectOf(second.id, second.name, bare, 2, [media]),
        ]
        const shown = await Promise.all(subjects.map(lookEverywhere))
        for (const seen of shown) {
          for (const where of ['story', 'post', 'catch-up', 'stream']) {
            const texts = [...seen].filter(([name]) => name.startsWith(`${where} `)).map(([, text]) => text)
            assert.ok(
              texts.some((text) => text.includes('axolotl') && text.includes(media)),
              `${where} shows it`,
            )
          }
          const bytes = [...seen].filter(([name]) => name.startsWith(`${surface} `))
          assert.ok(bytes.length === (kind === 'photo' ? 3 : 1) && bytes.every(([, text]) => text.startsWith('[200')))
        }
        const desk = { acts: node.store.acts, photos: node.store.media }
        const receipts = await withdrawPhoto(desk, EDITOR, media, { reason: 'Rights expired lynx' })
        assert.equal(receipts.length, 2)
        for (const { origin } of [node, other]) {
          for (const address of addressesOf([media]))
            assert.equal((await fetch(origin + address)).status, 404, 'at once')
        }
        await sleep(50)
        for (const subject of subjects) {
          for (const [name, text] of await lookEverywhere(subject)) {
            assert.doesNotMatch(text, /axolotl|ocelot|lynx/, name)
            if (!/^(?:media|clip) /.test(name)) assert.ok(!text.includes(media), name)
          }
        }
        assert.match(await look(`/${story.name}`), /Headline stays/)
        assert.match(
          await look(`/${second.name}`),
          /This post was withdrawn/,
          'a post that was only the photo leaves its line',
        )
      } finally {
        await other.close()
      }
    })
  })

describe('the public handle', () => {
  it('is denied every table', async () => {
    const tables = await node.store.admin.query<{ name: string }>(
      "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'",
    )
    assert.ok(tables.rows.length > 8)
    await node.store.admin.query('SET ROLE dateline_public')
    try {
      for (const { name } of tables.rows) {
        await assert.rejects(node.store.admin.query(`SELECT 1 FROM ${name}`), /permission denied/, name)
      }
    } finally {
      await node.store.admin.query('RESET ROLE')
    }
  })

  it('sees exactly the photos that visible() shows', async () => {
    for (const state of POST_STATES) {
      for (const withdrawnAt of [null, 1]) {
        const story = await liveStory(node.store)
        const media = newId()
        await node.store.media.save({ id: media, width: 1, height: 1, bytes: 1, metadata: {}, createdBy: EDITOR.id })
        const postId = await insertPost(story.id, newId(), state, { version: 2 })
        await node.store.db.insertInto('post_media').values({ post_id: postId, media_id: media }).execute()
        await node.store.db.updateTable('media').set({ withdrawn_at: withdrawnAt }).where('id', '=', media).execute()
        const shown = state === 'published'
        assert.equal(await photoInSql(media), photoVisible({ withdrawnAt, shown }, 'public'), `${state} ${withdrawnAt}`)
        assert.equal(await node.store.media.isKept(media), photoVisible({ withdrawnAt, shown }, 'staff'))
        await node.store.db.deleteFrom('post_media').where('post_id', '=', postId).execute()
      }
    }
  })

  it('sees exactly what visible() shows, in every combination of states', async () => {
    for (const visibility of VISIBILITIES) {
      const story = await liveStory(node.store, { visibility })
      const row = await node.store.db
        .selectFrom('story')
        .selectAll()
        .where('id', '=', story.id)
        .executeTakeFirstOrThrow()
      for (const state of POST_STATES) {
        for (const trace of ['line', 'none'] as const) {
          for (const version of [null, 2]) {
            const withdrawal = state === 'withdrawn' ? { at: 1, trace, reason: 'r' } : null
            const id = await insertPost(story.id, newId(), state, { withdrawal, version })
            for (const withdrawnAt of [1, null]) {
              await node.store.admin.query('UPDATE story SET withdrawn_at = $2 WHERE id = $1', [story.id, withdrawnAt])
              const sight = postVisible({ ...row, withdrawnAt }, { state, withdrawal, version }, 'public')
              assert.equal(await sightInSql(id), sight, `${visibility} ${withdrawnAt} ${state} ${trace} ${version}`)
            }
          }
        }
      }
    }
  })
})

async function photoInSql(id: string): Promise<boolean> {
  return ((await node.store.admin.query('SELECT 1 FROM public_media WHERE id = $1', [id])).rowCount ?? 0) > 0
}

async function sightInSql(id: string): Promise<string> {
  const whole = await node.store.admin.query('SELECT 1 FROM public_post WHERE id = $1', [id])
  const trace = await node.store.admin.query('SELECT 1 FROM public_trace WHERE id = $1', [id])
  return whole.rowCount ? 'whole' : trace.rowCount ? 'trace' : 'nothing'
}

let keys = 1_000_000_000_000

/** A row as only later acts will make it: the state is what matters. */
async function insertPost(
  storyId: string,
  id: string,
  state: Post['state'],
  more: Partial<Pick<Post, 'withdrawal' | 'version'>> = {},
): Promise<string> {
  keys += 1
  const content = contentOf({ headline: 'zebrafinch', blocks: [] })
  const bare = newPost(id, storyId, EDITOR.id, 1)
  const post: Post = {
    ...bare,
    ...{ state, content, revision: 1, version: null, firstPublishedAt: 1, publishedAt: 1, ...more },
    orderKey: state === 'published' || state === 'withdrawn' ? keys : null,
    release: state === 'scheduled' ? { at: Date.now() + 3_600_000, zone: 'UTC', by: EDITOR.id } : null,
  }
  await node.store.db.insertInto('post').values(postToRow(post)).execute()
  return id
}
