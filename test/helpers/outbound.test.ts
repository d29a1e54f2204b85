// The rule itself: planted violations are caught, ordinary code is not.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { outboundUses } from './outbound.ts'

test('every way out that is planted is caught', () => {
  const planted: [string, string][] = [
    ["await fetch('https://example.org')", 'fetch'],
    ["const answer = await fetch(\n  'https://example.org')", 'fetch'],
    ['export const ways = { fetch }', 'fetch'],
    ['const get = fetch', 'fetch'],
    ['retry(fetch)', 'fetch'],
    ['const { fetch: get } = globalThis', 'fetch'],
    ["globalThis.fetch('https://example.org')", 'globalThis.fetch'],
    ["globalThis['fetch']('https://example.org')", 'globalThis.fetch'],
    ["new WebSocket('wss://example.org')", 'WebSocket'],
    ["new EventSource('https://example.org')", 'EventSource'],
    ["navigator.sendBeacon('https://example.org')", 'sendBeacon'],
    ["import { request } from 'node:http'", 'http'],
    ["import { get as read } from 'node:https'", 'https'],
    ["import http from 'http'", 'http'],
    ["import * as net from 'node:net'", 'net'],
    ["import { connect, isIP } from 'node:net'", 'net'],
    ["import { connect } from 'node:tls'", 'tls'],
    ["import { lookup } from 'node:dns'", 'dns'],
    ["import { resolve } from 'node:dns/promises'", 'dns/promises'],
    ["import { createSocket } from 'node:dgram'", 'dgram'],
    ["import 'node:http2'", 'http2'],
    ["import { request } from 'undici'", 'undici'],
    ["export { request } from 'node:http'", 'http'],
    ["export * from 'node:https'", 'https'],
    ["const { request } = await import('node:http')", 'http'],
    ["const net = require('net')", 'net'],
    ["const net = process.getBuiltinModule('node:net')", 'net'],
    ['const net = process.getBuiltinModule(name)', 'getBuiltinModule'],
    ['await import(name)', 'an import of a name made at run time'],
  ]
  for (const [source, use] of planted) assert.deepEqual(outboundUses(source), [use], source)
})

test('words, types, checks of addresses and methods of others are no way out', () => {
  const harmless = [
    "// fetch('https://example.org')\nconst text = 'fetch(it)' + `fetch(${1})`",
    "import type { ServerResponse } from 'node:http'",
    "import { type Server, STATUS_CODES } from 'node:http'",
    "import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net'",
    "import { guardedFetch } from '../base/fetch.ts'\nawait guardedFetch('https://example.org')",
    'await desk.fetch()',
    'type Ways = { fetch(): void; open: typeof fetch }',
    "export type { Server } from 'node:http'",
    "await import('./commands/start.ts')",
    'const ways = { fetch: () => 1 }',
  ]
  for (const source of harmless) assert.deepEqual(outboundUses(source), [], source)
})
