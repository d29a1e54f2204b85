import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom } from '../../test/helpers/random.ts'
import { diffText, likeness, type Piece } from './text-diff.ts'

/** As people mark it: [-went-]{+came+}. */
function marked(pieces: readonly Piece[]): string {
  return pieces
    .map(({ change, text }) => (change === 'kept' ? text : change === 'added' ? `{+${text}+}` : `[-${text}-]`))
    .join('')
}
const joined = (pieces: readonly Piece[], without: Piece['change']) =>
  pieces
    .filter(({ change }) => change !== without)
    .map(({ text }) => text)
    .join('')

test('one word that was changed is told as one word', () => {
  assert.equal(
    marked(diffText('Seven people were hurt, police said.', 'Nine people were hurt, police said.')),
    '[-Seven-]{+Nine+} people were hurt, police said.',
  )
})

test('a number is one word, and so is a word with an accent or an apostrophe', () => {
  assert.equal(marked(diffText('about 1,200 at 14:32', 'about 1,250 at 14:32')), 'about [-1,200-]{+1,250+} at 14:32')
  assert.equal(marked(diffText('Zoë isn’t there', 'Zoe isn’t there')), '[-Zoë-]{+Zoe+} isn’t there')
})

test('neighbouring changes run together, so that they can be read', () => {
  assert.equal(
    marked(diffText('the old stone bridge fell', 'the new steel bridge fell')),
    'the [-old stone-]{+new steel+} bridge fell',
  )
})

test('white space that both have is no part of a change', () => {
  assert.equal(
    marked(diffText('people were hurt when it fell', 'people were hurt, two badly, when it fell')),
    'people were hurt{+, two badly,+} when it fell',
  )
})

test('what was added or removed stands alone', () => {
  assert.equal(
    marked(diffText('The bridge fell.', 'The bridge fell. Nobody was hurt.')),
    'The bridge fell.{+ Nobody was hurt.+}',
  )
  assert.equal(marked(diffText('The bridge fell early.', 'The bridge fell.')), 'The bridge fell[- early-].')
  assert.equal(marked(diffText('', 'New')), '{+New+}')
  assert.deepEqual(diffText('', ''), [])
  assert.equal(marked(diffText('Same', 'Same')), 'Same')
})

test('scripts without spaces are compared sign by sign', () => {
  assert.equal(marked(diffText('三人受伤', '五人受伤')), '[-三-]{+五+}人受伤')
})

test('whatever the texts, both can be read from the difference', () => {
  const random = createRandom(7)
  const vocabulary = ['a', 'b', 'c', 'de', ' ', ' ', '\n', '.', 'é', '1,2', '世', '👍', '\u0301']
  const text = () =>
    Array.from({ length: Math.floor(random() * 40) }, () => vocabulary[Math.floor(random() * vocabulary.length)]).join(
      '',
    )
  for (let n = 0; n < 3_000; n++) {
    const [before, after] = [text(), text()]
    const pieces = diffText(before, after)
    assert.equal(joined(pieces, 'added'), before)
    assert.equal(joined(pieces, 'removed'), after)
    pieces.forEach((piece, index) => assert.ok(piece.text !== '' && piece.change !== pieces[index + 1]?.change))
  }
})

test('two long texts with nothing in common take no time', () => {
  const long = (sign: string) => Array.from({ length: 30_000 }, (_, n) => `${sign}${n}`).join(' ')
  const began = performance.now()
  assert.equal(diffText(long('a'), long('b')).length, 2)
  const some = (sign: string) => Array.from({ length: 4_000 }, (_, n) => (n % 3 ? `${sign}${n}` : 'and')).join(' ')
  const pieces = diffText(some('a'), some('b'))
  assert.equal(joined(pieces, 'added'), some('a'))
  assert.ok(performance.now() - began < 2_000)
})

test('likeness is 1 for the same words and 0 for none', () => {
  assert.deepEqual(
    [likeness('a b', 'b a'), likeness('a b', 'c d'), likeness('', ''), likeness('a b', 'a c')],
    [1, 0, 1, 0.5],
  )
})
