// "Your account": where one is signed in, password, codes from an app, recovery codes, passkeys.
// Called through the route table.
// Never shows a secret or a recovery code twice, and puts none into an address.

import type { FastifyReply, FastifyRequest } from 'fastify'
import { renderSVG } from 'uqr'
import { AppError } from '../../domain/error.ts'
import { raw, type SafeHtml } from '../../kit/html.ts'
import { SCRIPT_CSP, sendDeskPage } from '../desk/send.ts'
import { accountPage, codesPage, newAppPage, newPasskeyPage } from '../desk/views/account.ts'
import type { Notice } from '../desk/views/shell.ts'
import { asAppError, STATUS } from '../errors.ts'
import { type FormBody, field, readForm } from '../form-body.ts'
import type { Route } from '../routes.ts'
import { requireCsrfToken } from './csrf.ts'
import { type AuthDeps, shellFor, signedInOf } from './deps.ts'
import { askForNewPasskey, checkNewPasskey } from './passkey-check.ts'
import type { SignedIn } from './session.ts'
import { passkeySiteOf, warningOf } from './site-safety.ts'

export const ACCOUNT = '/desk/account'

type At = { deps: AuthDeps; request: FastifyRequest; reply: FastifyReply; session: SignedIn; form: FormBody }
type Act = (at: At) => Promise<unknown>

const NO_FORM: FormBody = { fields: new Map(), photo: null, photoProblem: null }

export function accountRoutes(deps: AuthDeps): Route[] {
  return [
    page(deps, ACCOUNT, (at) => sendAccount(at, doneOf(at.request))),
    page(deps, `${ACCOUNT}/passkeys/new`, async (at) => sendNewPasskey(at, null)),
    act(deps, `${ACCOUNT}/sessions/:sessionId/end`, endSession),
    act(deps, `${ACCOUNT}/sessions/end-others`, endOthers),
    act(deps, `${ACCOUNT}/app`, beginApp, 'proof'),
    act(deps, `${ACCOUNT}/app/confirm`, confirmApp),
    act(deps, `${ACCOUNT}/app/remove`, removeApp, 'proof'),
    act(deps, `${ACCOUNT}/codes`, newCodes, 'proof'),
    act(deps, `${ACCOUNT}/passkeys/options`, passkeyOptions, 'proof'),
    act(deps, `${ACCOUNT}/passkeys`, addPasskey),
    act(deps, `${ACCOUNT}/passkeys/:passkeyId/remove`, removePasskey, 'proof'),
  ]
}

function page(deps: AuthDeps, url: string, show: Act): Route {
  return {
    ...{ method: 'GET', url, access: 'session', object: 'account' },
    handler: async (request, reply) =>
      show({ deps, request, reply, session: await signedInOf(deps, request), form: NO_FORM }),
  }
}

/** A refusal is told on the account's page. */
function act(deps: AuthDeps, url: string, run: Act, proof?: 'proof'): Route {
  return {
    ...{ method: 'POST', url, access: 'session', object: 'account' },
    ...(proof ? { proof: true as const } : {}),
    handler: async (request, reply) => {
      const session = await signedInOf(deps, request)
      const at = { deps, request, reply, session, form: await readForm(request) }
      try {
        requireCsrfToken(session.token, field(at.form, 'csrf'))
        return await run(at)
      } catch (thrown) {
        const error = asAppError(thrown)
        if (error.code === 'internal' || url.endsWith('/options')) throw thrown
        return sendAccount(at, null, error)
      }
    },
  }
}

const DONE_WORDS = {
  ended: 'That session has ended.',
  others: 'Every other session of yours has ended.',
  'app-off': 'Codes from the app are off.',
  'passkey-on': 'The passkey is added.',
  'passkey-off': 'The passkey is removed. Delete it from the device too.',
} as const

/** Words of our own only: nothing of the address is shown. */
function doneOf(request: FastifyRequest): Notice | null {
  const { done = '' } = request.query as { done?: string }
  return Object.hasOwn(DONE_WORDS, done) ? { words: DONE_WORDS[done as keyof typeof DONE_WORDS], good: true } : null
}

function back({ reply }: At, done: keyof typeof DONE_WORDS): unknown {
  return reply.redirect(`${ACCOUNT}?done=${done}`, 303)
}

async function sendAccount(at: At, told: Notice | null, error: AppError | null = null): Promise<unknown> {
  const { deps, request, reply, session } = at
  const { id } = session.actor
  const person = await personOf(at)
  const page = accountPage({
    shell: shellFor(deps, session),
    person,
    ways: session.ways,
    factors: await deps.factors.state(id),
    passkeys: await deps.passkeys.list(id),
    passkeysHere: passkeySiteOf(request, deps.publicUrl) !== null,
    sessions: await deps.accounts.sessionsOf(id),
    here: session.id,
    events: await deps.factors.events(id),
    timeZone: deps.timeZone,
    warning: warningOf(request, deps.publicUrl),
    told,
    error: error?.message ?? null,
  })
  return sendDeskPage(reply, page, error ? STATUS[error.code] : 200)
}

async function personOf({ deps, session }: At) {
  const person = await deps.people.person(session.actor.id)
  if (!person) throw new AppError('not_found', 'There is no such account.')
  return person
}

async function endSession(at: At): Promise<unknown> {
  const { sessionId } = at.request.params as { sessionId: string }
  await at.deps.accounts.closeOwnSession(at.session.actor.id, sessionId)
  return back(at, 'ended')
}

async function endOthers(at: At): Promise<unknown> {
  await at.deps.accounts.closeAllSessions(at.session.actor.id, at.session.id)
  return back(at, 'others')
}

async function beginApp(at: At): Promise<unknown> {
  const { email } = await personOf(at)
  const { secret, uri } = await at.deps.factors.begin(at.session.actor, email)
  return sendNewApp(at, secret, uri, null)
}

function sendNewApp(at: At, secret: string, uri: string, error: AppError | null): unknown {
  const view = { shell: shellFor(at.deps, at.session), secret, qr: qrOf(uri), error: error?.message ?? null }
  return sendDeskPage(at.reply, newAppPage(view), error ? STATUS[error.code] : 200)
}

/** The library's own output, of an address that is percent-encoded: no text of a person's stands in the markup. */
function qrOf(uri: string): SafeHtml {
  const svg = renderSVG(uri, { border: 4, ecc: 'M', whiteColor: '#fff', blackColor: '#000' })
  return raw(svg.replace('<svg ', '<svg role="img" aria-label="QR code of the key below" '))
}

async function confirmApp(at: At): Promise<unknown> {
  const { deps, session, form } = at
  try {
    return sendCodes(at, await deps.factors.confirm(session.actor, field(form, 'code')), 'app')
  } catch (thrown) {
    const error = asAppError(thrown)
    const pending =
      error.code === 'invalid' ? await deps.factors.pending(session.actor.id, (await personOf(at)).email) : null
    if (!pending) throw thrown
    return sendNewApp(at, pending.secret, pending.uri, error)
  }
}

async function removeApp(at: At): Promise<unknown> {
  await at.deps.factors.remove(at.session.actor)
  return back(at, 'app-off')
}

async function newCodes(at: At): Promise<unknown> {
  return sendCodes(at, await at.deps.factors.newRecoveryCodes(at.session.actor), 'new')
}

/** The answer is the page with the codes: there is no address that shows them again. */
function sendCodes({ deps, reply, session }: At, codes: string[], because: 'app' | 'new' | 'passkey'): unknown {
  return sendDeskPage(reply, codesPage({ shell: shellFor(deps, session), codes, because, next: ACCOUNT }))
}

function sendNewPasskey({ deps, request, reply, session }: At, error: AppError | null): unknown {
  const here = passkeySiteOf(request, deps.publicUrl) !== null
  const view = {
    shell: shellFor(deps, session),
    script: deps.script,
    here,
    warning: warningOf(request, deps.publicUrl),
  }
  const page = newPasskeyPage({ ...view, error: error?.message ?? null })
  return sendDeskPage(reply, page, error ? STATUS[error.code] : 200, SCRIPT_CSP)
}

async function passkeyOptions(at: At): Promise<unknown> {
  const { deps, request, reply, session } = at
  const { id, name } = session.actor
  const { email } = await personOf(at)
  const asked = { purpose: 'register', boundTo: session.id, accountId: id } as const
  const options = await askForNewPasskey(deps, request, asked, { id, name, email })
  return reply.header('cache-control', 'no-store').send(options)
}

/** Its challenge was given to this very session after a fresh proof: no other is asked for here. */
async function addPasskey(at: At): Promise<unknown> {
  const { deps, request, session, form } = at
  try {
    const asked = { purpose: 'register', boundTo: session.id } as const
    const { passkey } = await checkNewPasskey(deps, request, asked, field(form, 'passkey'))
    const codes = await deps.passkeys.add(session.actor, { ...passkey, name: field(form, 'name') })
    return codes.length > 0 ? sendCodes(at, codes, 'passkey') : back(at, 'passkey-on')
  } catch (thrown) {
    const error = asAppError(thrown)
    if (error.code === 'internal') throw thrown
    return sendNewPasskey(at, error)
  }
}

async function removePasskey(at: At): Promise<unknown> {
  const { passkeyId } = at.request.params as { passkeyId: string }
  await at.deps.passkeys.remove(at.session.actor, passkeyId)
  return back(at, 'passkey-off')
}
