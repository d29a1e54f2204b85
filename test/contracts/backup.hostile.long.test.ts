// Archives that are damaged, cut off, foreign or made to harm: each is refused before anything is changed.
// Run by node --test.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { gunzipSync, gzipSync } from 'node:zlib'
import { packTar, unpackTar } from 'modern-tar'
import { silentLog } from '../../src/base/log.ts'
import { checkArchive } from '../../src/cli/backup/archive-read.ts'
import type { Manifest } from '../../src/cli/backup/manifest.ts'
import { type ErrorCode, isAppError } from '../../src/domain/error.ts'
import { allTables } from '../../src/store/catalogue.ts'
import { openHandles } from '../../src/store/database.ts'
import { knownMigrations } from '../../src/store/migrate.ts'
import { backUp, restoreTo, smallNewsroom } from '../helpers/backup.ts'
import { createEmptyDatabase, openTestStore, type TestStore } from '../helpers/database.ts'
import { type Entries, edit, editManifest, entry, packed, sha256, textOf } from '../helpers/tar-entries.ts'

let store: TestStore
let folder: string
let whole: Buffer
let target: Awaited<ReturnType<typeof createEmptyDatabase>>
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dateline-hostile-'))
  store = await openTestStore()
  target = await createEmptyDatabase()
  await smallNewsroom(store, join(folder, 'media'))
  await backUp(store.db, join(folder, 'media'), join(folder, 'whole.tar.gz'))
  whole = readFileSync(join(folder, 'whole.tar.gz'))
})
after(async () => {
  await target.drop()
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

async function isRefused(bytes: Uint8Array, code: ErrorCode, message: RegExp): Promise<void> {
  const file = join(folder, `${randomBytes(6).toString('hex')}.tar.gz`)
  writeFileSync(file, bytes)
  const mediaDir = `${file}.media`
  await assert.rejects(restoreTo(target.connection, mediaDir, file), (error: Error) => {
    assert.ok(isAppError(error, code), `${error.stack}`)
    assert.match(error.message, message)
    return true
  })
  const handles = openHandles(target.connection, silentLog())
  assert.deepEqual(await allTables(handles.db), [])
  await handles.close()
  const files = existsSync(mediaDir) ? readdirSync(mediaDir, { recursive: true, withFileTypes: true }) : []
  assert.deepEqual(
    files.filter((one) => one.isFile()),
    [],
  )
}

/** The archive with other entries. `sealed`: sums and manifest are made to fit, as somebody who means harm would. */
async function changed(change: (entries: Entries) => Entries, sealed = false): Promise<Buffer> {
  let entries = change(await unpackTar(gunzipSync(whole)))
  if (sealed) {
    const files = entries.filter(({ header }) => !['SHA256SUMS', 'manifest.json'].includes(header.name))
    const sums = Buffer.from(files.map(({ header, data }) => `${sha256(data)}  ${header.name}\n`).join(''))
    const manifest = JSON.parse(textOf(entries, 'manifest.json')) as { sums: string }
    manifest.sums = sha256(sums)
    entries = [...files, entry('SHA256SUMS', sums), entry('manifest.json', JSON.stringify(manifest))]
  }
  return gzipSync(await packed(entries))
}

const manifest = editManifest<Manifest>

function flippedAt(at: number): Buffer {
  const bytes = Buffer.from(whole)
  bytes[at] = (bytes[at] ?? 0) ^ 0x10
  return bytes
}

function unpacksTheSame(bytes: Uint8Array): boolean {
  try {
    return gunzipSync(bytes).equals(gunzipSync(whole))
  } catch {
    return false
  }
}

const table = (found: Manifest, name: string) => found.tables[name] as Manifest['tables'][string]

describe('an archive', () => {
  it('that was unpacked and packed again is still good', async () => {
    const file = join(folder, 'repacked.tar.gz')
    writeFileSync(file, await changed((entries) => entries, true))
    await checkArchive(file, knownMigrations())
  })

  it('cut off anywhere is refused', async () => {
    const places = [
      0,
      1,
      17,
      600,
      ...Array.from({ length: 12 }, (_, n) => Math.floor((whole.length * (n + 1)) / 13)),
      whole.length - 1,
    ]
    for (const at of places) await isRefused(whole.subarray(0, at), 'invalid', /damaged|cut off/)
  })

  it('of which the tar was cut off between two entries is refused', async () => {
    await isRefused(await changed((entries) => entries.slice(0, -1)), 'invalid', /its end is missing/)
  })

  it('with a changed byte anywhere is refused', async () => {
    for (let n = 0; n < 40; n++) {
      let at = 10 + Math.floor(((whole.length - 18) * n) / 40)
      while (unpacksTheSame(flippedAt(at))) at += 1 // a few of deflate's bits mean nothing
      await isRefused(flippedAt(at), 'invalid', /damaged/)
    }
  })

  it('with a changed row is refused, and so is one whose sums were changed along', async () => {
    const swap = edit('tables/post.00001.jsonl', (text) => text.replace('Cranes', 'Planes'))
    await isRefused(await changed(swap), 'invalid', /tables\/post\.00001\.jsonl is not what was written/)
    const both = (entries: Entries) => {
      const next = swap(entries)
      const data = next.find(({ header }) => header.name === 'tables/post.00001.jsonl')?.data
      return edit('SHA256SUMS', (text) => text.replace(/\w+(?= {2}tables\/post\.)/, sha256(data)))(next)
    }
    await isRefused(await changed(both), 'invalid', /SHA256SUMS is not the one its manifest names/)
  })

  it('that lacks an entry, has one more, or has one twice is refused', async () => {
    const without = (entries: Entries) => entries.filter(({ header }) => !header.name.startsWith('media/'))
    await isRefused(await changed(without), 'invalid', /media\/.* is missing/)
    const more = (entries: Entries) => [entry('tables/post.00002.jsonl', ''), ...entries]
    await isRefused(await changed(more), 'invalid', /was added/)
    const twice = (entries: Entries) => [entries[0] as Entries[number], ...entries]
    await isRefused(await changed(twice), 'invalid', /in a way no backup does/)
  })

  it('whose counts do not fit is refused', async () => {
    await isRefused(
      await changed(manifest((found) => (table(found, 'post').rows = 3))),
      'invalid',
      /table post has 4 rows, its manifest says 3/,
    )
    await isRefused(await changed(manifest((found) => (found.media.files = 1))), 'invalid', /media files/)
  })

  it('with names that lead out of its folders is refused', async () => {
    for (const name of [
      '../evil',
      'media/../../evil',
      '/etc/passwd',
      'media/abcdefghjkmnpqrstvwx/../x',
      'tables/../x.00001.jsonl',
    ])
      await isRefused(
        await changed((entries) => [entry(name, 'x'), ...entries], true),
        'invalid',
        /no part of a backup/,
      )
    const link = {
      header: {
        name: 'media/abcdefghjkmnpqrstvwx/400.jpg',
        size: 0,
        type: 'symlink' as const,
        linkname: '/etc/passwd',
      },
    }
    await isRefused(await changed((entries) => [link, ...entries]), 'invalid', /in a way no backup does/)
  })

  it('that is something else is refused', async () => {
    await isRefused(Buffer.from('not gzip'), 'invalid', /no backup of Dateline/)
    await isRefused(gzipSync('gzip, but no tar'), 'invalid', /damaged/)
    await isRefused(gzipSync(await packTar([{ header: { name: 'x.txt', size: 1 }, body: 'x' }])), 'invalid', /x\.txt/)
    await isRefused(
      await changed(edit('manifest.json', () => '{"format":"other"}')),
      'invalid',
      /no backup of Dateline/,
    )
    await isRefused(await changed(edit('manifest.json', () => '[[[')), 'invalid', /no backup of Dateline/)
    await isRefused(
      await changed(manifest((found) => Reflect.deleteProperty(found, 'migrations'))),
      'invalid',
      /manifest is damaged/,
    )
  })

  it('of a newer program is refused by that name', async () => {
    const newer = manifest((found) => {
      found.migrations.push('9999-later.sql')
      found.program = '7.1.0'
    })
    await isRefused(await changed(newer), 'unavailable', /newer Dateline \(7\.1\.0\)/)
    await isRefused(await changed(manifest((found) => (found.formatVersion = 2))), 'unavailable', /newer/)
  })

  it('made to harm with sums that fit changes nothing either', async () => {
    const bad = (name: string, work: (text: string) => string) =>
      changed(edit(`tables/${name}.00001.jsonl`, work), true)
    await isRefused(
      await bad('post', (text) => text.replace('"published"', '"x\'; DROP TABLE story; --"')),
      'invalid',
      /Table post cannot take a row/,
    )
    await isRefused(await bad('post', (text) => text.replace('{', '{,')), 'invalid', /Table post cannot take a row/)
    await isRefused(
      await bad('post', (text) => text.replace(/"story_id": "\w+"/, '"story_id": "nobodynobodynobody"')),
      'invalid',
      /point at rows that are not there/,
    )
    await isRefused(
      await bad('desk_entry', (text) => text.replace('Forty', 'Ninety')),
      'conflict',
      /its payload is not the one/,
    )
    const columns = manifest((found) => (table(found, 'post').columns = ['id']))
    await isRefused(await changed(columns), 'invalid', /other columns/)
  })
})
