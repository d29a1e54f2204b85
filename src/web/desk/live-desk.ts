// Which of its two looks the desk of a story has: the live one, a program in the browser, or the plain forms.
// Called through the route table and by web/desk/story.ts.
// Never puts more into the page than the person may see: who they are, their role in this story, and the token of their forms.

import type { FastifyReply, FastifyRequest } from 'fastify'
import type { LiveDeskStart } from '../../domain/live-desk.ts'
import type { SignedIn } from '../auth/session.ts'
import { field, readForm } from '../form-body.ts'
import type { Route } from '../routes.ts'
import { type DeskDeps, isOwnForm, signedIn, storyOf } from './deps.ts'
import type { Program } from './views/shell.ts'

const COOKIE = 'dateline-desk' // holds no secret: how this browser wants the desk to look
const KEPT_S = 400 * 24 * 3600 // the longest that browsers keep a cookie

export function liveDeskRoutes(deps: DeskDeps): Route[] {
  return [
    {
      method: 'POST',
      url: '/desk/stories/:storyId/look',
      access: 'desk:read',
      object: 'story',
      handler: (request, reply) => choose(deps, request, reply),
    },
  ]
}

export function isPlain(request: FastifyRequest): boolean {
  return request.cookies[COOKIE] === 'plain'
}

/** null: this browser asked for the plain forms, or there is no program. */
export function programFor({ program }: DeskDeps, request: FastifyRequest, { actor, csrf }: SignedIn): Program | null {
  if (!program || isPlain(request)) return null
  const { storyId = '' } = request.params as { storyId?: string }
  const { script, style, maxClipMb } = program
  const start: LiveDeskStart = {
    ...{ storyId, csrf, maxClipMb },
    actor: { id: actor.id, name: actor.name, role: actor.role },
  }
  return { script, style, start: JSON.stringify(start) }
}

async function choose(deps: DeskDeps, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const session = await signedIn(deps, request)
  const body = await readForm(request)
  const { id } = await storyOf(deps, request)
  if (isOwnForm(session, body)) {
    const look = { path: '/desk', sameSite: 'lax' as const, httpOnly: true }
    if (field(body, 'look') === 'plain') reply.setCookie(COOKIE, 'plain', { ...look, maxAge: KEPT_S })
    else reply.clearCookie(COOKIE, look)
  }
  return reply.redirect(`/desk/stories/${id}`, 303)
}
