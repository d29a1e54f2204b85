import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { paragraph, postOf, storyOf } from '../../test/helpers/public-story.ts'
import type { Block } from '../domain/content.ts'
import { renderBlocks } from './blocks.ts'
import { directionIn } from './direction.ts'
import { renderItem } from './post.ts'

const HEBREW = 'ראש הממשלה אמר: "הספירה תימשך כל הלילה."'
const ENGLISH = 'The count goes on all night.'
const cells = (...texts: string[]) => texts.map((text) => [{ text }])
const render = (language: string, ...blocks: Block[]) => String(renderBlocks(blocks, language))

describe('the direction of a text', () => {
  it('is that of most of its words, not of its first letter', () => {
    assert.equal(directionIn('CNN: הנשיא חתם על ההסכם', 'rtl'), 'rtl')
    assert.equal(directionIn('محمد صلاح scored twice before the break', 'ltr'), 'ltr')
    assert.equal(directionIn(HEBREW, 'ltr'), 'rtl')
    assert.equal(directionIn(ENGLISH, 'rtl'), 'ltr')
  })

  it('is that of its surroundings where it has no letters', () => {
    for (const text of ['45%', '', '12:30–14:00', '!?', '🙂']) {
      assert.equal(directionIn(text, 'rtl'), 'rtl')
      assert.equal(directionIn(text, 'ltr'), 'ltr')
    }
  })

  it('is not asked of an address', () => {
    assert.equal(directionIn('לפרטים https://a.example/one https://a.example/two', 'rtl'), 'rtl')
  })

  it('follows Arabic, Persian, Syriac, Thaana and N’Ko too', () => {
    for (const text of ['قال الوزير', 'گفت‌وگو', 'ܫܠܡܐ', 'ދިވެހި', 'ߒߞߏ', '𞤀𞤣𞤤𞤢𞤥'])
      assert.equal(directionIn(text, 'ltr'), 'rtl', text)
  })
})

describe('a post', () => {
  it('that runs as its story says nothing of directions', () => {
    assert.equal(render('en', paragraph(ENGLISH)), `<p>${ENGLISH}</p>`)
    assert.doesNotMatch(String(renderItem({ kind: 'post', post: postOf(1) }, storyOf())), / dir=/)
    assert.doesNotMatch(render('he', paragraph(HEBREW), paragraph('45%')), / dir=/)
  })

  it('turns a paragraph, heading, caption, quote or card that runs the other way', () => {
    const text = [{ text: HEBREW }]
    assert.match(render('en', paragraph(HEBREW)), /^<p dir="rtl">/)
    assert.match(render('he', paragraph(ENGLISH)), /^<p dir="ltr">/)
    assert.match(render('en', { type: 'heading', level: 3, text }), /^<h3 dir="rtl">/)
    assert.match(render('en', { type: 'image', alt: '', caption: HEBREW, credit: 'A' }), /<figcaption dir="rtl">/)
    assert.match(render('en', { type: 'quote', text: [text] }), /^<figure class="quote" dir="rtl"><blockquote><p>/)
    const embed = { type: 'embed', url: 'https://a.example/', title: HEBREW, text: HEBREW } as const
    assert.match(render('en', embed), /<p class="title" dir="rtl">.*<blockquote><p dir="rtl">/)
  })

  it('turns a list as a whole, and an item of it that differs from the rest', () => {
    const items = [[{ text: HEBREW }], [{ text: HEBREW }], [{ text: ENGLISH }]]
    assert.match(
      render('en', { type: 'list', ordered: true, items }),
      /^<ol dir="rtl"><li>[^<]*<\/li><li>[^<]*<\/li><li dir="ltr">/,
    )
  })

  it('turns a table’s columns with its words, and leaves its figures where they are', () => {
    const table = { type: 'table', caption: '', header: cells('מפלגה', 'קולות'), rows: [cells('כחול', '45%')] } as const
    const markup = render('en', { ...table, header: [...table.header], rows: [...table.rows] })
    assert.match(markup, /^<div class="table" dir="rtl"/)
    assert.match(markup, /<td>כחול<\/td><td class="number">45%<\/td>/)
    const mixed = [cells('כחול', '45%'), cells('The Greens of the north', '5%')]
    assert.match(render('he', { type: 'table', caption: HEBREW, header: [], rows: mixed }), /<td dir="ltr">The Greens/)
  })

  it('turns its headline, its key event and the note of a correction', () => {
    const content = { ...postOf(1).content, headline: HEBREW }
    const post = postOf(1, { content, corrections: [{ at: 0, note: HEBREW }] })
    const markup = String(renderItem({ kind: 'post', post }, storyOf()))
    assert.match(markup, /<h2 dir="rtl"><a /)
    assert.match(markup, /<span dir="rtl">ראש/)
  })
})
