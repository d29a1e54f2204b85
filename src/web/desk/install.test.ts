// What makes the desk installable, as a stranger and as a browser with the plain forms get it.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openBrowser, openTestDesk, type TestDesk } from '../../../test/helpers/desk.ts'

let desk: TestDesk
before(async () => {
  desk = await openTestDesk()
})
after(() => desk.close())

test('the manifest, the shell and the worker are the same for everybody and hold nobody’s token', async () => {
  const stranger = openBrowser(desk)
  const manifest = await stranger.get('/desk/manifest.webmanifest')
  const { start_url, scope, display } = JSON.parse(manifest.body) as Record<string, string>
  assert.deepEqual([start_url, scope, display], ['/desk/', '/desk/', 'standalone'])
  const shell = await stranger.get('/desk/shell')
  assert.equal(shell.statusCode, 200)
  assert.doesNotMatch(shell.body, /csrf|data-start/)
  assert.match(
    String(shell.headers['content-security-policy']),
    /require-trusted-types-for 'script'; trusted-types dateline-worker$/,
  )
})

test('where there is no program to keep, the worker takes itself away and may fetch from us alone', async () => {
  const { body, headers } = await openBrowser(desk).get('/desk/worker.js')
  assert.match(body, /registration\.unregister\(\)/)
  assert.match(body, /caches\.delete/)
  assert.equal(headers['content-security-policy'], "default-src 'none'; connect-src 'self'")
  assert.equal(headers['cache-control'], 'private, no-cache')
})
