import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { paragraph } from '../../test/helpers/public-story.ts'
import type { Block, ImageBlock } from '../domain/content.ts'
import { renderBlocks } from './blocks.ts'
import { previewPath } from './figures.ts'

const render = (...blocks: Block[]) => String(renderBlocks(blocks, 'en'))
const photo: ImageBlock = {
  type: 'image',
  media: 'media000000000000000',
  alt: 'A ferry at the quay',
  caption: 'The ferry this morning.',
  credit: 'Maria Okafor',
  agency: 'Reuters',
  source: 'https://photos.example/1.jpg',
  width: 1000,
  height: 667,
}

describe('the walker', () => {
  it('writes marks inside out and one link for neighbours with one address', () => {
    const link = 'https://a.example/'
    const text = [{ text: 'a ' }, { text: 'b', bold: true, link } as const, { text: 'c', italic: true, link } as const]
    assert.equal(
      render({ type: 'paragraph', text }),
      '<p>a <a href="https://a.example/" rel="noopener"><strong>b</strong><em>c</em></a></p>',
    )
  })

  it('keeps line breaks and leaves out empty paragraphs', () => {
    assert.equal(render(paragraph('a\nb'), paragraph(' ')), '<p>a<br>b</p>')
  })

  it('skips no level of headings, whatever the writer skipped', () => {
    const heading = (level: 3 | 4, text: string): Block => ({ type: 'heading', level, text: [{ text }] })
    assert.equal(render(heading(4, 'a'), heading(3, 'b'), heading(4, 'c')), '<h3>a</h3><h3>b</h3><h4>c</h4>')
    assert.equal(
      String(renderBlocks([heading(3, 'a'), heading(4, 'b')], 'en', '', 2)),
      '<h2 class="sub">a</h2><h3>b</h3>',
    )
  })

  it('leads the first paragraph in with the place', () => {
    const blocks = [paragraph('The council met.'), paragraph('More.')]
    assert.equal(
      String(renderBlocks(blocks, 'en', 'CAIRO')),
      '<p><span class="place">CAIRO</span> The council met.</p><p>More.</p>',
    )
    assert.match(String(renderBlocks([photo], 'en', 'CAIRO')), /^<p class="place">CAIRO<\/p><figure/)
  })
})

describe('a picture', () => {
  it('comes from our renditions, never wider than the original, and keeps its place while it loads', () => {
    const markup = render(photo)
    for (const format of ['avif', 'webp']) {
      const path = '/media/media000000000000000'
      const source = `<source type="image/${format}" srcset="${path}/400.${format} 400w, ${path}/800.${format} 800w"`
      assert.ok(markup.includes(source), format)
    }
    assert.ok(markup.indexOf('image/avif') < markup.indexOf('image/webp'), 'the smaller one is offered first')
    assert.match(
      markup,
      /<img src="\/media\/media000000000000000\/800.jpg"[^>]* alt="A ferry at the quay" width="1000" height="667" loading="lazy" decoding="async">/,
    )
    assert.doesNotMatch(markup, /1600|photos\.example/)
  })

  it('has caption, then credit, neither twice', () => {
    assert.match(
      render(photo),
      /<figcaption>The ferry this morning. <span class="credit">Maria Okafor, Reuters<\/span><\/figcaption>/,
    )
    const told = render({
      ...photo,
      caption: 'The ferry. Photo: Maria Okafor/Reuters',
      credit: 'Maria Okafor',
      agency: undefined,
    })
    assert.equal(told.match(/Maria Okafor/g)?.length, 1)
    assert.match(render({ ...photo, alt: photo.caption }), / alt="" /)
  })

  it('that could not be had is caption and credit without a picture', () => {
    const markup = render({ ...photo, media: undefined })
    assert.doesNotMatch(markup, /<img|<picture| src=/)
    assert.match(markup, /The ferry this morning.*Maria Okafor, Reuters/)
    assert.match(
      markup,
      /<a href="https:\/\/photos.example\/1.jpg" rel="noopener nofollow external">See it on photos.example/,
    )
  })

  it('is what link previews show when it is ours', () => {
    assert.equal(previewPath([paragraph('a'), photo]), '/media/media000000000000000/800.jpg')
    assert.equal(previewPath([{ ...photo, media: undefined }]), null)
  })
})

describe('what stands elsewhere', () => {
  it('is a still card that says who will be contacted', () => {
    const markup = render({ type: 'embed', url: 'https://www.video.example/1', title: 'The quay', author: 'Harbour' })
    assert.match(markup, /The quay, by Harbour/)
    assert.match(
      markup,
      /<a href="https:\/\/www.video.example\/1" rel="noopener nofollow external">Open on video.example<\/a>/,
    )
    assert.match(markup, /Opening it contacts video.example\./)
    assert.doesNotMatch(markup, /<(?:iframe|img|video|script)/)
  })

  it('is a card for clips too, without a link where there is no source', () => {
    const clip = { title: 'Surge', caption: 'Filmed at six.', credit: 'Pilots' }
    assert.match(
      render({ type: 'video', ...clip, source: 'https://v.example/9' }),
      /class="card video".*Watch on v.example/s,
    )
    assert.doesNotMatch(render({ type: 'audio', ...clip }), /<a /)
  })
})

describe('quote, table and data', () => {
  it('a quote names its speaker and role under it', () => {
    const markup = render({
      type: 'quote',
      text: [[{ text: 'Stay away.' }]],
      speaker: { name: 'Ingrid', role: 'mayor' },
    })
    assert.equal(
      markup,
      '<figure class="quote"><blockquote><p>Stay away.</p></blockquote><figcaption><span class="speaker">Ingrid</span>, <span class="role">mayor</span></figcaption></figure>',
    )
  })

  it('a table is reachable and named, fills short rows and marks figures', () => {
    const cells = (...texts: string[]) => texts.map((text) => [{ text }])
    const markup = render({
      type: 'table',
      caption: 'Levels',
      header: cells('Place', 'm'),
      rows: [cells('Quay', '2.41'), cells('Pier')],
    })
    assert.match(markup, /role="region" tabindex="0" aria-label="Levels"/)
    assert.match(markup, /<th scope="col">Place<\/th>/)
    assert.match(markup, /<tr><td>Quay<\/td><td class="number">2.41<\/td><\/tr><tr><td>Pier<\/td><td><\/td><\/tr>/)
  })

  it("a table's empty corner is no header", () => {
    const markup = render({
      type: 'table',
      caption: '',
      header: [[], [{ text: 'Goals' }]],
      rows: [[[{ text: 'Ajax' }]]],
    })
    assert.match(markup, /<thead><tr><td><\/td><th scope="col">Goals<\/th><\/tr><\/thead>/)
  })

  it('data is a list of names and values', () => {
    const markup = render({
      type: 'data',
      title: 'At 08:00',
      items: [{ label: 'Waiting', value: '340', note: 'fewer' }],
    })
    assert.match(markup, /<dt>Waiting<\/dt><dd>340 <small>fewer<\/small><\/dd>/)
  })
})
