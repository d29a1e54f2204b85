// Tests of how long ago is said: in every language as a person would say it, in as few words as that allows.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { agoFormat, agoText } from './times.ts'

const MINUTE = 60_000
const said = (language: string, minutes: number) => agoText(agoFormat(language), minutes * MINUTE)

test('young times are said in words, older ones and those ahead not at all', () => {
  assert.deepEqual(
    [0, 0.5, 1, 12, 59].map((minutes) => said('en-GB', minutes)),
    ['now', 'now', '1 min ago', '12 min ago', '59 min ago'],
  )
  assert.equal(said('en-GB', 60), '')
  assert.equal(said('en-GB', -2), '')
})

test('Hebrew says "a minute ago", without a number in brackets', () => {
  assert.deepEqual(
    [0, 1, 12].map((minutes) => said('he', minutes)),
    ['עכשיו', 'לפני דקה', 'לפני 12 דקות'],
  )
  assert.equal(said('he-IL-u-hc-h23-nu-latn', 1), 'לפני דקה')
})

test('no language is left with a bare minus', () => {
  for (const language of ['ar', 'de', 'fa', 'fr', 'nb', 'ro', 'ru', 'sv', 'uk']) {
    for (const minutes of [1, 2, 5]) assert.doesNotMatch(said(language, minutes), /^[-−(]|\(|\d m$/, language)
  }
})
