// Pages of people: the list, one account, a password that is shown once, one's own password.
// Called by web/desk/people.ts. Pure.

import { ROLES, type Role } from '../../../domain/permission.ts'
import { attributes, html, type SafeHtml } from '../../../kit/html.ts'
import { type AccountEvent, EVENT_WORDS } from '../../../store/account-events.ts'
import type { InvitationLine, StoryRole } from '../../../store/invitations.ts'
import type { Person } from '../../../store/people.ts'
import type { FactorState } from '../../../store/second-factors.ts'
import { csrfField, deskPage, notice, problem, type Shell, timeTag } from './shell.ts'

/** `storyId` '' = no role of their own in a story. */
export type InviteForm = { email: string; role: Role; storyId: string; storyRole: StoryRole }

export const ROLE_WORDS: Record<Role, [name: string, meaning: string]> = {
  admin: ['Administrator', 'everything, people included'],
  editor: ['Editor', 'everything but people'],
  reporter: ['Reporter', 'publishes and changes their own posts'],
  contributor: ['Contributor', 'writes and submits; an editor publishes'],
  viewer: ['Viewer', 'reads the desk'],
  guest: ['Guest', 'only the stories in which they are given a role'],
}

type PeopleView = {
  shell: Shell
  people: readonly Person[]
  invitations: readonly InvitationLine[]
  stories: readonly { id: string; title: string }[]
  timeZone: string
  form: InviteForm
  error: string | null
}

const STORY_ROLES = ROLES.filter((role) => role !== 'admin')

export function peoplePage({ shell, people, invitations, stories, timeZone, form, error }: PeopleView): SafeHtml {
  const body = html`<h1>People</h1>
<section class="composer" aria-labelledby="new-title"><h2 id="new-title">Invite somebody</h2>
${problem(error, error ? 'Nothing was changed. What you typed is below.' : '')}
<form method="post" action="/desk/people/invitations" class="stack">
${csrfField(shell)}
<label>E-mail address <input type="email" name="email" value="${form.email}" autocomplete="off" required></label>
<label>Role <select name="role">${roleOptions(form.role)}</select></label>
<details ${attributes({ open: form.storyId !== '' })}><summary>And another role in one story</summary>
<div class="pair"><label>Story <select name="storyId"><option value="">None</option>${stories.map(({ id, title }) => html`<option value="${id}" ${attributes({ selected: id === form.storyId })}>${title}</option>`)}</select></label>
<label>Role there <select name="storyRole">${roleOptions(form.storyRole, STORY_ROLES)}</select></label></div></details>
<div class="acts"><button class="main">Make the invitation</button></div>
<p class="hint">The next page shows a link, once. They set name and password, or a passkey, themselves.</p>
</form></section>
${invitations.length === 0 ? '' : html`<h2>Invited</h2><ul class="rows">${invitations.map((one) => invitationRow(shell, one, timeZone))}</ul>`}
<h2>Accounts</h2>
<ul class="rows">${people.map((person) => personRow(person, timeZone))}</ul>`
  return deskPage({ title: 'People', shell, body, trail: peopleTrail() })
}

function invitationRow(shell: Shell, invitation: InvitationLine, timeZone: string): SafeHtml {
  const { id, email, role, story, storyTitle, madeBy, expiresAt } = invitation
  return html`<li><b class="row-title">${email}</b><p class="facts"><span>${ROLE_WORDS[role][0]}</span>
${story ? html`<span>${ROLE_WORDS[story.role][0]} in ${storyTitle ?? 'a story'}</span>` : ''} <span>invited by ${madeBy ?? 'the command line'}</span> <span>good until ${timeTag(expiresAt, timeZone, { year: true })} (${timeZone})</span></p>
<form method="post" action="/desk/people/invitations/${id}/revoke">${csrfField(shell)}<button class="quiet">Take it back</button></form></li>`
}

export function roleOptions(chosen: Role | null, roles: readonly Role[] = ROLES): SafeHtml[] {
  return roles.map(
    (role) =>
      html`<option value="${role}" ${attributes({ selected: role === chosen })}>${ROLE_WORDS[role][0]}: ${ROLE_WORDS[role][1]}</option>`,
  )
}

function personRow(person: Person, timeZone: string): SafeHtml {
  return html`<li><a class="row-title" href="/desk/people/${person.id}">${person.name}</a>${facts(person, timeZone)}</li>`
}

function facts({ email, role, closedAt, sessions, seenAt, provider }: Person, timeZone: string): SafeHtml {
  return html`<p class="facts"><span>${email}</span> <span>${ROLE_WORDS[role][0]}</span>${provider ? html` <span>single sign-on</span>` : ''}
${closedAt === null ? '' : html`<span class="chip" data-state="withdrawn">Closed</span> <span>${timeTag(closedAt, timeZone, { year: true })}</span>`}
${sessions > 0 && seenAt !== null ? html`<span>signed in, ${sessions === 1 ? 'one place' : `${sessions} places`}; last seen ${timeTag(seenAt, timeZone, { year: true })} (${timeZone})</span>` : ''}</p>`
}

type PersonView = {
  shell: Shell
  person: Person
  own: boolean
  factors: FactorState
  events: readonly AccountEvent[]
  timeZone: string
  done: string | null
  error: string | null
}

export function personPage({ shell, person, own, factors, events, timeZone, done, error }: PersonView): SafeHtml {
  const act = `/desk/people/${person.id}`
  const closed = person.closedAt !== null
  const body = html`<h1>${person.name}</h1>
${facts(person, timeZone)}
${notice(done === null ? null : { words: done, good: true })}${problem(error, error ? 'Nothing was changed.' : '')}
${own ? html`<p class="message">This is your own account.</p>` : ''}
<form method="post" action="${act}/role" class="stack">${csrfField(shell)}
<label>Role in the newsroom <select name="role">${roleOptions(person.role)}</select></label>
<div class="acts"><button>Change the role</button></div></form>
<div class="acts">
<form method="post" action="${act}/sessions">${csrfField(shell)}<button>Sign out everywhere</button></form>
<details class="confirm"><summary>Take away second factors…</summary><form method="post" action="${act}/factors">${csrfField(shell)}<p>For who has lost phone and recovery codes. The app, the codes and every passkey stop working, every session ends, and the password alone signs in again. It is kept below who did it.</p><button class="danger">Take them away</button></form></details>
${person.provider ? html`<details class="confirm"><summary>Untie from single sign-on…</summary><form method="post" action="${act}/untie">${csrfField(shell)}<p>Whoever signs in through the provider next is somebody else here, until they are tied again. Every session ends; a password and passkeys go on working.</p><button class="danger">Untie it</button></form></details>` : ''}
<details class="confirm"><summary>New password…</summary><form method="post" action="${act}/password">${csrfField(shell)}<p>The present password stops working and every session ends. The new one is shown once.</p><button>Make a new password</button></form></details>
${
  closed
    ? html`<form method="post" action="${act}/reopen">${csrfField(shell)}<button>Open the account again</button></form>`
    : html`<details class="confirm"><summary>Close the account…</summary><form method="post" action="${act}/close">${csrfField(shell)}<p>It is signed out everywhere at once and cannot sign in. Posts stay. What this person scheduled goes back to the desk when its time comes.</p><button class="danger">Close it</button></form></details>`
}
</div>
<h2>What happened to it</h2>
<p class="facts"><span>${factors.codeSince === null ? 'No codes from an app' : html`Codes from an app since ${timeTag(factors.codeSince, timeZone, { year: true })}`}</span> <span>${factors.recoveryLeft} recovery codes left</span></p>
<ul class="rows">${events.map((event) => eventRow(event, timeZone))}</ul>`
  return deskPage({ title: person.name, shell, body, trail: peopleTrail() })
}

type PasswordView = { shell: Shell; person: Person; password: string }

export function passwordPage({ shell, person, password }: PasswordView): SafeHtml {
  const body = html`<div class="narrow"><h1>A new password</h1>
<p>${person.name}, ${person.email}</p>
<p class="message good"><code class="secret">${password}</code></p>
<p><b>It is shown this once.</b> Give it to them by a way you trust; they change it at <code>/desk/password</code> after signing in. If it is lost, make a new one on the page of the account.</p>
<p class="acts"><a class="button" href="/desk/people">To the people</a></p></div>`
  return deskPage({ title: 'Password', shell, body, trail: peopleTrail() })
}

/** `has`: whether there is one to be asked for. */
type OwnPasswordView = { shell: Shell; has: boolean; minPassword: number; done: boolean; error: string | null }

export function ownPasswordPage({ shell, has, minPassword, done, error }: OwnPasswordView): SafeHtml {
  const body = html`<div class="narrow"><h1>Your password</h1>
${notice(done ? { words: 'Changed. Every other session of yours has ended.', good: true } : null)}
${problem(error, error ? 'Nothing was changed. Type them again.' : '')}
<form method="post" action="/desk/password" class="stack">${csrfField(shell)}
${has ? html`<label>Present password <input type="password" name="password" autocomplete="current-password" required></label>` : html`<p>You have none yet. With one you can sign in by your e-mail address as well.</p>`}
<label>New password <input type="password" name="next-password" autocomplete="new-password" minlength="${minPassword}" aria-describedby="password-hint" required></label>
<p class="hint" id="password-hint">At least ${minPassword} characters; a few words in a row are good.</p>
<button class="main">Change it</button></form></div>`
  return deskPage({ title: 'Your password', shell, body })
}

/** One line of what happened to an account. */
export function eventRow({ kind, detail, by, own, at }: AccountEvent, timeZone: string): SafeHtml {
  return html`<li>${EVENT_WORDS[kind]}${detail ? html`: ${detail}` : ''} <span class="facts"><span>${timeTag(at, timeZone, { year: true })} (${timeZone})</span>${own ? '' : html` <span>by ${by}</span>`}</span></li>`
}

function peopleTrail(): SafeHtml {
  return html`<a href="/desk/people">People</a>`
}
