// The clip of a post's form: taken in now, or kept from a try before.
// Called by media.ts; `takingClip` by the routes whose forms bring one.
// Never leaves an upload on the disk behind, and never asks for one again that is in our hands.

import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../domain/error.ts'
import type { Actor } from '../../domain/permission.ts'
import { type FormBody, field, readForm } from '../form-body.ts'
import type { DeskDeps } from './deps.ts'
import { type Clip, NO_CLIP_WORDS, type PostForm } from './post-form.ts'

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>

/** The form is read first, with a clip as large as one may be; what came of it goes when the answer is made. */
export function takingClip({ maxClipBytes }: Pick<DeskDeps, 'maxClipBytes'>, handler: Handler): Handler {
  return async (request, reply) => {
    const body = await readForm(request, maxClipBytes)
    try {
      return await handler(request, reply)
    } finally {
      await body.clip?.remove()
    }
  }
}

/** The form comes back with the clip's id in it, so that a later refusal does not lose it. Throws `invalid`, `too_large`. */
export async function clipOf(
  deps: Pick<DeskDeps, 'takeClip' | 'reads'>,
  actor: Actor,
  body: FormBody,
  form: PostForm,
): Promise<{ form: PostForm; clip: Clip | null }> {
  if (body.clipProblem) throw body.clipProblem
  if (body.clip) {
    const taken = await deps.takeClip(body.clip, actor)
    await body.clip.remove()
    return { form: { ...form, clipId: taken.id, clipLost: false }, clip: clipIn(taken) }
  }
  if (field(body, 'noClip') !== '') return { form: { ...form, clipId: '', clip: NO_CLIP_WORDS }, clip: null }
  if (form.clipId === '') return { form, clip: null }
  const kept = await deps.reads.photo(form.clipId)
  const clip = kept && clipIn(kept)
  if (!clip) throw new AppError('invalid', 'The clip you sent before is no longer here. Choose it again.')
  return { form, clip }
}

type Taken = Omit<Clip, 'kind'> & { kind: Clip['kind'] | 'image' }

function clipIn({ id, kind, width, height }: Taken): Clip | null {
  return kind === 'image' ? null : { id, kind, width, height }
}
