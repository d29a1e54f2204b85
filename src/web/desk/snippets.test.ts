// Snippets on the plain desk: saved, changed and deleted by an editor, read by a reporter; a refusal gives the words back.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openBrowser, openTestDesk, type TestDesk } from '../../../test/helpers/desk.ts'
import type { Role } from '../../domain/permission.ts'

const PASSWORD = 'correct horse battery'
const PAGE = '/desk/snippets'
let desk: TestDesk
before(async () => {
  desk = await openTestDesk()
})
after(() => desk.close())

async function signedIn(role: Role) {
  const email = `${role}@example.org`
  await desk.accounts.createAccount({ name: role, email, password: PASSWORD }, role)
  const browser = openBrowser(desk, `192.0.2.${role.length}`)
  await browser.post('/desk/sign-in', { email, password: PASSWORD })
  return browser
}

const formsIn = (page: string) =>
  [...page.matchAll(/action="(\/desk\/snippets\/\w+)"/g)].map(([, action = '']) => action)

test('an editor saves, changes and deletes one; nothing typed is lost by a stale form or a bad name', async () => {
  const editor = await signedIn('editor')
  const [fresh = ''] = formsIn((await editor.get(PAGE)).body)
  const bad = await editor.post(fresh, { name: 'two words', text: 'In danger, call **112**.', revision: '0' })
  assert.ok(bad.statusCode === 400 && bad.body.includes('In danger, call **112**.') && bad.body.includes('two words'))
  const made = await editor.post(fresh, { name: 'lines', text: 'In danger, call **112**.', revision: '0' })
  assert.equal(made.headers.location, `${PAGE}?done=snippet-saved`)
  const [kept] = (await desk.store.admin.query('SELECT name, blocks FROM snippet')).rows
  assert.deepEqual(kept.blocks[0].text[1], { text: '112', bold: true })
  await editor.get(PAGE)
  const stale = await editor.post(fresh, { name: 'lines', text: 'Mine', revision: '0' })
  assert.equal(stale.statusCode, 409, stale.body)
  assert.match(stale.body, /Mine/)
  assert.equal((await editor.post(fresh, { name: 'lines', text: 'Now 113.', revision: '1' })).statusCode, 303)
  assert.match((await editor.get(PAGE)).body, /Now 113\./)

  const reporter = await signedIn('reporter')
  const read = (await reporter.get(PAGE)).body
  assert.ok(read.includes('Now 113.') && formsIn(read).length === 0)
  const refused = await reporter.post(fresh, { name: 'lines', text: 'x', revision: '2', csrf: 'x' })
  assert.equal(refused.statusCode, 403)
  assert.equal((await (await signedIn('viewer')).get(PAGE)).statusCode, 403)

  await editor.get(PAGE)
  assert.equal((await editor.post(`${fresh}/delete`, {})).headers.location, `${PAGE}?done=snippet-gone`)
  assert.match((await editor.get(PAGE)).body, /No snippets yet/)
})
