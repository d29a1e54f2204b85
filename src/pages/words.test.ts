import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { html } from '../kit/html.ts'
import { phrase, plural, word, wordsAttributes, wordsLanguage } from './words.ts'
import { ENGLISH } from './words-en.ts'
import { HEBREW } from './words-he.ts'

const placesOf = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([place]) => place).sort()

describe('the words', () => {
  it('stand in every language with the same places to fill', () => {
    const hebrew: Record<string, string> = HEBREW
    for (const [id, english] of Object.entries(ENGLISH)) {
      assert.ok(hebrew[id], `${id} is missing`)
      assert.deepEqual(placesOf(hebrew[id] ?? ''), placesOf(english), id)
    }
  })

  it('fall back to English, regions to their language', () => {
    assert.equal(word('fr', 'live'), 'Live')
    assert.equal(word('he-IL', 'live'), HEBREW.live)
    assert.deepEqual(['fr', 'he-IL', 'en-US'].map(wordsLanguage), ['en', 'he-IL', 'en-US'])
  })

  it('hold markup in their places, and text as text', () => {
    assert.equal(String(phrase('en', 'updated', { time: html`<time>14:32</time>` })), 'Updated <time>14:32</time>')
    assert.equal(String(phrase('en', 'source', { name: '<b>' })), 'Source: &lt;b&gt;')
  })

  it('set English apart on a page of a language without a table', () => {
    assert.equal(String(phrase('ar', 'live', {})), '<bdi lang="en" dir="ltr">Live</bdi>')
    assert.equal(String(phrase('fr', 'live', {})), '<bdi lang="en">Live</bdi>')
    assert.equal(wordsAttributes('he').text, '')
  })

  it('count as the language does', () => {
    assert.deepEqual(
      [0, 1, 2, 1214].map((n) => plural('en', 'posts', n)),
      ['0 posts', '1 post', '2 posts', '1,214 posts'],
    )
    assert.equal(plural('he', 'posts', 2), '2 עדכונים')
  })
})
