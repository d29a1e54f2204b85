// Publish → screen, measured twice: by the beacons of real tabs, and by the same tabs' own clock, which here is the server's.
// Run alone: node bin/dateline.mjs run bench/publish-to-screen.ts [tabs] [streams] [posts]. docs/protocol.md holds the figures.
// Never part of the tests: it takes its time and the whole machine.

import { setTimeout as sleep } from 'node:timers/promises'
import { attentionOf } from '../src/domain/attention.ts'
import { createAttention } from '../src/store/attention.ts'
import { liveStory, publish, words } from '../test/helpers/acts.ts'
import { launch, seeContact } from '../test/helpers/chromium.ts'
import { startTestNode } from '../test/helpers/node.ts'

const [tabs = 6, streams = 200, posts = 12] = process.argv.slice(2).map(Number)
const APART_MS = 1_500

const node = await startTestNode(['--max-readers-per-address', '5000'])
const browser = await launch()
const { id, name } = await liveStory(node.store)
await publish(node.store, id, words('The first post', 'There before anybody came.'))

type Timed = { screens: [string, number][] }
const pages = []
for (let n = 0; n < tabs; n++) {
  // Clients of one address are told apart by their browser.
  const context = await browser.newContext({ userAgent: `bench-${n}` })
  const page = await context.newPage()
  await page.addInitScript(() => {
    const timed = globalThis as unknown as Timed
    timed.screens = []
    document.addEventListener('DOMContentLoaded', () => {
      const list = document.querySelector('[data-posts]')
      if (!list) return
      new MutationObserver((records) => {
        for (const node of records.flatMap((record) => [...record.addedNodes]))
          requestAnimationFrame(() =>
            setTimeout(() => {
              const published = Date.parse((node as Element).querySelector('time')?.dateTime ?? '')
              timed.screens.push([(node as HTMLElement).dataset.post ?? '', Date.now() - published])
            }),
          )
      }).observe(list, { childList: true })
    })
  })
  await page.goto(`${node.origin}/${name}`)
  await seeContact(page)
  pages.push(page)
}

const arrived: number[] = []
const stop = new AbortController()
const open: Promise<void>[] = []
for (let n = 0; n < streams; n++) open.push(follow())
await sleep(3_000)

const ids: string[] = []
for (let n = 0; n < posts; n++) {
  ids.push(await publish(node.store, id, words(`Post ${n}`, 'A line of text as posts have it.')))
  await sleep(APART_MS)
}
await sleep(18_000) // the first batch of each tab, and two flushes

const own = (await Promise.all(pages.map((page) => page.evaluate(() => (globalThis as unknown as Timed).screens))))
  .flat()
  .filter(([post]) => ids.includes(post))
  .map(([, ms]) => ms)
const rows = await createAttention(node.store.db).ofStory(id, 1_000)
const raw = await node.store.admin.query<{ shown: number[]; reads: number }>('SELECT shown, reads FROM post_attention')
const sum = raw.rows.reduce<number[]>((all, { shown }) => shown.map((count, at) => count + (all[at] ?? 0)), [])
const told = attentionOf('', 0, sum).shown
console.log(`${tabs} tabs and ${streams} streams, ${posts} posts`)
console.log(`  the tabs' own clock  ${own.length} times, half ${quantile(own, 0.5)} ms, 95 % ${quantile(own, 0.95)} ms`)
console.log(`  told by beacons      ${told?.readers} times, half ${told?.half} ms, 95 % ${told?.most} ms`)
console.log(
  `  frames at streams    ${arrived.length} times, half ${quantile(arrived, 0.5)} ms, 95 % ${quantile(arrived, 0.95)} ms`,
)
console.log(`  posts told of ${rows.length}, reads ${raw.rows.reduce((all, row) => all + Number(row.reads), 0)}`)
stop.abort()
await Promise.allSettled(open)
await browser.close()
await node.close()

/** One reader on the stream: when each frame was there. */
async function follow(): Promise<void> {
  const answer = await fetch(`${node.origin}/${name}/stream`, { signal: stop.signal })
  let text = ''
  for await (const chunk of answer.body ?? []) {
    const now = Date.now()
    text += Buffer.from(chunk).toString()
    const events = text.split('\n\n')
    text = events.pop() ?? ''
    for (const event of events) {
      const at = /"at":(\d+)/.exec(event)?.[1]
      if (/^event: change/m.test(event) && at) arrived.push(now - Number(at))
    }
  }
}

function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  return Math.round(sorted[Math.ceil(part * sorted.length) - 1] ?? Number.NaN)
}
