// The record of a photo: its words, its rights, what its file said, a part cut out of it; and the photos whose rights have ended.
// Called through the route table. Never takes a photo from readers: that is the withdrawal, one press away.

import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../domain/error.ts'
import { isId } from '../../domain/id.ts'
import { may } from '../../domain/permission.ts'
import { photoRecordSchema } from '../../domain/photo-rights.ts'
import { readMetadata, wordsOfRecord } from '../../media/metadata.ts'
import { editPhoto } from '../../newsroom/edit-photo.ts'
import type { KeptPhoto } from '../../store/photo-records.ts'
import { type FormBody, field, readForm } from '../form-body.ts'
import type { Route } from '../routes.ts'
import { type DeskDeps, requireOwnForm, sendAgain, shellOf, signedIn } from './deps.ts'
import { momentOf, whenFrom, whenOf } from './draft-form.ts'
import { tellField, tellFields } from './field-problems.ts'
import { sendDeskPage } from './send.ts'
import { endedPage, photoPath, photoRecordPage, type RecordForm } from './views/photo-record.ts'

export function photoRecordRoutes(deps: DeskDeps): Route[] {
  const at = { url: '/desk/photos/:photoId', object: 'media' } as const
  return [
    {
      ...{ method: 'GET', url: '/desk/photos', access: 'desk:read', object: 'media' },
      handler: (request, reply) => list(deps, request, reply),
    },
    { ...at, method: 'GET', access: 'desk:read', handler: (request, reply) => show(deps, request, reply) },
    { ...at, method: 'POST', access: 'media:edit', handler: (request, reply) => save(deps, request, reply) },
  ]
}

async function list(deps: DeskDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const session = await signedIn(deps, request)
  const photos = (await deps.photos.ended(session.actor)).map((photo) => ({ ...photo, said: wordsOfRecord(photo) }))
  const rights = { edit: may(session.actor, 'media:edit'), withdraw: may(session.actor, 'media:withdraw') }
  return sendDeskPage(reply, endedPage({ shell: shellOf(deps, session), photos, rights, timeZone: deps.timeZone }))
}

async function show(deps: DeskDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const session = await signedIn(deps, request)
  const photo = await photoOf(deps, request)
  const saved = (request.query as { done?: string }).done === 'saved'
  return sendDeskPage(reply, pageOf(deps, session, photo, formOf(deps, photo), { saved }))
}

async function save(deps: DeskDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const session = await signedIn(deps, request)
  const body = await readForm(request)
  const photo = await photoOf(deps, request)
  const form = formFrom(body)
  try {
    requireOwnForm(session, body)
    await editPhoto(deps.photos, session.actor, photo.id, recordOf(form))
    return reply.redirect(`${photoPath(photo.id)}?done=saved`, 303)
  } catch (thrown) {
    return sendAgain(deps, reply, thrown, async (error) => pageOf(deps, session, photo, form, { error: error.message }))
  }
}

type Extras = { saved?: boolean; error?: string }

function pageOf(
  deps: DeskDeps,
  session: Parameters<typeof shellOf>[1],
  photo: KeptPhoto,
  form: RecordForm,
  extras: Extras,
) {
  const { actor } = session
  const rights = { edit: may(actor, 'media:edit') && !photo.withdrawn, withdraw: may(actor, 'media:withdraw') }
  const shell = shellOf(deps, session)
  const said = readMetadata(photo.metadata)
  return photoRecordPage({ shell, photo, form, said, rights, now: deps.now(), saved: false, error: null, ...extras })
}

function formOf(deps: DeskDeps, photo: KeptPhoto): RecordForm {
  const zone = deps.timeZone
  const until = photo.useUntil === null ? { date: '', time: '', zone } : whenOf(photo.useUntil, zone)
  return { ...wordsOfRecord(photo), noUse: photo.noUse, blocked: photo.blocked, until }
}

function formFrom(body: FormBody): RecordForm {
  const get = (name: string) => field(body, name).replace(/\r\n?/g, '\n')
  const words = { caption: get('caption'), credit: get('credit'), agency: get('agency'), alt: get('alt') }
  return { ...words, noUse: get('noUse'), blocked: get('blocked') !== '', until: whenFrom(body, 'until') }
}

/** A date without a time ends with its day's last minute. Throws `invalid`. */
function recordOf({ until, ...form }: RecordForm) {
  const said = until.date !== '' || until.time !== ''
  const end = until.date !== '' && until.time === '' ? { ...until, time: '23:59' } : until
  const useUntil = said ? tellField('untilDate', () => momentOf(end, 'first')) : null
  const input = { ...form, useUntil }
  return tellFields(
    input,
    ({ path }) => ({ field: String(path[0] ?? '') }),
    () => {
      const parsed = photoRecordSchema.safeParse(input)
      if (parsed.success) return parsed.data
      const which = String(parsed.error.issues[0]?.path[0] ?? 'A field')
      throw new AppError('invalid', `${which}: this is too long. Shorten it and save again.`, { cause: parsed.error })
    },
  )
}

/** Throws `not_found`. */
async function photoOf(deps: DeskDeps, request: FastifyRequest): Promise<KeptPhoto> {
  const { photoId = '' } = request.params as { photoId?: string }
  const photo = isId(photoId) ? await deps.photos.record(photoId) : null
  if (!photo) throw new AppError('not_found', 'There is no such photo.')
  return photo
}
