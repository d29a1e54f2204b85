// A live page of some 430 updates, from its HTML to the pages that readers get: every post stands there once, in order, with its
// words and times. The page is made here, with what real pages hold and what spoils imports.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { createRandom } from '../../../test/helpers/random.ts'
import { type ShownPost, shownPage } from '../../../test/helpers/shown-posts.ts'
import { silentLog } from '../../base/log.ts'
import { readLivePage } from '../../formats/live-page.ts'
import { systemActor } from '../../store/accounts.ts'
import { createMemoryStore } from '../../store/memory.ts'
import { createApp } from '../../web/app.ts'
import { createFragments } from '../../web/reader/fragments.ts'
import { readerRoutes } from '../../web/reader/pages.ts'
import { createShelf } from '../../web/reader/shelf.ts'
import { declareRoutes } from '../../web/routes.ts'
import { type ImportDesk, importStory } from './import-story.ts'

const POSTS = 428
const START = Date.UTC(2025, 2, 3, 6)
const MINUTE = 60_000
const ADDRESS = 'https://news.example/live/river'
const random = createRandom(7)

/** What the source says, and what a reader must see of it. */
type Sample = { body: string; lines: string[]; links?: string[] }
type Wanted = { headline: string; lines: string[]; links: string[]; at: number; updatedAt: number | null }

const LONG = 'The gauge at the weir stood still while the wind turned. '.repeat(60).trim()

const SAMPLES: ((n: number) => Sample)[] = [
  (n) => ({ body: `<p>Level ${n}</p><p>Second &amp; last</p>`, lines: [`Level ${n}`, 'Second & last'] }),
  () => ({ body: '<p>The water is still rising.</p>', lines: ['The water is still rising.'] }), // again and again
  (n) => ({
    body: `<p>&#8220;R&amp;D&#8221; &eacute;t&#xE9; &lt;script&gt;alert(${n})&lt;/script&gt; 5 &lt; 6 &hellip;&nbsp;caf&eacute;</p>`,
    lines: [`“R&D” été <script>alert(${n})</script> 5 < 6 … café`],
  }),
  (n) => ({
    body: `<ul><li>a ${n}<ul><li>b</li><li>c <ol><li>d</li></ol></li></ul></li><li>e</li></ul><p>End</p>`,
    lines: [`a ${n}`, 'b', 'c', 'd', 'e', 'End'],
  }),
  (n) => ({
    body: `<table><thead><tr><th>Gauge</th><th>m</th></tr></thead><tbody><tr><td>Weir ${n}</td><td>4.2</td></tr>
      <tr><td>Quay</td><td>3.9</td></tr></tbody></table>`,
    lines: ['Gauge', 'm', `Weir ${n}`, '4.2', 'Quay', '3.9'],
  }),
  (n) => ({
    body: `<p><a href="javascript:alert(1)">js</a> <a href="ftp://x.example/">ftp</a> <a href="mailto:a@b.example">mail</a>
      <a href="tel:112">tel</a> <a href="data:text/html,x">data</a> <a href=" java&#10;script:alert(1)">odd</a>
      <a href="VBSCRIPT:x">vb</a> <a href="/rel?n=${n}&amp;m=1">rel</a> <a href="//other.example/p">other</a></p>`,
    lines: ['js ftp mail tel data odd vb rel other'],
    links: ['mailto:a@b.example', `https://news.example/rel?n=${n}&m=1`, 'https://other.example/p'],
  }),
  (n) => ({
    body: `<h2>What we know ${n}</h2><blockquote><p>We <em>wait</em>.</p><p>We watch.</p></blockquote><script>alert(1)</script>`,
    lines: [`What we know ${n}`, 'We wait.', 'We watch.'],
  }),
  (n) => ({
    body: `Line one of ${n}\nLine two & the rest\n\nLine three`,
    lines: [`Line one of ${n}`, 'Line two & the rest', 'Line three'],
  }),
  (n) => ({
    body: `<p dir="rtl">שלום עולם ${n}</p><p>e\u0301 👩‍🚒 naïve</p>`,
    lines: [`שלום עולם ${n}`, 'é 👩‍🚒 naïve'],
  }),
  (n) => ({ body: `<p>${LONG} ${n}</p>`, lines: [`${LONG} ${n}`] }),
  (n) => ({
    body: `<div>Loose ${n}<br>text<p>in a <b>bro<i>ken</b> div</i></div><p>end`,
    lines: [`Loose ${n}`, 'text', 'in a broken div', 'end'],
  }),
]
const HEADLINES = ['What we know so far', 'Mayor &amp; <em>council</em> meet', '', '‘It’s rising’', 'Level {n}']
const SHOWN_HEADLINES = ['What we know so far', 'Mayor & council meet', '', '‘It’s rising’', 'Level {n}']

/** Three updates share each minute; every third was changed later. */
function make(n: number): { update: object; wanted: Wanted } {
  const sample = (SAMPLES[n % SAMPLES.length] as (n: number) => Sample)(n)
  const which = n % HEADLINES.length
  const at = START + Math.floor(n / 3) * MINUTE
  const updatedAt = n % 3 === 0 ? at + 7 * MINUTE : null
  const name =
    n % 4 === 0
      ? { '@id': `post-${n}` }
      : n % 4 === 1
        ? { url: `${ADDRESS}#p${n}` }
        : n % 4 === 2
          ? { url: ADDRESS }
          : {}
  const update = {
    '@type': 'BlogPosting',
    ...name,
    headline: (HEADLINES[which] ?? '').replace('{n}', String(n)),
    articleBody: sample.body,
    datePublished: new Date(at).toISOString(),
    dateModified: new Date(updatedAt ?? at).toISOString(),
  }
  const headline = (SHOWN_HEADLINES[which] ?? '').replace('{n}', String(n))
  return { update, wanted: { headline, lines: sample.lines, links: sample.links ?? [], at, updatedAt } }
}

function shuffled<T>(list: readonly T[]): T[] {
  return list
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item)
}

const made = Array.from({ length: POSTS }, (_, n) => make(n))
const updates = shuffled([...made.map(({ update }) => update), ...made.slice(8, 12).map(({ update }) => update)])
const data = {
  '@type': 'LiveBlogPosting',
  headline: 'River level',
  url: ADDRESS,
  inLanguage: 'en',
  liveBlogUpdate: updates,
}
const source = `<!doctype html><script type="application/ld+json">${JSON.stringify(data).replaceAll('<', '\\u003c')}</script>`

const store = createMemoryStore({ now: Date.now })
const takePicture = () => Promise.reject(new Error('the page has no picture'))
const desk: ImportDesk = { acts: store.acts, actor: systemActor('import'), salt: 'salt', takePicture }
let app: FastifyInstance

before(async () => {
  app = await createApp({ log: silentLog(), secure: false, trustedProxies: [], errorPage: () => '' })
  const routes = readerRoutes({
    reads: store.reads,
    fragments: createFragments(),
    shelf: createShelf(Date.now, Date.now, 0), // nobody tells it when something moves
    site: () => ({ name: 'Dateline', origin: 'http://localhost', language: 'en' }),
    assets: { script: '/assets/reader.js', style: '/assets/reader.css', seen: '/assets/seen-00000000.js' },
    serving: () => undefined,
    silence: () => 0,
    heardAt: () => 0,
    now: Date.now,
    staleMax: 1,
  })
  declareRoutes(app, routes, async () => undefined)
  await app.ready()
})
after(() => app.close())

const importSource = (text: string) => {
  const imported = readLivePage(text)
  assert.ok(imported)
  return importStory(desk, imported, { visibility: 'public' })
}

async function pageAt(path: string): Promise<string> {
  const answer = await app.inject(path)
  assert.equal(answer.statusCode, 200, path)
  return answer.body
}

/** As a reader walks: the first page, then each older one that it links to. Newest first. */
async function walk(path: string): Promise<{ posts: ShownPost[]; pages: number; count: number }> {
  const first = shownPage(await pageAt(path))
  const posts = [...first.posts]
  const seen = new Set<string>()
  for (let page = first; ; ) {
    const older = page.links.filter((link) => /\/page\/\d+-\d+$/.test(link) && !seen.has(link))
    const next = older.toSorted((a, b) => Number(b.match(/(\d+)$/)?.[1]) - Number(a.match(/(\d+)$/)?.[1]))[0]
    if (!next) return { posts, pages: seen.size + 1, count: first.count }
    seen.add(next)
    page = shownPage(await pageAt(next))
    posts.push(...page.posts)
  }
}

/** Posts of one time stand in an order that a shuffled source does not tell: there they are compared as a set. */
function grouped(posts: readonly Wanted[]): [number, string[]][] {
  const groups = new Map<number, string[]>()
  for (const { headline, lines, links, at, updatedAt } of posts) {
    const key = JSON.stringify([headline, lines, links, updatedAt])
    groups.set(at, [...(groups.get(at) ?? []), key])
  }
  return [...groups].map(([at, keys]) => [at, keys.sort()])
}

test(`a page of ${POSTS} updates in random order is shown whole: each once, in order, with its words, links and times`, async () => {
  const report = await importSource(source)
  assert.deepEqual(report.posts, { found: POSTS, published: POSTS, here: 0, leftOut: 0 })
  assert.deepEqual(report.problems, ['An update stands in the page twice; one was kept. (4 times)'])
  const { posts, pages, count } = await walk('/river-level')
  assert.deepEqual([posts.length, new Set(posts.map((post) => post.id)).size, count], [POSTS, POSTS, POSTS])
  assert.equal(pages, 21)
  const times = posts.map((post) => post.at)
  assert.deepEqual(
    times,
    times.toSorted((a, b) => b - a),
    'newest first, over the borders of pages too',
  )
  const wanted = made.map((one) => one.wanted).toSorted((a, b) => b.at - a.at)
  assert.ok(new Set(times).size < POSTS / 2, 'many share a time')
  assert.deepEqual(grouped(posts), grouped(wanted))
})

test('nothing active came over', async () => {
  const { posts } = await walk('/river-level')
  const tags = new Set(posts.flatMap((post) => post.tags))
  for (const tag of ['script', 'iframe', 'style', 'object', 'form', 'svg']) assert.ok(!tags.has(tag), tag)
  const schemes = new Set(posts.flatMap((post) => post.links.map((link) => new URL(link, ADDRESS).protocol)))
  assert.deepEqual([...schemes].sort(), ['https:', 'mailto:'])
})

test('importing it again, in another order, changes not one byte of what readers see', async () => {
  const pages = ['/river-level', '/river-level/page/1-20', '/river-level/page/381-400']
  const before = await Promise.all(pages.map(pageAt))
  const again = { ...data, liveBlogUpdate: shuffled(updates) }
  const report = await importSource(JSON.stringify(again))
  assert.deepEqual(report.posts, { found: POSTS, published: 0, here: POSTS, leftOut: 0 })
  assert.deepEqual(await Promise.all(pages.map(pageAt)), before)
})

test('each post has its own page, with the same words', async () => {
  const { posts } = await walk('/river-level')
  for (const post of posts.filter((_, index) => index % 50 === 0)) {
    const [own] = shownPage(await pageAt(`/river-level/post/${post.id}`)).posts
    assert.deepEqual([own?.lines, own?.at], [post.lines, post.at])
  }
})
