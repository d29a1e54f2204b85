// The commands as a person runs them on one data folder: what is on standard output, what beside it, and what is never made.

import assert from 'node:assert/strict'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { dateline } from '../../test/helpers/command.ts'
import { temporaryFolder } from '../../test/helpers/node.ts'

const folder = temporaryFolder()
const data = join(folder.path, 'data')
const page = join(folder.path, 'page.html')
const at = (...line: string[]) => dateline(...line, '--data-dir', data)
after(() => folder.remove())

before(() => {
  const update = {
    '@type': 'BlogPosting',
    headline: 'One',
    articleBody: 'Water',
    datePublished: '2026-01-31T10:00:00Z',
  }
  const blog = { '@type': 'LiveBlogPosting', headline: 'River level', liveBlogUpdate: [update] }
  writeFileSync(page, `<html lang="en"><script type="application/ld+json">${JSON.stringify(blog)}</script>`)
})

describe('a folder without a Dateline', () => {
  test('is named, and nothing is made in it', async () => {
    const wrong = join(folder.path, 'wrong')
    for (const line of [
      ['token', 'list'],
      ['token', 'revoke', 'x'],
      ['token', 'create', '--account', 'a@example.org', '--name', 'A', '--scope', 'read'],
      ['user', 'list'],
      ['user', 'add', 'a@example.org', '--name', 'A'],
      ['export', 'story', '-'],
      ['replay', 'story'],
    ]) {
      const { code, out, err } = await dateline(...line, '--data-dir', wrong)
      assert.deepEqual([code, out], [1, ''], line.join(' '))
      assert.equal(err, `There is no Dateline in ${wrong}. Name its folder with --data-dir.\n`)
    }
    assert.ok(!existsSync(wrong))
  })

  test('is not made for a file that cannot be replayed', async () => {
    const wrong = join(folder.path, 'wrong')
    const none = await dateline('import', join(folder.path, 'none.html'), '--data-dir', wrong)
    assert.deepEqual(
      [none.code, none.err],
      [1, `There is no file ${join(folder.path, 'none.html')}. Nothing was imported.\n`],
    )
    const text = join(folder.path, 'text.html')
    writeFileSync(text, '<p>nothing</p>')
    const { code, err } = await dateline('replay', text, '--data-dir', wrong)
    assert.equal(code, 1)
    assert.match(err, /is no live page that is known here: it needs a schema\.org LiveBlogPosting/)
    assert.ok(!existsSync(wrong))
  })
})

describe('a folder with one', () => {
  test('a private import says where the desk has it, and the command ends without a word about the database', async () => {
    const { code, out, err } = await at('import', page, '--visibility', 'private', '--log-level', 'warn')
    assert.deepEqual([code, err], [0, ''])
    assert.match(out, /^Imported "River level" to \/desk\/stories\/[0-9a-z]+\n/)
  })

  test('a password and a token stand alone on standard output', async () => {
    const made = await at('user', 'add', 'ada@example.org', '--name', 'Ada')
    assert.match(made.out, /^[0-9a-z-]{23}\n$/)
    assert.equal(made.err, 'Made ada@example.org, reporter. The password is shown this once.\n')
    const token = await at('token', 'create', '--account', 'ada@example.org', '--name', 'T', '--scope', 'draft,manage')
    assert.match(token.out, /^dl_[\w-]{43}\n$/)
    assert.match(token.err, /^This is shown once\. .*\nOf manage a reporter may do nothing/)
  })

  test('a replay is on no front page unless it is told to be, and says where it is', async () => {
    const quiet = await at('replay', page, '--rush')
    assert.match(quiet.out, /^Replaying "River level \(replay\)": 1 post at \/[0-9a-z]+, unlisted\n\nDone: 1 post\n$/)
    const shown = await at('replay', page, '--rush', '--visibility', 'public', '--public-url', 'https://live.example')
    assert.match(shown.out, /1 post at https:\/\/live\.example\/river-level-replay, public\n/)
  })

  test('an export goes to standard output, whole', async () => {
    const { code, out, err } = await at('export', 'river-level-replay', '-')
    assert.equal(code, 0, err)
    assert.ok(out.includes('manifest.json') && out.includes('River level (replay)'))
    assert.match(err, /^Exported "River level \(replay\)" to standard output\n {2}posts {5}1, with 1 revision\n/)
    assert.ok(!existsSync('-'))
  })

  test('config shows the folder in force', async () => {
    const { out } = await dateline('config')
    assert.match(out, /^DATA_DIR +\/\S+ +\(default\)$/m)
  })
})
