// Encodings as pages really name them.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodePage } from './charset.ts'

const ascii = (text: string) => Array.from(text, (char) => char.charCodeAt(0))
const page = (head: string, ...body: number[]) => new Uint8Array([...ascii(head), ...body])
const UTF8 = [0xc3, 0xa9] // é
const LATIN = [0xe9]

test('a byte order mark wins over every word', () => {
  assert.equal(decodePage(new Uint8Array([0xef, 0xbb, 0xbf, ...UTF8]), 'text/html; charset=koi8-r'), 'é')
  assert.equal(decodePage(new Uint8Array([0xff, 0xfe, 0xe9, 0x00]), 'text/html; charset=utf-8'), 'é')
  assert.equal(decodePage(new Uint8Array([0xfe, 0xff, 0x00, 0xe9])), 'é')
})

test('the header wins over the page, however it is written', () => {
  for (const type of ['text/html; charset=ISO-8859-1', 'text/html;charset="latin1"', "text/html; Charset = 'Latin1' "])
    assert.equal(decodePage(page('<meta charset=utf-8>', ...LATIN), type), '<meta charset=utf-8>é')
  assert.equal(decodePage(new Uint8Array([0xd7, 0xc5]), 'text/plain; charset=KOI8-R'), 'ве')
  assert.equal(decodePage(new Uint8Array([0x93, 0xfa, 0x96, 0x7b]), 'text/html; charset=Shift_JIS'), '日本')
})

test('without a header the page’s own word counts', () => {
  const heads = [
    '<meta charset="windows-1252">',
    '<html><head><meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">',
    '<?xml version="1.0" encoding="ISO-8859-1"?>',
  ]
  for (const head of heads) assert.equal(decodePage(page(head, 0xc3, 0xa9)), `${head}Ã©`)
  assert.equal(decodePage(page('<meta charset=utf-16>', ...UTF8)), '<meta charset=utf-16>é')
})

test('a word that names no encoding is passed over, and JSON names none', () => {
  assert.equal(decodePage(page('', ...UTF8), 'text/html; charset=bogus'), 'é')
  assert.equal(decodePage(page('{"a":"<meta charset=latin1>', ...UTF8)), '{"a":"<meta charset=latin1>é')
})

test('without any word the bytes decide between UTF-8 and windows-1252, and nothing throws', () => {
  assert.equal(decodePage(page('<p>', ...UTF8)), '<p>é')
  assert.equal(decodePage(page('<p>', ...LATIN, 0x93)), '<p>é“')
  assert.equal(decodePage(page('<p>', ...LATIN), 'text/html; charset=utf-8'), '<p>\ufffd')
  assert.equal(decodePage(new Uint8Array()), '')
})
