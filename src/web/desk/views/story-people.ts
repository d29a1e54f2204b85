// Who has a role of their own in one story.
// Called by web/desk/people.ts. Pure.

import { ROLES } from '../../../domain/permission.ts'
import { html, type SafeHtml } from '../../../kit/html.ts'
import type { DeskStory } from '../../../store/desk-reads.ts'
import type { Person, StoryRole } from '../../../store/people.ts'
import { ROLE_WORDS, roleOptions } from './people.ts'
import { csrfField, deskPage, problem, type Shell } from './shell.ts'
import { storyPathOnDesk, storyTrail } from './story-tools.ts'

export type StoryPeopleView = {
  shell: Shell
  story: DeskStory
  given: readonly StoryRole[]
  /** Whom a role can be given: open accounts, no administrators. */
  people: readonly Person[]
  error: string | null
}

export function storyPeoplePage({ shell, story, given, people, error }: StoryPeopleView): SafeHtml {
  const act = `${storyPathOnDesk(story.id)}/people`
  const body = html`<h1>People in this story</h1>
${problem(error, error ? 'Nothing was changed.' : '')}
<p class="hint">A role here takes the place of the newsroom’s, upwards or downwards, in this story alone. Administrators are that everywhere.</p>
${
  given.length === 0
    ? html`<p class="empty">Everybody has the role of the newsroom.</p>`
    : html`<ul class="rows">${given.map(
        ({ person, role }) => html`<li><p class="row-title">${person.name}</p>
<div class="acts small"><span>${ROLE_WORDS[role][0]} here; ${ROLE_WORDS[person.role][0]} in the newsroom</span>
<form method="post" action="${act}">${csrfField(shell)}<input type="hidden" name="accountId" value="${person.id}"><button class="quiet">As in the newsroom</button></form></div></li>`,
      )}</ul>`
}
${
  people.length === 0
    ? html`<p class="empty">There is nobody else yet. <a href="/desk/people">Make an account.</a></p>`
    : html`<form method="post" action="${act}" class="composer stack">${csrfField(shell)}
<label>Person <select name="accountId">${people.map(({ id, name, email, role }) => html`<option value="${id}">${name} (${email}), ${ROLE_WORDS[role][0]}</option>`)}</select></label>
<label>Role in this story <select name="role">${roleOptions(
        'contributor',
        ROLES.filter((role) => role !== 'admin'),
      )}</select></label>
<div class="acts"><button class="main">Give the role</button></div></form>`
}
<p class="acts"><a href="${storyPathOnDesk(story.id)}">Back to the story</a> <a href="/desk/people">All people</a></p>`
  return deskPage({ title: 'People in this story', shell, body, trail: storyTrail(story) })
}
