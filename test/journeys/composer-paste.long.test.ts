// What arrives in the composer by paste, drop and file: Word, Google Docs, mails and pages clean; addresses; pictures; Arabic too.
// Run by the gate. The samples are written here in the shapes those programs write.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import type { Block } from '../../src/domain/content.ts'
import { NO_CHROMIUM } from '../helpers/chromium.ts'
import { blocksOf, load, paragraph, paste, press, startComposer, textOf } from '../helpers/composer.ts'
import { flat } from '../helpers/pictures.ts'

const options = { skip: NO_CHROMIUM, timeout: 120_000 }
const { open, server } = startComposer()

/** The blocks that a paste into an empty text gives. */
async function pasted(data: { html?: string; text?: string }, page?: Page): Promise<Block[]> {
  const at = page ?? (await open())
  await textOf(at).focus()
  await paste(at, data)
  return blocksOf(at)
}

const WORD_LIST = (mark: string, level: number, text: string, list = 'l0') =>
  `<p class=MsoListParagraphCxSpMiddle style='margin-left:${level * 36}.0pt;text-indent:-18.0pt;mso-list:${list} level${level} lfo1'><![if !supportLists]><span style='font-family:Symbol;mso-fareast-font-family:Symbol'><span style='mso-list:Ignore'>${mark}<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp; </span></span></span><![endif]>${text}<o:p></o:p></p>`

const WORD = `<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word" xmlns="http://www.w3.org/TR/REC-html40">
<head><meta name=Generator content="Microsoft Word 15"><link rel=File-List href="file:///C:/Temp/clip_filelist.xml">
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]-->
<style><!-- p.MsoNormal {margin:0cm;font-size:11.0pt} --></style></head>
<body lang=EN-GB style='tab-interval:36.0pt'><!--StartFragment-->
<h1><b>Flood at the harbour</b><o:p></o:p></h1>
<p class=MsoNormal>The quay is <b style='mso-bidi-font-weight:normal'>closed</b>, the <i>mayor</i> said<span style='mso-spacerun:yes'>  </span>on
Monday. See <a href="https://example.org/report"><span style='color:#0563C1'>the report</span></a>.<a class=msocomanchor href="#_msocom_1">[AE1]</a><o:p></o:p></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
${WORD_LIST('·', 1, 'Two ferries')}${WORD_LIST('o', 2, 'one of them empty')}${WORD_LIST('·', 1, 'One crane')}
${WORD_LIST('1.', 1, 'First, the gates', 'l1')}${WORD_LIST('2.', 1, 'then the pumps', 'l1')}
<table class=MsoTableGrid border=1><tr><td><p class=MsoNormal><b>Gauge</b><o:p></o:p></p></td><td><p class=MsoNormal>Level<o:p></o:p></p></td></tr>
<tr><td><p class=MsoNormal>Quay<o:p></o:p></p></td><td><p class=MsoNormal>4.1 m<o:p></o:p></p></td></tr></table>
<p class=MsoNormal style='display:none;mso-hide:all'>hidden</p>
<div style='mso-element:comment-list'><p>A comment</p></div>
<!--EndFragment--></body></html>`

const DOCS = `<meta charset='utf-8'><b style="font-weight:normal;" id="docs-internal-guid-1b2c3d4e-7fff-0000"><h2 dir="ltr" style="line-height:1.38"><span style="font-size:16pt;font-weight:400;">Power cut</span></h2><p dir="ltr" style="line-height:1.38"><span style="font-size:11pt;font-weight:400;font-style:normal;">Half the town is </span><span style="font-size:11pt;font-weight:700;font-style:normal;">dark</span><span style="font-weight:400;font-style:italic;">, still</span><span style="text-decoration:line-through;">not</span><span> </span><a href="https://www.google.com/url?q=https://example.org/grid&amp;sa=D" style="text-decoration:none;"><span style="text-decoration:underline;">the operator says</span></a></p><br /><ul style="margin-top:0"><li dir="ltr" style="list-style-type:disc" aria-level="1"><p dir="ltr" role="presentation"><span>north</span></p></li><ul><li dir="ltr" aria-level="2"><p dir="ltr"><span>hospital on its own power</span></p></li></ul><li dir="ltr"><p dir="ltr"><span style="font-weight:700">south</span></p></li></ul></b><br class="Apple-interchange-newline">`

const MAIL = `<html><head><style>.x{color:red}</style></head><body><div style="display:none;max-height:0">Preview of the mail</div><div dir="ltr"><div>Dear desk,</div><div><br></div><div>the <font color="#ff0000">lifeboat</font> is back.<br>All <span style="font-weight:bold">six</span> are safe.</div><div><a href="https://eur02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.org%2Frescue&amp;data=05">Details</a><img src="https://tracker.example/open.gif" width="1" height="1"></div><blockquote type="cite" class="gmail_quote"><div>When will you know?</div></blockquote></div></body></html>`

const PAGE = `<article><h2 class="t">Trains stop</h2><p style="color:blue" onclick="steal()">All lines&nbsp;east <script>alert(1)</script>are <strong>shut</strong>. <a href="javascript:alert(1)">Read on</a> or <a href="/local">here</a></p><figure><img src="https://pictures.example/a.jpg" alt="Station"><figcaption>The station at noon</figcaption></figure><form><input value="x"><button>Send</button></form><svg><text>vector</text></svg><iframe src="https://player.example/1"></iframe></article>`

describe('what is pasted into the composer', options, () => {
  it('from Word arrives clean, its lists as lists and its tables as tables', async () => {
    assert.deepEqual(await pasted({ html: WORD, text: 'Flood' }), [
      { type: 'heading', level: 3, text: [{ text: 'Flood at the harbour' }] },
      {
        type: 'paragraph',
        text: [
          { text: 'The quay is ' },
          { text: 'closed', bold: true },
          { text: ', the ' },
          { text: 'mayor', italic: true },
          { text: ' said on Monday. See ' },
          { text: 'the report', link: 'https://example.org/report' },
          { text: '.' },
        ],
      },
      {
        type: 'list',
        ordered: false,
        items: [[{ text: 'Two ferries' }], [{ text: 'one of them empty' }], [{ text: 'One crane' }]],
      },
      { type: 'list', ordered: true, items: [[{ text: 'First, the gates' }], [{ text: 'then the pumps' }]] },
      {
        type: 'table',
        header: [],
        rows: [
          [[{ text: 'Gauge', bold: true }], [{ text: 'Level' }]],
          [[{ text: 'Quay' }], [{ text: '4.1 m' }]],
        ],
      },
    ])
  })

  it('from Google Docs keeps what its styles mean, and goes straight to the pages it links', async () => {
    assert.deepEqual(await pasted({ html: DOCS, text: 'Power cut' }), [
      { type: 'heading', level: 3, text: [{ text: 'Power cut' }] },
      {
        type: 'paragraph',
        text: [
          { text: 'Half the town is ' },
          { text: 'dark', bold: true },
          { text: ', still', italic: true },
          { text: 'not', strike: true },
          { text: ' ' },
          { text: 'the operator says', link: 'https://example.org/grid' },
        ],
      },
      {
        type: 'list',
        ordered: false,
        items: [[{ text: 'north' }], [{ text: 'hospital on its own power' }], [{ text: 'south', bold: true }]],
      },
    ])
  })

  it('from a mail is its text, without counters and hidden words', async () => {
    assert.deepEqual(await pasted({ html: MAIL, text: 'Dear desk' }), [
      paragraph('Dear desk,'),
      {
        type: 'paragraph',
        text: [{ text: 'the lifeboat is back.\nAll ' }, { text: 'six', bold: true }, { text: ' are safe.' }],
      },
      { type: 'paragraph', text: [{ text: 'Details', link: 'https://example.org/rescue' }] },
      { type: 'quote', text: [[{ text: 'When will you know?' }]] },
    ])
  })

  it('from a page holds nothing active, and no picture of another server', async () => {
    const page = await open()
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    const blocks = await pasted({ html: PAGE, text: 'Trains stop' }, page)
    assert.deepEqual(blocks, [
      { type: 'heading', level: 3, text: [{ text: 'Trains stop' }] },
      {
        type: 'paragraph',
        text: [{ text: 'All lines\u00a0east are ' }, { text: 'shut', bold: true }, { text: '. Read on or here' }],
      },
      paragraph('The station at noon'),
    ])
    await page.getByText('pictures of the pasted text were left out').waitFor()
    assert.deepEqual(asked, [])
  })

  it('is undone in one step, and goes into the middle of a sentence as words', async () => {
    const page = await open()
    await textOf(page).focus()
    await page.keyboard.type('before after')
    for (let n = 0; n < 6; n += 1) await press(page, 'ArrowLeft')
    await page.waitForFunction(() => getSelection()?.anchorOffset === 'before'.length)
    await paste(page, { html: '<meta charset="utf-8"><span style="font-weight:700">bold</span>', text: 'bold' })
    assert.deepEqual(await blocksOf(page), [
      { type: 'paragraph', text: [{ text: 'before' }, { text: 'bold', bold: true }, { text: ' after' }] },
    ])
    await press(page, 'Control+z')
    assert.deepEqual(await blocksOf(page), [paragraph('before after')])
  })

  it('as plain text: wrapped lines of a mail are one paragraph, marks are lists, addresses are links', async () => {
    const wrapped =
      'The water at the northern quay has risen by forty centimetres\nsince noon, the port authority said in a statement on Monday,\nand will rise on.'
    const text = `${wrapped}\n\n- gates shut\n- pumps on\n\nSee https://example.org/a.\r\nCall us`
    assert.deepEqual(await pasted({ text }), [
      paragraph(wrapped.replaceAll('\n', ' ')),
      { type: 'list', ordered: false, items: [[{ text: 'gates shut' }], [{ text: 'pumps on' }]] },
      {
        type: 'paragraph',
        text: [
          { text: 'See ' },
          { text: 'https://example.org/a', link: 'https://example.org/a' },
          { text: '.\nCall us' },
        ],
      },
    ])
  })

  it('an address links the selection, is a link in a sentence, and alone on its line an embed or a video', async () => {
    const page = await open()
    await textOf(page).focus()
    await page.keyboard.type('the report')
    await press(page, 'Control+Shift+ArrowLeft')
    await paste(page, { text: 'https://example.org/r' })
    await press(page, 'End')
    await page.keyboard.type(' at ')
    await paste(page, {
      text: 'https://example.org/s',
      html: '<a href="https://example.org/s">https://example.org/s</a>',
    })
    await press(page, 'Enter')
    await paste(page, { text: 'https://social.example/@port/1' })
    await paste(page, { text: 'https://www.youtube.com/watch?v=abc' })
    await page.keyboard.type('More')
    const [first, embed, video, last] = await blocksOf(page)
    assert.deepEqual(first, {
      type: 'paragraph',
      text: [
        { text: 'the ' },
        { text: 'report', link: 'https://example.org/r' },
        { text: ' at ' },
        { text: 'https://example.org/s', link: 'https://example.org/s' },
      ],
    })
    assert.deepEqual(embed, { type: 'embed', url: 'https://social.example/@port/1' })
    assert.deepEqual(video, {
      type: 'video',
      source: 'https://www.youtube.com/watch?v=abc',
      title: '',
      caption: '',
      credit: '',
    })
    assert.deepEqual(last, paragraph('More'))
    await page.getByRole('button', { name: 'Make it a link' }).first().click()
    assert.deepEqual((await blocksOf(page))[1], {
      type: 'paragraph',
      text: [{ text: 'https://social.example/@port/1', link: 'https://social.example/@port/1' }],
    })
  })

  it('into a list is items, into a cell is one text', async () => {
    const page = await open()
    await textOf(page).focus()
    await page.keyboard.type('- one ')
    await paste(page, { text: 'two\nthree' })
    assert.deepEqual(await blocksOf(page), [
      { type: 'list', ordered: false, items: [[{ text: 'one two' }], [{ text: 'three' }]] },
    ])
    await load(page, {
      headline: '',
      blocks: [{ type: 'table', header: [], rows: [[[{ text: 'a' }], [{ text: 'b' }]]] }],
    })
    await textOf(page).getByText('a', { exact: true }).click()
    await press(page, 'End')
    await paste(page, { html: '<p>x</p><p>y</p>', text: 'x\ny' })
    assert.deepEqual(await blocksOf(page), [
      { type: 'table', header: [], rows: [[[{ text: 'ax\ny' }], [{ text: 'b' }]]] },
    ])
  })

  it('that was copied here comes back as it was, fields and all', async () => {
    const page = await open()
    const quote: Block = {
      type: 'quote',
      text: [[{ text: 'No.' }]],
      speaker: { name: 'Ada', role: 'mayor' },
      source: 'https://example.org/q',
    }
    const embed: Block = { type: 'embed', url: 'https://example.org/e', title: 'T' }
    const table: Block = { type: 'table', caption: 'C', header: [[{ text: 'h' }]], rows: [[[{ text: 'c' }], []]] }
    await load(page, { headline: '', blocks: [quote, embed, table, paragraph('x')] })
    await textOf(page).getByText('x', { exact: true }).click()
    await press(page, 'Control+a')
    const html = await page.evaluate(() => {
      const clipboardData = new DataTransfer()
      document.activeElement?.dispatchEvent(
        new ClipboardEvent('copy', { clipboardData, bubbles: true, cancelable: true }),
      )
      return clipboardData.getData('text/html')
    })
    await press(page, 'Backspace')
    await paste(page, { html, text: 'x' })
    assert.deepEqual(await blocksOf(page), [quote, embed, table, paragraph('x')])
  })

  it('in Arabic keeps its letters and runs from the right', async () => {
    const page = await open()
    const blocks = await pasted({ html: '<p dir="rtl">قال <b>الوزير</b> إن السد آمن</p>', text: 'قال' }, page)
    assert.deepEqual(blocks, [
      { type: 'paragraph', text: [{ text: 'قال ' }, { text: 'الوزير', bold: true }, { text: ' إن السد آمن' }] },
    ])
    const first = textOf(page).locator('p').first()
    assert.equal(await first.evaluate((at) => getComputedStyle(at).direction), 'rtl')
  })
})

describe('pictures in the composer', options, () => {
  const file = async (name: string) => ({ name, mimeType: 'image/png', buffer: await flat(40, 30, 3).png().toBuffer() })
  const choose = async (page: Page, ...names: string[]) => {
    const chooser = page.waitForEvent('filechooser')
    await page.getByRole('button', { name: 'Photos' }).click()
    await (await chooser).setFiles(await Promise.all(names.map(file)))
  }

  it('are sent from a file, show how far, and their fields are filled by keys', async () => {
    const page = await open()
    server.hold()
    await choose(page, 'one.png')
    await page.getByText(/one\.png · (?:Sending|Waiting)/).waitFor()
    await page.keyboard.type('The quay at noon')
    assert.deepEqual(
      (await blocksOf(page)).map((block) => block.type === 'image' && block.caption),
      ['The quay at noon'],
    )
    assert.deepEqual(await page.evaluate(() => window.harness.handle.current?.pending()), 1)
    server.release()
    await page.locator('.composer-root img').waitFor()
    for (const text of ['', '', 'Agency', 'A flooded quay']) {
      if (text) await page.keyboard.type(text)
      await press(page, 'Enter')
    }
    await page.keyboard.type('Text goes on')
    const [picture, text] = await blocksOf(page)
    assert.ok(picture?.type === 'image')
    assert.deepEqual(
      { ...picture, media: '' },
      {
        type: 'image',
        media: '',
        alt: 'A flooded quay',
        caption: 'The quay at noon',
        credit: 'From the file',
        agency: 'Agency',
        width: 1600,
        height: 1067,
      },
    )
    assert.deepEqual(text, paragraph('Text goes on'))
    assert.deepEqual(await page.evaluate(() => window.harness.problems), [])
  })

  it('that are refused say why, are kept, and go at the second try', async () => {
    const page = await open()
    server.refusal = 'The file is larger than 20 MB.'
    await choose(page, 'large.png')
    await page.getByText('large.png was not sent. The file is larger than 20 MB. It is kept here.').waitFor()
    assert.equal((await page.evaluate(() => window.harness.problems)).length, 1)
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.locator('.composer-root img').waitFor()
    assert.equal((await blocksOf(page))[0]?.type, 'image')
    assert.deepEqual(await page.evaluate(() => window.harness.problems), [])
  })

  it('come by paste and by drop, and what is no picture is named', async () => {
    const page = await open()
    await textOf(page).focus()
    await page.keyboard.type('Text')
    const give = (kind: 'paste' | 'drop', names: string[]) =>
      page.evaluate(
        ({ kind, names }) => {
          const data = new DataTransfer()
          for (const name of names) {
            const type = name.endsWith('.png') ? 'image/png' : 'application/pdf'
            data.items.add(new File(['x'], name, { type }))
          }
          const init = { bubbles: true, cancelable: true, clientX: 300, clientY: 300 }
          const event =
            kind === 'paste'
              ? new ClipboardEvent('paste', { ...init, clipboardData: data })
              : new DragEvent('drop', { ...init, dataTransfer: data })
          document.querySelector('.composer-prose')?.dispatchEvent(event)
        },
        { kind, names },
      )
    await give('paste', ['a.png', 'plan.pdf'])
    await page.getByText('plan.pdf is no picture, video or sound and was left out.').waitFor()
    await give('drop', ['b.png'])
    await page.locator('.composer-root img').nth(1).waitFor()
    assert.deepEqual((await blocksOf(page)).map(({ type }) => type).toSorted(), ['image', 'image', 'paragraph'])
  })

  it('may be a video or a sound: sent as a part with its own fields, played in place; one that is too large is named', async () => {
    const page = await open()
    const clip = (name: string, mimeType: string, size = 9) => ({ name, mimeType, buffer: Buffer.alloc(size) })
    const large = clip('long.mov', 'video/quicktime', 1024 * 1024 + 1)
    await page.locator('.composer-tools input[multiple]').setInputFiles([large, clip('lock.mp4', 'video/mp4')])
    await page.getByText('long.mov is larger than 1 MB and was left out.').waitFor()
    await page.locator('.composer-root video').waitFor()
    await page.keyboard.type('The lock opens')
    await textOf(page).locator('p').last().click()
    await page.locator('.composer-tools input[multiple]').setInputFiles([clip('horn.mp3', 'audio/mpeg')])
    await page.locator('.composer-root audio').waitFor()
    const clips = (await blocksOf(page)).filter(({ type }) => type !== 'paragraph')
    const words = { title: '', caption: '', credit: '' }
    assert.deepEqual(
      clips.map((block) => ({ ...block, media: undefined })),
      [
        { type: 'video', media: undefined, ...words, title: 'The lock opens', width: 1600, height: 1067 },
        { type: 'audio', media: undefined, ...words },
      ],
    )
  })

  it('inside pasted HTML are sent where they came along, at their place', async () => {
    const page = await open()
    const data = (await file('x')).buffer.toString('base64')
    await textOf(page).focus()
    await paste(page, {
      html: `<p>above</p><p><img alt="A quay" src="data:image/png;base64,${data}"></p><p>below</p>`,
      text: 'above below',
    })
    await page.locator('.composer-root img').waitFor()
    const blocks = await blocksOf(page)
    assert.deepEqual(
      blocks.map(({ type }) => type),
      ['paragraph', 'image', 'paragraph'],
    )
    assert.ok(blocks[1]?.type === 'image' && blocks[1].alt === 'A quay' && blocks[1].source === undefined)
  })

  it('ask for a description as long as there is none', async () => {
    const page = await open()
    await load(page, {
      headline: '',
      blocks: [{ type: 'image', media: 'abcdefghjkmnpqrstvwx', alt: '', caption: '', credit: '' }],
    })
    await page.getByText('No description yet').waitFor()
    await page.getByLabel('Description').fill('A quay')
    await page.getByText('No description yet').waitFor({ state: 'detached' })
  })
})
