// The pages that ask before something happens to a whole story: who may see it, its next part, its withdrawal.
// Called by web/desk/story-acts.ts. Pure.

import type { Visibility } from '../../../domain/story.ts'
import { attributes, html, type SafeHtml } from '../../../kit/html.ts'
import type { DeskStory, Waiting } from '../../../store/desk-reads.ts'
import { checkButton, written } from './fields.ts'
import { csrfField, deskPage, type Notice, notice, problem, type Shell } from './shell.ts'
import { visibilityWord, waitingWords } from './stories.ts'
import { storyPathOnDesk, storyTrail } from './story-tools.ts'

type View = { shell: Shell; story: DeskStory; told: Notice | null; error: string | null }

const MEANING: Record<Visibility, string> = {
  public:
    'Everyone. It stands on the front page, also while planned, under an address of words that stays its own for good.',
  unlisted: 'Everyone who has its address. It is on no list; whoever has the address can pass it on.',
  private: 'Only people who are signed in.',
}
const WAYS: Record<Visibility, readonly Visibility[]> = {
  private: ['unlisted', 'public'],
  unlisted: ['public'],
  public: ['unlisted'],
}

export function visibilityPage(view: View & { wanted: Visibility | null; slug: string }): SafeHtml {
  const { shell, story, told, error, wanted, slug } = view
  const { visibility } = story
  const ways = WAYS[visibility]
  const chosen = ways.find((one) => one === wanted) ?? (ways.length === 1 ? ways[0] : undefined)
  const body = html`<h1>Who may see the story</h1>
${problem(error, error ? 'Nothing was changed.' : '')}${notice(told)}
<p>Now: <b>${visibilityWord(visibility)}.</b> ${MEANING[visibility]}</p>
<form method="post" action="${storyPathOnDesk(story.id)}/visibility" class="stack">
${checkButton()}${csrfField(shell)}
<fieldset><legend>From now on</legend>${ways.map(
    (one) =>
      html`<label class="choice"><input type="radio" name="visibility" value="${one}" required ${attributes({ checked: chosen === one })}> <span><b>${visibilityWord(one)}</b> ${MEANING[one]}</span></label>`,
  )}</fieldset>
${
  story.slug === null
    ? html`<label>Last part of the address, if it becomes public <input name="slug" value="${slug}" maxlength="80" autocapitalize="off" spellcheck="false"></label>
<p class="hint">Left empty, it is made from the title.</p>`
    : ''
}
<p class="hint">${
    visibility === 'private'
      ? 'All its published posts become visible at once. It cannot be made private again; only withdrawn.'
      : 'It cannot be made private again. To take everything down, withdraw the story.'
  }</p>
<div class="acts"><button class="main">Change it</button> <a href="${storyPathOnDesk(story.id)}">Cancel</a></div>
</form>`
  return deskPage({ title: 'Visibility', shell, body, trail: storyTrail(story) })
}

export type ContinueForm = { nextId: string; title: string; standfirst: string; slug: string }

type ContinueView = View & { form: ContinueForm; waiting: Waiting | null }

export function continuePage({ shell, story, form, waiting, told, error }: ContinueView): SafeHtml {
  const words = written(story)
  const body = html`<h1>Go on in a new part</h1>
${problem(error, error ? 'Nothing was changed. What you typed is below.' : '')}${notice(told)}
<p>This part ends and leads readers to the next one, which is live at once. Summary, lead picture and pinned posts are taken over; language, time zone and visibility stay as they are.</p>
${waiting ? html`<p class="message"><b>Waiting here: ${waitingWords(waiting, story.timeZone)}.</b> What waits stays in this part, where nothing goes out any more; what is scheduled comes back to the desk at its time. On the page of each there is “Move to another story”, with the next part first.</p>` : ''}
<form method="post" action="${storyPathOnDesk(story.id)}/continue" class="stack">
${checkButton()}${csrfField(shell)}<input type="hidden" name="nextId" value="${form.nextId}">
<label>Title of the next part <input name="title" value="${form.title}" required ${words}></label>
<label>Standfirst <textarea name="standfirst" rows="3" ${words}>
${form.standfirst}</textarea></label>
${
  story.visibility === 'public'
    ? html`<label>Last part of its address <input name="slug" value="${form.slug}" maxlength="80" autocapitalize="off" spellcheck="false"></label>
<p class="hint">Left empty, it is made from the title.</p>`
    : ''
}
<div class="acts"><button class="main">Close this part and go on</button> <a href="${storyPathOnDesk(story.id)}">Not yet</a></div>
</form>`
  return deskPage({ title: 'Next part', shell, body, trail: storyTrail(story) })
}

export function withdrawStoryPage(view: View & { title: string; reason: string }): SafeHtml {
  const { shell, story, told, error, title, reason } = view
  const body = html`<h1>Withdraw the whole story?</h1>
${problem(error, error ? 'The story still stands. What you typed is below.' : '')}${notice(told)}
<p>All ${story.posts} published ${story.posts === 1 ? 'post' : 'posts'}, the story's page, its address, its stream and its pictures are gone for readers at once. <b>It cannot be brought back.</b> Readers who have it open lose it as well.</p>
<form method="post" action="${storyPathOnDesk(story.id)}/withdraw" class="stack">
${checkButton()}${csrfField(shell)}
<p>Its title is: <b lang="${story.language}" dir="${story.direction}">${story.title}</b></p>
<label>Type the title to withdraw it <input name="title" value="${title}" autocomplete="off" required lang="${story.language}" dir="${story.direction}"></label>
<label>Reason, for the desk; readers do not see it <textarea name="reason" rows="2" maxlength="1000">
${reason}</textarea></label>
<div class="acts"><button class="danger">Withdraw the story</button> <a href="${storyPathOnDesk(story.id)}">Keep it</a></div>
</form>`
  return deskPage({ title: 'Withdraw the story', shell, body, trail: storyTrail(story) })
}
