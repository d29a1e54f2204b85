import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { Parser } from 'htmlparser2'
import { attributes, html, raw } from './html.ts'

type Seen = { tags: string[]; attributes: Record<string, string>; text: string }

function read(markup: string): Seen {
  const seen: Seen = { tags: [], attributes: {}, text: '' }
  const parser = new Parser({
    onopentag: (name, given) => {
      seen.tags.push(name)
      Object.assign(seen.attributes, given)
    },
    ontext: (text) => {
      seen.text += text
    },
  })
  parser.end(markup)
  return seen
}

const SIGNS = fc.constantFrom(
  '<',
  '>',
  '"',
  "'",
  '`',
  '&',
  '&amp',
  '/',
  '=',
  '!',
  '--',
  ']]>',
  '\n',
  '\0',
  ' ',
  'script',
  'on',
)
const HOSTILE = fc.oneof(fc.string(), fc.string({ unit: SIGNS }), fc.string({ unit: 'binary' }))

describe('html against hostile values', () => {
  it('reads back exactly the text that went in, whatever it was', () => {
    fc.assert(
      fc.property(HOSTILE, HOSTILE, (text, title) => {
        const seen = read(String(html`<p title="${title}" ${attributes({ 'data-a': title })}>${text}</p>`))
        assert.deepEqual(seen.tags, ['p'])
        assert.equal(seen.text, text)
        assert.deepEqual(seen.attributes, { title, 'data-a': title })
      }),
      { numRuns: 300 },
    )
  })

  it('opens no address that runs code or leaves by a trick', () => {
    const bad = [
      'javascript:alert(1)',
      ' javascript:alert(1)',
      'java\nscript:x',
      'JaVaScRiPt:x',
      'data:text/html,x',
      'vbscript:x',
      'blob:x',
      'file:///etc',
      '//evil.example',
      '/\\evil.example',
      '/\t/evil.example',
      'x',
      '\u0001javascript:x',
      '&#106;avascript:x',
    ]
    for (const address of bad) {
      assert.equal(String(html`<a href="${address}"></a>`), '<a href="#"></a>', JSON.stringify(address))
      assert.equal(String(html`<img ${attributes({ src: address })}>`), '<img src="#">', JSON.stringify(address))
    }
    for (const address of [
      'https://a.example/?b&c',
      'http://a',
      'mailto:a@b.c',
      '/',
      '/storm/post/1',
      '#x',
      '?order=oldest',
    ]) {
      assert.equal(read(String(html`<a href="${address}"></a>`)).attributes.href, address)
    }
  })

  it('refuses places that cannot be made safe', () => {
    const value = 'x'
    assert.throws(() => html`<p title=${value}></p>`, /quoted/)
    assert.throws(() => html`<p ${value}></p>`, TypeError)
    assert.throws(() => html`<${value}></p>`, TypeError)
    assert.throws(() => html`<p title='${value}'></p>`, TypeError)
    assert.throws(() => html`<p onclick="${value}"></p>`, TypeError)
    assert.throws(() => html`<p style="color:${value}"></p>`, TypeError)
    assert.throws(() => html`<iframe srcdoc="${value}"></iframe>`, TypeError)
    assert.throws(() => html`<script>${value}</script>`, TypeError)
    assert.throws(() => html`<style>${value}</style>`, TypeError)
    assert.throws(() => html`<!-- ${value} -->`, TypeError)
    assert.throws(() => html`<p title="${value}`, TypeError)
    assert.throws(() => attributes({ onload: value }), TypeError)
    assert.throws(() => attributes({ style: value }), TypeError)
    assert.throws(() => attributes({ 'a b': value }), TypeError)
  })

  it('takes no markup inside an attribute', () => {
    assert.throws(() => html`<p title="${raw('"><script>')}"></p>`, TypeError)
    assert.throws(() => html`<p title="${['a']}"></p>`, TypeError)
  })
})
