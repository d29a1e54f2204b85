import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { contentOf, faceOf, itemOf, MINUTE, postOf, START, storyOf } from '../../test/helpers/public-story.ts'
import type { PublicItem } from '../domain/view.ts'
import { REGIONS } from '../domain/wire.ts'
import { wireChange } from './change.ts'
import { renderItem } from './post.ts'

const story = storyOf()
const render = (item: PublicItem, of = story) => String(renderItem(item, of))
const trace: PublicItem = {
  kind: 'trace',
  trace: {
    id: 'post0000000000000009',
    storyId: story.id,
    version: 11,
    orderKey: 7,
    withdrawnAt: START + 101 * MINUTE,
    reason: 'Wrong video.',
  },
}

describe('a post', () => {
  it('is one element that carries id, version and order key', () => {
    const markup = render(itemOf(3))
    assert.match(
      markup,
      /^<article class="post" id="post-post0000000000000003" data-post="post0000000000000003" data-version="3" data-key="3145728">/,
    )
    assert.match(markup, /<\/article>$/)
    assert.equal(markup.match(/<article/g)?.length, 1)
  })

  it('shows its time in the zone of the story and links its headline to its own address', () => {
    const markup = render(itemOf(3))
    assert.match(markup, /<time datetime="2026-01-31T06:03:00.000Z" data-clock>07:03<\/time>/)
    assert.match(markup, /<h2><a href="\/storm\/post\/post0000000000000003">Terminal closed<\/a><\/h2>/)
    assert.match(render(itemOf(3), storyOf({ timeZone: 'Asia/Tokyo' })), />15:03</)
  })

  it('without a headline links its time, or takes the title of its key event', () => {
    const content = contentOf({ headline: '' })
    assert.match(render(itemOf(3, { content })), /<a href="\/storm\/post\/post0000000000000003"><time /)
    assert.match(render(itemOf(3, { content, keyEvent: { title: 'Closed' } })), /<h2><a [^>]*>Closed<\/a><\/h2>/)
  })

  it('that is a key event has its dot, said in words too', () => {
    const markup = render(itemOf(3, { keyEvent: { title: 'Closed' } }))
    assert.match(markup, /^<article class="post key"/)
    assert.match(markup, /<span class="dot"><span class="unseen">Key event<\/span><\/span>/)
  })

  it('says what it is: breaking, unconfirmed, updated, corrected, by whom, from where', () => {
    const content = contentOf({
      breaking: true,
      verification: 'unconfirmed',
      bylines: [{ name: 'Anna', role: 'reporter' }, { name: 'Tomas' }],
      source: 'Harbour authority',
      tags: ['Ferries'],
      eventAt: START,
    })
    const corrections = [{ at: START + 97 * MINUTE, note: 'It was one worker, not two.' }]
    const markup = render(itemOf(3, { content, corrections, updatedAt: START + 90 * MINUTE }))
    assert.match(markup, /label breaking">Breaking</)
    assert.match(markup, /label unconfirmed">Unconfirmed</)
    assert.match(markup, /Updated <time datetime="2026-01-31T07:30:00.000Z">08:30<\/time>/)
    assert.match(
      markup,
      /<p class="correction" role="note"><strong>Correction, <time [^>]*>31 January 2026, 08:37<\/time>:<\/strong> It was one worker/,
    )
    assert.match(markup, />Anna<\/a><\/b>, reporter<\/span><span class="byline"><b><a [^>]*>Tomas<\/a><\/b><\/span>/)
    assert.match(markup, /Happened <time [^>]*>07:00</)
    assert.match(markup, /Source: Harbour authority/)
    assert.match(markup, /<li><a href="\/tag\/Ferries">Ferries<\/a><\/li>/)
  })

  it('says the day of an update on another day', () => {
    assert.match(render(itemOf(3, { updatedAt: START + 2000 * MINUTE })), /Updated <time [^>]*>1 Feb, 16:20</)
  })

  it('that was withdrawn leaves one line with its time and reason, and nothing else', () => {
    const markup = render(trace)
    assert.match(
      markup,
      /^<p class="trace" id="post-post0000000000000009" data-post="post0000000000000009" data-version="11" data-key="7"><time [^>]*>08:41</,
    )
    assert.match(markup, /This post was withdrawn: <bdi>Wrong video\.<\/bdi><\/span><\/p>$/)
  })
})

describe('a change', () => {
  const base = { seq: 13, at: START, kind: 'post-published' } as const

  it('carries the very fragment of the page', () => {
    const post = postOf(3)
    const wire = wireChange({ ...base, outcome: 'post', post }, faceOf(), { withRegions: false })
    assert.deepEqual(wire.post, {
      id: post.id,
      version: 3,
      orderKey: post.orderKey,
      html: render({ kind: 'post', post }),
    })
    assert.deepEqual(wire.story, { state: 'live', posts: 6, count: '6 posts', updatedAt: START + 6 * MINUTE })
    assert.equal(wire.regions, undefined)
  })

  it('carries a trace as a post, and of what is gone only the id', () => {
    if (trace.kind !== 'trace') return assert.fail()
    const traced = wireChange({ ...base, outcome: 'trace', trace: trace.trace }, faceOf(), { withRegions: false })
    assert.match(traced.post?.html ?? '', /^<p class="trace"/)
    const gone = wireChange({ ...base, kind: 'post-withdrawn', outcome: 'gone', postId: 'a' }, faceOf(), {
      withRegions: false,
    })
    assert.deepEqual([gone.gone, gone.post, gone.superseded], ['a', undefined, undefined])
    const old = wireChange({ ...base, outcome: 'superseded', postId: 'a' }, faceOf(), { withRegions: false })
    assert.deepEqual([old.superseded, old.post], ['a', undefined])
  })

  it('carries every region as a string when asked', () => {
    const wire = wireChange({ ...base, kind: 'story-ended', outcome: 'story' }, faceOf(), { withRegions: true })
    assert.deepEqual(Object.keys(wire.regions ?? {}), [...REGIONS])
    assert.match(wire.regions?.masthead ?? '', /<h1>Storm surge in the harbour<\/h1>/)
    assert.equal(wire.regions?.pinned, '')
    assert.equal(wire.regions?.['key-events'], '')
  })
})
