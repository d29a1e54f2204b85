// The import command: sources read from a real server and from files, and the command itself as a person runs it.

import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { dateline } from '../../../test/helpers/command.ts'
import { serveLoopback } from '../../../test/helpers/loopback.ts'
import { temporaryFolder } from '../../../test/helpers/node.ts'
import { readImported } from './import.ts'

const update = (headline: string, more: object = {}) => ({
  '@type': 'BlogPosting',
  headline,
  articleBody: `<p>${headline} body <a href="../more">more</a></p><img src="/i/${headline}.jpg" alt="a">`,
  datePublished: '2026-01-31T10:00:00Z',
  ...more,
})
const liveBlog = (more: object = {}) => ({
  '@type': 'LiveBlogPosting',
  headline: 'River level',
  liveBlogUpdate: [update('One', { url: '?post=1' })],
  ...more,
})
const pageOf = (data: object) => `<html lang="en"><script type="application/ld+json">${JSON.stringify(data)}</script>`

test('a page is fetched, and relative addresses in it are resolved against where it was found in the end', async (context) => {
  const host = await serveLoopback(context, (request, response) => {
    if (request.url === '/go') return void response.writeHead(302, { location: '/news/live/river' }).end()
    response.writeHead(200, { 'content-type': 'text/html' }).end(pageOf(liveBlog()))
  })
  const { sourceUrl, posts, problems } = await readImported(`http://${host}/go`, { allowHosts: [host] })
  assert.equal(sourceUrl, `http://${host}/news/live/river`)
  assert.equal(posts[0]?.originalUrl, `http://${host}/news/live/river?post=1`)
  assert.deepEqual(posts[0]?.content.blocks, [
    { type: 'paragraph', text: [{ text: 'One body ' }, { text: 'more', link: `http://${host}/news/more` }] },
    { type: 'image', alt: 'a', caption: '', credit: '', source: `http://${host}/i/One.jpg` },
  ])
  assert.deepEqual(problems, [])
})

test('the shape is recognised by what came, whatever the server calls it', async (context) => {
  const blocks = [{ id: 'a', title: 'T', blockFirstPublished: 1, elements: [] }]
  const guardian = { webURL: 'https://www.theguardian.com/live', headline: 'Guardian', pageId: 'live', blocks }
  const host = await serveLoopback(context, (request, response) => {
    const body = request.url === '/g' ? JSON.stringify(guardian) : JSON.stringify(liveBlog())
    response.writeHead(200, { 'content-type': 'text/html' }).end(body)
  })
  assert.equal((await readImported(`http://${host}/j`, { allowHosts: [host] })).title, 'River level')
  const found = await readImported(`http://${host}/g`, { allowHosts: [host] })
  assert.equal(found.title, 'Guardian')
  assert.deepEqual(found.problems, [
    `The page came from ${host} and names www.theguardian.com as its place; that is taken as its source.`,
  ])
})

test('a page without a live blog, and a private address, are told in one sentence', async (context) => {
  const host = await serveLoopback(context, (_request, response) => void response.end('<p>nothing</p>'))
  await assert.rejects(readImported(`http://${host}/`, { allowHosts: [host] }), {
    code: 'invalid',
    message: new RegExp(`^http://${host}/ is no live page that is known here: it needs .* Nothing was imported\\.$`),
  })
  await assert.rejects(readImported(`HTTP://${host}/`), { code: 'invalid', message: /private network/ })
})

test('a file is read in its own encoding', async (context) => {
  const folder = temporaryFolder()
  context.after(folder.remove)
  const file = join(folder.path, 'page.html')
  const text = `<meta charset="iso-8859-1">${pageOf(liveBlog({ headline: 'La Réole' }))}`
  await writeFile(file, text, 'latin1')
  assert.equal((await readImported(file)).title, 'La Réole')
  await assert.rejects(readImported(join(folder.path, 'none')), { code: 'invalid' })
  await assert.rejects(readImported(folder.path), { code: 'invalid' })
})

test('the command refuses a private address before it opens anything', async () => {
  const { code, out, err } = await dateline('import', 'http://169.254.169.254/latest/meta-data/')
  assert.deepEqual([code, out], [1, ''])
  assert.equal(err, 'The address 169.254.169.254 leads into a private network and is not fetched.\n')
})

test('the command tells what it did, and a second run what was here already', async (context) => {
  const folder = temporaryFolder()
  context.after(folder.remove)
  const file = join(folder.path, 'page.html')
  const updates = [update('One'), update('Two', { datePublished: '2026-01-31T11:00:00Z' })]
  await writeFile(file, pageOf(liveBlog({ url: 'https://news.example/live', liveBlogUpdate: updates })))
  const run = () => dateline('import', file, '--no-pictures', '--data-dir', join(folder.path, 'data'))
  const first = await run()
  assert.equal(first.code, 0, first.err)
  assert.equal(
    first.out,
    `Imported "River level" to /river-level
  posts     2 found, 2 published, 0 here already
  pictures  0 kept, 2 missing (their caption, credit and address stay)
  times     shown in UTC; --time-zone at the first import sets another
`,
  )
  const second = await run()
  assert.match(second.out, /posts {5}2 found, 0 published, 2 here already\n {2}pictures {2}0 kept, 0 missing\n/)
})
