// Addresses of readers as anybody may write them: impossible names, ids in other spellings.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { liveStory, newId, publish, words } from '../../../test/helpers/acts.ts'
import { startTestNode, type TestNode } from '../../../test/helpers/node.ts'
import { isAppError } from '../../domain/error.ts'

let node: TestNode
before(async () => {
  node = await startTestNode()
})
after(() => node.close())

const ask = (path: string) => fetch(`${node.origin}${path}`, { redirect: 'manual' })

describe('a name that can be no story', () => {
  it('is not found, whatever follows it', async () => {
    const names = ['%00', 'base%00', '%0a', 'Base', 'b%C3%A4se', '..%2f..', 'a%20b', '__proto__', 'a'.repeat(199)]
    const rests = ['', '/page/1-20', '/page/latest', `/post/${newId()}`, '/since/e.1', '/stream', '?order=oldest']
    for (const name of names) {
      for (const rest of rests) assert.equal((await ask(`/${name}${rest}`)).status, 404, `/${name}${rest}`)
    }
  })

  it('is looked for by nobody', async () => {
    const asked: string[] = []
    const reads = {
      ...node.store.reads,
      storyNamed: (name: string) => (asked.push(name), node.store.reads.storyNamed(name)),
    }
    const listening = await startTestNode([], { ...node.store, reads })
    try {
      for (const name of ['%00', 'A', 'a.b', 'good']) await fetch(`${listening.origin}/${name}`)
    } finally {
      await listening.close()
    }
    assert.deepEqual(asked, ['good'])
  })

  it('would be invalid input to the database, not a fault', async () => {
    await assert.rejects(node.store.reads.storyNamed('a\0b'), (error) => isAppError(error, 'invalid'))
  })
})

describe('an id in place of a name', () => {
  it('is sent on to the same place, however its letters are written', async () => {
    const story = await liveStory(node.store)
    const postId = await publish(node.store, story.id, words('Here'))
    const encoded = `%${story.id.charCodeAt(0).toString(16)}${story.id.slice(1)}`
    const places = ['', '/page/1-20', '/page/latest', `/post/${postId}`, '/since/e.1', '/stream']
    for (const written of [story.id, encoded]) {
      for (const place of places) {
        for (const query of ['', '?order=oldest', '?since=e.1&x=%2F']) {
          const answer = await ask(`/${written}${place}${query}`)
          assert.equal(answer.status, 308, `/${written}${place}${query}`)
          assert.equal(answer.headers.get('location'), `/${story.name}${place}${query}`)
          await answer.body?.cancel()
        }
      }
    }
  })
})
