import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { faceOf, itemOf, paragraph, START, storyOf } from '../../test/helpers/public-story.ts'
import type { ImageBlock, SummaryBlock } from '../domain/content.ts'
import type { PublicItem, PublicStory } from '../domain/view.ts'
import { REGIONS } from '../domain/wire.ts'
import { wireChange } from './change.ts'
import { renderStoryPage } from './story-page.ts'

const DAY = 86_400_000
const site = { name: 'The Harbour Times', origin: 'https://live.example', language: 'en' }
const assets = { script: '/assets/reader-1.js', style: '/assets/reader-1.css', seen: '/assets/seen-00000000.js' }
const lead: ImageBlock = {
  type: 'image',
  media: 'media000000000000000',
  alt: 'A ferry at the quay',
  caption: 'The ferry waits.',
  credit: 'Ada Lens',
  width: 1600,
  height: 900,
}
const summary = { blocks: [paragraph('Two terminals are shut.') as SummaryBlock], at: START + 90_000 }

function page(
  story: Partial<PublicStory> = {},
  items: PublicItem[] = [itemOf(6), itemOf(5)],
  order = 'newest' as const,
) {
  const face = faceOf({ story: storyOf(story) })
  return String(renderStoryPage({ page: { epoch: 'e', face, items }, order, range: null, site, assets }))
}

const region = (markup: string, name: string) =>
  new RegExp(`<(\\w+) [^>]*data-region="${name}"[^>]*>(.*?)</\\1>\n`, 's').exec(markup)?.[2] ?? 'missing'

describe('what stands above the posts', () => {
  it('is truly empty while there is none', () => {
    for (const name of ['onward', 'lead', 'summary']) assert.equal(region(page(), name), '', name)
  })

  it('travels whole with the entry that changed it', () => {
    const face = faceOf({ story: storyOf({ summary, lead }) })
    const change = { seq: 12, kind: 'story-changed', at: START, outcome: 'story' } as const
    const { regions } = wireChange(change, face, { withRegions: true })
    assert.deepEqual(Object.keys(regions ?? {}), [...REGIONS])
    const markup = page({ summary, lead })
    for (const name of ['lead', 'summary'] as const) assert.equal(region(markup, name), regions?.[name], name)
  })
})

describe('the summary', () => {
  it('says in short what is known, and since when', () => {
    const markup = region(page({ summary }), 'summary')
    assert.match(markup, /<h2>In short<\/h2>\n<div class="body"><p>Two terminals are shut\.<\/p><\/div>/)
    assert.match(
      markup,
      /Updated <span class="day">31 Jan<\/span> <time datetime="2026-01-31T06:01:30.000Z" data-clock>07:01</,
    )
  })

  it('of another day than the story’s first one shows dates', () => {
    assert.match(page({ summary: { ...summary, at: START - DAY } }), /data-state="live" data-days="many"/)
  })
})

describe('the lead picture', () => {
  it('stands under the headline with caption and credit, loaded at once', () => {
    const markup = region(page({ lead }), 'lead')
    assert.match(
      markup,
      /^<figure class="image"><picture>.*<\/picture><figcaption>The ferry waits\. <span class="credit">Ada Lens</,
    )
    assert.match(markup, /fetchpriority="high"/)
    assert.doesNotMatch(markup, /loading="lazy"/)
  })

  it('is what link previews show, before any picture of a post', () => {
    const other = itemOf(6)
    if (other.kind === 'post') other.post.content.blocks = [{ ...lead, media: 'media000000000000001' }]
    assert.match(
      page({ lead }, [other]),
      /og:image" content="https:\/\/live.example\/media\/media000000000000000\/800.jpg"/,
    )
    assert.match(page({}, [other]), /og:image" content="https:\/\/live.example\/media\/media000000000000001\/800.jpg"/)
  })

  it('that could not be had is not there at all', () => {
    const { media: _, ...missing } = lead
    assert.equal(region(page({ lead: missing }), 'lead'), '')
  })
})

describe('the parts of a story', () => {
  const link = { id: 'story00000000000001', name: 'day-two', title: 'The <second> day' }

  it('lead on to the next', () => {
    const markup = region(page({ next: link }), 'onward')
    assert.match(markup, /<a href="\/day-two">This story goes on: <b><bdi>The &lt;second&gt; day<\/bdi><\/b><\/a>/)
  })

  it('lead back to the one before', () => {
    assert.match(
      region(page({ previous: link }), 'masthead'),
      /<p class="before"><a href="\/day-two">The part before: /,
    )
    assert.equal(region(page({ previous: link }), 'onward'), '')
  })
})

describe('the days of a list', () => {
  /** The posts' numbers and the days above them, in the order of the page. */
  const days = (markup: string) =>
    [...markup.matchAll(/<h2 class="date">([^<]*)<|id="post-post0*(\d+)"/g)].map(([, day, n]) => day ?? Number(n))
  const at = (n: number, days: number) => itemOf(n, { publishedAt: START + days * DAY })
  const trace = (n: number, days: number): PublicItem => {
    const [id, withdrawnAt] = [`post${String(n).padStart(16, '0')}`, START + days * DAY]
    return { kind: 'trace', trace: { id, storyId: 's', version: 9, orderKey: n, withdrawnAt, reason: '' } }
  }

  it('have no heading while all is of one day', () => {
    assert.deepEqual(days(page()), [6, 5])
    assert.deepEqual(days(page({}, [])), [])
  })

  it('are headed in the story’s zone and language, in both orders', () => {
    const items = [at(6, 2), at(5, 2), at(4, 1)]
    assert.deepEqual(days(page({}, items)), ['Monday 2 February', 6, 5, 'Sunday 1 February', 4].map(asWritten))
    assert.deepEqual(
      days(page({}, items, 'oldest' as never)),
      ['Sunday 1 February', 4, 'Monday 2 February', 5, 6].map(asWritten),
    )
    assert.equal(
      days(
        page({ timeZone: 'Pacific/Auckland' }, [
          itemOf(2, { publishedAt: START + 5 * 3_600_000 + 1 }),
          itemOf(1, { publishedAt: START }),
        ]),
      ).length,
      4,
    )
    assert.equal(days(page({ language: 'he', direction: 'rtl' }, items))[0], 'יום שני, 2 בפברואר')
  })

  it('are not begun by what was withdrawn later', () => {
    const items = [trace(7, 3), at(6, 1), trace(5, 3), at(4, 0)]
    assert.deepEqual(days(page({}, items)), ['Sunday 1 February', 7, 6, 5, 'Saturday 31 January', 4].map(asWritten))
    assert.deepEqual(days(page({}, [trace(7, 3), at(6, 1)])), [7, 6])
  })
})

/** With or without a comma: languages' data differ in it between versions. */
function asWritten(part: string | number): string | number {
  if (typeof part === 'number') return part
  const comma = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long' })
    .format(0)
    .includes(',')
  return comma ? part.replace(' ', ', ') : part
}
