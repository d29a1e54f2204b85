// What readers get while the database hangs, is gone, or is crowded: the last good page with its time, never text that was taken back.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { correctPost } from '../../src/newsroom/correct-post.ts'
import { markKeyEvent } from '../../src/newsroom/mark-key-event.ts'
import { withdrawPost } from '../../src/newsroom/withdraw-post.ts'
import { withdrawStory } from '../../src/newsroom/withdraw-story.ts'
import { EDITOR, liveStory, newId, publish, words } from '../helpers/acts.ts'
import { openTestStore, type TestStore } from '../helpers/database.ts'
import { type DatabaseProxy, openDatabaseProxy } from '../helpers/database-proxy.ts'
import { until } from '../helpers/desk-client.ts'
import { startTestNode, type TestNode } from '../helpers/node.ts'

const PROMPT_MS = 2_200 // the patience is 1.5 s; the rest is for a busy machine
const BOUND_MS = 8_000 // a page that nobody has seen yet ends in a refusal, not in waiting
const PATIENCE_MS = 15_000

let direct: TestStore
let behind: TestStore
let proxy: DatabaseProxy
let node: TestNode
before(async () => {
  direct = await openTestStore()
  proxy = await openDatabaseProxy(direct.connection)
  behind = await openTestStore({ connection: proxy.connection })
  node = await startTestNode([], behind)
})
after(async () => {
  proxy.thaw()
  await node.close()
  await behind.close()
  await proxy.close()
  await direct.close()
})

type Seen = { status: number; text: string; cache: string | null; ms: number }

async function get(path: string): Promise<Seen> {
  const began = performance.now()
  const answer = await fetch(`${node.origin}${path}`, { signal: AbortSignal.timeout(30_000) })
  const text = await answer.text()
  return { status: answer.status, text, cache: answer.headers.get('cache-control'), ms: performance.now() - began }
}

async function isReady(): Promise<boolean> {
  return (await get('/readyz')).text.includes('"reasons":[]')
}

const SHOWING = /<p class="connection"[^>]*>Connection lost, showing \d\d:\d\d UTC</

describe('a database that hangs', () => {
  it('leaves readers the last good page, marked with its time, and comes back by itself', async () => {
    const story = await liveStory(behind)
    const postId = await publish(behind, story.id, words('Seen before'))
    const paths = ['/', `/${story.name}`, `/${story.name}/post/${postId}`]
    for (const path of paths) assert.equal((await get(path)).status, 200)
    await until('the log is heard', PATIENCE_MS, isReady)
    await new Promise((resolve) => setTimeout(resolve, 400)) // no page is warm any more
    proxy.freeze()
    try {
      for (const seen of await Promise.all(paths.map(get))) {
        assert.equal(seen.status, 200)
        assert.ok(seen.ms < PROMPT_MS, `${Math.round(seen.ms)} ms`)
        assert.match(seen.text, SHOWING)
        assert.equal(seen.cache, 'no-store')
      }
      const unseen = await Promise.all([
        get(`/${story.name}?order=oldest`),
        get(`/${story.name}/since/a.1`),
        get(`/media/${newId()}/400.jpg`),
      ])
      for (const seen of unseen) assert.deepEqual([seen.status, seen.ms < BOUND_MS], [503, true], `${seen.ms} ms`)
      await until('the node knows', PATIENCE_MS, async () => !(await isReady()))
      const later = await get(`/${story.name}`)
      assert.ok(later.ms < PROMPT_MS / 2, `once it is known nobody waits: ${Math.round(later.ms)} ms`)
    } finally {
      proxy.thaw()
    }
    await until('the log is heard again', PATIENCE_MS, isReady)
    await publish(behind, story.id, words('After it came back'))
    assert.match((await get(`/${story.name}`)).text, /After it came back/)
    assert.doesNotMatch((await get(`/${story.name}`)).text, SHOWING)
  })

  it('ends in a refusal once the log was not heard for STALE_MAX', async () => {
    const brief = await startTestNode(['--stale-max', '1'], behind)
    const story = await liveStory(behind)
    const look = () => fetch(`${brief.origin}/${story.name}`)
    assert.equal((await look()).status, 200)
    proxy.freeze()
    try {
      await until('the page is no longer shown', PATIENCE_MS, async () => (await look()).status === 503)
    } finally {
      proxy.thaw()
      await brief.close()
    }
  })

  it('refuses an act in the end', async () => {
    const story = await liveStory(behind)
    proxy.freeze()
    try {
      await assert.rejects(publish(behind, story.id, words('Never')), { code: 'unavailable' })
    } finally {
      proxy.thaw()
    }
    await until('the log is heard again', PATIENCE_MS, isReady)
  })
})

describe('a database that goes away right after an act was acknowledged', () => {
  const acts = {
    'a withdrawal': (storyId: string, postId: string) =>
      withdrawPost(behind, EDITOR, storyId, postId, { trace: 'none', reason: '' }),
    'a correction': (storyId: string, postId: string) =>
      correctPost(behind, EDITOR, storyId, postId, { revision: 1, content: words('Right'), note: 'It was wrong.' }),
    'the withdrawal of a story': (storyId: string) => withdrawStory(behind, EDITOR, storyId, 'Law'),
  }
  for (const [name, act] of Object.entries(acts)) {
    it(`${name} is nowhere to be seen on the node that carried it out`, async () => {
      const story = await liveStory(behind)
      const postId = await publish(behind, story.id, words('Wombat', 'Body wombat'))
      await markKeyEvent(behind, EDITOR, story.id, postId, { title: 'Wombat' })
      const paths = ['/', `/${story.name}`, `/${story.name}?order=oldest`, `/${story.name}/post/${postId}`]
      for (const path of paths) assert.match((await get(path)).text, /Wombat/i, path)
      await act(story.id, postId)
      await proxy.cut()
      try {
        for (const path of paths) assert.doesNotMatch((await get(path)).text, /Wombat/i, path)
      } finally {
        await proxy.mend()
      }
      await until('the log is heard again', PATIENCE_MS, isReady)
    })
  }

  it('a front page that shows a story nobody opened here forgets it as well', async () => {
    const story = await liveStory(direct)
    const postId = await publish(direct, story.id, words('Echidna'))
    await markKeyEvent(direct, EDITOR, story.id, postId, { title: 'Echidna' })
    await until('the front page shows it', PATIENCE_MS, async () => (await get('/')).text.includes('Echidna'))
    await withdrawPost(direct, EDITOR, story.id, postId, { trace: 'none', reason: '' })
    await new Promise((resolve) => setTimeout(resolve, 2_500)) // the promise: a poll and its reading, with nobody asking
    await proxy.cut()
    try {
      const seen = await get('/')
      assert.doesNotMatch(seen.text, /Echidna/)
    } finally {
      await proxy.mend()
    }
    await until('the log is heard again', PATIENCE_MS, isReady)
  })

  it('pictures are a refusal that says to come again, not a fault', async () => {
    await proxy.cut()
    try {
      const answer = await fetch(`${node.origin}/media/${newId()}/400.jpg`)
      assert.equal(answer.status, 503)
      assert.ok(answer.headers.get('retry-after'))
    } finally {
      await proxy.mend()
    }
    await until('the log is heard again', PATIENCE_MS, isReady)
  })
})

describe('a crowd', () => {
  it('shares one making of a page, and nobody is told that the connection is lost', async () => {
    const asked = { frontHeads: 0, frontPage: 0, storyNamed: 0 }
    const counting = {
      ...behind.reads,
      frontHeads: (limit: number) => (asked.frontHeads++, behind.reads.frontHeads(limit)),
      frontPage: (limit: number) => (asked.frontPage++, behind.reads.frontPage(limit)),
      storyNamed: (name: string) => (asked.storyNamed++, behind.reads.storyNamed(name)),
    }
    const story = await liveStory(behind)
    const counted = await startTestNode([], { ...behind, reads: counting })
    try {
      const crowd = await Promise.all(
        Array.from({ length: 300 }, async (_, n) => {
          const answer = await fetch(`${counted.origin}/${n % 3 === 0 ? story.name : ''}`)
          return [answer.status, answer.headers.get('cache-control'), SHOWING.test(await answer.text())].join(' ')
        }),
      )
      assert.deepEqual([...new Set(crowd)], ['200 public, no-cache false'])
      assert.ok(asked.frontPage <= 2, `made ${asked.frontPage} times`)
      assert.ok(asked.frontHeads < 50 && asked.storyNamed < 50, JSON.stringify(asked))
    } finally {
      await counted.close()
    }
  })

  it('an editor who publishes and looks at once sees it, on the front page as well', async () => {
    for (let n = 0; n < 10; n++) {
      const going = Promise.all([get('/'), get('/')])
      const story = await liveStory(behind)
      const seen = await get('/')
      assert.ok(seen.text.includes(story.id), `story ${n}`)
      await going
    }
  })
})
