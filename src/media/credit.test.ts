// Credits and captions as agencies write them.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { captionWithoutCredit, splitCredit } from './credit.ts'

test('photographer, pool and agency are told apart in the ways agencies write them', () => {
  const cases: [string, string, boolean, string][] = [
    ['(Jane Doe/Pool Photo via AP)', 'Jane Doe', true, 'AP'],
    ['(AP Photo/Jane Doe)', 'Jane Doe', false, 'AP'],
    ['(AP Photo/Jane Doe, Pool)', 'Jane Doe', true, 'AP'],
    ['REUTERS/Jane Doe', 'Jane Doe', false, 'REUTERS'],
    ['Jane Doe/Getty Images', 'Jane Doe', false, 'Getty Images'],
    ['Jane Doe / AFP via Getty Images', 'Jane Doe', false, 'AFP via Getty Images'],
    ['Photograph: Jane Doe/PA', 'Jane Doe', false, 'PA'],
    ['(Photo by Jane Doe/NurPhoto via Getty Images)', 'Jane Doe', false, 'NurPhoto via Getty Images'],
    ['Handout via REUTERS', '', false, 'REUTERS'],
    ['Jane Doe/The Daily Example', 'Jane Doe', false, 'The Daily Example'],
    ['Jane Doe via AP', 'Jane Doe', false, 'AP'],
    ['EPA-EFE', '', false, 'EPA-EFE'],
    ['Jane Doe', 'Jane Doe', false, ''],
    ['', '', false, ''],
  ]
  for (const [text, photographer, pool, agency] of cases) {
    assert.deepEqual(splitCredit(text), { photographer, pool, agency }, text)
  }
})

test('a caption never repeats its credit', () => {
  const cases: [string, string[], string][] = [
    ['The bridge at dawn. (AP Photo/Jane Doe)', ['AP Photo/Jane Doe'], 'The bridge at dawn.'],
    ['The bridge at dawn. (AP Photo/Jane Doe)', ['Jane Doe'], 'The bridge at dawn.'],
    ['The bridge at dawn. Photo: Jane Doe', ['Jane Doe'], 'The bridge at dawn.'],
    ['The bridge at dawn. Jane Doe/PA', ['Jane Doe/PA'], 'The bridge at dawn.'],
    ['Jane Doe', ['Jane Doe'], ''],
    ['The mayor thanks Jane Doe', ['Jane Doe'], 'The mayor thanks Jane Doe'],
    ['The bridge (built 1932)', ['Jane Doe'], 'The bridge (built 1932)'],
    ['The bridge', [''], 'The bridge'],
  ]
  for (const [caption, credits, expected] of cases)
    assert.equal(captionWithoutCredit(caption, credits), expected, caption)
})
