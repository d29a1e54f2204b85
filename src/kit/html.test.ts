import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { attributes, html, jsonData, nothing, raw, SafeHtml } from './html.ts'

describe('html', () => {
  it('escapes text and leaves its own kind as it is', () => {
    assert.equal(
      String(html`<p>${'a < b & "c"'}${html`<b>${'<'}</b>`}</p>`),
      '<p>a &lt; b &amp; &quot;c&quot;<b>&lt;</b></p>',
    )
  })

  it('joins arrays and drops null, undefined and false, but not zero', () => {
    assert.equal(String(html`${[html`<i></i>`, 'x', [1, null]]}${null}${undefined}${false}${0}${''}`), '<i></i>x10')
  })

  it('passes raw markup of our own', () => {
    assert.equal(String(html`${raw('<br>')}${nothing}`), '<br>')
  })

  it('writes data that nothing in it can end, and that reads back as it was', () => {
    const value = { text: '</script><!-- & \u2028' }
    const [, json = ''] =
      /^<script type="application\/ld\+json">([^<>&]*)<\/script>$/.exec(
        String(jsonData('application/ld+json', value)),
      ) ?? []
    assert.deepEqual(JSON.parse(json), value)
  })

  it('writes attributes, bare ones for true, none for null and false', () => {
    const given = attributes({ id: 'a"b', hidden: true, title: null, lang: undefined, dir: false, width: 0 })
    assert.equal(String(html`<p ${given}></p>`), '<p id="a&quot;b" hidden width="0"></p>')
  })

  it('gives the same markup each time one template runs', () => {
    const make = (text: string) => String(html`<a href="${text}">${text}</a>`)
    assert.deepEqual([make('/a'), make('/b')], ['<a href="/a">/a</a>', '<a href="/b">/b</a>'])
  })

  it('lets nobody else make safe markup', () => {
    assert.throws(() => new (SafeHtml as unknown as new (text: string) => SafeHtml)('<script>'), TypeError)
    const forged = { toString: () => '<script>' } as unknown as SafeHtml
    assert.throws(() => html`${forged}`, TypeError)
  })
})
