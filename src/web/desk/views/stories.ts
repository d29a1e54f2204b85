// The form of a new story, and the words of stories that several pages share.
// Called by web/desk/stories.ts and other views. Pure.

import type { StoryState, Visibility } from '../../../domain/story.ts'
import { attributes, html, type SafeHtml } from '../../../kit/html.ts'
import type { DeskStory, Waiting } from '../../../store/desk-reads.ts'
import type { FieldProblems } from '../field-problems.ts'
import { checkButton, marks, withProblem } from './fields.ts'
import { csrfField, deskPage, type Notice, notice, problem, type Shell, timeTag } from './shell.ts'

export const STATE_WORDS: Record<StoryState, string> = {
  planned: 'Planned',
  live: 'Live',
  paused: 'Paused',
  ended: 'Ended',
}
const VISIBILITY_WORDS: Record<Visibility, string> = { public: 'Public', unlisted: 'Unlisted', private: 'Private' }

export type StoryForm = {
  storyId: string
  title: string
  standfirst: string
  language: string
  /** Written instead of chosen; '' = chosen. */
  languageTag: string
  timeZone: string
  visibility: Visibility
  slug: string
}

/** What asks for somebody. Drafts are nobody's business but their authors'. */
export function waitingChips({ submitted, scheduled, sentBack }: Waiting): SafeHtml {
  const chip = (state: string, count: number, words: string) =>
    count === 0 ? '' : html` <span class="chip" data-state="${state}">${count} ${words}</span>`
  return html`${chip('submitted', submitted, 'submitted')}${chip('scheduled', scheduled.length, 'scheduled')}${chip('sent-back', sentBack, 'sent back to you')}`
}

/** "1 scheduled post (31 Jan, 04:50), 2 submitted, 1 draft"; nothing where nothing waits. */
export function waitingWords({ drafts, submitted, scheduled }: Waiting, timeZone: string): SafeHtml {
  const times = scheduled
    .slice(0, MAX_TIMES)
    .map((at, index) => html`${index === 0 ? '' : '; '}${timeTag(at, timeZone)}`)
  const more = scheduled.length > MAX_TIMES ? '; …' : ''
  const parts = [
    scheduled.length > 0 &&
      html`${scheduled.length} scheduled ${scheduled.length === 1 ? 'post' : 'posts'} (${times}${more})`,
    submitted > 0 && html`${submitted} submitted`,
    drafts > 0 && html`${drafts} ${drafts === 1 ? 'draft' : 'drafts'}`,
  ].filter((part) => part !== false)
  return html`${parts.map((part, index) => html`${index === 0 ? '' : ', '}${part}`)}`
}

const MAX_TIMES = 5 // named in a sentence

export function stateChip({ state, withdrawnAt }: Pick<DeskStory, 'state' | 'withdrawnAt'>): SafeHtml {
  if (withdrawnAt !== null) return html`<span class="chip" data-state="withdrawn">Withdrawn</span>`
  return html`<span class="chip" data-state="${state}">${STATE_WORDS[state]}</span>`
}

export function visibilityWord(visibility: Visibility): string {
  return VISIBILITY_WORDS[visibility]
}

export type NewStoryView = {
  shell: Shell
  form: StoryForm
  error: string | null
  problems: FieldProblems
  told: Notice | null
}

export function newStoryPage({ shell, form, error, problems, told }: NewStoryView): SafeHtml {
  const title = html`<label>Title <input name="title" value="${form.title}" required autofocus dir="auto" ${marks('title', problems)}></label>`
  const standfirst = html`<label>Standfirst <textarea name="standfirst" rows="3" dir="auto" ${marks('standfirst', problems)}>
${form.standfirst}</textarea></label>`
  const slug = html`<label>Last part of the address <input name="slug" value="${form.slug}" autocapitalize="off" spellcheck="false" ${marks('slug', problems, 'slug-hint')}></label>`
  const body = html`<h1>New story</h1>
${problem(error, error ? 'No story was made yet. What you typed is below; change it and send it again.' : '')}
${notice(told)}
<form method="post" action="/desk/stories" class="stack">
${checkButton()}${csrfField(shell)}<input type="hidden" name="storyId" value="${form.storyId}">
${withProblem('title', problems, title)}
${withProblem('standfirst', problems, standfirst)}
${placeFields(form, problems)}
<p class="hint">Language and time zone are offered as in the newest story here; the first story’s zone is this machine’s.</p>
<fieldset><legend>Who may see it</legend>
${visibilityChoice(form, 'public', 'It stands on the front page, also while planned')}
${visibilityChoice(form, 'unlisted', 'Everyone who has its address')}
${visibilityChoice(form, 'private', 'Only people who are signed in')}
</fieldset>
<details ${attributes({ open: form.slug !== '' || problems.slug !== undefined })}><summary>Address</summary>
${withProblem('slug', problems, slug)}
<p class="hint" id="slug-hint">Left empty, it is made from the title. Public stories only.</p>
</details>
<div class="acts"><button class="main" name="then" value="start">Create and go live</button> <button name="then" value="plan">Create, start later</button> <a href="/desk">Cancel</a></div>
</form>`
  return deskPage({ title: 'New story', shell, body })
}

/** Lists by name, for a phone too; what they do not have is written. */
export function placeFields(
  { language, languageTag, timeZone }: Pick<StoryForm, 'language' | 'languageTag' | 'timeZone'>,
  problems: FieldProblems,
): SafeHtml {
  const listed = LANGUAGES.some(([tag]) => tag === language)
  const offered = listed ? LANGUAGES : [[language, languageName(language)] as const, ...LANGUAGES]
  const written = languageTag !== ''
  const languages = html`<label>Language <select name="language" ${marks(written ? '' : 'language', problems)}>${offered.map(
    ([tag, name]) => html`<option value="${tag}" ${attributes({ selected: tag === language })}>${name}</option>`,
  )}</select></label>`
  const tag = html`<label>Its tag <input name="languageTag" value="${languageTag}" maxlength="40" placeholder="pt-BR" autocapitalize="off" spellcheck="false" ${marks(written ? 'language' : '', problems, 'tag-hint')}></label>`
  const zone = html`<label>Time zone <select name="timeZone" ${marks('timeZone', problems)}>${zoneOptions(timeZone)}</select></label>`
  return html`<div class="pair">${written ? languages : withProblem('language', problems, languages)}
${withProblem('timeZone', problems, zone)}</div>
<details ${attributes({ open: written })}><summary>Another language</summary>${written ? withProblem('language', problems, tag) : tag}
<p class="hint" id="tag-hint">What is written here counts, whatever is chosen above.</p></details>`
}

/** In groups by the first part of their names. A zone by an older name than the list has comes first. */
export function zoneOptions(chosen: string): SafeHtml {
  const option = (zone: string, name: string) =>
    html`<option value="${zone}" ${attributes({ selected: zone === chosen })}>${name}</option>`
  const known = ZONES.some(([, zones]) => zones.includes(chosen))
  return html`${known ? '' : option(chosen, chosen)}${ZONES.map(([group, zones]) =>
    group === ''
      ? zones.map((zone) => option(zone, `${zone} (no place’s time)`))
      : html`<optgroup label="${group}">${zones.map((zone) => option(zone, zone.slice(group.length + 1).replaceAll('_', ' ')))}</optgroup>`,
  )}`
}

function visibilityChoice(form: StoryForm, value: Visibility, words: string): SafeHtml {
  const checked = attributes({ checked: form.visibility === value })
  return html`<label class="choice"><input type="radio" name="visibility" value="${value}" ${checked}> <span><b>${VISIBILITY_WORDS[value]}</b> ${words}</span></label>`
}

const TAGS =
  'am ar az bg bn bs ca cs da de el en es et eu fa fi fr ga gl gu he hi hr hu hy id is it ja ka kk kn ko lt lv mk ml mr ms nb ne nl pa pl ps pt ro ru si sk sl sq sr sv sw ta te th tr uk ur uz vi yi zh'

const LANGUAGES: readonly (readonly [tag: string, name: string])[] = TAGS.split(' ')
  .map((tag) => [tag, languageName(tag)] as const)
  .toSorted(([, one], [, other]) => one.localeCompare(other, 'en'))

/** Its English name and its own: an editor may look for either. What is no tag stays as it is. */
function languageName(tag: string): string {
  try {
    const [english, own] = ['en', tag].map((words) => new Intl.DisplayNames(words, { type: 'language' }).of(tag) ?? tag)
    return english === own ? `${english}` : `${english} · ${own}`
  } catch {
    return tag
  }
}

/** The engine's list keeps names that the time zone database has given up. What was chosen by an older one stays as it is. */
const PRESENT_NAMES: Readonly<Record<string, string>> = {
  'Africa/Asmera': 'Africa/Asmara',
  'America/Godthab': 'America/Nuuk',
  'Asia/Calcutta': 'Asia/Kolkata',
  'Asia/Katmandu': 'Asia/Kathmandu',
  'Asia/Rangoon': 'Asia/Yangon',
  'Asia/Saigon': 'Asia/Ho_Chi_Minh',
  'Atlantic/Faeroe': 'Atlantic/Faroe',
  'Europe/Kiev': 'Europe/Kyiv',
  'Pacific/Enderbury': 'Pacific/Kanton',
  'Pacific/Ponape': 'Pacific/Pohnpei',
  'Pacific/Truk': 'Pacific/Chuuk',
}

/** UTC stands alone, at the end. */
const ZONES: readonly (readonly [group: string, zones: readonly string[]])[] = [
  ...Map.groupBy(
    [...new Set(Intl.supportedValuesOf('timeZone').map((zone) => PRESENT_NAMES[zone] ?? zone))]
      .filter((zone) => zone.includes('/'))
      .toSorted(),
    (zone) => zone.split('/')[0] ?? '',
  ),
  ['', ['UTC']],
]
