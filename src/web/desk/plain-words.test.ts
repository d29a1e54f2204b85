// Checks how the plain desk shows a story's own words: without the signs they are typed in, and running as their letters do.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { EDITOR, liveStory, newId } from '../../../test/helpers/acts.ts'
import { openTestDesk, signInAsAdmin, type TestDesk } from '../../../test/helpers/desk.ts'
import { publishPost } from '../../newsroom/publish-post.ts'

let desk: TestDesk
let ada: Awaited<ReturnType<typeof signInAsAdmin>>

before(async () => {
  desk = await openTestDesk()
  ada = await signInAsAdmin(desk)
})
after(() => desk.close())

test('pages that ask show a post in plain words, not in those it is typed in', async () => {
  const { id } = await liveStory(desk.store)
  const postId = newId()
  const quote = {
    type: 'quote' as const,
    text: [[{ text: 'We stay.', bold: true as const }]],
    speaker: { name: 'Anna Berg' },
  }
  const image = {
    type: 'image' as const,
    source: 'https://photos.example/1.jpg',
    alt: 'A ferry',
    caption: '',
    credit: '',
  }
  await publishPost(desk.store, EDITOR, id, { postId, content: { headline: '', blocks: [image, quote] } })
  for (const page of ['withdraw', 'move', 'copy']) {
    const { body } = await ada.get(`/desk/stories/${id}/posts/${postId}/${page}`)
    const shown = /<blockquote>(.*?)<\/blockquote>/s.exec(body)?.[1] ?? ''
    assert.match(shown, /We stay\. — Anna Berg/, page)
    assert.doesNotMatch(body, /\{\{image|\*\*We stay|&gt; /, page)
  }
})

test('fields run as what is typed in them, and while they are empty as the story does', async () => {
  const { id } = await liveStory(desk.store, { language: 'he', title: 'סערה' })
  const { body } = await ada.get(`/desk/stories/${id}`)
  const names = ['headline', 'text', 'caption', 'credit', 'agency', 'alt', 'place', 'byline', 'source', 'keyEventTitle']
  for (const name of names) {
    const field = new RegExp(`<(?:input|textarea) name="${name}"[^>]*>`).exec(body)?.[0] ?? ''
    assert.match(field, /lang="he" dir="auto" data-dir="rtl" placeholder="[^"]+"/, name)
  }
})
