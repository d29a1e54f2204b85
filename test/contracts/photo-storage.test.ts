// The contract of photo storage on a disk, in a bucket of a real S3-speaking server, and with a server's memory before it.

import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before } from 'node:test'
import { withMemory } from '../../src/media/blob-memory.ts'
import { createDiskBlobs } from '../../src/media/blobs.ts'
import { createS3Blobs } from '../../src/media/s3-blobs.ts'
import { createS3Client } from '../../src/media/s3-client.ts'
import { removeFolder, startS3, type TestS3 } from '../helpers/s3.ts'
import { photoStorageContract } from './photo-storage.ts'

const folder = mkdtempSync(join(tmpdir(), 'dateline-blobs-'))
let s3: TestS3

before(async () => {
  s3 = await startS3()
})

after(async () => {
  await s3.close()
  removeFolder(s3.folder)
  removeFolder(folder)
})

const bucket = (prefix: string) => createS3Blobs(createS3Client({ ...s3.settings, prefix }))

photoStorageContract('disk', () => createDiskBlobs(folder, randomBytes))
photoStorageContract('bucket', () => bucket(''))
photoStorageContract('bucket with a prefix', () => bucket('live/photos/'))
photoStorageContract('bucket and memory', () => withMemory(bucket('memory/'), { now: Date.now }))
