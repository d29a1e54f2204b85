// Checks what an address allows and how a browser is named.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { browserWords } from './browser-words.ts'
import { passkeySiteOf, warningOf } from './site-safety.ts'

const at = (protocol: 'http' | 'https', host: string) => ({ protocol, host })

test('passkeys belong to the host of PUBLIC_URL with https, or to localhost, and to no number', () => {
  assert.deepEqual(passkeySiteOf(at('http', '10.0.0.7:4810'), 'https://live.example.org'), {
    rpID: 'live.example.org',
    origin: 'https://live.example.org',
  })
  assert.deepEqual(passkeySiteOf(at('http', 'localhost:4810'), null), {
    rpID: 'localhost',
    origin: 'http://localhost:4810',
  })
  for (const host of ['127.0.0.1:4810', '[::1]:4810', 'desk.example.org', '10.0.0.7', 'localhost.evil.example'])
    assert.equal(passkeySiteOf(at('http', host), null), null, host)
  assert.equal(passkeySiteOf(at('https', '10.0.0.7'), null), null)
  assert.equal(passkeySiteOf(at('https', 'x.example'), 'http://live.example.org'), null, 'the operator’s word wins')
})

test('without https off this machine the desk says what will not work, and otherwise nothing', () => {
  assert.match(
    warningOf(at('http', 'desk.example.org'), null) ?? '',
    /no HTTPS.*cookie.*plain forms.*passkeys.*installed/,
  )
  assert.match(warningOf(at('http', 'localhost'), 'http://live.example.org') ?? '', /no HTTPS/)
  assert.match(warningOf(at('http', '127.0.0.1:4810'), null) ?? '', /open the desk at http:\/\/localhost:4810/)
  assert.equal(warningOf(at('http', 'localhost:4810'), null), null)
  assert.equal(warningOf(at('http', '10.0.0.7'), 'https://live.example.org'), null)
})

test('a browser is a few words, and what it says of itself is not kept', () => {
  const mozilla = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
  assert.equal(browserWords(mozilla), 'Firefox on Linux')
  const edge =
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0'
  assert.equal(browserWords(edge), 'Edge on Windows')
  const iphone =
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1'
  assert.equal(browserWords(iphone), 'Safari on iPhone')
  const phone = 'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36'
  assert.equal(browserWords(phone), 'Chrome on Android')
  assert.equal(browserWords(undefined), 'Some browser')
  assert.equal(browserWords('<script>alert(1)</script>'), 'Some browser')
})
