// The addresses that a start prints, and what a phone in the same network is given.

import assert from 'node:assert/strict'
import type { NetworkInterfaceInfo } from 'node:os'
import { test } from 'node:test'
import { networkOrigins, originOf } from './where.ts'

const card = (address: string, family: 'IPv4' | 'IPv6', internal = false) =>
  ({ address, family, internal }) as NetworkInterfaceInfo

const CARDS = {
  lo: [card('127.0.0.1', 'IPv4', true), card('::1', 'IPv6', true)],
  eth0: [card('192.168.1.20', 'IPv4'), card('fe80::1', 'IPv6')],
}

test('a node that listens everywhere is localhost here, never 0.0.0.0', () => {
  const at = (host: string, tlsCert: string | null = null) => originOf({ host, tlsCert }, 4321)
  for (const host of ['0.0.0.0', '::', '127.0.0.1', '::1']) assert.equal(at(host), 'http://localhost:4321', host)
  assert.equal(at('192.168.1.20'), 'http://192.168.1.20:4321')
  assert.equal(at('fd00::2', '/cert.pem'), 'https://[fd00::2]:4321')
})

test('its addresses in the network are told, and none where it listens on one address', () => {
  const at = (host: string) => networkOrigins({ host, tlsCert: null }, 4321, CARDS)
  assert.deepEqual(at('0.0.0.0'), ['http://192.168.1.20:4321'])
  assert.deepEqual(at('::'), ['http://192.168.1.20:4321'])
  assert.deepEqual(at('127.0.0.1'), [])
  assert.deepEqual(at('192.168.1.20'), [])
})
