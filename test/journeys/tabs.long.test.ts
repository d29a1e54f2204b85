// Many tabs of one browser on one story: one stream for all of them, and no gap when it changes hands.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { BrowserContext, Page } from 'playwright-core'
import { liveStory, publish, words } from '../helpers/acts.ts'
import { NO_CHROMIUM, postIds, seeContact, seePost, WAIT_MS } from '../helpers/chromium.ts'
import { until } from '../helpers/desk-client.ts'
import { startSite } from '../helpers/journey.ts'

const TABS = 12 // twice as many as a browser opens connections to one host
const skip = NO_CHROMIUM
const options = { skip, timeout: 80_000 }

const site = startSite()

async function openTab(context: BrowserContext, path: string): Promise<Page> {
  const page = await context.newPage()
  await page.goto(`${site.node.origin}${path}`)
  return page
}

/** Whose page holds the stream: the one that has the lock. */
async function leaderOf(pages: readonly Page[]): Promise<Page> {
  for (const page of pages) {
    const holds = await page.evaluate(async () => {
      const { held } = await navigator.locks.query()
      const mine = await navigator.locks.request('who-am-i', async () => {
        const all = (await navigator.locks.query()).held ?? []
        return all.find((lock) => lock.name === 'who-am-i')?.clientId
      })
      return held?.some((lock) => lock.name === 'dateline-stream' && lock.clientId === mine) ?? false
    })
    if (holds) return page
  }
  throw new Error('no tab leads')
}

const oneStream = () => until('one stream is left', WAIT_MS, async () => site.node.readers() === 1)

it('twelve tabs share one stream, and a post reaches all of them', options, async () => {
  const { id, name } = await liveStory(site.node.store)
  const posts = [await publish(site.node.store, id, words('Before'))]
  const context = await site.browser.newContext()
  const pages: Page[] = []
  for (let n = 0; n < TABS; n++) pages.push(await openTab(context, `/${name}`))
  await Promise.all(pages.map(seeContact))
  await oneStream()
  posts.unshift(await publish(site.node.store, id, words('To all')))
  await Promise.all(pages.map((page) => seePost(page, posts[0] ?? '')))
  assert.equal(site.node.readers(), 1)

  // The stream changes hands while posts go on.
  const leader = await leaderOf(pages)
  const rest = pages.filter((page) => page !== leader)
  const closing = leader.close()
  for (let n = 1; n <= 3; n++) posts.unshift(await publish(site.node.store, id, words(`While closing ${n}`)))
  await closing
  posts.unshift(await publish(site.node.store, id, words('After closing')))
  const shown = async (page: Page) => {
    await page.bringToFront()
    await seePost(page, posts[0] ?? '')
    assert.deepEqual(await postIds(page), posts)
  }
  for (const page of rest) await shown(page)
  await oneStream()
  await context.close()
})

it('tabs of two stories share one stream, and the other story is asked for', options, async () => {
  const one = await liveStory(site.node.store)
  const two = await liveStory(site.node.store)
  const context = await site.browser.newContext()
  const first = await openTab(context, `/${one.name}`)
  await seeContact(first)
  const second = await openTab(context, `/${two.name}`)
  await seePost(second, await publish(site.node.store, two.id, words('In the second')))
  await seePost(first, await publish(site.node.store, one.id, words('In the first')))
  await oneStream()
  await context.close()
})
