// Checks how the desk speaks about its forms: limits and fields in sentences, what differs, languages and zones by name.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openTestDesk, signInAsAdmin, startStory, type TestDesk } from '../../../test/helpers/desk.ts'
import { bylinesFrom } from '../../domain/plain-fields.ts'

let desk: TestDesk
let ada: Awaited<ReturnType<typeof signInAsAdmin>>
let story: string

before(async () => {
  desk = await openTestDesk()
  ada = await signInAsAdmin(desk)
})
after(() => desk.close())

const PROGRAM_WORDS = /blocks\.|too big|expected string|invalid input|timeZone:/i

test('what is too long is told by its field and limit, and the field is marked', async () => {
  story = (await startStory(ada, 'Words')).url
  const cases: [fields: Record<string, string>, field: string, sentence: RegExp][] = [
    [
      { text: 'Long beginning '.repeat(700) },
      'text',
      /A paragraph: at most 10,000 characters; this \(“Long beginning .*…”\) has 10,500\./,
    ],
    [{ text: `> x\n— ${'n'.repeat(201)}` }, 'text', /A speaker’s name or role: at most 200 characters; this has 201\./],
    [{ text: '> x\n— Bo <ftp://a.example>' }, 'text', /A web address starts with https: or http:\./],
    [{ text: '- x\n'.repeat(201) }, 'text', /Points of a list: at most 200; here are 201\./],
    [{ text: 'x\n\n'.repeat(201) }, 'text', /Paragraphs and other parts: at most 200; here are 201\./],
    [{ text: '{{image 3}}' }, 'text', /this post has no such image\./],
    [{ headline: 'h'.repeat(301) }, 'headline', /Headline: at most 300 characters; this has 301\./],
    [{ byline: 'b'.repeat(201) }, 'byline', /A byline’s name or role: at most 200 characters/],
    [{ byline: 'b;'.repeat(21) }, 'byline', /Bylines: at most 20; here are 21\./],
    [{ place: 'p'.repeat(201) }, 'place', /Place: at most 200 characters/],
  ]
  for (const [fields, field, sentence] of cases) {
    await ada.get(story)
    const reply = await ada.upload(`${story}/posts`, { postId: ada.hidden('postId'), headline: 'H', ...fields }, null)
    assert.equal(reply.statusCode, 400, field)
    assert.match(reply.body, sentence)
    assert.match(reply.body, new RegExp(`name="${field}"[^>]* aria-invalid="true" aria-describedby="${field}-problem`))
    assert.match(reply.body, new RegExp(`id="${field}-problem">`))
    assert.doesNotMatch(reply.body, PROGRAM_WORDS)
  }
})

test('a caption that is too long is marked at its picture', async () => {
  await ada.get(story)
  const photo = { name: 'a.jpg', bytes: new Uint8Array([0xff, 0xd8, 1]) }
  const postId = ada.hidden('postId')
  const fields = { postId, headline: 'Pictured', text: 'x' }
  const long = await ada.upload(`${story}/posts`, { ...fields, caption: 'c'.repeat(2_001) }, photo)
  assert.match(long.body, /name="caption"[^>]* aria-invalid="true"/)
  assert.equal((await ada.upload(`${story}/posts`, { ...fields, caption: 'c' }, photo)).statusCode, 303)
  const url = `${story}/posts/${postId}`
  await ada.get(url)
  const seen = { revision: '1', base: '1', headline: 'Pictured', text: ada.textarea('text'), images: '1' }
  const reply = await ada.upload(`${url}/revise`, { ...seen, 'image1-credit': 'c'.repeat(201) }, null)
  assert.match(reply.body, /Credit of image 1: at most 200 characters; this has 201\./)
  assert.match(reply.body, /name="image1-credit"[^>]* aria-invalid="true"/)
})

test('the settings of a story are told by their fields too', async () => {
  const cases: [fields: Record<string, string>, field: string, sentence: RegExp][] = [
    [{ languageTag: 'English' }, 'languageTag', /Write the language as its short tag/],
    [{ timeZone: 'Mars/Base' }, 'timeZone', /A time zone is an IANA name/],
    [{ title: '  ' }, 'title', /A story needs a title\./],
    [{ title: 't'.repeat(301) }, 'title', /Title: at most 300 characters/],
    [{ slug: 'Über uns' }, 'slug', /An address holds lower-case letters/],
    [{ slug: 'words' }, 'slug', /taken|address/],
  ]
  for (const [fields, field, sentence] of cases) {
    await ada.get('/desk/stories/new')
    const good = { title: 'T', language: 'en', timeZone: 'UTC', visibility: 'public', storyId: ada.hidden('storyId') }
    const reply = await ada.post('/desk/stories', { ...good, ...fields })
    assert.ok([400, 409].includes(reply.statusCode), field)
    assert.match(reply.body, sentence)
    assert.match(reply.body, new RegExp(`name="${field}"[^>]* aria-invalid="true"`))
    assert.doesNotMatch(reply.body, PROGRAM_WORDS)
  }
  assert.equal(ada.hidden('slug'), 'words')
  const wrong = { title: 'T', language: 'he', languageTag: 'Ivrit', timeZone: 'UTC', visibility: 'public' }
  const { body } = await ada.post('/desk/stories', { storyId: ada.hidden('storyId'), ...wrong })
  assert.match(body, /value="he" selected/)
  assert.equal(ada.hidden('languageTag'), 'Ivrit')
})

test('a new story is offered the language and zone of the last one, by name, and takes any other', async () => {
  const { body } = await ada.get('/desk/stories/new')
  assert.match(body, /<option value="Europe\/Paris" selected>Paris</)
  assert.match(body, /<option value="he" ?>Hebrew · עברית</)
  const settings = {
    title: 'Brasil',
    language: 'en',
    languageTag: 'PT-br',
    timeZone: 'America/Sao_Paulo',
    visibility: 'public',
  }
  const storyId = ada.hidden('storyId')
  assert.equal((await ada.post('/desk/stories', { storyId, ...settings })).statusCode, 303)
  assert.equal((await desk.reads.story(storyId))?.language, 'pt-BR')
  const next = (await ada.get('/desk/stories/new')).body
  assert.match(next, /<option value="America\/Sao_Paulo" selected>Sao Paulo</)
  assert.match(next, /<option value="pt-BR" selected>Brazilian Portuguese · português \(Brasil\)</)
  assert.equal(ada.hidden('languageTag'), '')
})

test('on a conflict everything that differs is shown, not the text alone', async () => {
  await ada.get(story)
  const photo = { name: 'a.jpg', bytes: new Uint8Array([0xff, 0xd8, 1]) }
  const postId = ada.hidden('postId')
  const url = `${story}/posts/${postId}`
  await ada.upload(`${story}/posts`, { postId, headline: 'H', text: 'x', caption: 'Old' }, photo)
  await ada.get(url)
  const seen = {
    revision: '1',
    base: '1',
    headline: 'H',
    text: ada.textarea('text'),
    images: '1',
    'image1-credit': 'AP',
  }
  const theirs = { place: 'OSLO', source: 'Police', verification: 'confirmed', byline: 'Bo', breaking: '1' }
  assert.equal(
    (await ada.upload(`${url}/revise`, { ...seen, ...theirs, 'image1-caption': 'New' }, null)).statusCode,
    303,
  )
  const { body, statusCode } = await ada.upload(`${url}/revise`, { ...seen, text: `${seen.text}\n\ny` }, null)
  assert.equal(statusCode, 409)
  for (const row of ['Place<.*OSLO', 'Source<.*Police', 'Verification<.*Confirmed', 'Byline<.*Bo', 'Breaking<.*yes'])
    assert.match(body, new RegExp(`<dt>${row}`))
  assert.match(body, /<dt>Caption of image 1<\/dt><dd[^>]*>New</)
  assert.doesNotMatch(body, /<dt>Credit of image 1/)
})

test('bylines end at the semicolon of their script, a name at its comma', () => {
  assert.deepEqual(bylinesFrom('Anna Berg, mayor; Bo'), [{ name: 'Anna Berg', role: 'mayor' }, { name: 'Bo' }])
  assert.deepEqual(bylinesFrom('سلمى حداد، محافظة؛ ليلى'), [{ name: 'سلمى حداد', role: 'محافظة' }, { name: 'ليلى' }])
  assert.deepEqual(bylinesFrom('山田太郎、記者；王芳，记者'), [
    { name: '山田太郎', role: '記者' },
    { name: '王芳', role: '记者' },
  ])
})
