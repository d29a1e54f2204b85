// Galleries in the composer, by keys: joined from photos, put in order, added to, taken apart; files on their way come along.
// Run by the gate.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import type { ImageBlock } from '../../src/domain/content.ts'
import { assertAccessible } from '../helpers/axe.ts'
import { NO_CHROMIUM } from '../helpers/chromium.ts'
import { blocksOf, load, paragraph, press, startComposer, textOf } from '../helpers/composer.ts'
import { until } from '../helpers/desk-client.ts'
import { flat } from '../helpers/pictures.ts'

const options = { skip: NO_CHROMIUM, timeout: 120_000 }
const { open, server } = startComposer()

const photo = (caption: string, n: number): ImageBlock => ({
  ...{ type: 'image', media: `media${String(n).padStart(15, '0')}`, alt: `Shows ${caption}`, caption, credit: 'Ada' },
  ...{ width: 1600, height: 1067 },
})
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

/** Captions of the galleries, of single photos, in their order: "[a b]" is a gallery. */
async function order(page: Page): Promise<string> {
  const shown = (await blocksOf(page)).map((block) => {
    if (block.type === 'gallery') return `[${block.images.map(({ caption }) => caption).join(' ')}]`
    return block.type === 'image' ? block.caption : block.type
  })
  return shown.join(' ')
}

const becomes = (page: Page, expected: string) =>
  until(expected, 8_000, async () => (await order(page)) === expected || assert.equal(await order(page), expected))

const focused = (page: Page) =>
  page.evaluate(() => {
    const at = document.activeElement
    const field = at instanceof HTMLInputElement || at instanceof HTMLTextAreaElement ? at.value : at?.ariaLabel
    return `${at?.closest('[role=group]')?.ariaLabel}: ${field}`
  })

describe('a gallery in the composer', options, () => {
  it('is made of photos that stand together, put in order by keys and buttons, and taken apart, each undone alone', async () => {
    const page = await open()
    await load(page, { headline: '', blocks: [photo('a', 1), photo('b', 2), photo('c', 3), paragraph('end')] })
    await button(page, 'Make a gallery of 3 photos').focus()
    await press(page, 'Enter')
    await becomes(page, '[a b c] paragraph')
    assert.equal(await focused(page), 'Photo 1 of 3: a')
    await press(page, 'Alt+ArrowDown')
    await becomes(page, '[b a c] paragraph')
    assert.equal(await focused(page), 'Photo 2 of 3: a')
    await page.getByLabel('Credit').nth(2).fill('Bea') // the label of the third names the field of the third
    assert.equal(await focused(page), 'Photo 3 of 3: Bea')
    await button(page, 'Move photo 3 of 3 up').focus()
    await press(page, 'Enter')
    await press(page, 'Enter')
    await becomes(page, '[c b a] paragraph')
    assert.equal(await focused(page), 'Photo 1 of 3: Move photo 1 of 3 up')
    await button(page, 'Remove photo 1 of 3').focus()
    await press(page, 'Enter')
    await becomes(page, '[b a] paragraph')
    assert.equal(await focused(page), 'Photo 1 of 2: b')
    await button(page, 'Take apart').focus()
    await press(page, 'Enter')
    await becomes(page, 'b a paragraph')
    await textOf(page).getByText('end').click()
    for (const expected of ['[b a] paragraph', '[c b a] paragraph', '[b c a] paragraph', '[b a c] paragraph']) {
      await press(page, 'Control+z')
      await becomes(page, expected)
    }
  })

  it('leads by keys over all its fields, in and out; a selected photo is moved and removed as a part is', async () => {
    const page = await open()
    await load(page, {
      headline: '',
      blocks: [paragraph('x'), { type: 'gallery', images: [photo('a', 1), photo('b', 2)] }, paragraph('y')],
    })
    await textOf(page).getByText('x', { exact: true }).click()
    await press(page, 'ArrowDown')
    await press(page, 'ArrowDown')
    assert.equal(await focused(page), 'Photo 1 of 2: a')
    for (let n = 0; n < 4; n += 1) await press(page, 'Enter')
    await page.keyboard.type('!')
    await becomes(page, 'paragraph [a b!] paragraph')
    await press(page, 'Escape')
    await press(page, 'Alt+ArrowUp')
    await becomes(page, 'paragraph [b! a] paragraph')
    await press(page, 'Delete')
    await becomes(page, 'paragraph [a] paragraph')
    await button(page, 'Remove photo 1 of 1').click()
    await becomes(page, 'paragraph paragraph')
    await press(page, 'Control+z')
    await becomes(page, 'paragraph [a] paragraph')
  })

  it('takes photos that are chosen for it and dropped on it, while others are on their way', async () => {
    const page = await open()
    await load(page, { headline: '', blocks: [photo('a', 1), paragraph('end')] })
    const bytes = await flat(300, 200).png().toBuffer()
    const files = (...names: string[]) => names.map((name) => ({ name, mimeType: 'image/png', buffer: bytes }))
    server.hold()
    await textOf(page).getByText('end').click()
    await press(page, 'Home')
    await page.locator('.composer-tools input[multiple]').setInputFiles(files('one.png', 'two.png'))
    await page.getByText('2 photos were added, one below the other').waitFor()
    await button(page, 'Move photo up').nth(1).focus()
    await button(page, 'Remove photo').first().click()
    await button(page, 'Make a gallery of 2 photos').click()
    await page.getByLabel('Gallery, 2 photos').getByLabel('Add photos').setInputFiles(files('three.png'))
    await page.getByRole('group', { name: 'Photo 3 of 3' }).waitFor()
    await becomes(page, 'paragraph [  ]')
    await page.keyboard.type('of three')
    server.release()
    await becomes(page, 'paragraph [  of three]')
    await until('all three have arrived', 8_000, async () => {
      const gallery = (await blocksOf(page)).find((block) => block.type === 'gallery')
      return gallery?.images.every(({ credit, width }) => credit === 'From the file' && width === 1600)
    })
    await page.evaluate(() => {
      const data = new DataTransfer()
      data.items.add(new File([Uint8Array.of(137, 80, 78, 71)], 'four.png', { type: 'image/png' }))
      const at = document.querySelector('.composer-photo .composer-picture')
      const box = at?.getBoundingClientRect()
      const place = { clientX: (box?.left ?? 0) + 5, clientY: (box?.top ?? 0) + 5 }
      at?.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, ...place, dataTransfer: data }))
    })
    await becomes(page, 'paragraph [  of three ]')
    await assertAccessible(page)
  })
})
