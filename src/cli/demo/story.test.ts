// The demonstration holds what it promises: valid posts, ascending times, captions equal to those in the files.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import exifr from 'exifr'
import { parseContent } from '../../domain/content.ts'
import type { DemoActOf } from './build.ts'
import { PHOTOS } from './photos.ts'
import { photoUrl } from './play.ts'
import { DEMO_STORY } from './story.ts'

const { acts } = DEMO_STORY
const published = acts.filter((act): act is DemoActOf<'publish'> => act.type === 'publish')

test('every text is content that a desk would take', () => {
  for (const act of acts) if ('content' in act) assert.doesNotThrow(() => parseContent(act.content), act.key)
})

test('the story says that it is a demonstration with fictional voices', () => {
  assert.match(DEMO_STORY.standfirst, /demonstration written for Dateline.*fictional/s)
  assert.match(DEMO_STORY.slug, /^demo-/)
})

test('times ascend, and every act finds its post published before and not yet withdrawn', () => {
  const live = new Set<string>()
  acts.forEach((act, i) => {
    assert.ok(i === 0 || act.at > (acts[i - 1]?.at ?? 0), `${act.key} at ${act.at}`)
    if (act.type === 'publish') {
      assert.ok(!live.has(act.key), act.key)
      live.add(act.key)
    } else assert.ok(live.has(act.key), `${act.type} ${act.key}`)
    if (act.type === 'withdraw') live.delete(act.key)
  })
})

test('it shows what the page can show', () => {
  const blocks = published.flatMap((act) => act.content.blocks)
  const quotes = blocks.filter((block) => block.type === 'quote')
  assert.ok(published.length >= 46, `${published.length} posts`)
  assert.ok(quotes.length >= 12 && quotes.every((block) => block.speaker?.name && block.speaker.role))
  assert.ok(published.filter((act) => act.keyEvent).length >= 8)
  assert.ok(published.filter((act) => act.photo).length >= 8)
  assert.ok(acts.some((act) => act.type === 'correct' && act.note))
  const traces = acts.flatMap((act) => (act.type === 'withdraw' ? [act.trace] : []))
  assert.ok(traces.includes('line') && traces.includes('none'))
  assert.ok(blocks.some((block) => block.type === 'table') && blocks.some((block) => block.type === 'list'))
  assert.ok(published.some((act) => act.content.breaking))
})

test('an unconfirmed post is confirmed later', () => {
  const open = published.filter((act) => act.content.verification === 'unconfirmed').map((act) => act.key)
  const confirmed = acts.filter((act) => act.type === 'revise' && act.content.verification === 'confirmed')
  assert.ok(confirmed.some((act) => open.includes(act.key)))
})

test('every photo is a small JPEG whose IPTC caption, credit and rights are those of the data', async () => {
  for (const photo of Object.values(PHOTOS)) {
    const bytes = readFileSync(photoUrl(photo))
    assert.equal(bytes.readUInt16BE(0), 0xffd8, photo.file)
    assert.ok(bytes.length <= 120 * 1024, `${photo.file}: ${bytes.length} bytes`)
    const { iptc } = await exifr.parse(bytes, { iptc: true, mergeOutput: false })
    assert.equal(utf8(iptc.Caption), photo.caption)
    assert.equal(utf8(iptc.Credit), photo.agency)
    assert.equal(utf8(iptc.CopyrightNotice), 'Generated for Dateline, CC0')
  }
})

/** exifr reads IPTC as Latin-1 whatever the file says. */
function utf8(value: string): string {
  return Buffer.from(value, 'latin1').toString('utf8')
}
