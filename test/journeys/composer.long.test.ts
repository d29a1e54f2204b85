// Journeys of a writer in the composer, in a real browser: typing, marks, lists, quotes, links, tables, right to left, keys alone.
// Run by the gate. Every page stands under the desk's policy; a violation fails the test.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { MAX_HEADLINE } from '../../src/domain/content.ts'
import { assertAccessible } from '../helpers/axe.ts'
import { NO_CHROMIUM } from '../helpers/chromium.ts'
import { blocksOf, contentOf, load, paragraph, press, startComposer, textOf } from '../helpers/composer.ts'
import { everyBlock } from '../helpers/public-story.ts'

const options = { skip: NO_CHROMIUM, timeout: 120_000 }
const { open } = startComposer()

async function type(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) {
    if (/^(?:Enter|Tab|Escape|Backspace|Delete|Home|End|Arrow\w+|[A-Z]\w+\+.+)$/.test(key)) await press(page, key)
    else await page.keyboard.type(key)
  }
}

describe('the composer', options, () => {
  it('takes headline and text by keys alone, from the first key on', async () => {
    const page = await open()
    await type(page, 'Harbour closed', 'Enter', 'The quay is under water.', 'Enter', 'More soon')
    const content = await contentOf(page)
    assert.equal(content.headline, 'Harbour closed')
    assert.deepEqual(content.blocks, [paragraph('The quay is under water.'), paragraph('More soon')])
    await type(page, 'ArrowUp', 'ArrowUp', 'End', ' again')
    assert.equal((await contentOf(page)).headline, 'Harbour closed again')
  })

  it('marks text by keys, and every mark may meet every other', async () => {
    const page = await open()
    await type(page, 'Enter', 'a ', 'Control+b', 'b', 'Control+i', 'c', 'Control+Shift+x', 'd', 'Control+e', 'e')
    assert.deepEqual(await blocksOf(page), [
      {
        type: 'paragraph',
        text: [
          { text: 'a ' },
          { text: 'b', bold: true },
          { text: 'c', bold: true, italic: true },
          { text: 'd', bold: true, italic: true, strike: true },
          { text: 'e', bold: true, italic: true, strike: true, code: true },
        ],
      },
    ])
  })

  it('makes lists, headings and line breaks, and leads out of them', async () => {
    const page = await open()
    await type(page, 'Enter', '- one', 'Enter', 'two', 'Enter', 'Enter', 'text', 'Enter', '1. first', 'Enter', 'second')
    await type(page, 'Enter', 'Enter', 'Control+Alt+3', 'Title', 'Enter', 'a', 'Shift+Enter', 'b')
    assert.deepEqual(await blocksOf(page), [
      { type: 'list', ordered: false, items: [[{ text: 'one' }], [{ text: 'two' }]] },
      paragraph('text'),
      { type: 'list', ordered: true, items: [[{ text: 'first' }], [{ text: 'second' }]] },
      { type: 'heading', level: 3, text: [{ text: 'Title' }] },
      paragraph('a\nb'),
    ])
    await type(page, 'Control+Shift+8')
    assert.equal((await blocksOf(page)).at(-1)?.type, 'list')
    await type(page, 'Control+Shift+7')
    await type(page, 'Control+Shift+7')
    assert.deepEqual((await blocksOf(page)).at(-1), paragraph('a\nb'))
  })

  it('gives a quote its speaker and role by keys, and the text goes on below', async () => {
    const page = await open()
    await type(page, 'Enter', 'Control+Shift+9', 'We will not leave.', 'Enter', 'Not today.', 'Enter', 'Enter')
    await type(page, 'Ada Example', 'Enter', 'mayor', 'Enter', 'She spoke at noon.')
    const expected = [
      {
        type: 'quote',
        text: [[{ text: 'We will not leave.' }], [{ text: 'Not today.' }]],
        speaker: { name: 'Ada Example', role: 'mayor' },
      },
      paragraph('She spoke at noon.'),
    ]
    assert.deepEqual(await blocksOf(page), expected)
    await type(page, 'Home', 'ArrowUp', 'ArrowUp')
    const caret = () =>
      page.evaluate(() => (document.activeElement as HTMLInputElement).value ?? document.activeElement?.className)
    await page.getByLabel('Who said it').focus()
    await type(page, 'ArrowUp')
    assert.match(await caret(), /composer-prose/)
    await type(page, 'ArrowDown')
    assert.equal(await caret(), 'Ada Example')
    await type(page, 'ArrowDown')
    assert.equal(await caret(), 'mayor')
    await type(page, 'Control+a', 'Backspace')
    assert.deepEqual((await blocksOf(page))[0], { ...expected[0], speaker: { name: 'Ada Example' } })
  })

  it('links a selection by its key, and refuses an address that is none', async () => {
    const page = await open()
    await type(
      page,
      'Enter',
      'see the report',
      'Control+Shift+ArrowLeft',
      'Control+Shift+k',
      'javascript:alert(1)',
      'Enter',
    )
    await page.getByRole('alert').waitFor()
    await type(page, 'Control+a', 'example.org/report', 'Enter', 'ArrowRight', ' now')
    const linked = { text: 'report', link: 'https://example.org/report' }
    assert.deepEqual(await blocksOf(page), [
      { type: 'paragraph', text: [{ text: 'see the ' }, linked, { text: ' now' }] },
    ])
    await type(page, 'ArrowLeft', 'ArrowLeft', 'ArrowLeft', 'ArrowLeft', 'ArrowLeft', 'ArrowLeft', 'Control+Shift+k')
    await page.getByRole('button', { name: 'Remove link' }).click()
    assert.deepEqual(await blocksOf(page), [paragraph('see the report now')])
  })

  it('makes a typed address a link with the space behind it, without the full stop', async () => {
    const page = await open()
    await type(page, 'Enter', 'See https://example.org/a. Now', 'Enter', 'http://example.org', 'Enter', 'x')
    assert.deepEqual(await blocksOf(page), [
      {
        type: 'paragraph',
        text: [{ text: 'See ' }, { text: 'https://example.org/a', link: 'https://example.org/a' }, { text: '. Now' }],
      },
      { type: 'paragraph', text: [{ text: 'http://example.org', link: 'http://example.org' }] },
      paragraph('x'),
    ])
  })

  it('writes a table by keys: across, down, a new row, and out again', async () => {
    const page = await open()
    await type(page, 'Enter')
    await page.getByRole('button', { name: 'Table', exact: true }).click()
    await type(page, 'Party', 'Tab', 'Seats', 'Tab', 'Red', 'Tab', '4', 'Enter', '5')
    await page.getByRole('button', { name: 'Add column' }).click()
    assert.deepEqual(
      (await blocksOf(page)).filter(({ type }) => type === 'table'),
      [
        {
          type: 'table',
          header: [[{ text: 'Party' }], [{ text: 'Seats' }], []],
          rows: [
            [[{ text: 'Red' }], [{ text: '4' }], []],
            [[], [{ text: '5' }], []],
          ],
        },
      ],
    )
    await type(page, 'Tab', 'Tab')
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Add row')
  })

  it('keeps every part as it was while another is typed in', async () => {
    const page = await open()
    const given = await load(page, {
      headline: 'x',
      blocks: everyBlock('Words', 'https://example.org/a', 'abcdefghjkmnpqrstvwx'),
    })
    assert.equal(await page.evaluate(() => window.harness.changes), 0)
    await textOf(page).locator('p').first().click()
    await type(page, 'Home', 'New ')
    const blocks = await blocksOf(page)
    assert.deepEqual(blocks.slice(1), given.blocks.slice(1))
    assert.match(JSON.stringify(blocks[0]), /New /)
  })

  it('moves and removes parts it cannot edit, by keys', async () => {
    const page = await open()
    await load(page, {
      headline: '',
      blocks: [
        paragraph('a'),
        { type: 'data', title: 'Level', items: [{ label: 'Quay', value: '4 m' }] },
        paragraph('b'),
      ],
    })
    await page.getByRole('button', { name: 'Move figures down' }).focus()
    await type(page, 'Enter')
    assert.deepEqual(
      (await blocksOf(page)).map(({ type }) => type),
      ['paragraph', 'paragraph', 'data'],
    )
    await type(page, 'Shift+Tab', 'Enter', 'Enter')
    assert.deepEqual(
      (await blocksOf(page)).map(({ type }) => type),
      ['data', 'paragraph', 'paragraph'],
    )
    await page.getByRole('button', { name: 'Remove figures' }).click()
    assert.deepEqual(await blocksOf(page), [paragraph('a'), paragraph('b')])
    await type(page, 'Control+z')
    assert.equal((await blocksOf(page)).length, 3)
    await textOf(page).getByText('b', { exact: true }).click()
    await type(page, 'Alt+ArrowUp')
    assert.deepEqual(
      (await blocksOf(page)).map(({ type }) => type),
      ['data', 'paragraph', 'paragraph'],
    )
    assert.deepEqual((await blocksOf(page))[1], paragraph('b'))
  })

  it('counts near a bound and past it, and cuts nothing', async () => {
    const page = await open()
    await page.keyboard.insertText('a'.repeat(MAX_HEADLINE - 10))
    await page.getByText(`${MAX_HEADLINE - 10} of ${MAX_HEADLINE} characters`).waitFor()
    await page.keyboard.insertText('b'.repeat(20))
    await page.getByText('10 characters too many').waitFor()
    const { content, problems } = await page.evaluate(() => window.harness)
    assert.equal(content.headline.length, MAX_HEADLINE + 10)
    assert.equal(problems.length, 1)
  })

  it('is one stop of the Tab key for its tools, with arrows inside, states and keys told', async () => {
    const page = await open()
    await type(page, 'Tab')
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))
    assert.equal(await focused(), 'Bold')
    await type(page, 'ArrowRight', 'ArrowRight')
    assert.equal(await focused(), 'Struck through')
    await type(page, 'End')
    assert.equal(await focused(), 'Redo')
    await type(page, 'ArrowRight', 'Enter', 'words')
    const bold = page.getByRole('button', { name: 'Bold' })
    assert.equal(await bold.getAttribute('aria-pressed'), 'true')
    assert.equal(await bold.getAttribute('aria-keyshortcuts'), 'Control+B')
    assert.deepEqual(await blocksOf(page), [{ type: 'paragraph', text: [{ text: 'words', bold: true }] }])
    await type(page, 'Alt+F10')
    assert.equal(await focused(), 'Bold')
    await type(page, 'Escape', 'Tab')
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'After')
  })

  it('leaves the keys of the desk to the desk', async () => {
    const page = await open()
    await page.evaluate(() => {
      document.addEventListener('keydown', (event) => {
        if (event.ctrlKey && ['Enter', 'k', 'K'].includes(event.key) && !event.shiftKey)
          document.title += ` ${event.key} ${event.defaultPrevented}`
      })
    })
    await type(page, 'Enter', 'a', 'Control+Enter', 'Control+k')
    assert.equal(await page.title(), 'Composer Enter false k false')
    assert.deepEqual(await blocksOf(page), [paragraph('a')])
  })

  it('runs right to left where the letters do, and the empty line as the story does', async () => {
    const page = await open({}, '?dir=rtl')
    const directions = () =>
      textOf(page)
        .locator(':scope > *')
        .evaluateAll((all) => all.map((one) => getComputedStyle(one).direction))
    await type(page, 'أغلق الميناء', 'Enter')
    assert.deepEqual(await directions(), ['rtl'])
    await type(page, 'المياه ترتفع', 'Enter', 'Reuters said so', 'Enter', '- نقطة')
    assert.deepEqual(await directions(), ['rtl', 'ltr', 'rtl'])
    assert.deepEqual(await blocksOf(page), [
      paragraph('المياه ترتفع'),
      paragraph('Reuters said so'),
      { type: 'list', ordered: false, items: [[{ text: 'نقطة' }]] },
    ])
    assert.equal((await contentOf(page)).headline, 'أغلق الميناء')
  })

  it('lets an input method compose, and takes what it settles on', async () => {
    const page = await open()
    await type(page, 'Enter')
    const cdp = await page.context().newCDPSession(page)
    for (const text of ['に', 'にほ', 'にほん']) {
      await cdp.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length })
    }
    await cdp.send('Input.insertText', { text: '日本' })
    await type(page, 'Enter', 'x')
    assert.deepEqual(await blocksOf(page), [paragraph('日本'), paragraph('x')])
  })

  it('is read anew when another post is given, and empties on demand', async () => {
    const page = await open()
    await type(page, 'One', 'Enter', 'text')
    await type(page, ' and')
    await load(page, { headline: 'One', blocks: [paragraph('text and')] })
    await type(page, ' on')
    assert.deepEqual(await blocksOf(page), [paragraph('text and on')], 'the same words leave the caret where it is')
    await load(page, { headline: 'Two', blocks: [paragraph('other')], tags: ['kept'] })
    await textOf(page).getByText('other').waitFor()
    await textOf(page).click()
    await type(page, 'Control+z', 'Control+End', ' words')
    assert.deepEqual(await contentOf(page), {
      ...(await contentOf(page)),
      headline: 'Two',
      blocks: [paragraph('other words')],
      tags: ['kept'],
    })
    await page.evaluate(() => window.harness.handle.current?.clear())
    assert.deepEqual((await contentOf(page)).blocks, [])
    assert.equal((await contentOf(page)).headline, '')
  })

  it('fits a phone, offers its camera, and leaves the document no wider than the screen', async () => {
    const page = await open({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })
    await load(page, { headline: 'x', blocks: everyBlock('Words', 'https://example.org/a', 'abcdefghjkmnpqrstvwx') })
    const chooser = page.waitForEvent('filechooser')
    await page.getByRole('button', { name: 'Take a photo' }).tap()
    assert.equal(await (await chooser).element().getAttribute('capture'), 'environment')
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390)
  })

  it('breaks no rule of accessibility, light and dark', async () => {
    const page = await open()
    await load(page, {
      headline: 'Harbour closed',
      blocks: everyBlock('Words', 'https://example.org/a', 'abcdefghjkmnpqrstvwx'),
    })
    await textOf(page).locator('img').first().waitFor()
    await page.getByRole('button', { name: 'Link', exact: true }).click()
    await assertAccessible(page)
  })
})
