import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { contentOf, faceOf, itemOf, postOf, START, storyOf } from '../../test/helpers/public-story.ts'
import type { Block } from '../domain/content.ts'
import { orderKeyOf } from '../domain/post.ts'
import type { PublicItem, PublicStory, StoryFace } from '../domain/view.ts'
import { REGIONS } from '../domain/wire.ts'
import { renderErrorPage } from './error-page.ts'
import { renderFrontPage } from './front-page.ts'
import { placeInStory, renderPostPage } from './post-page.ts'
import { renderStoryPage, type StoryPageView } from './story-page.ts'

const site = { name: 'The Harbour Times', origin: 'https://live.example', language: 'en' }
const assets = { script: '/assets/reader-1.js', style: '/assets/reader-1.css', seen: '/assets/seen-00000000.js' }
const items = [itemOf(6), itemOf(5), itemOf(4)]

function page(
  story: Partial<PublicStory> = {},
  view: Partial<StoryPageView> = {},
  face: Partial<StoryFace> = {},
): string {
  const whole = faceOf({ story: storyOf(story), ...face })
  return String(
    renderStoryPage({ page: { epoch: 'e1', face: whole, items }, order: 'newest', range: null, site, assets, ...view }),
  )
}

const eventOf = (n: number) => ({ postId: postOf(n).id, title: `Event ${n}`, at: START, orderKey: orderKeyOf(n) })
const empty = (story: Partial<PublicStory>) => faceOf({ story: storyOf(story), postCount: 0, updatedAt: null })
const order = (markup: string) => [...markup.matchAll(/id="post-post0*(\d+)"/g)].map((match) => Number(match[1]))
const links = (markup: string, part: string) =>
  [...(new RegExp(`<nav class="${part}".*?</nav>`, 's').exec(markup)?.[0] ?? '').matchAll(/href="([^"]*)"/g)].map(
    (match) => match[1],
  )

describe('the page of a story', () => {
  it('tells the reader’s program where it stands', () => {
    const main = /<main [^>]*>/.exec(page())?.[0] ?? ''
    for (const fact of [
      'data-story="story00000000000000"',
      'data-name="storm"',
      'data-position="e1.12"',
      'data-order="newest"',
      'data-open-end="true"',
    ]) {
      assert.ok(main.includes(fact), `${fact} in ${main}`)
    }
    assert.match(page({}, { range: { from: 1, to: 20 } }), /data-open-end="false"/)
    assert.match(page({}, { order: 'oldest' }), /data-order="oldest" data-open-end="true"/)
  })

  it('holds the regions, the list, the pill and the connection line of the contract', () => {
    const markup = page()
    for (const region of REGIONS) assert.match(markup, new RegExp(`data-region="${region}"`))
    assert.match(markup, /<div class="posts" id="posts" data-posts tabindex="-1"><article/)
    assert.match(
      markup,
      /<button type="button" class="pill" data-pill hidden data-one="1 new update" data-many="\{n\} new updates"><\/button>/,
    )
    assert.match(
      markup,
      /<p class="connection" role="status" data-connection hidden data-lost="Connection lost, showing \{time\}" data-polling="[^"]+"><\/p>/,
    )
    assert.match(markup, /<p class="state" data-state="live" data-days="one" data-start="1769839200000">/)
    assert.match(markup, /<span data-count>6 posts<\/span>/)
    assert.match(markup, /<time datetime="2026-01-31T06:06:00.000Z" data-updated data-clock>07:06<\/time>/)
  })

  it('tells the reader’s program how to write clocks as the server does', () => {
    const markup = page({ language: 'ar', direction: 'rtl' })
    assert.match(markup, /data-locale="ar-u-hc-h23-nu-latn" data-words-locale="en-GB-u-hc-h23-nu-latn"/)
    assert.match(markup, /<button [^>]*lang="en"><\/button>/)
  })

  it('has a head without inline code, and its own address', () => {
    const markup = page()
    assert.match(markup, /^<!doctype html>\n<html lang="en" dir="ltr">/)
    assert.match(markup, /<title>Storm surge in the harbour – The Harbour Times<\/title>/)
    assert.match(markup, /<link rel="canonical" href="https:\/\/live.example\/storm">/)
    assert.match(markup, /<script type="module" src="\/assets\/reader-1.js"><\/script>/)
    assert.match(markup, /<link rel="stylesheet" href="\/assets\/reader-1.css">/)
    assert.doesNotMatch(markup, /<style|style="|<script(?![^>]* src=| type="application\/ld\+json">)/)
    assert.match(
      page({}, { range: { from: 21, to: 40 } }),
      /rel="canonical" href="https:\/\/live.example\/storm\/page\/21-40"/,
    )
  })

  it('leads from the bar to the key events further down', () => {
    assert.match(page(), /<a class="to-events" href="#key-events">/)
  })

  it('keeps an unlisted story out of search engines', () => {
    assert.match(page({ visibility: 'unlisted' }), /<meta name="robots" content="noindex">/)
    assert.doesNotMatch(page(), /noindex/)
  })

  it('mirrors a right-to-left story and speaks its language', () => {
    const markup = page({ language: 'he', direction: 'rtl', timeZone: 'Asia/Jerusalem' })
    assert.match(markup, /<html lang="he" dir="rtl">/)
    assert.match(markup, /מהחדש לישן/)
  })

  it('shows posts in the order asked for', () => {
    assert.deepEqual(order(page()), [6, 5, 4])
    assert.deepEqual(order(page({}, { order: 'oldest' })), [4, 5, 6])
  })

  it('lists key events with their times and addresses, newest first as given', () => {
    const keyEvents = [5, 4].map((n) => ({
      postId: postOf(n).id,
      title: `Event ${n}`,
      at: postOf(n).publishedAt,
      orderKey: n,
    }))
    const markup = page({}, {}, { keyEvents })
    assert.match(
      markup,
      /<li data-post="post0000000000000005"><a href="\/storm\/post\/post0000000000000005">.*07:05.*Event 5.*Event 4/s,
    )
    assert.match(page(), /<div data-region="key-events"><\/div>/)
  })

  it('shows a pinned post once more, without its id', () => {
    const markup = page({}, {}, { pinned: [postOf(5, { pinned: true })] })
    assert.equal(markup.match(/id="post-post0000000000000005"/g)?.length, 1)
    assert.equal(markup.match(/>Terminal closed</g)?.length, 4)
    assert.match(markup, /<article class="post" data-post="post0000000000000005" aria-label="Pinned: Terminal closed">/)
  })

  it('says a correction where the pinned words stand too', () => {
    const corrections = [{ at: START, note: 'It was berth 4, not 5.' }]
    const pinned = [postOf(5, { pinned: true, corrections })]
    const region = /data-region="pinned".*?<\/section>/s.exec(page({}, {}, { pinned }))?.[0] ?? ''
    assert.match(region, /<p class="correction" role="note"><strong>Correction, .*It was berth 4, not 5\./)
  })

  it('says nothing of updates and zones while there is no post', () => {
    for (const state of ['live', 'paused'] as const) {
      const none = { state, startsAt: null }
      const markup = page(none, { page: { epoch: 'e1', face: empty(none), items: [] } })
      const line = /<p class="state".*?<\/p>/s.exec(markup)?.[0] ?? ''
      assert.doesNotMatch(line.replace(/<span( class="zone")? hidden>.*/, ''), /pdate|time|zone/)
      assert.match(line, /<span hidden>.*pdate.*<span class="zone" hidden>/)
    }
  })

  it('depends on nothing but what it is given', () => {
    assert.equal(page(), page())
  })
})

describe('the pages of a long story', () => {
  const ordinal = 67 // first page from 41

  it('lead from the first page to the closed ones and back', () => {
    assert.deepEqual(links(page({ ordinal }), 'pages'), ['/storm/page/21-40'])
    assert.deepEqual(links(page({ ordinal }, { range: { from: 21, to: 40 } }), 'pages'), ['/storm', '/storm/page/1-20'])
    assert.deepEqual(links(page({ ordinal }, { range: { from: 1, to: 20 } }), 'pages'), ['/storm/page/21-40'])
    assert.deepEqual(links(page({ ordinal: 39 }), 'pages'), [])
  })

  it('keep the order, earlier before later when the oldest come first', () => {
    const markup = page({ ordinal }, { range: { from: 21, to: 40 }, order: 'oldest' })
    assert.deepEqual(links(markup, 'pages'), ['/storm/page/1-20?order=oldest', '/storm/page/latest?order=oldest'])
  })

  it('offer the other order of the same posts', () => {
    assert.deepEqual(links(page({ ordinal }), 'order'), ['/storm?order=oldest'])
    assert.deepEqual(links(page({ ordinal }, { range: { from: 21, to: 40 } }), 'order'), [
      '/storm/page/21-40?order=oldest',
    ])
    assert.deepEqual(links(page({ ordinal }, { range: { from: 1, to: 20 }, order: 'oldest' }), 'order'), [
      '/storm#posts',
    ])
    assert.deepEqual(links(page({ ordinal: 39 }), 'order'), ['/storm?order=oldest#posts'])
  })

  it('begin with the posts: their range, the way to the newest, and nothing of what sums the story up', () => {
    const face = { pinned: [postOf(5, { pinned: true })], keyEvents: [eventOf(4)], postCount: 65 }
    const markup = page({ ordinal }, { range: { from: 21, to: 40 } }, face)
    assert.match(
      markup,
      /<h2>Posts 21 to 40 <span class="of">of <span data-count>65 posts<\/span><\/span><\/h2><a href="\/storm">To the newest posts</,
    )
    const regions = [...markup.matchAll(/data-region="([^"]+)"/g)].map((match) => match[1])
    assert.deepEqual(regions, ['onward', 'masthead'])
    assert.match(markup, /<a class="to-events" href="\/storm#key-events">/)
    assert.doesNotMatch(page({ ordinal }, { range: { from: 21, to: 40 } }), /to-events/)
  })

  it('do not count up to more posts than are left', () => {
    assert.match(page({ ordinal }, { range: { from: 21, to: 40 } }, { postCount: 39 }), /<h2>Posts 21 to 40<\/h2>/)
  })

  it('say on paper which posts they are and where the others stand', () => {
    const paper = (markup: string) => /<p class="paper">(.*?)<\/p>/.exec(markup)?.[1]?.replace(/<[^>]+>/g, '')
    assert.equal(
      paper(page({ ordinal })),
      'These are the newest posts. Earlier ones stand at https://live.example/storm/page/21-40',
    )
    assert.equal(
      paper(page({ ordinal }, { range: { from: 21, to: 40 } })),
      'These are posts 21 to 40. The others stand at https://live.example/storm',
    )
    assert.equal(paper(page({ ordinal: 39 })), undefined)
  })
})

describe('the states of a story', () => {
  it('planned says when it starts and asks for patience', () => {
    const markup = page(
      { state: 'planned', startsAt: START },
      {
        page: {
          epoch: 'e',
          face: faceOf({ story: storyOf({ state: 'planned', startsAt: START, startedAt: null }), postCount: 0 }),
          items: [],
        },
      },
    )
    assert.match(markup, /Planned<\/b>\s*<span>Starts <time [^>]*>31 January 2026, 07:00 CET</)
    assert.match(markup, /Coverage has not begun/)
  })

  it('paused and ended say so', () => {
    assert.match(page({ state: 'paused' }), /Coverage is paused/)
    assert.match(page({ state: 'ended', endedAt: START }), /data-state="ended".*31 January 2026</s)
  })

  it('live without a post says so, in a list that is truly empty', () => {
    const markup = page({}, { page: { epoch: 'e', face: faceOf({ postCount: 0 }), items: [] } })
    assert.match(markup, /data-posts tabindex="-1"><\/div>\n<p class="empty">No posts yet\./)
  })

  it('shows dates beside times once a story is older than its first day', () => {
    assert.match(page({}, {}, { updatedAt: START + 86_400_000 }), /class="state" data-state="live" data-days="many"/)
  })
})

describe('the page of one post', () => {
  it('shows the post and the way back to its place', () => {
    const view = { epoch: 'e', face: faceOf({ story: storyOf({ ordinal: 67 }) }), item: itemOf(6) }
    const markup = String(renderPostPage({ view, site, assets }))
    assert.match(markup, /<title>Terminal closed – The Harbour Times<\/title>/)
    assert.match(markup, /<meta property="og:description" content="The terminal is closed.">/)
    assert.match(markup, /rel="canonical" href="https:\/\/live.example\/storm\/post\/post0000000000000006"/)
    assert.match(markup, /href="\/storm\/page\/1-20#post-post0000000000000006"/)
  })

  it('finds the page a post stands on', () => {
    const at = (n: number) => placeInStory(itemOf(n, { orderKey: orderKeyOf(n) }), storyOf({ ordinal: 67 }))
    assert.deepEqual(
      [20, 21, 40, 41, 67].map((n) => at(n).split('#')[0]),
      ['/storm/page/1-20', '/storm/page/21-40', '/storm/page/21-40', '/storm', '/storm'],
    )
  })

  it('has a title that tells it from the other posts of its story, whatever it holds', () => {
    const titleOf = (item: PublicItem): string => {
      const markup = String(renderPostPage({ view: { epoch: 'e', face: faceOf(), item }, site, assets }))
      return /<title>(.*)<\/title>/.exec(markup)?.[1] ?? ''
    }
    const rest = ' | Storm surge in the harbour – The Harbour Times'
    const holding = (...blocks: Block[]) => titleOf(itemOf(6, { content: contentOf({ headline: '', blocks }) }))
    const photo: Block = { type: 'image', alt: 'A quay', caption: 'The ferry this morning.', credit: '' }
    assert.equal(holding(photo), `The ferry this morning.${rest}`)
    assert.equal(holding({ ...photo, caption: '' }), `A quay${rest}`)
    assert.equal(holding({ ...photo, caption: '', alt: '' }), `07:06${rest}`)
    assert.equal(
      holding({ type: 'list', ordered: false, items: [[{ text: 'First of three' }]] }),
      `First of three${rest}`,
    )
    const trace = { id: 'post0000000000000009', storyId: 's', version: 1, orderKey: 1, withdrawnAt: START, reason: 'x' }
    assert.equal(titleOf({ kind: 'trace', trace }), `Withdrawn post, 07:00${rest}`)
  })

  it('keeps what is left of a withdrawn post out of search engines', () => {
    const trace = { id: 'post0000000000000009', storyId: 's', version: 1, orderKey: 1, withdrawnAt: START, reason: '' }
    const markup = String(
      renderPostPage({ view: { epoch: 'e', face: faceOf(), item: { kind: 'trace', trace } }, site, assets }),
    )
    assert.match(markup, /noindex/)
    assert.match(markup, /This post was withdrawn\./)
  })
})

describe('front and error pages', () => {
  it('the front page puts live before planned before past', () => {
    const faces = (['ended', 'planned', 'live'] as const).map((state) =>
      faceOf({ story: storyOf({ state, title: `A ${state} story` }) }),
    )
    const markup = String(renderFrontPage({ faces, site, assets }))
    assert.match(markup, /Live now.*A live story.*Coming up.*A planned story.*Recent stories.*A ended story/s)
    assert.match(String(renderFrontPage({ faces: [], site, assets })), /Nothing is being covered live/)
  })

  it('a story in another language says so on the front page', () => {
    const faces = [faceOf({ story: storyOf({ language: 'he', direction: 'rtl' }) })]
    assert.match(String(renderFrontPage({ faces, site, assets })), /<article class="teaser" lang="he" dir="rtl">/)
  })

  it('an error page is calm, unlisted and says only what the reader may know', () => {
    const markup = String(renderErrorPage({ status: 404, message: 'secret', site, assets }))
    assert.match(markup, /<h1>Page not found<\/h1>/)
    assert.match(markup, /noindex/)
    assert.doesNotMatch(markup, /secret|canonical|<script/)
    assert.match(
      String(renderErrorPage({ status: 400, message: 'A range is missing.', site, assets })),
      /A range is missing\./,
    )
    assert.doesNotMatch(String(renderErrorPage({ status: 500, message: 'secret', site, assets })), /secret/)
  })
})
