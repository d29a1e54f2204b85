// The fields of a post: the same for a new one, a revision and a correction.
// Called by the story and post views. Pure.

import type { Story } from '../../../domain/story.ts'
import { attributes, html, type SafeHtml } from '../../../kit/html.ts'
import type { PhotoWords, PostForm } from '../post-form.ts'

export const VERIFICATION_WORDS = [
  ['none', 'Not stated'],
  ['unconfirmed', 'Unconfirmed'],
  ['confirmed', 'Confirmed'],
] as const

type Fields = { form: PostForm; story: Pick<Story, 'language' | 'direction'>; photoLost?: boolean }

export function postFields({ form, story, photoLost }: Fields): SafeHtml {
  const written = attributes({ lang: story.language, dir: story.direction })
  return html`<label>Headline <input name="headline" value="${form.headline}" maxlength="300" ${written}></label>
<label>Text <textarea name="text" rows="8" ${written} aria-describedby="text-hint">
${form.text}</textarea></label>
${textHint()}
${form.images.length > 0 ? html`<input type="hidden" name="images" value="${form.images.length}">${form.images.map(imageWords)}` : ''}
${photoFields(form, photoLost ?? false)}
${moreFields(form)}`
}

function textHint(): SafeHtml {
  return html`<details class="hint" id="text-hint"><summary>An empty line begins a new paragraph. Quotes, lists, links…</summary>
<dl class="signs">
<dt>## Subheading</dt><dd>a subheading</dd>
<dt>- point<br>1. point</dt><dd>lists, one point a line</dd>
<dt>&gt; “We stay.”<br>— Anna Berg, mayor</dt><dd>a quote and who said it</dd>
<dt>**bold** *italic*</dt><dd>marks</dd>
<dt>[words](https://…)</dt><dd>a link</dd>
<dt>{{image 1: …}}</dt><dd>a picture of this post: move the line, or take it out</dd>
</dl></details>`
}

function photoFields(form: PostForm, lost: boolean): SafeHtml {
  const open = attributes({ open: lost || [form.photoId, ...Object.values(form.photo)].some(Boolean) })
  return html`<details class="photo" ${open}><summary>Photo</summary>
${
  form.photoId
    ? html`<p class="kept"><img src="/media/${form.photoId}/400.jpg" alt="" width="96"> The photo you sent is kept; you need not choose it again.</p><input type="hidden" name="photoId" value="${form.photoId}">`
    : ''
}
${lost ? html`<p class="message bad">The photo was not kept: choose it again.</p>` : ''}
<label>${form.photoId ? 'Another photo instead' : 'File'} <input type="file" name="photo" accept="image/jpeg,image/png,image/webp,image/avif,image/gif"></label>
${wordFields('', form.photo)}
<p class="hint">Left empty, caption, credit and agency are taken from the photo itself.</p>
</details>`
}

function imageWords(words: PhotoWords, index: number): SafeHtml {
  return html`<details><summary>Picture ${index + 1}: caption, credit, agency, description</summary>${wordFields(`image${index + 1}-`, words)}</details>`
}

export function wordFields(prefix: string, { caption, credit, agency, alt }: PhotoWords): SafeHtml {
  return html`<label>Caption <textarea name="${prefix}caption" rows="2" maxlength="2000">
${caption}</textarea></label>
<div class="pair"><label>Credit <input name="${prefix}credit" value="${credit}" maxlength="200"></label>
<label>Agency <input name="${prefix}agency" value="${agency}" maxlength="200"></label></div>
<label>What it shows, for people who cannot see it <input name="${prefix}alt" value="${alt}" maxlength="2000"></label>`
}

function moreFields(form: PostForm): SafeHtml {
  const used = [form.place, form.byline, form.source].some(Boolean) || form.breaking || form.verification !== 'none'
  return html`<details ${attributes({ open: used })}><summary>Place, byline, source</summary>
<div class="pair"><label>Place <input name="place" value="${form.place}" maxlength="200"></label>
<label>Byline <input name="byline" value="${form.byline}" placeholder="Name, role; name, role"></label></div>
<div class="pair"><label>Source <input name="source" value="${form.source}" maxlength="200"></label>
<label>Verification <select name="verification">${VERIFICATION_WORDS.map(
    ([value, words]) =>
      html`<option value="${value}" ${attributes({ selected: form.verification === value })}>${words}</option>`,
  )}</select></label></div>
${checkbox('breaking', 'Breaking', form.breaking)}
</details>`
}

export function checkbox(name: string, words: string, checked: boolean): SafeHtml {
  return html`<label class="choice"><input type="checkbox" name="${name}" value="1" ${attributes({ checked })}> <span>${words}</span></label>`
}
