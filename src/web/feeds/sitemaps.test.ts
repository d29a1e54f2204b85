// robots.txt and sitemaps of a real node: which addresses they name, and what becomes of them.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { EDITOR, liveStory, publish, words } from '../../../test/helpers/acts.ts'
import { startTestNode, type TestNode } from '../../../test/helpers/node.ts'
import { storyPath } from '../../domain/address.ts'
import { withdrawStory } from '../../newsroom/withdraw-story.ts'
import { sitemapRoutes } from './sitemaps.ts'

let node: TestNode
before(async () => {
  node = await startTestNode()
})
after(() => node.close())

const textOf = async (path: string) => (await fetch(`${node.origin}${path}`)).text()
const addressesIn = (text: string) => [...text.matchAll(/<loc>([^<]*)<\/loc>/g)].map(([, address]) => address)

describe('for search engines', () => {
  it('robots.txt leads to the index, and that to files that are there', async () => {
    const robots = await textOf('/robots.txt')
    assert.match(robots, /^User-agent: \*\nDisallow: \/desk\n/)
    const index = /^Sitemap: (.*)$/m.exec(robots)?.[1] ?? ''
    const files = addressesIn(await (await fetch(index)).text())
    assert.equal(files.length, 2)
    for (const file of files) {
      const answer = await fetch(file ?? '')
      assert.deepEqual([answer.status, answer.headers.get('content-type')], [200, 'application/xml; charset=utf-8'])
      const again = await fetch(file ?? '', { headers: { 'if-none-match': answer.headers.get('etag') ?? '' } })
      assert.equal(again.status, 304)
    }
  })

  it('the sitemap names the public stories with their closed pages, and none that is unlisted or withdrawn', async () => {
    const long = await liveStory(node.store)
    for (let n = 0; n < 41; n++) await publish(node.store, long.id, words(`Post ${n}`))
    const unlisted = await liveStory(node.store, { visibility: 'unlisted', slug: undefined })
    const gone = await liveStory(node.store)
    const before = addressesIn(await textOf('/sitemap-stories.xml'))
    const own = node.origin + storyPath(long.name)
    assert.deepEqual(
      before.filter((address) => address?.startsWith(own)),
      [own, `${own}/page/1-20`],
    )
    assert.equal(before[0], `${node.origin}/`)
    assert.ok(before.includes(node.origin + storyPath(gone.name)))
    assert.ok(!before.some((address) => address?.includes(unlisted.id)))
    await withdrawStory(node.store, EDITOR, gone.id, '')
    assert.ok(!(await textOf('/sitemap-stories.xml')).includes(gone.name))
  })

  it('the news sitemap names what began within two days, by its title', async () => {
    const { name } = await liveStory(node.store, { title: 'Fire & "smoke"' })
    const text = await textOf('/sitemap-news.xml')
    assert.ok(text.includes(`<loc>${node.origin}${storyPath(name)}</loc>`))
    assert.match(text, /<news:language>en<\/news:language>.*<news:title>Fire &amp; &quot;smoke&quot;<\/news:title>/)
    const { reads } = node.store
    const site = () => ({ name: 'N', origin: 'https://n.example', language: 'en' })
    const later = sitemapRoutes({ reads, site, utc: () => Date.now() + 3 * 86_400_000 })
    const route = later.find(({ url }) => url === '/sitemap-news.xml')
    let sent: unknown
    const reply = { header: () => reply, type: () => reply, send: (body: unknown) => (sent = body) }
    await route?.handler({ headers: {} } as never, reply as never)
    assert.deepEqual(addressesIn(String(sent)), [])
  })
})
