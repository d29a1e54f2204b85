// Checks what a story's settings accept: its language, and the address that its title suggests.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isAppError } from './error.ts'
import { parseStorySettings, slugFrom } from './story.ts'

const languageOf = (language: string) => parseStorySettings({ title: 'T', language }).language

test('a language is a tag of a language there is, whatever its case', () => {
  assert.equal(languageOf('HE-il'), 'he-IL')
  assert.equal(languageOf('zh-hant-TW'), 'zh-Hant-TW')
  assert.equal(languageOf('iw'), 'he')
  assert.equal(languageOf('eng'), 'en')
  assert.equal(languageOf('hbo'), 'hbo')
  assert.equal(parseStorySettings({ title: 'T' }).language, 'en')
})

test('a name, a country or nonsense is no language, and the refusal says how to write one', () => {
  for (const wrong of ['English', 'ua', 'jp', 'und', 'x', '', 'en_GB', 'en-?', 'he IL', '12', 'a'.repeat(40)]) {
    assert.throws(
      () => languageOf(wrong),
      (error) => isAppError(error, 'invalid') && /"he" for Hebrew/.test(error.message),
      wrong,
    )
  }
})

test('a title gives an address only when it has letters for one; digits alone do not count', () => {
  assert.equal(slugFrom('Flood in Oslo 2026'), 'flood-in-oslo-2026')
  assert.equal(slugFrom('زلزال بقوة 6.1 درجة'), '')
  assert.equal(slugFrom('7.10.2023'), '')
  assert.equal(slugFrom('الدوري G7'), 'g7')
})
