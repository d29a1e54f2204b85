// Where a post is to stand: at another place of its story, or in another story too.
// Called by web/desk/post-row-acts.ts. Pure.

import { attributes, html, type SafeHtml } from '../../../kit/html.ts'
import type { DeskPost, DeskStory } from '../../../store/desk-reads.ts'
import { excerptOf, nameOf } from './excerpt.ts'
import { csrfField, deskPage, problem, type Shell } from './shell.ts'
import { storyPathOnDesk, storyTrail } from './story-tools.ts'

type View = { shell: Shell; story: DeskStory; post: DeskPost; error: string | null }

/** `others`: published posts, newest first. */
export function movePage({ shell, story, post, others, error }: View & { others: readonly DeskPost[] }): SafeHtml {
  const last = others.at(-1)
  const words = attributes({ lang: story.language, dir: story.direction })
  const body = html`<h1>Move this post</h1>
${problem(error, error ? 'It stands where it stood.' : '')}
<blockquote>${excerptOf(story, post)}</blockquote>
<p>Its time stays as it is; only the order changes.</p>
<form method="post" action="${storyPathOnDesk(story.id)}/posts/${post.id}/move" class="stack">
${csrfField(shell)}
<label>New place <select name="to" ${words}>${others.map((one) => html`<option value="above:${one.id}">Above: ${nameOf(one)}</option>`)}${
    last ? html`<option value="below:${last.id}">Below: ${nameOf(last)}</option>` : ''
  }</select></label>
<div class="acts"><button class="main">Move</button> <a href="${storyPathOnDesk(story.id)}#post-${post.id}">Leave it there</a></div>
</form>`
  return deskPage({ title: 'Move a post', shell, body, trail: storyTrail(story) })
}

type CopyView = View & { stories: readonly DeskStory[]; form: { postId: string; to: string; publish: boolean } }

export function copyPage({ shell, story, post, stories, form, error }: CopyView): SafeHtml {
  const body = html`<h1>Copy to another story</h1>
${problem(error, error ? 'Nothing was copied.' : '')}
<blockquote>${excerptOf(story, post)}</blockquote>
${
  stories.length === 0
    ? html`<p class="empty">There is no other story that is running or planned.</p>`
    : html`<form method="post" action="${storyPathOnDesk(story.id)}/posts/${post.id}/copy" class="stack">
${csrfField(shell)}<input type="hidden" name="postId" value="${form.postId}">
<label>Story <select name="to">${stories.map(
        ({ id, title, state, language }) =>
          html`<option value="${id}" lang="${language}" ${attributes({ selected: id === form.to })}>${title} (${state})</option>`,
      )}</select></label>
<fieldset><legend>As</legend>
<label class="choice"><input type="radio" name="publish" value="no" ${attributes({ checked: !form.publish })}> <span><b>A draft</b> to be looked at there first</span></label>
<label class="choice"><input type="radio" name="publish" value="yes" ${attributes({ checked: form.publish })}> <span><b>Published</b> at once</span></label>
</fieldset>
<p class="hint">The copy is a post of its own: a later correction here does not change it. When this post is withdrawn, you are asked about the copy.</p>
<div class="acts"><button class="main">Copy</button></div>
</form>`
}
<p class="acts"><a href="${storyPathOnDesk(story.id)}#post-${post.id}">Back to the story</a></p>`
  return deskPage({ title: 'Copy a post', shell, body, trail: storyTrail(story) })
}
