// Which photos may be used when, and how that is said.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nameOfPhoto, whyNotUsed } from './photo-rights.ts'

const END = Date.parse('2026-05-04T12:00:00Z')
const rights = { useUntil: null, noUse: '', blocked: false }

test('a photo may be used until its moment, and not at it', () => {
  assert.equal(whyNotUsed('The photo', rights, END), null)
  assert.equal(whyNotUsed('The photo', { ...rights, useUntil: END }, END - 1), null)
  assert.equal(
    whyNotUsed('The photo “Quay” by Ada', { ...rights, useUntil: END, noUse: 'No archive' }, END),
    'The photo “Quay” by Ada could be used until 4 May 2026 at 12:00 UTC, and that has passed (No archive). Take it out, or change its rights.',
  )
})

test('words alone refuse nothing; a block refuses whatever the date', () => {
  assert.equal(whyNotUsed('P', { ...rights, noUse: 'No use in France' }, END), null)
  const blocked = { useUntil: END, noUse: 'No use in France', blocked: true }
  assert.equal(
    whyNotUsed('P', blocked, END - 1),
    'P is blocked and may not be used: No use in France. Take it out, or change its rights.',
  )
})

test('a photo is named by its caption, else by what it shows, else by its id', () => {
  const image = {
    type: 'image' as const,
    media: 'abcdefghjkmnpqrstvwx',
    alt: 'A crane',
    caption: 'The quay',
    credit: 'Ada',
  }
  assert.equal(nameOfPhoto([image], image.media), 'The photo “The quay” by Ada')
  const gallery = { type: 'gallery' as const, images: [{ ...image, caption: '', credit: '', agency: 'AP' }] }
  assert.equal(nameOfPhoto([gallery], image.media), 'The photo “A crane” by AP')
  assert.equal(nameOfPhoto([], image.media), 'The photo without a caption (abcdef)')
  assert.ok(nameOfPhoto([{ ...image, caption: 'x'.repeat(500) }], image.media).length < 120)
})
