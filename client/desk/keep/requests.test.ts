// What an act on a published text sends of its key-event mark.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { textOfPost } from '../text.ts'
import type { DeskPost, QueuedAct, WrittenText } from '../types.ts'
import { goneOn } from './order.ts'
import { perform } from './requests.ts'

const content = { ...textOfPost({ content: {} } as DeskPost, 0).content, headline: 'Talks end', blocks: [] }
const post = { id: 'p', storyId: 's', content, keyEvent: null, revision: 3, state: 'published' } as unknown as DeskPost
const opened = textOfPost(post, 0)
const revise = (text: WrittenText) => ({ kind: 'revise', text, release: null, key: 'k' }) as unknown as QueuedAct

async function sent(text: WrittenText): Promise<string[]> {
  const asked: string[] = []
  const send = async <T>(method: string, path: string): Promise<T> => {
    asked.push(`${method} ${path.split('/').at(-1)}`)
    return { revision: 4 } as T
  }
  await perform({ send }, revise(text))
  return asked
}

it('a mark that its author did not touch is left alone: a colleague may have set it meanwhile', async () => {
  assert.deepEqual(await sent(opened), ['POST revise'])
  assert.deepEqual(await sent(textOfPost({ ...post, keyEvent: { title: 'Talks end' } }, 0)), ['POST revise'])
  assert.deepEqual(await sent({ ...opened, keyEvent: { title: '' } }), ['POST revise', 'PUT key-event'])
  const marked = textOfPost({ ...post, keyEvent: { title: 'The end' } }, 0)
  assert.deepEqual(await sent({ ...marked, keyEvent: null }), ['POST revise', 'PUT key-event'])
  assert.deepEqual(await sent({ ...marked, keyEvent: { title: 'Over' } }), ['POST revise', 'PUT key-event'])
})

it('what was sent once is no longer touched', async () => {
  const marked = { ...opened, keyEvent: { title: '' } }
  assert.deepEqual(await sent(goneOn(marked, revise(marked), 4)), ['POST revise'])
})
