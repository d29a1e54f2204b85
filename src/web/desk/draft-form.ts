// The fields of an unpublished post's page, and the moments that its date and time fields stand for.
// Called by web/desk/draft-acts.ts, story-settings.ts and their views. Pure.
// Never guesses a moment: a time that does not exist is refused, and of two the one that is safe is taken.

import { AppError } from '../../domain/error.ts'
import type { Embargo } from '../../domain/post.ts'
import { isTimeZone, type Story } from '../../domain/story.ts'
import { momentsAt, wallTimeAt } from '../../kit/zoned-time.ts'
import type { DeskPost } from '../../store/desk-reads.ts'
import { type FormBody, field } from '../form-body.ts'
import { emptyForm, formFromBody, formOfPost, type PostForm } from './post-form.ts'

/** As typed; all '' = not said. */
export type WhenForm = { date: string; time: string; zone: string }

/** `deskNote`: what the editor says when it is sent back. */
export type DraftForm = { post: PostForm; deskNote: string; release: WhenForm; embargo: WhenForm }

export const BREAKING_ACTS = ['publish', 'approve', 'embargo'] as const

/** What is to be done against an embargo. `embargo`: the shorter one wanted, null = none; for that act only. */
export type Breaking = {
  act: (typeof BREAKING_ACTS)[number]
  embargo: Embargo | null
}

type Zoned = Pick<Story, 'timeZone'>

export function emptyDraftForm(postId: string, { timeZone }: Zoned): DraftForm {
  const when = { date: '', time: '', zone: timeZone }
  return { post: emptyForm(postId), deskNote: '', release: when, embargo: when }
}

export function draftFormOf(post: DeskPost, story: Zoned): DraftForm {
  const { release, embargo } = post
  return {
    ...emptyDraftForm(post.id, story),
    post: formOfPost(post),
    ...(release ? { release: whenOf(release.at, release.zone) } : {}),
    ...(embargo ? { embargo: whenOf(embargo.until, embargo.zone) } : {}),
  }
}

/** What was typed, whatever it is worth. Throws `invalid` for hidden fields that no page of ours could have sent. */
export function draftFormFrom(body: FormBody, postId: string): DraftForm {
  return {
    post: formFromBody(body, postId),
    deskNote: field(body, 'deskNote').replace(/\r\n?/g, '\n'),
    release: whenFrom(body, 'release'),
    embargo: whenFrom(body, 'embargo'),
  }
}

/** The times and the note as typed, beside a text that was saved meanwhile. */
export function withSavedText(form: DraftForm, saved: DeskPost): DraftForm {
  return { ...form, post: formOfPost(saved) }
}

export function whenFrom(body: FormBody, name: string): WhenForm {
  const part = (one: string) => field(body, `${name}${one}`).trim()
  return { date: part('Date'), time: part('Time').slice(0, 5), zone: part('Zone') }
}

export function whenOf(ms: number, zone: string): WhenForm {
  return { ...wallTimeAt(ms, zone), zone }
}

/** `of`: which one where the clock shows a time twice. Throws `invalid`. */
export function momentOf({ date, time, zone }: WhenForm, of: 'first' | 'last'): number {
  if (date === '' || time === '') throw new AppError('invalid', 'Give a date and a time.')
  if (!isTimeZone(zone)) throw new AppError('invalid', 'A time zone is an IANA name such as "Europe/Paris".')
  const moment = momentsAt({ date, time }, zone).at(of === 'first' ? 0 : -1)
  if (moment === undefined)
    throw new AppError('invalid', `There is no ${time} on ${date} in ${zone}: check it, or the clocks go forward then.`)
  return moment
}
