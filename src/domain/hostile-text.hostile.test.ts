// What people and sources may put into the short texts beside a post's content: NUL, control characters, overrides of direction.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { contentOf } from '../../test/helpers/public-story.ts'
import { cleanLine, isEmptyContent, parseContent } from './content.ts'
import { decideCorrect, decideMarkKeyEvent, decidePublish, decideWithdraw } from './decide-post.ts'
import { decideCreateStory, decideStartStory } from './decide-story.ts'
import type { Actor } from './permission.ts'
import type { Post } from './post.ts'
import { parseStorySettings } from './story.ts'

const ADA: Actor = { id: 'ada', name: 'Ada', role: 'editor', credential: 'test' }
const HOSTILE = 'a\u0000b\u202ec\u0007\ud800d'
const settings = () => parseStorySettings({ title: HOSTILE, standfirst: `${HOSTILE}\nmore` })
const story = decideStartStory(decideCreateStory('s'.repeat(20), settings(), 1).story, 1).story
const post = decidePublish(story, null, { postId: 'p'.repeat(20), content: contentOf() }, ADA, 1).post as Post

it('is cleaned wherever it enters, so that the database takes it and nobody reads it backwards', () => {
  const texts = [
    story.title,
    story.standfirst,
    decideMarkKeyEvent(story, post, { title: HOSTILE }).post?.keyEvent?.title,
    decideCorrect(story, post, 1, contentOf({ headline: 'New' }), HOSTILE, 2).post?.corrections[0]?.note,
    decideWithdraw(story, post, 'line', HOSTILE, 2).post?.withdrawal?.reason,
  ]
  assert.deepEqual(texts, ['abc\ufffdd', 'abc\ufffdd\nmore', 'abc\ufffdd', 'abc\ufffdd', 'abc\ufffdd'])
})

it('a title of nothing else is no title', () => {
  for (const title of ['\u0000 \u202e', '\u200b', '\u3164\u2066\u2069'])
    assert.throws(() => parseStorySettings({ title }), /A story needs a title/)
})

it('of signs that nobody sees alone is no post', () => {
  const runs = (text: string) => [{ text }]
  for (const unseen of [
    '',
    ' ',
    '\u200b',
    '\u2060\u2063',
    '\u3164',
    '\u00ad',
    '\u2800',
    '\u{e0041}',
    '\u200e\u200f',
    '\ufe0f',
  ]) {
    const shapes = [
      { headline: unseen, blocks: [] },
      { headline: unseen, blocks: [{ type: 'paragraph' as const, text: runs(unseen) }] },
      { headline: '', blocks: [{ type: 'heading' as const, level: 3 as const, text: runs(unseen) }] },
      { headline: '', blocks: [{ type: 'list' as const, ordered: false, items: [runs(unseen), []] }] },
      { headline: '', blocks: [{ type: 'quote' as const, text: [runs(unseen)] }] },
    ]
    for (const shape of shapes) {
      const act = { postId: 'q'.repeat(20), content: contentOf(shape) }
      assert.throws(
        () => decidePublish(story, null, act, ADA, 1),
        /needs a headline or some text/,
        JSON.stringify(shape),
      )
    }
  }
  for (const seen of ['·', '\u05d0\u200f', '🚒', '👨\u200d🚒'])
    assert.ok(!isEmptyContent(contentOf({ headline: seen, blocks: [] })))
  assert.ok(!isEmptyContent(contentOf({ headline: '', blocks: [{ type: 'embed', url: 'https://example.org/' }] })))
})

it('a line ends every isolate that it begins, so that it turns nothing round but itself', () => {
  const cases: [string, string][] = [
    ['PM\u2067', 'PM'],
    ['\u2067\u2066a\u2069b', '\u2066a\u2069b'],
    ['a\u2069b', 'ab'],
    ['\u2068\u05d0\u2069 \u2066b\u2069 \u2067', '\u2068\u05d0\u2069 \u2066b\u2069'],
  ]
  for (const [typed, kept] of cases) {
    assert.equal(cleanLine(typed), kept)
    assert.equal(cleanLine(kept), kept)
  }
})

it('an error in a headline does not live on as a key event that took its words', () => {
  const marked = decideMarkKeyEvent(story, post, { title: '' }).post as Post
  const corrected = decideCorrect(story, marked, 1, contentOf({ headline: 'Four dead' }), 'It was four.', 2).post
  assert.equal(corrected?.keyEvent?.title, 'Four dead')
  const titled = decideMarkKeyEvent(story, post, { title: 'A title of its own' }).post as Post
  const kept = decideCorrect(story, titled, 1, contentOf({ headline: 'Four dead' }), 'It was four.', 2).post
  assert.equal(kept?.keyEvent?.title, 'A title of its own')
})

it('a time that no calendar can write is refused, for the page that shows it would fail', () => {
  for (const at of [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 8.64e15 + 1]) {
    assert.throws(() => parseStorySettings({ title: 'A', startsAt: at }))
    assert.throws(() => parseContent({ headline: 'A', blocks: [], eventAt: at }))
  }
  assert.equal(parseStorySettings({ title: 'A', startsAt: Date.UTC(1914, 6, 28) }).startsAt, Date.UTC(1914, 6, 28))
})
