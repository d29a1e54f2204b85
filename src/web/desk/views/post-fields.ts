// The fields of a post: the same for a new one, a revision and a correction.
// Called by the story and post views. Pure.

import { VERIFICATION_WORDS } from '../../../domain/plain-fields.ts'
import type { Story } from '../../../domain/story.ts'
import { attributes, html, type SafeHtml } from '../../../kit/html.ts'
import { CLIP_FIELD } from '../../form-body.ts'
import type { FieldProblems } from '../field-problems.ts'
import { labelOf } from '../labels.ts'
import type { PhotoWords, PostForm } from '../post-form.ts'
import { checkbox, marks, withProblem, written } from './fields.ts'

type Written = Pick<Story, 'language' | 'direction'>

type Fields = {
  form: PostForm
  story: Written
  photoLost: boolean
  problems: FieldProblems
  /** The byline that nobody had to type. */
  ownName?: string | undefined
}

export function postFields({ form, story, photoLost, problems, ownName }: Fields): SafeHtml {
  const words = written(story)
  const headline = html`<label>Headline <input name="headline" value="${form.headline}" ${words} ${marks('headline', problems)}></label>`
  const text = html`<label>Text <textarea name="text" rows="8" ${words} ${marks('text', problems, 'text-hint')}>
${form.text}</textarea></label>`
  return html`${withProblem('headline', problems, headline)}
${withProblem('text', problems, text)}
${textHint()}
${form.images.length > 0 ? html`<input type="hidden" name="images" value="${form.images.length}">${form.images.map((image, index) => imageWords(image, index, story, problems))}` : ''}
${photoFields(form, story, photoLost, problems)}
${clipFields(form, story, problems)}
${moreFields(form, story, problems, ownName)}
${keyEventFields(form, story, problems)}`
}

/** Of what content the text was made: without it, its placeholders mean nothing. */
export function sourceFields({ base, from, autosave }: Pick<PostForm, 'base' | 'from' | 'autosave'>): SafeHtml {
  return html`<input type="hidden" name="base" value="${base}">${from ? html`<input type="hidden" name="from" value="${from}">` : ''}${autosave ? html`<input type="hidden" name="autosave" value="${autosave}">` : ''}`
}

function textHint(): SafeHtml {
  return html`<details class="hint" id="text-hint"><summary>An empty line begins a new paragraph. Quotes, lists, links…</summary>
<dl class="signs">
<dt>## Subheading</dt><dd>a subheading</dd>
<dt>- point<br>1. point</dt><dd>lists, one point a line</dd>
<dt>&gt; “We stay.”<br>— Anna Berg, mayor</dt><dd>a quote and who said it</dd>
<dt>**bold** *italic*</dt><dd>marks</dd>
<dt>https://…<br>[words](https://…)</dt><dd>links</dd>
<dt>{{image 1: …}}</dt><dd>a picture of this post: move the line, or take it out</dd>
</dl></details>`
}

function photoFields(form: PostForm, story: Written, lost: boolean, problems: FieldProblems): SafeHtml {
  const open = attributes({ open: lost || [form.photoId, ...Object.values(form.photo)].some(Boolean) })
  return html`<details class="photo" ${open}><summary>Photo</summary>
${
  form.photoId
    ? html`<p class="kept"><img src="/media/${form.photoId}/400.jpg" alt="" width="96"> The photo you sent is kept; you need not choose it again.</p><input type="hidden" name="photoId" value="${form.photoId}">${checkbox('noPhoto', 'Leave the photo out', false)}`
    : ''
}
${lost ? html`<p class="message bad">The photo was not kept: choose it again.</p>` : ''}
<label>${form.photoId ? 'Another photo instead' : 'File'} <input type="file" name="photo" accept="image/jpeg,image/png,image/webp,image/avif,image/gif"></label>
${wordFields('', form.photo, story, problems)}
<p class="hint">Left empty, caption, credit and agency are taken from the photo itself.</p>
<fieldset><legend>Keep only a part of it, in per cent</legend><div class="pair">${cutField('cutLeft', 'From the left', problems)}
${cutField('cutTop', 'From the top', problems)}</div>
<div class="pair">${cutField('cutWidth', 'Width', problems)}
${cutField('cutHeight', 'Height', problems)}</div>
<p class="hint">Left empty, the whole photo. What is cut away is in none of the files that readers get.</p></fieldset>
</details>`
}

function clipFields({ clipId, clip, clipLost }: PostForm, story: Written, problems: FieldProblems): SafeHtml {
  const open = attributes({ open: clipLost || [clipId, ...Object.values(clip)].some(Boolean) })
  const line = (name: string, value: string) =>
    withProblem(
      name,
      problems,
      html`<label>${labelOf(name)} <input name="${name}" value="${value}" ${written(story)} ${marks(name, problems)}></label>`,
    )
  return html`<details class="photo" ${open}><summary>Video or audio</summary>
${clipId ? html`<p class="kept">The clip you sent is kept; you need not choose it again.</p><input type="hidden" name="clipId" value="${clipId}">${checkbox('noClip', 'Leave the clip out', false)}` : ''}
${clipLost ? html`<p class="message bad">The clip was not kept: choose it again.</p>` : ''}
<label>${clipId ? 'Another clip instead' : 'File'} <input type="file" name="${CLIP_FIELD}" accept="video/*,audio/*"></label>
<p class="hint">MP4, MOV, M4A, WebM, MP3, Ogg or WAV. It is sent with the form: wait until the next page is there.</p>
${line('clipTitle', clip.title)}
${withProblem(
  'clipCaption',
  problems,
  html`<label>${labelOf('clipCaption')} <textarea name="clipCaption" rows="2" ${written(story)} ${marks('clipCaption', problems)}>
${clip.caption}</textarea></label>`,
)}
${line('clipCredit', clip.credit)}
</details>`
}

function cutField(name: string, label: string, problems: FieldProblems): SafeHtml {
  return withProblem(
    name,
    problems,
    html`<label>${label} <input name="${name}" inputmode="decimal" size="5" ${marks(name, problems)}></label>`,
  )
}

function imageWords(words: PhotoWords, index: number, story: Written, problems: FieldProblems): SafeHtml {
  const prefix = `image${index + 1}-`
  const open = attributes({ open: Object.keys(problems).some((name) => name.startsWith(prefix)) })
  return html`<details ${open}><summary>Picture ${index + 1}: caption, credit, agency, description</summary>${wordFields(prefix, words, story, problems)}</details>`
}

/** Last: it is said of the post as a whole, and kept with a draft until that is published. */
function keyEventFields(form: PostForm, story: Written, problems: FieldProblems): SafeHtml {
  const title = html`<label>Its short title <input name="keyEventTitle" value="${form.keyEventTitle}" ${written(story, 'the headline, if left empty')} ${marks('keyEventTitle', problems, 'key-hint')}></label>`
  const was = form.markWas
  return html`${was ? html`<input type="hidden" name="wasKeyEvent" value="1"><input type="hidden" name="wasKeyEventTitle" value="${was.title}">` : ''}<div class="pair">${checkbox('keyEvent', 'Key event', form.keyEvent)}
${withProblem('keyEventTitle', problems, title)}</div>
<p class="hint" id="key-hint">${was ? 'Without the tick it is one no longer.' : 'A short title makes it a key event, ticked or not.'}</p>`
}

export function wordFields(
  prefix: string,
  { caption, credit, agency, alt }: PhotoWords,
  story: Written,
  problems: FieldProblems,
): SafeHtml {
  const [captionName, altName] = [`${prefix}caption`, `${prefix}alt`]
  const line = (name: string, label: string, value: string) =>
    withProblem(
      name,
      problems,
      html`<label>${label} <input name="${name}" value="${value}" ${written(story)} ${marks(name, problems)}></label>`,
    )
  return html`${withProblem(
    captionName,
    problems,
    html`<label>Caption <textarea name="${captionName}" rows="2" ${written(story)} ${marks(captionName, problems)}>
${caption}</textarea></label>`,
  )}
<div class="pair">${line(`${prefix}credit`, 'Credit', credit)}
${line(`${prefix}agency`, 'Agency', agency)}</div>
${withProblem(
  altName,
  problems,
  html`<label>What it shows, for people who cannot see it <input name="${altName}" value="${alt}" ${written(story)} ${marks(altName, problems)}></label>`,
)}`
}

function moreFields(form: PostForm, story: Written, problems: FieldProblems, ownName: string | undefined): SafeHtml {
  const names = ['place', 'byline', 'tags', 'source'] as const
  const given = form.byline !== '' && form.byline === ownName
  const used =
    names.some((name) => (form[name] && !(name === 'byline' && given)) || problems[name]) ||
    form.breaking ||
    form.verification !== 'none'
  const line = (name: (typeof names)[number], placeholder?: string) =>
    withProblem(
      name,
      problems,
      html`<label>${labelOf(name)} <input name="${name}" value="${form[name]}" ${written(story, placeholder)} ${marks(name, problems)}></label>`,
    )
  return html`<details ${attributes({ open: used })}><summary>Place, byline${given ? ` (${form.byline})` : ''}, tags, source</summary>
<div class="pair">${line('place')}
${line('byline', 'Name, role; name, role')}</div>
${line('tags', 'one, another')}
<div class="pair">${line('source')}
<label>Verification <select name="verification">${Object.entries(VERIFICATION_WORDS).map(
    ([value, words]) =>
      html`<option value="${value}" ${attributes({ selected: form.verification === value })}>${words}</option>`,
  )}</select></label></div>
${checkbox('breaking', 'Breaking', form.breaking)}
</details>`
}
