// The board of stories: what is asked for, and a row for each story with everything that can be done to it.
// Called by web/desk/board.ts. Pure. client/board/main.ts keeps the page current and relies on its data attributes.

import { storyPath } from '../../../domain/address.ts'
import { STORY_STATES, VISIBILITIES } from '../../../domain/story.ts'
import { attributes, html, type SafeHtml } from '../../../kit/html.ts'
import type { DeskStory, Waiting } from '../../../store/desk-reads.ts'
import { type BoardQuery, SORTS } from '../board-query.ts'
import { csrfField, deskPage, type Notice, notice, type Shell, timeTag } from './shell.ts'
import { STATE_WORDS, stateChip, visibilityWord, waitingChips } from './stories.ts'
import { type StoryRights, storyActs, storyPathOnDesk } from './story-tools.ts'

const SORT_WORDS = { last: 'Latest', readers: 'Most readers', title: 'Title' }

/** `stamp`: changes with the row, but not with its readers. `board`: the search of the page it stands on. */
type RowFacts = { board: string; stamp: string; readers: number }
export type BoardRow = RowFacts & { story: DeskStory; markup(): SafeHtml }

export type BoardView = {
  shell: Shell
  query: BoardQuery
  rows: readonly BoardRow[]
  /** Before anything was asked for. */
  all: number
  rights: { create: boolean; assign: boolean; photos: boolean; snippets: boolean }
  script: string | null
  done: Notice | null
}

export function boardPage({ shell, query, rows, all, rights, script, done }: BoardView): SafeHtml {
  const body = html`<div class="head"><h1>Stories</h1>${rights.create ? html`<a class="button main" href="/desk/stories/new">New story</a>` : ''}</div>
<p class="acts">${rights.assign ? html`<a href="/desk/people">People</a>` : ''} ${rights.snippets ? html`<a href="/desk/snippets">Snippets</a>` : ''} ${rights.photos ? html`<a href="/desk/photos">Photos whose rights have ended</a>` : ''} <a href="/desk/account">Your account</a></p>
${notice(done)}
${all === 0 ? html`<p class="empty">There is no story yet.${rights.create ? html` <a href="/desk/stories/new">Make the first one.</a>` : ''}</p>` : filter(query)}
<p class="hint board-count" role="status" data-count>${countWords(rows.length, all)}</p>
<p class="message board-moved" data-moved hidden><button type="button">Show the new order</button></p>
<ul class="rows board" data-board>${rows.map(({ markup }) => markup())}</ul>`
  return deskPage({ title: 'Stories', shell, body, ...(script === null ? {} : { script }) })
}

/** '' while everything is shown. client/board/main.ts writes the same. */
function countWords(shown: number, all: number): string {
  if (shown === all) return ''
  return shown === 0 ? 'No story is like that.' : `${shown} of ${all} stories`
}

function filter({ state, visibility, find, sort }: BoardQuery): SafeHtml {
  const option = (value: string, words: string, chosen: string) =>
    html`<option value="${value}" ${attributes({ selected: value === chosen })}>${words}</option>`
  return html`<form method="get" action="/desk" class="find-stories" role="search" data-find>
<label>Find <input type="search" name="find" value="${find}" maxlength="100"></label>
<label>State <select name="state">${option('', 'All', state)}${STORY_STATES.map((one) => option(one, STATE_WORDS[one], state))}</select></label>
<label>Visibility <select name="visibility">${option('', 'All', visibility)}${VISIBILITIES.map((one) => option(one, visibilityWord(one), visibility))}</select></label>
<label>Order <select name="sort">${SORTS.map((one) => option(one, SORT_WORDS[one], sort))}</select></label>
<button data-show>Show</button></form>`
}

type RowView = Parameters<typeof storyActs>[0] & {
  waiting: Waiting | null
  rights: { run: boolean; story: StoryRights }
}

export function boardRow(view: RowView, { board, stamp, readers }: RowFacts): SafeHtml {
  const { story, waiting, shell } = view
  const words = { lang: story.language, dir: story.direction }
  return html`<li id="story-${story.id}" data-story="${story.id}" data-stamp="${stamp}">
<a class="row-title" href="${storyPathOnDesk(story.id)}" ${attributes(words)}>${story.title}</a>
<p class="facts">${stateChip(story)} <span>${visibilityWord(story.visibility)}</span>
<span>${story.posts} ${story.posts === 1 ? 'post' : 'posts'}</span>
<span data-readers>${readersWords(readers)}</span>
${story.lastPostAt === null ? '' : html`<span>last post ${timeTag(story.lastPostAt, story.timeZone, { year: true })} (${story.timeZone})</span>`}${waiting && story.withdrawnAt === null ? waitingChips(waiting) : ''}${story.visibility === 'private' || story.withdrawnAt !== null ? '' : html` <a href="${storyPath(story.slug ?? story.id)}" target="_blank" rel="noopener">See the page</a>`}</p>
${story.withdrawnAt === null ? storyActs(view, html`${csrfField(shell)}<input type="hidden" name="board" value="${board || '?'}">`) : ''}
</li>`
}

/** client/board/main.ts writes the same. */
function readersWords(readers: number): string {
  return readers === 0 ? '' : readers === 1 ? '1 reader now' : `${readers} readers now`
}
