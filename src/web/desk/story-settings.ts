// What a story says of itself: its settings with the lead picture, and the summary at its top.
// Called through the route table.
// Never overwrites what another editor set meanwhile, unless this one has seen it.

import type { FastifyReply } from 'fastify'
import type { ImageBlock, SummaryBlock } from '../../domain/content.ts'
import { AppError } from '../../domain/error.ts'
import { blocksFromText, textFromBlocks } from '../../domain/plain-text.ts'
import { parseStoryChange, type StoryChangeInput } from '../../domain/story.ts'
import type { SafeHtml } from '../../kit/html.ts'
import { changeStory } from '../../newsroom/change-story.ts'
import { setSummary } from '../../newsroom/set-summary.ts'
import { field } from '../form-body.ts'
import type { Route } from '../routes.ts'
import { backToStory, type DeskDeps, shellOf } from './deps.ts'
import { momentOf, whenFrom, whenOf } from './draft-form.ts'
import { fieldsOf, tellFields } from './field-problems.ts'
import { photoLost, photoOf } from './photo.ts'
import { emptyForm, formFromBody, NO_WORDS, type PhotoWords, type PostForm } from './post-form.ts'
import { type AtStory, asking } from './story-acts.ts'
import { type SettingsForm, settingsPage, summaryPage } from './views/story-settings.ts'

export function storySettingsRoutes(deps: DeskDeps): Route[] {
  return [
    ...asking(deps, 'settings', 'story:settings', settingsSheet, saveSettings),
    ...asking(deps, 'summary', 'story:summary', summarySheet, saveSummary),
  ]
}

/** What was typed, or what is set. After a conflict the revision is the current one: the editor sees it beside the form. */
function settingsFormOf({ story, body }: AtStory): SettingsForm {
  const { revision, lead } = story
  if (!body.fields.has('revision')) {
    const { title, standfirst, language, timeZone, startsAt } = story
    const starts = startsAt === null ? { date: '', time: '', zone: timeZone } : whenOf(startsAt, timeZone)
    const photo = lead ? { ...NO_WORDS, ...leadWords(lead) } : NO_WORDS
    const place = { language, languageTag: '', timeZone }
    return { revision, title, standfirst, ...place, starts, photoId: '', photo, noLead: false }
  }
  const { photoId, photo } = photoFormOf({ body, story })
  const timeZone = field(body, 'timeZone').trim()
  return {
    revision,
    title: field(body, 'title'),
    standfirst: field(body, 'standfirst').replace(/\r\n?/g, '\n'),
    language: field(body, 'language').trim(),
    languageTag: field(body, 'languageTag').trim(),
    timeZone,
    starts: { ...whenFrom(body, 'starts'), zone: timeZone },
    photoId,
    photo,
    noLead: field(body, 'noLead') !== '',
  }
}

/** The photo's fields are named as in a post's form. A new photo does not take the words of the one it replaces. */
function photoFormOf({ body, story }: Pick<AtStory, 'body' | 'story'>): PostForm {
  const form = formFromBody(body, LEAD_FORM)
  if (body.photo === null || !story.lead) return form
  const before = leadWords(story.lead)
  const typed = (name: keyof PhotoWords) => (form.photo[name] === before[name] ? '' : form.photo[name])
  const photo = { caption: typed('caption'), credit: typed('credit'), agency: typed('agency'), alt: typed('alt') }
  return { ...form, photo }
}

const LEAD_FORM = '0'.repeat(20) // the id of no post: a post's form has one

function settingsSheet(at: AtStory, error: AppError | null): SafeHtml {
  const form = settingsFormOf(at)
  const { body } = at
  const lost = body.fields.size > 0 && photoLost(body, { ...emptyForm(LEAD_FORM), photoId: form.photoId })
  return settingsPage({ ...seenBeside(at, error), form, photoLost: lost })
}

/** Stale: somebody saved since the form was opened. */
function seenBeside({ deps, session, story, body, told }: AtStory, error: AppError | null) {
  const stale = body.fields.has('revision') && field(body, 'revision') !== String(story.revision)
  const problems = error ? fieldsOf(error) : {}
  return { shell: shellOf(deps, session), story, told, error: error?.message ?? null, problems, stale }
}

async function saveSettings(at: AtStory): Promise<FastifyReply> {
  const { deps, session, story, body, reply } = at
  const form = settingsFormOf(at)
  const taken = await photoOf(deps, session.actor, body, photoFormOf(at))
  // A later refusal shows the form with the photo's id in it.
  const kept = new Map(body.fields).set('photoId', taken.form.photoId)
  for (const [name, words] of Object.entries(taken.form.photo)) kept.set(name, words)
  at.body = { ...body, fields: kept }
  const lead = form.noLead && !taken.photo ? null : leadFrom(taken, story.lead)
  const change: StoryChangeInput = {
    title: form.title,
    standfirst: form.standfirst,
    language: form.languageTag || form.language,
    timeZone: form.timeZone,
    ...(story.state === 'planned' ? { startsAt: startOf(form) } : {}),
    ...(lead === undefined ? {} : { lead }),
  }
  const checked = tellFields(
    change,
    ({ path: [part, word] }) => ({ field: String(part === 'lead' ? word : part) }),
    () => parseStoryChange(change),
  )
  await changeStory(deps.desk, session.actor, story.id, { revision: revisionIn(at), change: checked })
  return backToStory(reply, story.id, 'settings')
}

/** undefined: there is none, and none was sent. */
function leadFrom({ form, photo }: Awaited<ReturnType<typeof photoOf>>, before: ImageBlock | null) {
  const { agency, ...words } = form.photo
  const said = { ...words, ...(agency.trim() === '' ? {} : { agency }) }
  if (photo) return { type: 'image' as const, media: photo.id, width: photo.width, height: photo.height, ...said }
  if (!before) return undefined
  const { agency: _before, ...rest } = before
  return { ...rest, ...said }
}

function leadWords({ caption, credit, agency = '', alt }: ImageBlock): SettingsForm['photo'] {
  return { caption, credit, agency, alt }
}

function startOf({ starts }: SettingsForm): number | null {
  return starts.date === '' && starts.time === '' ? null : momentOf(starts, 'first')
}

function revisionIn({ body }: AtStory): number {
  const text = field(body, 'revision')
  if (!/^\d{1,9}$/.test(text)) throw new AppError('invalid', 'This form is damaged. Open the page anew.')
  return Number(text)
}

function summarySheet(at: AtStory, error: AppError | null): SafeHtml {
  const { story, body } = at
  const typed = body.fields.has('text') ? field(body, 'text').replace(/\r\n?/g, '\n') : null
  const saved = textFromBlocks(story.summary?.blocks ?? [])
  return summaryPage({ ...seenBeside(at, error), text: typed ?? saved, saved })
}

async function saveSummary(at: AtStory): Promise<FastifyReply> {
  const { deps, session, story, body, reply } = at
  const blocks = blocksFromText(field(body, 'text'))
  const fit = blocks.filter((block): block is SummaryBlock => block.type === 'paragraph' || block.type === 'list')
  if (fit.length !== blocks.length) throw new AppError('invalid', 'A summary holds paragraphs and lists only.')
  const summary = fit.length === 0 ? null : fit
  await setSummary(deps.desk, session.actor, story.id, { revision: revisionIn(at), blocks: summary })
  return backToStory(reply, story.id, 'summary')
}
