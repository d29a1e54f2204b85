// Every kind of problem that our schemas can find has a sentence, and none speaks of zod, types or JavaScript.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { contentSchema } from './content.ts'
import { isSaidHere, sayIssue } from './issue-words.ts'
import { storySettingsSchema } from './story.ts'

const said = (schema: typeof contentSchema | typeof storySettingsSchema, input: unknown) =>
  Object.fromEntries(
    schema.safeParse(input, { error: sayIssue }).error?.issues.map((issue) => [issue.path.join('.'), issue.message]) ??
      [],
  )

it('says what is missing, empty, too long or of another kind', () => {
  assert.deepEqual(said(storySettingsSchema, {}), { title: 'This is missing.' })
  assert.deepEqual(
    said(storySettingsSchema, { title: 5, standfirst: 'x'.repeat(1_001), visibility: 'p', startsAt: 1.5, more: 1 }),
    {
      title: 'This must be text.',
      standfirst: 'This has at most 1000 characters.',
      visibility: 'This must be one of private, unlisted, public.',
      startsAt: 'This must be a whole number.',
      '': 'This field is not known here.',
    },
  )
  const blocks = [
    { type: 'html' },
    {},
    { type: 'list', ordered: 1, items: [] },
    { type: 'heading', level: 7, text: [{ text: 'A', bold: false }] },
    5,
    { type: 'image', media: 'x', alt: '', caption: '', credit: '', width: 0 },
  ]
  assert.deepEqual(said(contentSchema, { headline: 'A', blocks, eventAt: 1e14 * 9, tags: {} }), {
    'blocks.0.type':
      'This must be one of paragraph, heading, list, quote, image, gallery, video, audio, embed, table, data.',
    'blocks.1.type': 'This is missing.',
    'blocks.2.ordered': 'This must be true or false.',
    'blocks.2.items': 'This must not be empty.',
    'blocks.3.level': 'This must be 3 or 4.',
    'blocks.3.text.0.bold': 'This must be true.',
    'blocks.4': 'This must be an object.',
    'blocks.5.media': 'An id is 16 to 32 lower-case letters and digits.',
    'blocks.5.width': 'This must be at least 1.',
    eventAt: 'This must be at most 253402214400000.',
    tags: 'This must be a list.',
  })
})

it('knows its own sentences from those that a schema brings along', () => {
  const own = said(contentSchema, {
    headline: 5,
    blocks: [{ type: 'list', ordered: true, items: [] }],
    tags: Array(31),
  })
  for (const sentence of Object.values(own)) assert.ok(isSaidHere(sentence), sentence)
  const theirs = [
    said(storySettingsSchema, { title: ' ' }).title,
    said(storySettingsSchema, { title: 'A', slug: 'a'.repeat(20) }).slug,
    said(storySettingsSchema, { title: 'A', slug: 'a', visibility: 'private' }).slug,
  ]
  for (const sentence of theirs) assert.equal(isSaidHere(sentence ?? ''), false, sentence)
})
