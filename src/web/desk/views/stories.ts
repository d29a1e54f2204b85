// The list of stories and the form of a new one.
// Called by web/desk/stories.ts. Pure.

import type { StoryState, Visibility } from '../../../domain/story.ts'
import { attributes, html, type SafeHtml } from '../../../kit/html.ts'
import type { DeskStory } from '../../../store/desk-reads.ts'
import { csrfField, deskPage, problem, type Shell, timeTag } from './shell.ts'

const STATE_WORDS: Record<StoryState, string> = { planned: 'Planned', live: 'Live', paused: 'Paused', ended: 'Ended' }
const VISIBILITY_WORDS: Record<Visibility, string> = { public: 'Public', unlisted: 'Unlisted', private: 'Private' }

export type StoryForm = {
  storyId: string
  title: string
  standfirst: string
  language: string
  timeZone: string
  visibility: Visibility
  slug: string
}

export function storiesPage(
  shell: Shell,
  stories: readonly DeskStory[],
  mayCreate: boolean,
  mayAssign = false,
): SafeHtml {
  const body = html`<div class="head"><h1>Stories</h1>${mayCreate ? html`<a class="button main" href="/desk/stories/new">New story</a>` : ''}</div>
${
  stories.length === 0
    ? html`<p class="empty">There is no story yet.${mayCreate ? html` <a href="/desk/stories/new">Make the first one.</a>` : ''}</p>`
    : html`<ul class="rows">${stories.map(storyRow)}</ul>`
}
<p class="acts">${mayAssign ? html`<a href="/desk/people">People</a>` : ''} <a href="/desk/password">Your password</a></p>`
  return deskPage({ title: 'Stories', shell, body })
}

function storyRow(story: DeskStory): SafeHtml {
  return html`<li>
<a class="row-title" href="/desk/stories/${story.id}" lang="${story.language}" dir="${story.direction}">${story.title}</a>
<p class="facts">${story.withdrawnAt === null ? stateChip(story.state) : html`<span class="chip" data-state="withdrawn">Withdrawn</span>`} <span>${VISIBILITY_WORDS[story.visibility]}</span>
<span>${story.posts} ${story.posts === 1 ? 'post' : 'posts'}</span>
${story.lastPostAt === null ? '' : html`<span>last post ${timeTag(story.lastPostAt, story.timeZone, true)} (${story.timeZone})</span>`}</p>
</li>`
}

export function stateChip(state: StoryState): SafeHtml {
  return html`<span class="chip" data-state="${state}">${STATE_WORDS[state]}</span>`
}

export function visibilityWord(visibility: Visibility): string {
  return VISIBILITY_WORDS[visibility]
}

export function newStoryPage(shell: Shell, form: StoryForm, error: string | null): SafeHtml {
  const body = html`<h1>New story</h1>
${problem(error, error ? 'No story was made yet. What you typed is below; change it and send it again.' : '')}
<form method="post" action="/desk/stories" class="stack">
${csrfField(shell)}<input type="hidden" name="storyId" value="${form.storyId}">
<label>Title <input name="title" value="${form.title}" maxlength="300" required></label>
<label>Standfirst <textarea name="standfirst" rows="3" maxlength="1000">${form.standfirst}</textarea></label>
<div class="pair">
<label>Language <input name="language" value="${form.language}" list="languages" autocapitalize="off" spellcheck="false" required></label>
<label>Time zone <input name="timeZone" value="${form.timeZone}" list="zones" autocapitalize="off" spellcheck="false" required></label>
</div>
<datalist id="languages">${LANGUAGES.map((tag) => html`<option value="${tag}">${languageName(tag)}</option>`)}</datalist>
<datalist id="zones">${Intl.supportedValuesOf('timeZone').map((zone) => html`<option value="${zone}"></option>`)}</datalist>
<fieldset><legend>Who may see it</legend>
${visibilityChoice(form, 'public', 'Everyone; it stands on the front page')}
${visibilityChoice(form, 'unlisted', 'Everyone who has its address')}
${visibilityChoice(form, 'private', 'Only people who are signed in')}
</fieldset>
<details ${attributes({ open: form.slug !== '' })}><summary>Address</summary>
<label>Last part of the address <input name="slug" value="${form.slug}" maxlength="80" autocapitalize="off" spellcheck="false"></label>
<p class="hint">Left empty, it is made from the title. Public stories only.</p>
</details>
<div class="acts"><button class="main" name="then" value="start">Create and go live</button> <button name="then" value="plan">Create, start later</button> <a href="/desk">Cancel</a></div>
</form>`
  return deskPage({ title: 'New story', shell, body })
}

function visibilityChoice(form: StoryForm, value: Visibility, words: string): SafeHtml {
  const checked = attributes({ checked: form.visibility === value })
  return html`<label class="choice"><input type="radio" name="visibility" value="${value}" ${checked}> <span><b>${VISIBILITY_WORDS[value]}</b> ${words}</span></label>`
}

const LANGUAGES = 'ar cs da de el en es fa fi fr he hi hu id it ja ko nb nl pl pt ro ru sv th tr uk ur vi zh'.split(' ')

function languageName(tag: string): string {
  return new Intl.DisplayNames('en', { type: 'language' }).of(tag) ?? tag
}
