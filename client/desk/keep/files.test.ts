// Photos on their way: kept before they are sent, one upload for each whoever asks, and a full browser told at once.

import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import type { Uploaded } from '../composer/uploads.ts'
import { type Api, Refusal } from '../server/api.ts'
import { newText } from '../text.ts'
import type { QueuedAct } from '../types.ts'
import { type Files, openFiles } from './files.ts'
import type { KeptFile } from './photos.ts'
import { withResult } from './photos.ts'
import type { LocalStore } from './store.ts'

const photo = new File(['xxxx'], 'quay.jpg', { type: 'image/jpeg' })
const result: Uploaded = { id: 'media000000000000001', width: 8, height: 6 }
const KEY = 'waiting0000000000001'

let kept: Map<string, KeptFile>
let queue: QueuedAct[]
let asked: string[]
let said: string[]
let isFull: boolean
let answer: () => Promise<Uploaded>

function act(): QueuedAct {
  const text = newText('story', 'post', 0, [])
  const image = { type: 'image' as const, media: KEY, alt: '', caption: '', credit: '' }
  const rest = { n: 1, kind: 'publish', key: 'k', at: 0, release: null, state: 'waiting', said: null, theirs: null }
  return { ...rest, text: { ...text, content: { ...text.content, blocks: [image] } } } as QueuedAct
}

function open(): Promise<Files> {
  const store: Partial<LocalStore> = {
    sweep: async () => undefined,
    files: async () => [...kept.values()],
    file: async (key) => kept.get(key),
    async keepFile(file) {
      if (isFull) throw new DOMException('full', 'QuotaExceededError')
      kept.set(file.key, file)
    },
    async arrived(key, came) {
      queue = queue.map((one) => {
        const { content } = one.text
        return { ...one, text: { ...one.text, content: { ...content, blocks: withResult(content.blocks, key, came) } } }
      })
    },
    queue: async () => queue,
  }
  const upload = async (path: string, _file: Blob, { key }: { key: string }) => {
    asked.push(`${path} ${key}`)
    return answer()
  }
  return openFiles({
    ...{ store: store as LocalStore, api: { upload } as unknown as Api, storyId: 'story', now: () => 0 },
    ...{ newId: () => KEY, random: () => 0, failed: (words) => void said.push(words) },
  })
}

async function settle(): Promise<void> {
  for (let n = 0; n < 5; n++) await new Promise((resolve) => setImmediate(resolve))
}

beforeEach(() => {
  kept = new Map()
  queue = [act()]
  asked = []
  said = []
  isFull = false
  answer = async () => result
})

describe('an act with a photo that waits', () => {
  beforeEach(() => kept.set(KEY, { key: KEY, storyId: 'elsewhere', file: photo, addedAt: 0, result: null }))

  it('sends the photo first, by the key it was kept with and to its own story, and goes with what came of it', async () => {
    const [ready] = [await (await open()).bring(act())]
    assert.deepEqual(asked, [`/stories/elsewhere/media photo-${KEY}`])
    assert.deepEqual(ready?.text.content.blocks[0], {
      ...{ type: 'image', media: result.id, alt: '', caption: '', credit: '', width: 8, height: 6 },
    })
  })

  it('waits where the server is away, and says why where it refuses', async () => {
    const files = await open()
    for (const kind of ['away', 'no'] as const) {
      answer = () => Promise.reject(new Refusal(kind, kind))
      await assert.rejects(files.bring(act()), (error) => {
        assert.ok(error instanceof Refusal && error.kind === kind)
        return kind === 'away' || error.message === 'quay.jpg: no'
      })
    }
    assert.equal(files.uploads.get(KEY)?.state, 'failed')
  })

  it('does not send again what another tab has sent meanwhile', async () => {
    const files = await open()
    kept.set(KEY, { key: KEY, storyId: 'story', file: null, addedAt: 0, result })
    await files.bring(act())
    assert.deepEqual(asked, [])
  })
})

describe('with another tab beside it', () => {
  const waiting: KeptFile = { key: KEY, storyId: 'story', file: photo, addedAt: 0, result: null }

  it('sends the photo of an act that was chosen there after this tab began', async () => {
    const files = await open()
    kept.set(KEY, waiting)
    const ready = await files.bring(act())
    assert.deepEqual([asked.length, ready?.text.content.blocks[0]?.type], [1, 'image'])
    assert.equal((ready?.text.content.blocks[0] as { media: string }).media, result.id)
  })

  it('gives nothing to send where the act was taken back while its photo went', async () => {
    kept.set(KEY, waiting)
    const files = await open()
    answer = async () => {
      queue = []
      return result
    }
    assert.equal(await files.bring(act()), null)
  })
})

describe('a browser without room', () => {
  it('says that the photo is here only while the page is open, and sends it all the same', async () => {
    isFull = true
    const { uploads, sendable } = await open()
    answer = () => new Promise(() => undefined)
    uploads.add(photo)
    await settle()
    assert.match(said.join(), /no room to keep quay\.jpg.*do not close it/)
    assert.equal(asked.length, 1)
    assert.deepEqual(sendable(act().text).content.blocks, [], 'an autosave goes without it')
  })

  it('is told before it is full', async () => {
    const estimate = async () => ({ quota: 6_000_000, usage: 1_500_000 })
    Object.defineProperty(navigator, 'storage', { value: { estimate }, configurable: true })
    try {
      ;(await open()).uploads.add(photo)
      await settle()
    } finally {
      Reflect.deleteProperty(navigator, 'storage')
    }
    assert.match(said.join(), /almost full\. quay\.jpg is kept/)
    assert.equal(kept.has(KEY), true)
  })
})
