// One story as an archive: exported, imported elsewhere, exported again: the same bytes. And what an import refuses.
// Run by node --test, on the embedded engine and on TEST_DATABASE_URL.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { unpackTar } from 'modern-tar'
import { isAppError } from '../../src/domain/error.ts'
import { createDiskBlobs } from '../../src/media/blobs.ts'
import { createStory } from '../../src/newsroom/create-story.ts'
import { publishPost } from '../../src/newsroom/publish-post.ts'
import { setVisibility } from '../../src/newsroom/set-visibility.ts'
import { startStory } from '../../src/newsroom/start-story.ts'
import { withdrawPhoto } from '../../src/newsroom/withdraw-photo.ts'
import { createNotes } from '../../src/store/desk-notes.ts'
import type { Database } from '../../src/store/tables.ts'
import { verifyChains } from '../../src/store/verify-chains.ts'
import { EDITOR, liveStory, newId, publish, words } from '../helpers/acts.ts'
import { openTestStore, type TestStore } from '../helpers/database.ts'
import { type FullStory, fullStory } from '../helpers/full-story.ts'
import { exportTo, filesBelow, importFrom } from '../helpers/story-archive.ts'

let store: TestStore
let story: FullStory
let folder: string
let media: string
const files = { before: '', id: '', after: '' }
const bytes: Record<'before' | 'id' | 'after', Buffer> = { before: Buffer.of(), id: Buffer.of(), after: Buffer.of() }
const PARTS = ['before', 'id', 'after'] as const

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dateline-archive-'))
  media = join(folder, 'media')
  store = await openTestStore()
  story = await fullStory(store, media)
  for (const part of PARTS) {
    files[part] = join(folder, `${part}.tar`)
    bytes[part] = await exportTo(store.db, media, story[part], files[part])
  }
})
after(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Another installation, empty. */
async function elsewhere(work: (other: TestStore, media: string) => Promise<void>): Promise<void> {
  const other = await openTestStore()
  try {
    await work(other, mkdtempSync(join(folder, 'elsewhere-')))
  } finally {
    await other.close()
  }
}

let count = 0
const again = (db: Database, mediaDir: string, name: string) =>
  exportTo(db, mediaDir, name, join(folder, `again-${++count}.tar`))

const rowsOf = async (db: Database) => {
  const tables = ['story', 'post', 'post_revision', 'desk_entry', 'public_entry', 'media', 'post_media'] as const
  const counts = tables.map(async (table) => (await db.selectFrom(table).selectAll().execute()).length)
  return Promise.all(counts)
}

async function refuses(code: 'conflict' | 'invalid', said: RegExp, work: () => Promise<unknown>): Promise<void> {
  await assert.rejects(work(), (error: Error) => {
    assert.ok(isAppError(error, code), error.stack)
    assert.match(error.message, said)
    return true
  })
}

describe('an export', () => {
  it('gives the same bytes each time, by address and by id, for its owner alone', async () => {
    assert.deepEqual(await again(store.db, media, story.slug), bytes.id)
    assert.deepEqual(await again(store.db, media, story.id), bytes.id)
    assert.equal(statSync(files.id).mode & 0o777, 0o600)
  })

  it('holds everything of the story: all states, revisions, both logs, pictures, and nobody’s password', async () => {
    const entries = await unpackTar(bytes.id)
    const text = (name: string) => Buffer.from(entries.find((one) => one.header.name === name)?.data ?? []).toString()
    const lines = (name: string) =>
      text(name)
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line))
    const posts = lines('posts.jsonl')
    const states = new Set(posts.map((post) => post.state))
    assert.deepEqual([...states].sort(), ['draft', 'published', 'scheduled', 'submitted', 'withdrawn'])
    for (const has of ['embargo', 'release', 'keyEvent', 'pinnedAt', 'origin', 'deskNote', 'updatedAt'])
      assert.ok(
        posts.some((post) => post[has] !== null),
        has,
      )
    assert.deepEqual(new Set(posts.map((post) => post.withdrawal?.trace)), new Set([undefined, 'line', 'none']))
    assert.ok(posts.some((post) => post.corrections.length > 0))
    assert.ok(lines('revisions.jsonl').length > posts.length)
    const desk = lines('desk-log.jsonl')
    assert.equal(desk.filter((entry) => entry.payload === null && entry.salt === null).length, 1)
    assert.ok(desk.every((entry) => entry.actorName !== ''))
    const [face] = lines('story.jsonl')
    assert.deepEqual([face.direction, face.continues, face.continuedBy], ['rtl', story.before, story.after])
    assert.equal(lines('public-log.jsonl').length, face.seq)
    const names = entries.map((one) => one.header.name)
    assert.ok(names.includes(`media/${story.pictures.made}/400.avif`))
    assert.ok(!names.includes(`media/${story.pictures.made}/master.png`))
    assert.ok(names.includes(`media/${story.pictures.wanted}/master.png`))
    assert.ok(names.includes(`media/${story.pictures.clip}/clip.webm`))
    assert.deepEqual(
      lines('media.jsonl').map(({ id, avif, withdrawnAt }) => [id, avif, withdrawnAt !== null]),
      [
        [story.pictures.made, 'made', false],
        [story.pictures.wanted, 'wanted', false],
        [story.pictures.withdrawn, 'wanted', true],
        [story.pictures.clip, 'without', false],
      ].sort(),
    )
    assert.ok(!names.some((name) => name.startsWith(`media/${story.pictures.withdrawn}`)))
    assert.equal(names.at(-1), 'manifest.json')
    assert.doesNotMatch(bytes.id.toString('latin1'), /password|email/)
  })

  it('overwrites nothing and leaves nothing half-written', async () => {
    const file = join(folder, 'mine.txt')
    writeFileSync(file, 'mine')
    await refuses('conflict', /overwrites nothing/, () => exportTo(store.db, media, story.id, file))
    await assert.rejects(exportTo(store.db, media, 'no-such-story', join(folder, 'none.tar')), (error) =>
      isAppError(error, 'not_found'),
    )
    assert.deepEqual(
      filesBelow(folder).filter((name) => /partial|none\.tar/.test(name)),
      [],
    )
  })
})

describe('an import', () => {
  it('of all parts gives back each of them to the byte, in whatever order they come', async () => {
    const orders = [PARTS, ['after', 'before', 'id'], ['id', 'after', 'before']] as const
    for (const order of orders)
      await elsewhere(async (other, there) => {
        const epoch = await other.reads.epoch()
        for (const part of order) await importFrom(other.db, there, files[part])
        assert.equal(await other.reads.epoch(), epoch, 'no new epoch began')
        assert.notEqual(epoch, await store.reads.epoch())
        for (const part of PARTS) assert.ok((await again(other.db, there, story[part])).equals(bytes[part]), part)
        assert.deepEqual(await verifyChains(other.db), { ...(await verifyChains(store.db)), stories: 3 })
      })
  })

  it('brings the notes for the desk along: beside their posts, and between shifts', async () => {
    const notesIn = async (db: Database) => {
      const reads = createNotes(db)
      const counted = await reads.counts(story.id)
      const threads = [...counted.keys()].map((postId) => reads.ofPost(story.id, postId))
      return { counted, threads: await Promise.all(threads), shifts: await reads.ofShifts(story.id) }
    }
    const here = await notesIn(store.db)
    assert.deepEqual([here.threads.flat().length, here.shifts.length], [2, 1])
    await elsewhere(async (other, media) => {
      await importFrom(other.db, media, files.id)
      assert.deepEqual(await notesIn(other.db), here)
    })
  })

  it('shows readers what they saw before, post by post, at the same positions', async () => {
    await elsewhere(async (other, there) => {
      for (const part of PARTS) await importFrom(other.db, there, files[part])
      const was = await store.reads.storyPage(story.id)
      const is = await other.reads.storyPage(story.id)
      assert.ok(was && is && was.items.length > 4)
      assert.deepEqual({ ...is, epoch: '' }, { ...was, epoch: '' })
      assert.equal((await other.reads.storyNamed(story.slug))?.id, story.id)
      for (const [name, id] of Object.entries(story.pictures))
        assert.equal(await other.media.isPublic(id), name !== 'withdrawn', name)
    })
  })

  it('links a part only to neighbours that are here and know of it', async () => {
    await elsewhere(async (other, there) => {
      const { unlinked, story: alone } = await importFrom(other.db, there, files.id)
      assert.deepEqual(unlinked, [story.before, story.after])
      assert.deepEqual([alone.continues, alone.continuedBy], [null, null])
    })
    await elsewhere(async (other, there) => {
      // Anybody can write an archive that says it goes on from a story of ours.
      await createStory(other, EDITOR, story.before, { title: 'Never heard of it' })
      await startStory(other, EDITOR, story.before)
      const { unlinked } = await importFrom(other.db, there, files.id)
      assert.ok(unlinked.includes(story.before))
      assert.equal((await other.reads.storyNamed(story.before))?.next, null)
      assert.equal((await other.reads.storyNamed(story.id))?.previous, null)
    })
  })

  it('goes on being written to, and is then an archive of this installation', async () => {
    await elsewhere(async (other, there) => {
      const { id } = await liveStory(store)
      await publish(store, id, words('One'))
      const file = join(folder, 'goes-on.tar')
      await exportTo(store.db, media, id, file)
      await importFrom(other.db, there, file)
      await publish(other, id, words('Two'))
      assert.deepEqual((await verifyChains(other.db, id)).breaks, [])
      const manifest = (await unpackTar(await again(other.db, there, id))).at(-1)?.data
      assert.equal(JSON.parse(Buffer.from(manifest ?? []).toString()).epoch, await other.reads.epoch())
    })
  })

  it('refuses a story, a post, a picture or an address that is taken, and changes nothing', async () => {
    await refuses('conflict', /story \w+ is here already/, () => importFrom(store.db, media, files.id))
    const entries = await unpackTar(bytes.id)
    const data = entries.find((one) => one.header.name === 'posts.jsonl')?.data
    const postId = JSON.parse(
      Buffer.from(data ?? [])
        .toString()
        .split('\n')[0] ?? '',
    ).id
    const obstacles: [RegExp, (other: TestStore) => Promise<unknown>][] = [
      [/address "today-\w+" is taken/, (other) => liveStory(other, { slug: story.slug })],
      [
        /Post \w+ is here already/,
        async (other) => {
          const { id } = await liveStory(other)
          await publishPost(other, EDITOR, id, { postId, content: words('Mine') })
        },
      ],
      [
        /taken by another picture/,
        (other) =>
          other.media.save({
            ...{ id: story.pictures.made, width: 1, height: 1, bytes: 1, metadata: {} },
            createdBy: EDITOR.id,
          }),
      ],
    ]
    for (const [said, put] of obstacles)
      await elsewhere(async (other, there) => {
        await put(other)
        const was = await rowsOf(other.db)
        await refuses('conflict', said, () => importFrom(other.db, there, files.id))
        assert.deepEqual([await rowsOf(other.db), filesBelow(there)], [was, []])
      })
  })

  it('takes another address, or a lower visibility, and writes that down', async () => {
    await elsewhere(async (other, there) => {
      await liveStory(other, { slug: story.slug })
      await importFrom(other.db, there, files.id, { slug: 'another-place' })
      assert.equal((await other.reads.storyNamed('another-place'))?.id, story.id)
      await importFrom(other.db, there, files.before, { visibility: 'unlisted' })
      assert.equal((await other.reads.storyNamed(story.before))?.visibility, 'unlisted')
      await importFrom(other.db, there, files.after, { visibility: 'private' })
      assert.equal(await other.reads.storyNamed(story.after), null)
      const noted = await other.db
        .selectFrom('desk_entry')
        .select('payload')
        .where('kind', '=', 'import-story')
        .execute()
      assert.deepEqual(noted[0]?.payload, { slug: 'another-place', visibility: 'public' })
      assert.deepEqual([noted.length, (await verifyChains(other.db)).breaks], [3, []])
      // A private one opens by the act of the desk, whatever it was elsewhere.
      await setVisibility(other, EDITOR, story.after, { visibility: 'unlisted' })
      assert.equal((await other.reads.storyNamed(story.after))?.visibility, 'unlisted')
      assert.deepEqual((await verifyChains(other.db)).breaks, [])
    })
  })

  it('keeps a private story private', async () => {
    await elsewhere(async (other, there) => {
      const id = newId()
      await createStory(store, EDITOR, id, { title: 'Not yet', visibility: 'private' })
      await startStory(store, EDITOR, id)
      await publish(store, id, words('Secret'))
      const file = join(folder, 'private.tar')
      const first = await exportTo(store.db, media, id, file)
      await refuses('invalid', /open it at the desk/, () =>
        importFrom(other.db, there, file, { visibility: 'unlisted' }),
      )
      await importFrom(other.db, there, file)
      assert.equal(await other.reads.storyNamed(id), null)
      assert.ok((await again(other.db, there, id)).equals(first))
      await setVisibility(other, EDITOR, id, { visibility: 'unlisted' })
      const opened = await again(other.db, there, id)
      const third = join(folder, 'opened.tar')
      writeFileSync(third, opened)
      await elsewhere(async (last, folderOfLast) => void (await importFrom(last.db, folderOfLast, third)))
    })
  })

  it('leaves a picture withdrawn that was withdrawn here, and takes it out of what came in', async () => {
    await elsewhere(async (other, there) => {
      await importFrom(other.db, there, files.before)
      const { id } = await liveStory(store)
      const show = (headline: string) => ({
        headline,
        blocks: [{ type: 'image' as const, media: story.pictures.made, alt: '', caption: '', credit: '' }],
      })
      await publish(store, id, show('Shared'))
      const file = join(folder, 'shared.tar')
      await exportTo(store.db, media, id, file)
      await importFrom(other.db, there, files.id)
      const desk = { acts: other.acts, photos: other.media }
      await withdrawPhoto(desk, EDITOR, story.pictures.made, { reason: 'Here' })
      const { knownMedia } = await importFrom(other.db, there, file)
      assert.equal(knownMedia, 1)
      assert.equal(await other.media.isPublic(story.pictures.made), false)
      assert.deepEqual(await other.mediaJobs.unfinishedWithdrawals(), [story.pictures.made])
    })
  })

  it('writes over no file of a picture, and takes what lies there when it is the same', async () => {
    await elsewhere(async (other, there) => {
      const blobs = createDiskBlobs(there, randomBytes)
      const name = { id: story.pictures.made, part: '400.jpg' }
      await blobs.write(name, Buffer.from('something else'))
      await refuses('conflict', /Another file lies/, () => importFrom(other.db, there, files.id))
      assert.equal((await blobs.readBytes(name))?.toString(), 'something else')
      const own = await createDiskBlobs(media, randomBytes).readBytes(name)
      await blobs.write(name, own ?? Buffer.of())
      await importFrom(other.db, there, files.id, { slug: 'left-over' })
    })
  })

  it('that fails half-way leaves no file and no row', async () => {
    await elsewhere(async (other, there) => {
      const was = await rowsOf(other.db)
      await other.admin.query(`CREATE FUNCTION stop() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE check_violation USING MESSAGE = 'stopped'; END $$`)
      await other.admin.query('CREATE TRIGGER stop BEFORE INSERT ON public_entry FOR EACH ROW EXECUTE FUNCTION stop()')
      await refuses('invalid', /cannot be kept: stopped/, () => importFrom(other.db, there, files.id))
      assert.deepEqual([await rowsOf(other.db), filesBelow(there)], [was, []])
    })
  })
})
