import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Parser } from 'htmlparser2'
import { contentOf, everyBlock, faceOf, itemOf, storyOf } from '../../test/helpers/public-story.ts'
import type { Block } from '../domain/content.ts'
import { renderBlocks } from './blocks.ts'
import { renderItem } from './post.ts'
import { renderStoryPage } from './story-page.ts'

const ELEMENTS = new Set(
  `a article aside b bdi blockquote br caption code dd div dl dt em figcaption figure h2 h3 h4 img li ol p picture s small
  source span strong table tbody td th thead time tr ul`.split(/\s+/),
)
const ATTRIBUTES = new Set(
  `alt aria-label class data-clock data-key data-post data-version datetime decoding height href id loading rel role scope
  sizes src srcset tabindex type width`.split(/\s+/),
)

const TEXTS = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</p></article></main><script>alert(1)</script>',
  '<svg/onload=alert(1)>',
  '<!--<img src="--><img src=x onerror=alert(1)>">',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '&#x3C;script>',
  ']]><script>alert(1)</script>',
  '<a href="javascript:alert(1)">x</a>',
  '{{constructor.constructor("alert(1)")()}}',
  '${alert(1)}',
  '</textarea></title></style><style>*{display:none}</style>',
  '\u2028\u0000<\u0000script>',
  '<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>',
]
const ADDRESSES = [
  'https://a.example/"onclick="alert(1)',
  "https://a.example/' onclick='alert(1)",
  'https://a.example/<script>',
  'javascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  ' javascript:alert(1)',
  '//a.example/x',
]

/** Throws unless everything in the markup is of the kinds named above. */
function check(markup: string): void {
  const parser = new Parser({
    onopentag(name, attributes) {
      assert.ok(ELEMENTS.has(name), `<${name}> in ${markup}`)
      for (const [attribute, value] of Object.entries(attributes)) {
        assert.ok(ATTRIBUTES.has(attribute), `${attribute} in ${markup}`)
        if (attribute === 'href') assert.match(value, /^(?:https?:\/\/|mailto:|\/[^/\\]|#)/, markup)
        if (attribute === 'src') assert.match(value, /^\/media\/[0-9a-z]+\/\d+\.jpg$/, markup)
        if (attribute === 'srcset')
          assert.match(value, /^(?:\/media\/[0-9a-z]+\/\d+\.(?:jpg|webp|avif) \d+w(?:, )?)+$/, markup)
      }
    },
    oncomment: () => assert.fail(`a comment in ${markup}`),
    onprocessinginstruction: () => assert.fail(`an instruction in ${markup}`),
  })
  parser.end(markup)
}

describe('hostile content', () => {
  for (const text of TEXTS) {
    it(`stays text in every block: ${JSON.stringify(text).slice(0, 50)}`, () => {
      for (const address of ADDRESSES) {
        for (const media of [undefined, 'media000000000000000']) {
          const blocks = everyBlock(text, address, media)
          for (const block of blocks) check(String(renderBlocks([block], 'en', text)))
          const content = contentOf({
            headline: text,
            place: text,
            blocks,
            source: text,
            rights: text,
            tags: [text],
            bylines: [{ name: text, role: text }],
          })
          const corrections = [{ at: 0, note: text }]
          check(String(renderItem(itemOf(1, { content, corrections, keyEvent: { title: text } }), storyOf())))
        }
      }
    })
  }

  it('stays text in the masthead and the head of the page', () => {
    for (const text of TEXTS) {
      const story = storyOf({ title: text, standfirst: text })
      const face = faceOf({ story, keyEvents: [{ postId: 'post0000000000000001', title: text, at: 0, orderKey: 1 }] })
      const site = { name: text, origin: 'https://live.example', language: 'en' }
      const assets = { script: '/assets/a.js', style: '/assets/a.css', seen: '/assets/seen-00000000.js' }
      const page = String(
        renderStoryPage({ page: { epoch: 'e', face, items: [] }, order: 'newest', range: null, site, assets }),
      )
      assert.equal([...page.matchAll(/<script\b/g)].length, 3) // our own two, and data
      assert.doesNotMatch(page, /<(?:svg|math|img|style|form)\b/)
      assert.doesNotMatch(page, /<[^>"]*(?:"[^"]*"[^>"]*)*\son\w+=/)
    }
  })

  it('of a kind nobody knows is left out', () => {
    assert.equal(String(renderBlocks([{ type: 'html', html: '<script>' } as unknown as Block], 'en')), '')
  })
})
