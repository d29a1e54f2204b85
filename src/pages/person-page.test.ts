import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { contentOf, itemOf, paragraph, postOf, storyOf } from '../../test/helpers/public-story.ts'
import { renderPersonPage } from './person-page.ts'
import { renderItem } from './post.ts'
import { renderTagPage } from './tag-page.ts'

const site = { name: 'The Harbour Times', origin: 'https://live.example', language: 'en' }
const assets = { script: '/assets/reader-1.js', style: '/assets/reader-1.css', seen: '/assets/seen-00000000.js' }
const by = (name: string, role?: string) => ({ bylines: [{ name: 'Other' }, { name, ...(role ? { role } : {}) }] })

describe('the page of a person', () => {
  it('names the role of the newest post, and lists time, headline and story', () => {
    const posts = [
      { story: storyOf(), post: postOf(2, { content: contentOf(by('Ada <b>', 'editor')) }) },
      { story: storyOf(), post: postOf(1, { content: contentOf(by('Ada <b>', 'reporter')) }) },
    ]
    const markup = String(renderPersonPage({ name: 'Ada <b>', posts, site, assets }))
    assert.match(markup, /<h1><bdi>Ada &lt;b&gt;<\/bdi><\/h1>\n<p class="role"><bdi>editor<\/bdi><\/p>/)
    assert.match(
      markup,
      /31 January 2026, 07:02 CET.*href="\/storm\/post\/post0000000000000002">Terminal closed<.*href="\/storm">Storm surge/s,
    )
    assert.match(markup, /rel="canonical" href="https:\/\/live.example\/person\/Ada%20%3Cb%3E"/)
    assert.doesNotMatch(markup, /reporter|<script/)
  })

  it('finds words for a post without a headline, in the direction of its story', () => {
    const story = storyOf({ language: 'he', direction: 'rtl' })
    const content = contentOf({ ...by('Ada'), headline: '', blocks: [paragraph('המים עולים.')] })
    const markup = String(
      renderPersonPage({ name: 'Ada', posts: [{ story, post: postOf(1, { content }) }], site, assets }),
    )
    assert.match(markup, /<li lang="he" dir="rtl">.*>המים עולים\.<\/a><\/h3>/s)
  })
})

describe('the page of a topic', () => {
  it('lists the posts, under an address of its own', () => {
    const posts = [{ story: storyOf(), post: postOf(2) }]
    const markup = String(renderTagPage({ tag: 'Sea & ships', posts, site, assets }))
    assert.match(markup, /<h1><bdi>Sea &amp; ships<\/bdi><\/h1>.*href="\/storm\/post\/post0000000000000002">/s)
    assert.match(markup, /rel="canonical" href="https:\/\/live.example\/tag\/Sea%20%26%20ships"/)
  })

  it('is linked from a public story, and from no other', () => {
    const shown = (visibility: 'public' | 'unlisted') =>
      String(renderItem(itemOf(1, { content: contentOf({ tags: ['Ferries'] }) }), storyOf({ visibility })))
    assert.match(shown('public'), /<li><a href="\/tag\/Ferries">Ferries<\/a><\/li>/)
    assert.match(shown('unlisted'), /<li>Ferries<\/li>/)
  })
})

describe('a byline', () => {
  const shown = (name: string, visibility: 'public' | 'unlisted') =>
    String(renderItem(itemOf(1, { content: contentOf(by(name)) }), storyOf({ visibility })))

  it('leads to the person’s page from a public story, and from no other', () => {
    assert.match(shown('Ada Lens', 'public'), /<b><a href="\/person\/Ada%20Lens">Ada Lens<\/a><\/b>/)
    assert.doesNotMatch(shown('Ada Lens', 'unlisted'), /person/)
  })

  it('that is no address is a name and nothing more', () => {
    for (const name of ['.', '..', ''])
      assert.equal(shown(name, 'public').match(/\/person\//g)?.length, 1, 'Other alone')
  })
})
