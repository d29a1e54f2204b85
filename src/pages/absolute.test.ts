// Checks that addresses in our markup become absolute, and nothing else does.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { html } from '../kit/html.ts'
import { absolute } from './absolute.ts'

test('paths get the origin, in lists of sources too; the web, anchors and texts stay as they are', () => {
  const text = 'said: href="/a" and src="/b"'
  const markup = html`<p title="${text}">${text}<a href="/s/post/x">1</a><a href="https://e.example/">2</a><a href="#a">3</a><img src="/m/1.jpg" srcset="/m/1.jpg 400w, /m/2.jpg 800w"><video src="/m/c" poster="/m/p.jpg"></video></p>`
  const escaped = String(html`${text}`)
  assert.equal(
    String(absolute(markup, 'https://x.example')),
    `<p title="${escaped}">${escaped}<a href="https://x.example/s/post/x">1</a><a href="https://e.example/">2</a><a href="#a">3</a><img src="https://x.example/m/1.jpg" srcset="https://x.example/m/1.jpg 400w, https://x.example/m/2.jpg 800w"><video src="https://x.example/m/c" poster="https://x.example/m/p.jpg"></video></p>`,
  )
})
