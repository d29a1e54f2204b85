// How the live desk does on a bad mobile line, in a real browser against a real server: opening it, a line, a photo, and cuts.
// Run alone: `node bench/desk-line.ts [--trials 20] [--seed 1]` (Node 24, after `dateline build`). Takes some minutes.
// Never tells a time without what it was measured with; ends non-zero when anything was lost or is there twice.

import assert from 'node:assert/strict'
import { cpus } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { BrowserContext, Page } from 'playwright-core'
import sharp from 'sharp'
import type { PostContent } from '../src/domain/content.ts'
import { liveStory } from '../test/helpers/acts.ts'
import { launch } from '../test/helpers/chromium.ts'
import { PHONE } from '../test/helpers/journey.ts'
import { headline, seeDesk, signedInContext } from '../test/helpers/live-desk.ts'
import { startTestNode, type TestNode } from '../test/helpers/node.ts'
import { createRandom } from '../test/helpers/random.ts'
import { BAD_3G, openSlowLine, type SlowLine } from './slow-line.ts'

const { values } = parseArgs({
  options: { trials: { type: 'string', default: '20' }, seed: { type: 'string', default: '1' } },
})
const TRIALS = Number(values.trials)
const LINES = 10 // posts of one line
const PATIENCE_MS = 300_000

type Field = { node: TestNode; line: SlowLine; context: BrowserContext; address: string; storyId: string }

async function opened(context: BrowserContext, address: string): Promise<{ page: Page; ms: number }> {
  const page = await context.newPage()
  page.setDefaultTimeout(PATIENCE_MS)
  const start = performance.now()
  await page.goto(address, { waitUntil: 'commit' })
  await seeDesk(page)
  return { page, ms: performance.now() - start }
}

async function openings({ context, address, line }: Field): Promise<Page> {
  line.is(BAD_3G)
  const first = await opened(context, address)
  tell('open, first time', first.ms)
  await first.page.evaluate(async () => void (await navigator.serviceWorker.ready))
  await first.page.waitForFunction(() => navigator.serviceWorker.controller !== null)
  await first.page.close()
  const again: number[] = []
  for (let n = 0; n < 5; n++) {
    const { page, ms } = await opened(context, address)
    again.push(ms)
    await page.close()
  }
  tell('open again, on the line', ...again)
  line.cut()
  const away: number[] = []
  for (let n = 0; n < 5; n++) {
    const { page, ms } = await opened(context, address)
    away.push(ms)
    await page.close()
  }
  tell('open again, without a line', ...away)
  await line.mend()
  return (await opened(context, address)).page
}

/** From the key to the word that it is published. */
async function lines(page: Page): Promise<void> {
  const times: number[] = []
  for (let n = 1; n <= LINES; n++) {
    await headline(page).fill(`Line ${n}`)
    const start = performance.now()
    await page.keyboard.press('Control+Enter')
    await page.locator('ol.posts').getByText(`Line ${n}`, { exact: true }).waitFor({ state: 'attached' })
    times.push(performance.now() - start)
  }
  tell('one line, key to seen in the timeline', ...times)
}

const noise = (width: number, height: number) =>
  sharp({
    create: { width, height, channels: 3, background: '#888', noise: { type: 'gaussian', mean: 128, sigma: 40 } },
  })
    .jpeg({ quality: 85 })
    .toBuffer()

async function writePhoto(page: Page, words: string, buffer: Buffer): Promise<void> {
  await headline(page).fill(words)
  await page
    .locator('.thumb-acts input[multiple]')
    .setInputFiles([{ name: 'quay.jpg', mimeType: 'image/jpeg', buffer }])
  await page.locator('canvas.composer-picture').first().waitFor()
  await page.locator('.thumb-acts .main').click()
}

async function photo(page: Page): Promise<void> {
  const buffer = await noise(2_200, 1_650)
  const start = performance.now()
  await writePhoto(page, 'With a photo', buffer)
  await page.getByText('Published.', { exact: true }).waitFor()
  tell(`a photo of ${(buffer.length / 1e6).toFixed(1)} MB and a line, chosen to published`, performance.now() - start)
}

/** The line goes at some moment after the press, for some seconds; in every other trial the page is loaded anew meanwhile. */
async function cuts({ context, address, line }: Field, first: Page): Promise<void> {
  const random = createRandom(Number(values.seed))
  const buffer = await noise(300, 225)
  let page = first
  const back: number[] = []
  for (let n = 1; n <= TRIALS; n++) {
    await writePhoto(page, `Cut ${n}`, buffer)
    await sleep(random() * 5_000)
    line.cut()
    await sleep(500 + random() * 3_000)
    if (n % 2 === 0) {
      await page.close({ runBeforeUnload: false })
      page = (await opened(context, address)).page
    }
    const start = performance.now()
    await line.mend()
    await page.waitForFunction(() => document.querySelector('[data-queued]') === null, undefined, {
      timeout: PATIENCE_MS,
    })
    back.push(performance.now() - start)
    if (n % 5 === 0) console.log(`  ${n} cuts`)
  }
  tell(`line back to queue empty, a photo of ${Math.round(buffer.length / 1e3)} kB`, ...back)
}

/** The log is asked, not the page. */
async function oracle({ node, storyId }: Field): Promise<boolean> {
  const posts = await node.store.admin.query<{ headline: string; content: PostContent }>(
    `SELECT p.content ->> 'headline' AS headline, p.content FROM public_entry e JOIN post p ON p.id = e.post_id
     WHERE e.story_id = $1 AND e.kind = 'post-published' ORDER BY e.seq`,
    [storyId],
  )
  const expected = Array.from({ length: TRIALS }, (_, n) => `Cut ${n + 1}`)
  const cut = posts.rows.filter((row) => row.headline.startsWith('Cut'))
  const shown = posts.rows.flatMap(({ content }) =>
    content.blocks.map((block) => block.type === 'image' && block.media),
  )
  const { rows: media } = await node.store.admin.query<{ id: string }>('SELECT id FROM media')
  const lost = expected.filter((words) => !cut.some((row) => row.headline === words)).length
  const twice = cut.length - new Set(cut.map((row) => row.headline)).size
  const strays = media.length - new Set(shown).size
  console.log(
    `${TRIALS} cuts: ${lost} lost, ${twice} twice, ${TRIALS + 1 - shown.length} photos lost, ${strays} photos twice`,
  )
  return lost === 0 && twice === 0 && strays === 0 && shown.length === TRIALS + 1
}

function tell(what: string, ...times: number[]): void {
  const sorted = times.toSorted((one, other) => one - other)
  const s = (ms = 0) => `${(ms / 1_000).toFixed(2)} s`
  const spread = times.length > 1 ? `median of ${times.length}, slowest ${s(sorted.at(-1))}` : 'once'
  console.log(`${what}: ${s(sorted[Math.floor(times.length / 2)])} (${spread})`)
}

const node = await startTestNode()
const browser = await launch()
const line = await openSlowLine(node.origin, createRandom(Number(values.seed)))
try {
  console.log(`${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, Chromium ${browser.version()}`)
  console.log(`400 kbit/s each way, 300 ms there and back, 5 % of segments lost (a TCP proxy); seed ${values.seed}`)
  const context = await signedInContext(browser, { store: node.store, origin: line.origin }, PHONE)
  const { id: storyId } = await liveStory(node.store, { title: 'Storm over the harbour' })
  const field: Field = { node, line, context, address: `${line.origin}/desk/stories/${storyId}`, storyId }
  const page = await openings(field)
  await lines(page)
  await photo(page)
  await cuts(field, page)
  assert.ok(await oracle(field), 'something was lost or is there twice')
} finally {
  await browser.close()
  line.close()
  await node.close()
}
