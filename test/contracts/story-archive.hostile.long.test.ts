// Archives of a story that are damaged, cut off, foreign or made to harm: each is refused with one sentence, and nothing is changed.
// Run by node --test.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { packTar, unpackTar } from 'modern-tar'
import { importPage } from '../../src/cli/commands/import.ts'
import { parseOptions } from '../../src/cli/options.ts'
import { checkStoryArchive } from '../../src/cli/story-archive/read.ts'
import type { ErrorCode } from '../../src/domain/error.ts'
import { isAppError } from '../../src/domain/error.ts'
import { commitTo, hashHeader } from '../../src/store/chain.ts'
import { openTestStore, type TestStore } from '../helpers/database.ts'
import { type FullStory, fullStory } from '../helpers/full-story.ts'
import { exportTo, filesBelow, importFrom } from '../helpers/story-archive.ts'
import { type Entries, edit, editManifest, entry, packed, sha256, textOf } from '../helpers/tar-entries.ts'

let store: TestStore
let target: TestStore
let story: FullStory
let folder: string
let whole: Buffer
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dateline-hostile-'))
  store = await openTestStore()
  target = await openTestStore()
  story = await fullStory(store, join(folder, 'media'))
  whole = await exportTo(store.db, join(folder, 'media'), story.id, join(folder, 'whole.tar'))
})
after(async () => {
  await target.close()
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

async function isRefused(bytes: Uint8Array, code: ErrorCode, message: RegExp): Promise<void> {
  const file = join(folder, `${randomBytes(6).toString('hex')}.tar`)
  writeFileSync(file, bytes)
  const mediaDir = `${file}.media`
  await assert.rejects(importFrom(target.db, mediaDir, file), (error: Error) => {
    assert.ok(isAppError(error, code), error.stack)
    assert.match(error.message, message)
    assert.ok(!error.message.includes('\n'), 'one sentence')
    return true
  })
  for (const table of ['story', 'post', 'desk_entry', 'media'] as const)
    assert.deepEqual(await target.db.selectFrom(table).selectAll().execute(), [], table)
  assert.deepEqual(filesBelow(mediaDir), [])
  rmSync(file)
}

type Line = { [key: string]: never }

const manifest = editManifest<Line>

/** The archive with other entries. `sealed`: sums and counts are made to fit, as somebody who means harm would. */
async function changed(change: (entries: Entries) => Entries, sealed = false): Promise<Uint8Array> {
  let entries = change(await unpackTar(whole))
  if (sealed) {
    const files = entries.filter(({ header }) => header.name !== 'manifest.json')
    const found = JSON.parse(textOf(entries, 'manifest.json'))
    found.parts = Object.fromEntries(
      files.map(({ header, data }) => [header.name, { bytes: data?.length ?? 0, sha256: sha256(data) }]),
    )
    const count = (name: string) => textOf(files, name).split('\n').length - 1
    Object.assign(found.counts, {
      ...{ posts: count('posts.jsonl'), revisions: count('revisions.jsonl'), media: count('media.jsonl') },
      files: files.filter(({ header }) => header.name.startsWith('media/')).length,
    })
    entries = [...files, entry('manifest.json', JSON.stringify(found))]
  }
  return packed(entries)
}

/** Every line of a part through `work`, sealed. null leaves it out. */
const withLines = (part: string, work: (line: Line, index: number) => unknown) =>
  changed(
    edit(part, (text) =>
      text
        .split('\n')
        .filter(Boolean)
        .map((line, index) => {
          const found = JSON.parse(line)
          work(found, index)
          return `${sorted(found)}\n`
        })
        .join(''),
    ),
    true,
  )
const sorted = (value: unknown) =>
  JSON.stringify(value, (_, one) =>
    one && typeof one === 'object' && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  )

describe('an archive of a story', () => {
  it('that was unpacked and packed again is still good', async () => {
    const file = join(folder, 'repacked.tar')
    writeFileSync(file, await changed((entries) => entries, true))
    await checkStoryArchive(file)
  })

  it('cut off anywhere is refused', async () => {
    const places = [0, 1, 511, 512, 700, whole.length - 512, whole.length - 1]
    for (let n = 1; n < 20; n++) places.push(Math.floor((whole.length * n) / 20))
    for (const at of places) await isRefused(whole.subarray(0, at), 'invalid', /no archive|damaged|cut off/)
    await isRefused(await changed((entries) => entries.slice(0, -1)), 'invalid', /its end is missing/)
  })

  it('with a flipped bit anywhere is refused, or the bit meant nothing', async () => {
    let refused = 0
    for (let n = 0; n < 60; n++) {
      const bytes = Buffer.from(whole)
      const at = Math.floor((bytes.length * (n + 0.5)) / 60)
      bytes[at] = (bytes[at] ?? 0) ^ 0x08
      const file = join(folder, 'flipped.tar')
      writeFileSync(file, bytes)
      const good = await checkStoryArchive(file).catch(() => null)
      if (good) {
        // Only what a tar fills up its blocks with: no part of it differs.
        const [is, was] = await Promise.all([unpackTar(bytes), unpackTar(whole)])
        assert.deepEqual(
          is.map((one) => one.data),
          was.map((one) => one.data),
        )
      } else {
        refused += 1
        await isRefused(bytes, 'invalid', /damaged|no archive/)
      }
    }
    assert.ok(refused > 40, `${refused} refused`)
  })

  it('with a changed, missing, added or doubled part is refused', async () => {
    await isRefused(
      await changed(edit('posts.jsonl', (text) => text.replace('Fourteen', 'Fifteenn'))),
      'invalid',
      /posts\.jsonl is not what was written/,
    )
    const without = (part: RegExp) => (entries: Entries) => entries.filter(({ header }) => !part.test(header.name))
    await isRefused(await changed(without(/^media\//)), 'invalid', /media\/.* is missing/)
    await isRefused(await changed(without(/^desk-log/), true), 'invalid', /desk-log\.jsonl is missing/)
    await isRefused(
      await changed((entries) => [entry(`media/${story.pictures.made}/1.jpg`, 'x'), ...entries]),
      'invalid',
      /was added/,
    )
    await isRefused(await changed((all) => [all[0] as Entries[number], ...all]), 'invalid', /in a way no archive does/)
    await isRefused(
      await changed(manifest((found) => Object.assign(found, { counts: {} }))),
      'invalid',
      /manifest is damaged/,
    )
  })

  it('with names that lead elsewhere, links and folders is refused', async () => {
    for (const name of ['../evil', 'media/../../evil', '/etc/passwd', `media/${story.pictures.made}/../x.jpg`, 'C:\\x'])
      await isRefused(await changed((all) => [entry(name, 'x'), ...all], true), 'invalid', /no part of an archive/)
    for (const type of ['symlink', 'link', 'directory', 'fifo', 'character-device'] as const) {
      const header = { name: `media/${story.pictures.made}/900.jpg`, size: 0, type, linkname: '/etc/passwd' }
      await isRefused(await changed((all) => [{ header }, ...all]), 'invalid', /in a way no archive does/)
    }
  })

  it('that is something else is refused by what it holds', async () => {
    const { options } = parseOptions([], { DATA_DIR: join(folder, 'never') })
    const run = (bytes: Uint8Array, said: RegExp) => {
      const file = join(folder, 'foreign.html')
      writeFileSync(file, bytes)
      return assert.rejects(importPage({ options, rest: [file], sources: {} as never }), (error: Error) => {
        assert.ok(isAppError(error), error.stack)
        assert.match(error.message, said)
        return true
      })
    }
    const other = await packTar([{ header: { name: 'x.txt', size: 1 }, body: 'x' }])
    await run(other, /no archive of a story/)
    await run(gzipSync(other), /gzipped.*dateline restore/)
    await run(await changed(edit('manifest.json', () => '{"format":"other"}')), /no archive of a story/)
    await run(await changed(edit('manifest.json', () => '[[[')), /no archive of a story/)
    await run(Buffer.from('PK\x03\x04 a zip'), /no live page that is known/)
    await run(await changed(edit('posts.jsonl', () => 'x')), /not what was written/)
    assert.deepEqual(filesBelow(join(folder, 'never')), [], 'no installation was made for it')
  })

  it('of a later version is refused by that name, whatever else it holds', async () => {
    const later = await changed((all) => [
      entry('facts.jsonl', ''),
      ...manifest((found) => Object.assign(found, { version: 2 }))(all),
    ])
    await isRefused(later, 'unavailable', /version 2 of its format, and this Dateline reads 1/)
  })

  it('made to fill the memory is refused', async () => {
    const deep = `{"id":${'['.repeat(200_000)}${']'.repeat(200_000)}}\n`
    await isRefused(
      await changed(
        edit('posts.jsonl', () => deep),
        true,
      ),
      'invalid',
      /a line of kind "post" is wrong/,
    )
    const long = `{"id":"${'x'.repeat(5_000_000)}"}\n`
    await isRefused(
      await changed(
        edit('posts.jsonl', () => long),
        true,
      ),
      'invalid',
      /a line without an end/,
    )
    const huge = Buffer.from(whole)
    const size = huge.indexOf('posts.jsonl') + 124
    huge.write('77777777777\0', size, 'latin1') // eight gigabytes, it says
    const block = huge.subarray(size - 124, size + 388)
    block.fill(' ', 148, 156)
    block.write(
      `${block
        .reduce((sum, byte) => sum + byte, 0)
        .toString(8)
        .padStart(6, '0')}\0 `,
      148,
      'latin1',
    )
    await isRefused(huge, 'invalid', /posts\.jsonl is too large/)
  })

  it('made to harm with sums that fit changes nothing either', async () => {
    const posts = (work: (post: Line, index: number) => unknown) => withLines('posts.jsonl', work)
    const set = (path: string[], value: unknown) => (found: Line, index: number) => {
      if (index > 0) return
      const last = path.at(-1) ?? ''
      const inner = path.slice(0, -1).reduce<Line>((at, key) => at[key] as unknown as Line, found)
      Object.assign(inner, { [last]: value })
    }
    await isRefused(await posts(set(['state'], "x'; DROP TABLE story; --")), 'invalid', /"post" is wrong \(state/)
    await isRefused(await posts(set(['extra'], 1)), 'invalid', /"post" is wrong/)
    const link = [{ type: 'paragraph', text: [{ text: 'x', link: 'javascript:alert(1)' }] }]
    await isRefused(await posts(set(['content', 'blocks'], link)), 'invalid', /Links start with/)
    await isRefused(await posts(set(['content', 'blocks'], [{ type: 'html', html: '<b>' }])), 'invalid', /"post" is/)
    const turned = 'abc\u202ecba'
    await isRefused(await posts(set(['content', 'headline'], turned)), 'invalid', /not written as Dateline writes it/)
    await isRefused(await posts(set(['content', 'headline'], 'a\0b')), 'invalid', /not written as/)
    await isRefused(await posts(set(['id'], 'zzzzzzzzzzzzzzzzzzzz')), 'invalid', /not in order|has no post/)
    await isRefused(await posts((post) => Object.assign(post, { version: 999_999 })), 'invalid', /newer than its story/)
    const face = (value: object) => withLines('story.jsonl', (found) => Object.assign(found, value))
    await isRefused(await face({ slug: 'desk' }), 'invalid', /"story" is wrong \(slug/)
    await isRefused(await face({ slug: '../x' }), 'invalid', /"story" is wrong \(slug/)
    await isRefused(await face({ seq: 1 }), 'invalid', /public log breaks|desk log breaks/)
    await isRefused(await face({ id: story.after }), 'invalid', /not about one story/)
    const unknown = await withLines('media.jsonl', (line) =>
      Object.assign(line, { id: `${String(line.id).slice(0, -1)}0` }),
    )
    await isRefused(unknown, 'invalid', /not in order|is not there|belongs to no picture/)
    const withdrawn = await withLines('media.jsonl', (line) => Object.assign(line, { withdrawnAt: 1 }))
    await isRefused(withdrawn, 'invalid', /belongs to no picture of it/)
  })

  it('whose logs were changed is refused, with the place of the break', async () => {
    const desk = (index: number, value: object) =>
      withLines('desk-log.jsonl', (line, at) => at === index && Object.assign(line, value))
    await isRefused(await desk(4, { payload: {} }), 'invalid', /desk log breaks at entry 5: its payload/)
    await isRefused(await desk(4, { actorId: 'somebody' }), 'invalid', /desk log breaks at entry 5: its header/)
    await isRefused(await desk(4, { seq: 6 }), 'invalid', /desk log breaks at entry 5/)
    await isRefused(await desk(4, { salt: null }), 'invalid', /half of it was erased/)
    await isRefused(await desk(4, { publicSeq: 77 }), 'invalid', /names another public entry/)
    const resealed = await withLines('public-log.jsonl', (line, at) => {
      if (at !== 1) return
      const commitment = commitTo({ kind: 'x' }, 'salt')
      const header = { ...line, log: 'public' as const, storyId: story.id, actorId: '', credential: '', commitment }
      Object.assign(line, { payload: { kind: 'x' }, salt: 'salt', commitment, hash: hashHeader(header as never) })
    })
    await isRefused(resealed, 'invalid', /public log breaks at entry 3: it does not follow/)
  })

  it('of this test is good as it is', async () => {
    const mediaDir = join(folder, 'good')
    await importFrom(target.db, mediaDir, join(folder, 'whole.tar'))
    assert.ok(readFileSync(join(folder, 'whole.tar')).equals(whole))
  })
})
