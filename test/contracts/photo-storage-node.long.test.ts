// A whole node whose photos lie in a bucket: from upload to withdrawal, while the storage is away, backed up, restored, moved.

import assert from 'node:assert/strict'
import { randomBytes as random } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { checkArchive } from '../../src/cli/backup/archive-read.ts'
import { copyPhotos } from '../../src/cli/commands/media.ts'
import { createPictures, type Pictures } from '../../src/cli/pictures.ts'
import { createDiskBlobs } from '../../src/media/blobs.ts'
import { createS3Blobs } from '../../src/media/s3-blobs.ts'
import { createS3Client, READ_MS } from '../../src/media/s3-client.ts'
import { withdrawPhoto } from '../../src/newsroom/withdraw-photo.ts'
import { knownMigrations } from '../../src/store/migrate.ts'
import { EDITOR, liveStory, newId, publish, words } from '../helpers/acts.ts'
import { backUp, restoreTo } from '../helpers/backup.ts'
import { dateline } from '../helpers/command.ts'
import { createEmptyDatabase } from '../helpers/database.ts'
import { until } from '../helpers/desk-client.ts'
import { startTestNode, type TestNode } from '../helpers/node.ts'
import { flat } from '../helpers/pictures.ts'
import { removeFolder, startS3, type TestS3 } from '../helpers/s3.ts'

const WAIT_MS = 30_000

let s3: TestS3
let node: TestNode
let pictures: Pictures
const folder = mkdtempSync(join(tmpdir(), 'dateline-storage-'))

before(async () => {
  s3 = await startS3()
  node = await startTestNode(s3.flags)
  pictures = createPictures(bucket(), node.store.media)
})
after(async () => {
  await node.close()
  await s3.close()
  removeFolder(s3.folder)
  removeFolder(folder)
})

const bucket = (prefix = s3.settings.prefix) => createS3Blobs(createS3Client({ ...s3.settings, prefix }))
const get = (id: string, file = '400.jpg') => fetch(`${node.origin}/media/${id}/${file}`)
const image = (media: string) => ({ type: 'image' as const, media, alt: 'A quay', caption: '', credit: '' })

async function shownPhoto(width = 900): Promise<{ id: string; storyId: string }> {
  const { id } = await pictures.take(await flat(width, 600).jpeg().toBuffer(), EDITOR)
  assert.equal((await get(id)).status, 404, 'not before its post')
  const story = await liveStory(node.store)
  await publish(node.store, story.id, { headline: 'H', blocks: [image(id)] })
  return { id, storyId: story.id }
}

/** Nine objects alone would be true half-way too: two of AVIF, and the master they are made from. */
async function avifMade(id: string): Promise<void> {
  await until('AVIF is made', WAIT_MS, async () => (await bucket().parts(id)).includes('1600.avif'))
  await until('the master is gone', WAIT_MS, async () => !(await bucket().parts(id)).includes('master.png'))
}

describe('a node with its photos in a bucket', () => {
  it('serves them from its own address while a post shows them, makes AVIF, and erases a withdrawn one', async () => {
    const { id } = await shownPhoto()
    const shown = await get(id)
    assert.equal(shown.status, 200)
    assert.equal(shown.headers.get('content-type'), 'image/jpeg')
    const etag = shown.headers.get('etag') ?? ''
    const again = await fetch(`${node.origin}/media/${id}/400.jpg`, { headers: { 'if-none-match': etag } })
    assert.equal(again.status, 304)
    await avifMade(id)
    assert.equal((await bucket().parts(id)).length, 9)
    assert.deepEqual(existsSync(node.mediaDir) ? readdirSync(node.mediaDir) : [], [], 'nothing lies in the data folder')
    await withdrawPhoto({ acts: node.store.acts, photos: node.store.media }, EDITOR, id, { reason: '' })
    assert.equal((await get(id)).status, 404, 'at once, whatever the node remembers')
    await until('its objects are gone', WAIT_MS, async () => (await bucket().parts(id)).length === 0)
  })

  it('while the storage is away: 503 for a photo within the named time, text goes on, an upload is refused; then all is well', async () => {
    const { id, storyId } = await shownPhoto(910)
    const port = Number(new URL(s3.settings.endpoint).port)
    await s3.close()
    const start = performance.now()
    const away = await get(id)
    assert.equal(away.status, 503)
    assert.ok(away.headers.has('retry-after'))
    assert.ok(performance.now() - start < READ_MS + 1_000)
    const post = await publish(node.store, storyId, words('Text goes on'))
    assert.ok(post)
    const page = await fetch(`${node.origin}/story-${storyId}`)
    assert.match(await page.text(), /Text goes on/)
    const own = createPictures(bucket(), node.store.media)
    await assert.rejects(own.take(await flat(20, 20).png().toBuffer(), EDITOR), {
      code: 'unavailable',
      message: 'The photo storage is out of reach. The photo was not kept: send it again in a minute.',
    })
    const ready = await fetch(`${node.origin}/readyz`)
    assert.equal(ready.status, 200)
    assert.match(JSON.stringify(await ready.json()), /photo storage is out of reach/)
    s3 = await startS3(port, s3.folder)
    assert.equal((await get(id)).status, 200)
    assert.doesNotMatch(await (await fetch(`${node.origin}/readyz`)).text(), /storage/)
  })

  it('starts although the storage is away, and says so', async () => {
    const other = await startTestNode(['--s3-endpoint', 'http://127.0.0.1:1', ...s3.flags.slice(2)], node.store)
    try {
      assert.equal((await fetch(`${other.origin}/`)).status, 200)
      const said = async () => /photo storage/.test(await (await fetch(`${other.origin}/readyz`)).text())
      await until('it says what is wrong', WAIT_MS, said)
    } finally {
      await other.close()
    }
  })

  it('refuses a wrong key in words', async () => {
    const client = createS3Client({ ...s3.settings, secret: 'wrong' })
    await assert.rejects(client.put('x', Buffer.from('x')), {
      message: 'The photo storage answered 403. Check its key.',
    })
    assert.equal(client.trouble(), 'The photo storage answered 403. Check its key.')
  })

  it('is backed up with its photos, and restored into a folder or another bucket', async () => {
    const { id } = await shownPhoto(920)
    await avifMade(id)
    const file = join(folder, 'backup.tar.gz')
    const manifest = await backUp(node.store.db, bucket(), file)
    assert.ok(manifest.media.files >= 9)
    assert.deepEqual(manifest.media.missing, [])
    assert.equal((await checkArchive(file, knownMigrations())).media.files, manifest.media.files)
    const expected = await bucket().readBytes({ id, part: '800.jpg' })
    for (const target of [createDiskBlobs(join(folder, 'restored'), random), bucket('restored/')]) {
      const empty = await createEmptyDatabase()
      await restoreTo(empty.connection, target, file)
      assert.equal((await target.parts(id)).length, 9)
      assert.deepEqual(await target.readBytes({ id, part: '800.jpg' }), expected)
      await empty.drop()
    }
  })

  it('takes the photos of a data folder, twice as once, and gives them back', async () => {
    const { id } = await shownPhoto(930)
    const disk = createDiskBlobs(join(folder, 'moved'), random)
    const ids = [id, newId()]
    await avifMade(id)
    assert.deepEqual(await copyPhotos(ids, bucket(), disk), { photos: 1, files: 9, already: 0, missing: [ids[1]] })
    assert.deepEqual(await copyPhotos(ids, disk, bucket('new/')), {
      photos: 1,
      files: 9,
      already: 0,
      missing: [ids[1]],
    })
    assert.deepEqual(await copyPhotos(ids, disk, bucket('new/')), {
      photos: 1,
      files: 9,
      already: 9,
      missing: [ids[1]],
    })
    assert.deepEqual(
      await bucket('new/').readBytes({ id, part: '1600.webp' }),
      await disk.readBytes({ id, part: '1600.webp' }),
    )
  })
})

describe('the commands', () => {
  it('say what is missing of half a storage, and never show its secret', async () => {
    const half = await dateline('config', '--s3-bucket', 'photos', '--s3-secret-access-key', 'hush-hush')
    assert.equal(half.code, 1)
    assert.match(half.err, /S3_BUCKET, S3_SECRET_ACCESS_KEY are set without S3_ENDPOINT, S3_ACCESS_KEY_ID\./)
    const whole = await dateline('config', ...s3.flags)
    assert.equal(whole.code, 0)
    assert.match(whole.out, /S3_SECRET_ACCESS_KEY +\*\*\* /)
    const bad = await dateline('config', ...s3.flags.slice(2), '--s3-endpoint', 'http://169.254.169.254')
    assert.match(bad.err, /--s3-endpoint must be storage, and this is an address where machines keep their own secrets/)
    assert.doesNotMatch(half.err + half.out, /hush/)
  })

  it('media copy needs a bucket and a direction', async () => {
    assert.match((await dateline('media', 'copy', '--from', 'disk')).err, /No bucket is configured/)
    assert.match((await dateline('media', 'copy', ...s3.flags)).err, /Usage: dateline media copy --from <disk\|bucket>/)
  })
})
