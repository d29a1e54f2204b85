// Asks browsers for passkeys and checks what they answer: origin, host, challenge, signature, and that the person was checked.
// Called by the routes of web/auth that take passkeys.
// Never takes an answer twice, nor without the authenticator's own check of the person.

import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { AppError, isAppError } from '../../domain/error.ts'
import type { Asked, KnownPasskey, NewPasskey } from '../../store/passkeys.ts'
import type { AuthDeps } from './deps.ts'
import { type PasskeySite, passkeySiteOf } from './site-safety.ts'

const SITE_NAME = 'Dateline desk'
// Ed25519, ES256, RS256: what authenticators have. Asking Node for newer ones makes it warn of experiments.
const ALGORITHMS = [-8, -7, -257]
const MAX_ANSWER = 20_000 // characters; an attestation with certificates has a few thousand

/** A fifth of all modules: loaded with the first passkey, not at the start. */
const webauthn = () => import('@simplewebauthn/server')

type Deps = Pick<AuthDeps, 'passkeys' | 'publicUrl'>
type Whose = Omit<Asked, 'accountId'>

const answer = z.looseObject({
  id: z.string().max(2_000),
  rawId: z.string(),
  type: z.literal('public-key'),
  clientExtensionResults: z.looseObject({}),
  response: z.looseObject({ clientDataJSON: z.string() }),
})

/** What the browser is asked to sign. `of`: that account's passkeys only; null = whichever the person has. */
export async function askForPasskey(deps: Deps, request: FastifyRequest, asked: Asked, of: string | null) {
  const { rpID } = siteOf(deps, request)
  const known = of === null ? [] : await deps.passkeys.known(of)
  const { generateAuthenticationOptions } = await webauthn()
  return generateAuthenticationOptions({
    rpID,
    challenge: await challengeFor(deps, request, asked),
    userVerification: 'required',
    allowCredentials: known.map(({ credentialId, transports }) => ({
      id: credentialId,
      transports: transports as never,
    })),
  })
}

/** Throws `unauthorized`, `too_many`, `invalid` at an address without passkeys. */
export async function checkPasskey(
  deps: Deps,
  request: FastifyRequest,
  asked: Whose,
  text: string,
  of?: string,
): Promise<KnownPasskey> {
  const { rpID, origin } = siteOf(deps, request)
  const response = parsed(text) as unknown as AuthenticationResponseJSON
  const passed = await deps.passkeys.attempt(response.id, request.ip)
  const known = await deps.passkeys.byCredential(response.id)
  if (!known || (of !== undefined && known.accountId !== of)) throw refused()
  const { credentialId, publicKey, counter } = known
  const { verifyAuthenticationResponse } = await webauthn()
  const checked = await verifyAuthenticationResponse({
    response,
    expectedChallenge: (challenge) => takes(deps, challenge, asked),
    expectedOrigin: origin,
    expectedRPID: rpID,
    requireUserVerification: true,
    credential: { id: credentialId, publicKey: new Uint8Array(Buffer.from(publicKey, 'base64url')), counter },
  }).catch(refuse)
  if (!checked.verified) throw refused()
  await deps.passkeys.used(known.id, checked.authenticationInfo.newCounter)
  await passed()
  return known
}

type Person = { id: string; name: string; email: string }

/** The options of a new passkey, kept by the authenticator itself, so that it can sign in without a name. */
export async function askForNewPasskey(deps: Deps, request: FastifyRequest, asked: Asked, person: Person) {
  const { rpID } = siteOf(deps, request)
  const known = await deps.passkeys.known(person.id)
  const { generateRegistrationOptions } = await webauthn()
  return generateRegistrationOptions({
    rpName: SITE_NAME,
    rpID,
    userID: new Uint8Array(Buffer.from(person.id)),
    userName: person.email,
    userDisplayName: person.name,
    challenge: await challengeFor(deps, request, asked),
    attestationType: 'none',
    supportedAlgorithmIDs: ALGORITHMS,
    excludeCredentials: known.map(({ credentialId, transports }) => ({
      id: credentialId,
      transports: transports as never,
    })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  })
}

/** `accountId`: whom the options were made for. Throws `unauthorized`, `invalid` at an address without passkeys. */
export async function checkNewPasskey(
  deps: Deps,
  request: FastifyRequest,
  asked: Whose,
  text: string,
): Promise<{ accountId: string | null; passkey: Omit<NewPasskey, 'name'> }> {
  const { rpID, origin } = siteOf(deps, request)
  const response = parsed(text) as unknown as RegistrationResponseJSON
  let accountId: string | null = null
  const { verifyRegistrationResponse } = await webauthn()
  const checked = await verifyRegistrationResponse({
    response,
    expectedChallenge: (challenge) =>
      takes(deps, challenge, asked, (taken) => {
        accountId = taken
      }),
    expectedOrigin: origin,
    expectedRPID: rpID,
    requireUserVerification: true,
    supportedAlgorithmIDs: ALGORITHMS,
  }).catch(refuse)
  if (!checked.verified) throw refused()
  const { id, publicKey, counter, transports = [] } = checked.registrationInfo.credential
  const key = Buffer.from(publicKey).toString('base64url')
  return { accountId, passkey: { credentialId: id, publicKey: key, counter, transports } }
}

function siteOf({ publicUrl }: Deps, request: FastifyRequest): PasskeySite {
  const site = passkeySiteOf(request, publicUrl)
  if (!site) throw new AppError('invalid', 'Passkeys do not work at this address: they need https, or localhost.')
  return site
}

async function challengeFor({ passkeys }: Deps, request: FastifyRequest, asked: Asked) {
  return new Uint8Array(Buffer.from(await passkeys.challenge(asked, request.ip), 'base64url'))
}

async function takes(
  { passkeys }: Deps,
  challenge: string,
  asked: Whose,
  tell: (accountId: string | null) => void = () => {},
): Promise<boolean> {
  // A bug of ours in here must not read as a yes: whatever goes wrong throws.
  const { accountId } = await passkeys.take(challenge, asked)
  tell(accountId)
  return true
}

function parsed(text: string): z.infer<typeof answer> {
  try {
    if (text.length > MAX_ANSWER) throw refused()
    return answer.parse(JSON.parse(text))
  } catch (cause) {
    throw new AppError('invalid', 'This is no answer of a passkey. Open the page anew.', { cause })
  }
}

/** The library's own words are for developers. */
function refuse(cause: unknown): never {
  if (isAppError(cause)) throw cause
  throw refused(cause)
}

function refused(cause?: unknown): AppError {
  return new AppError('unauthorized', 'This passkey was not accepted. Try again, or use another way.', { cause })
}
