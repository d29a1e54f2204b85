// What can be done to a story as a whole: the buttons and the ways to its pages. And the story's name in the bar.
// Called by the views of one story. Pure.

import { html, nothing, type SafeHtml } from '../../../kit/html.ts'
import type { DeskStory, Waiting } from '../../../store/desk-reads.ts'
import { csrfField, type Shell } from './shell.ts'
import { waitingWords } from './stories.ts'

export type StoryRights = { summary: boolean; settings: boolean; continue: boolean; withdraw: boolean; roles: boolean }

type Rights = { run: boolean; story: StoryRights }

export function storyPathOnDesk(storyId: string): string {
  return `/desk/stories/${storyId}`
}

export function storyTrail(story: DeskStory): SafeHtml {
  return html`<a href="${storyPathOnDesk(story.id)}" lang="${story.language}" dir="${story.direction}">${story.title}</a>`
}

type View = {
  shell: Shell
  story: DeskStory
  rights: Rights
  waiting: Waiting | null
  /** The next part, where there is one, is gone. */
  nextWithdrawn: boolean
}

export function storyTools({ shell, story, rights, waiting, nextWithdrawn }: View): SafeHtml {
  if (story.withdrawnAt !== null)
    return html`<p class="message">This story was withdrawn. Nothing of it is public, and nothing can be added.</p>`
  return html`${parts(story, nextWithdrawn)}
${toolsOf({ shell, story, rights, waiting, nextWithdrawn }, csrfField(shell))}`
}

/** On the board, where a story's own page with the button to start it is a step away. `hidden`: fields of each form. */
export function storyActs(view: View, hidden: SafeHtml): SafeHtml {
  const { story, rights, nextWithdrawn } = view
  const starts =
    rights.run &&
    (story.state === 'planned' || story.state === 'ended') &&
    (story.continuedBy === null || nextWithdrawn)
  const words = story.state === 'ended' ? 'Go live again' : 'Go live'
  const start = html`<details class="confirm"><summary>${words}…</summary><form method="post" action="${storyPathOnDesk(story.id)}/start">${hidden}<p>Readers will see at once that it is live.</p><button class="main">${words} now</button></form></details>`
  return toolsOf(view, hidden, starts ? start : nothing)
}

function toolsOf(
  { story, rights, waiting, nextWithdrawn }: View,
  hidden: SafeHtml,
  start: SafeHtml = nothing,
): SafeHtml {
  const { run, story: may } = rights
  const at = storyPathOnDesk(story.id)
  return html`<div class="acts small tools">
${start}${run && story.state === 'live' ? html`<form method="post" action="${at}/pause">${hidden}<button>Pause</button></form>` : ''}
${run && story.state === 'paused' ? html`<form method="post" action="${at}/resume">${hidden}<button class="main">Resume</button></form>` : ''}
${may.summary ? html`<a class="button" href="${at}/summary">Summary</a>` : ''}
${more(at, story, may, nextWithdrawn)}
${run && (story.state === 'live' || story.state === 'paused') ? html`<details class="confirm"><summary>End the story…</summary><form method="post" action="${at}/end">${hidden}<p>Readers will see that it has ended. No new posts after that.</p>${endWords(story, waiting)}<button class="danger">End it now</button></form></details>` : ''}
</div>`
}

/** What becomes of what waits. */
function endWords(story: DeskStory, waiting: Waiting | null): SafeHtml {
  if (!waiting) return nothing
  return html`<p class="message bad"><b>Waiting: ${waitingWords(waiting, story.timeZone)}.</b> Nothing of it goes out once the story has ended: what is scheduled comes back to the desk at its time. It stays here, and each can be moved to another story.</p>`
}

/** What is seldom wanted: on a phone the form of a new post must not lie far below. */
function more(at: string, story: DeskStory, may: StoryRights, nextWithdrawn: boolean): SafeHtml {
  if (!may.settings && !may.roles && !may.continue && !may.withdraw) return nothing
  const goesOn = may.continue && story.state !== 'planned' && (story.continuedBy === null || nextWithdrawn)
  return html`<details class="confirm"><summary>Settings, people…</summary><div class="acts small">
${may.settings ? html`<a class="button" href="${at}/settings">Settings</a> <a class="button" href="${at}/visibility">Visibility</a>` : ''}
${may.roles ? html`<a class="button" href="${at}/people">People</a>` : ''}
${goesOn ? html`<a class="button" href="${at}/continue">Next part…</a>` : ''}
${may.withdraw ? html`<a class="button" href="${at}/withdraw">Withdraw the story…</a>` : ''}
</div></details>`
}

function parts({ continues, continuedBy }: DeskStory, nextWithdrawn: boolean): SafeHtml {
  if (continues === null && continuedBy === null) return nothing
  return html`<p class="facts">${continues ? html`<a href="${storyPathOnDesk(continues)}">The part before</a>` : ''} ${
    continuedBy
      ? html`<a href="${storyPathOnDesk(continuedBy)}">${nextWithdrawn ? 'The next part was withdrawn' : 'It goes on in the next part'}</a>`
      : ''
  }</p>`
}
