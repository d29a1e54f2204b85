// Two nodes on one database: a post published through one reaches the readers of the other, with the doorbell and without it;
// either may go.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { withdrawPost } from '../../src/newsroom/withdraw-post.ts'
import { WARM_MS } from '../../src/web/reader/shelf.ts'
import { EDITOR, liveStory, publish, words } from '../helpers/acts.ts'
import type { TestStore } from '../helpers/database.ts'
import { startTestNode, startTwoNodes, type TestNode, type TwoNodes } from '../helpers/node.ts'
import { openStream } from '../helpers/stream.ts'

const WITHOUT_BELL_MS = 1_500 // the promise: one poll and its reading
const PATIENCE_MS = 5_000

for (const notify of [true, false]) {
  describe(`two nodes on one database, NOTIFY ${notify ? 'on' : 'cut off'}`, () => {
    let first: TestStore
    let second: TestStore
    let one: TestNode
    let two: TestNode
    let close: TwoNodes['close']
    before(async () => {
      ;({ first, second, one, two, close } = await startTwoNodes(notify))
    })
    after(() => close())

    it('a post published through one reaches a reader of the other in time', async () => {
      const story = await liveStory(first)
      const stream = await openStream(`${two.origin}/${story.name}/stream`)
      await stream.opened()
      const sent = performance.now()
      const postId = await publish(first, story.id, words('From the other node'))
      const change = await stream.next('change', PATIENCE_MS)
      const took = performance.now() - sent
      stream.close()
      assert.equal((change.data as { post: { id: string } }).post.id, postId)
      assert.ok(took < WITHOUT_BELL_MS, `${Math.round(took)} ms`)
    })

    it('twenty posts through both nodes arrive at both, dense and in one order', async () => {
      const story = await liveStory(first)
      const streams = [
        await openStream(`${one.origin}/${story.name}/stream`),
        await openStream(`${two.origin}/${story.name}/stream`),
      ]
      for (const stream of streams) await stream.opened()
      await Promise.all(
        Array.from({ length: 20 }, (_, n) => publish(n % 2 ? first : second, story.id, words(`Post ${n}`))),
      )
      const seen: string[][] = []
      for (const stream of streams) {
        const ids: string[] = []
        for (let n = 0; n < 20; n++) ids.push((await stream.next('change', PATIENCE_MS)).id)
        stream.close()
        seen.push(ids)
      }
      assert.deepEqual(seen[0], seen[1])
      assert.deepEqual(
        seen[0]?.map((id) => Number(id.split('.')[1])),
        Array.from({ length: 20 }, (_, n) => n + 3),
      )
    })

    it('a withdrawal through one takes the text from the other', async () => {
      const story = await liveStory(first)
      const postId = await publish(first, story.id, words('Pangolin'))
      assert.match(await (await fetch(`${two.origin}/${story.name}`)).text(), /Pangolin/)
      await withdrawPost(first, EDITOR, story.id, postId, { trace: 'none', reason: '' })
      // The other node may give a page out for a moment without asking; where no bell can ring, it always asks.
      if (notify) await new Promise((resolve) => setTimeout(resolve, WARM_MS))
      assert.doesNotMatch(await (await fetch(`${two.origin}/${story.name}`)).text(), /Pangolin/)
    })

    it('a reader goes on at the other node from where it was when one is gone', async () => {
      const story = await liveStory(first)
      const third = await startTestNode([], second)
      const stream = await openStream(`${third.origin}/${story.name}/stream`)
      await stream.opened()
      await publish(first, story.id, words('Before'))
      const last = await stream.next('change', PATIENCE_MS)
      await third.close()
      await publish(first, story.id, words('Meanwhile'))
      const resumed = await openStream(`${two.origin}/${story.name}/stream`, { 'last-event-id': last.id })
      const change = await resumed.next('change', PATIENCE_MS)
      resumed.close()
      assert.match(JSON.stringify(change.data), /Meanwhile/)
    })
  })
}
