// The background work on pictures for real: a database, a disk, the encoder in its child.

import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import sharp from 'sharp'
import { EDITOR, liveStory, publish } from '../../test/helpers/acts.ts'
import { openTestStore, type TestStore } from '../../test/helpers/database.ts'
import { until } from '../../test/helpers/desk-client.ts'
import { flat } from '../../test/helpers/pictures.ts'
import { silentLog } from '../base/log.ts'
import { createPictures, type Pictures } from '../cli/pictures.ts'
import { MEDIA_WIDTHS } from '../domain/address.ts'
import { type MediaWork, startMediaWork } from './media-work.ts'

const WAIT_MS = 60_000

let store: TestStore
let folder: string
let pictures: Pictures
const started: MediaWork[] = []

before(async () => {
  store = await openTestStore()
})
after(() => store.close())

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'media-work-'))
  pictures = createPictures(join(folder, 'media'), store.media)
})
afterEach(async () => {
  await Promise.all(started.splice(0).map((work) => work.stop()))
  await store.db.deleteFrom('post_media').execute()
  await store.db.deleteFrom('media').execute()
  await rm(folder, { recursive: true })
})

function work(): MediaWork {
  const desk = { acts: store.acts, photos: store.media }
  const options = { jobs: store.mediaJobs, blobs: pictures.blobs, desk, log: silentLog(), pollMs: 100, scratch: folder }
  const one = startMediaWork(options)
  started.push(one)
  return one
}

async function take(): Promise<string> {
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 20 }
  const photo = sharp({ create: { width: 1000, height: 300, channels: 3, background: '#000', noise } })
  return (await pictures.take(await photo.jpeg().toBuffer(), EDITOR)).id
}

const row = (id: string) => store.db.selectFrom('media').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
const isMade = (id: string) => until('AVIF is made', WAIT_MS, async () => (await row(id)).avif === 'made')
const filesOf = (id: string) => readdir(join(folder, 'media', id.slice(0, 2), id.slice(2)))

describe('AVIF', () => {
  it('is made of each width in the background, and the master goes', async () => {
    const id = await take()
    assert.ok((await filesOf(id)).includes('master.png'))
    work()
    await isMade(id)
    for (const width of MEDIA_WIDTHS) {
      const bytes = await pictures.blobs.readBytes({ id, part: `${width}.avif` })
      const found = await sharp(bytes ?? undefined).metadata()
      assert.deepEqual([found.compression, found.width], ['av1', Math.min(width, 1000)])
    }
    await until('the master goes', WAIT_MS, async () => !(await filesOf(id)).includes('master.png'))
    assert.deepEqual(await readdir(folder), ['media'], 'no temporary file stays')
  })

  it('left by a node that died is made by another, and never by two at a time', async () => {
    const id = await take()
    assert.equal(await store.mediaJobs.claimAvif(60_000), id, 'a node claims it')
    assert.equal(await store.mediaJobs.claimAvif(60_000), null, 'no other may')
    await store.db.updateTable('media').set({ avif_until: 1 }).where('id', '=', id).execute() // and it died long ago
    work()
    work()
    await isMade(id)
    assert.equal((await row(id)).avif_tries, 2)
  })

  it('written but not written down is not made again', async () => {
    const id = await take()
    for (const width of MEDIA_WIDTHS) await pictures.blobs.write({ id, part: `${width}.avif` }, Buffer.from('whole'))
    await pictures.blobs.remove({ id, part: 'master.png' })
    work()
    await isMade(id)
    assert.equal((await pictures.blobs.readBytes({ id, part: '400.avif' }))?.toString(), 'whole')
  })

  it('that cannot be made is given up after some tries; what can be goes on', async () => {
    const broken = await take()
    await pictures.blobs.write({ id: broken, part: 'master.png' }, Buffer.from('no picture'))
    const fine = await take()
    work()
    await until('given up', WAIT_MS, async () => (await row(broken)).avif === 'without')
    assert.equal((await row(broken)).avif_tries, 3)
    await isMade(fine)
    assert.ok((await filesOf(broken)).includes('400.webp'))
  })

  it('under way when the node stops is ended at once and made later', async () => {
    const id = await take()
    const first = work()
    await until('it is claimed', WAIT_MS, async () => (await row(id)).avif_until !== null)
    const start = performance.now()
    await first.stop()
    assert.ok(performance.now() - start < 2_000)
    assert.deepEqual([(await row(id)).avif, (await row(id)).avif_tries], ['wanted', 0])
    work()
    await isMade(id)
  })
})

describe('a withdrawn photo', () => {
  it('is taken out of what was left of its stories, and its files are deleted', async () => {
    const story = await liveStory(store)
    const id = await take()
    const image = { type: 'image' as const, media: id, alt: '', caption: 'Caption', credit: '' }
    await publish(store, story.id, { headline: 'H', blocks: [image] })
    await store.media.markWithdrawn(id, { by: EDITOR, reason: '' }) // and the node that did it died
    work()
    await until('its files are deleted', WAIT_MS, async () => (await row(id)).erased_at !== null)
    assert.equal(existsSync(join(folder, 'media', id.slice(0, 2), id.slice(2))), false)
    assert.deepEqual(await store.media.usesOf(id), [])
    const entry = await store.db
      .selectFrom('desk_entry')
      .select('actor_name')
      .where('kind', '=', 'withdraw-photo')
      .execute()
    assert.deepEqual(entry, [{ actor_name: EDITOR.name }])
  })

  it('leaves no AVIF that was being made meanwhile', async () => {
    const id = await take()
    const one = work()
    await until('it is claimed', WAIT_MS, async () => (await row(id)).avif_until !== null)
    await store.media.markWithdrawn(id, { by: EDITOR, reason: '' })
    one.wake()
    await until('its files are deleted', WAIT_MS, async () => (await row(id)).erased_at !== null)
    assert.equal(existsSync(join(folder, 'media', id.slice(0, 2), id.slice(2))), false)
  })

  it('that is brought again leaves nothing on the disk', async () => {
    const photo = await flat(20, 20).png().toBuffer()
    const { id } = await pictures.take(photo, EDITOR)
    await store.media.markWithdrawn(id, { by: EDITOR, reason: '' })
    await pictures.blobs.removeAll(id)
    await assert.rejects(pictures.take(photo, EDITOR, id), { code: 'invalid' })
    assert.equal(existsSync(join(folder, 'media', id.slice(0, 2), id.slice(2))), false)
  })
})
