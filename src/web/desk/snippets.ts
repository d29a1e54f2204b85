// The snippets of the newsroom on the plain desk: listed for who writes, saved and deleted by editors.
// Called through the route table.
// Never loses what was typed: a refusal gives it back in its form.

import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError, isAppError } from '../../domain/error.ts'
import { isId } from '../../domain/id.ts'
import { may } from '../../domain/permission.ts'
import { blocksFromText } from '../../domain/plain-text.ts'
import { deleteSnippet } from '../../newsroom/delete-snippet.ts'
import { saveSnippet } from '../../newsroom/save-snippet.ts'
import type { SignedIn } from '../auth/session.ts'
import { field, readForm } from '../form-body.ts'
import type { Route } from '../routes.ts'
import { type DeskDeps, doneOf, isResumed, lookOf, requireOwnForm, sendAgain, shellOf, signedIn } from './deps.ts'
import { sendDeskPage } from './send.ts'
import { SNIPPETS_PATH, type SnippetForm, type SnippetsView, snippetsPage } from './views/snippets.ts'

type Handler = (deps: DeskDeps, request: FastifyRequest, reply: FastifyReply) => Promise<unknown>

export function snippetRoutes(deps: DeskDeps): Route[] {
  const route = (method: 'GET' | 'POST', part: string, access: Route['access'], handler: Handler): Route => ({
    ...{ method, url: SNIPPETS_PATH + part, access, object: 'site' },
    handler: (request, reply) => handler(deps, request, reply),
  })
  return [
    route('GET', '', 'snippet:use', show),
    route('POST', '/:snippetId', 'snippet:change', save),
    route('POST', '/:snippetId/delete', 'snippet:change', remove),
  ]
}

async function show(deps: DeskDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const session = await signedIn(deps, request)
  return sendDeskPage(reply, await page(deps, session, { told: doneOf(request) }))
}

type Said = Partial<Pick<SnippetsView, 'told' | 'error' | 'typed'>>

async function page(deps: DeskDeps, session: SignedIn, said: Said) {
  return snippetsPage({
    ...{ told: null, error: null, typed: null, ...said },
    shell: shellOf(deps, session),
    snippets: await deps.snippets.list(),
    changes: may(session.actor, 'snippet:change'),
    newId: deps.newId(),
  })
}

async function save(deps: DeskDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const session = await signedIn(deps, request)
  const body = await readForm(request)
  const given = Number(field(body, 'revision'))
  const typed: SnippetForm = {
    ...{ id: idIn(request), name: field(body, 'name'), text: field(body, 'text') },
    revision: Number.isSafeInteger(given) ? given : -1,
  }
  const told = lookOf(session, body)
  if (told || isResumed(body)) return sendDeskPage(reply, await page(deps, session, { told, typed }))
  try {
    requireOwnForm(session, body)
    const { id, revision, name, text } = typed
    const before = (await deps.snippets.list()).find((one) => one.id === id && one.revision === revision)
    const blocks = blocksFromText(text, before?.blocks)
    await saveSnippet(deps.snippets, session.actor, id, { name, blocks, revision })
    return reply.redirect(`${SNIPPETS_PATH}?done=snippet-saved`, 303)
  } catch (thrown) {
    const now = isAppError(thrown, 'conflict') ? nowIn(thrown.details) : null
    // Seen now, above the form: the next press puts what was typed in its place.
    const again = now ? { ...typed, revision: now.revision } : typed
    return sendAgain(deps, reply, thrown, ({ message }) => page(deps, session, { error: message, typed: again }))
  }
}

async function remove(deps: DeskDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const session = await signedIn(deps, request)
  const body = await readForm(request)
  try {
    requireOwnForm(session, body)
    await deleteSnippet(deps.snippets, session.actor, idIn(request))
    return reply.redirect(`${SNIPPETS_PATH}?done=snippet-gone`, 303)
  } catch (thrown) {
    return sendAgain(deps, reply, thrown, ({ message }) => page(deps, session, { error: message }))
  }
}

/** null: it is not there, or the conflict is about its name. */
function nowIn(details: unknown): { revision: number } | null {
  return (details as { snippet?: { revision: number } | null } | undefined)?.snippet ?? null
}

/** Throws `not_found`. */
function idIn(request: FastifyRequest): string {
  const { snippetId = '' } = request.params as { snippetId?: string }
  if (!isId(snippetId)) throw new AppError('not_found', 'There is no such snippet.')
  return snippetId
}
