// A real OpenID Connect provider on loopback, with people of our making and, where a test asks for it, a lie in its mouth.
// Called by the tests of single sign-on.
// Never answers for anything real: its keys are made at its start, and any password opens every account.

import { createHmac, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider from 'oidc-provider'

export const CLIENT = { id: 'dateline', secret: 'a secret of the tests, long enough' }

type Person = { [claim: string]: unknown }
export type IdToken = { header: { [name: string]: unknown }; claims: { [name: string]: unknown } }

export type IdentityProvider = {
  issuer: string
  /** `127.0.0.1:port` */
  host: string
  /** Subject → claims. */
  people: Map<string, Person>
  /** Changes an answer before it leaves: of `/token`, `/me`, `/.well-known/openid-configuration`. */
  lie: ((path: string, body: { [name: string]: unknown }) => void) | null
  /** A token with these claims, signed with the provider's own key, or with another one. */
  signed(token: IdToken, key?: KeyObject): string
  /** Requests to the token endpoint so far. */
  exchanges: number
  stop(): Promise<void>
  /** Answers again at the same address. */
  start(): Promise<void>
  close(): Promise<void>
}

/** `redirectUris`: what the provider was told. `port`: 0 takes any free one. */
export async function startIdentityProvider(redirectUris: string[], port = 0): Promise<IdentityProvider> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const jwk = { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: 'of-the-provider' }
  const people = new Map<string, Person>()
  let server = createServer()
  const at = await listen(server, port)
  const host = `127.0.0.1:${at}`
  const issuer = `http://${host}`
  const provider = new Provider(issuer, {
    clients: [{ client_id: CLIENT.id, client_secret: CLIENT.secret, redirect_uris: redirectUris }],
    jwks: { keys: [jwk as never] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'], groups: ['groups'] },
    findAccount: (_context, sub) => {
      const person = people.get(sub)
      return person && { accountId: sub, claims: () => ({ sub, ...person }) }
    },
    cookies: { keys: ['of the tests'] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: true }, rpInitiatedLogout: { enabled: true } },
  })
  const self: IdentityProvider = {
    issuer,
    host,
    people,
    lie: null,
    exchanges: 0,
    signed: (token, key = privateKey) => jwt(token, key),
    stop: () => closed(server),
    start: async () => {
      server = createServer(provider.callback())
      await listen(server, at)
    },
    close: () => closed(server),
  }
  provider.use(async (context, next) => {
    await next()
    if (context.path === '/token') self.exchanges += 1
    if (typeof context.body === 'object' && context.body !== null)
      self.lie?.(context.path, context.body as { [name: string]: unknown })
  })
  server.on('request', provider.callback())
  return self
}

export function readToken(token: string): IdToken {
  const [header = '', claims = ''] = token.split('.')
  const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString())
  return { header: read(header), claims: read(claims) }
}

export function anotherKey(): KeyObject {
  return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
}

/** By the header's own word: RS256, HS256 with the public key as its secret, or none. */
function jwt({ header, claims }: IdToken, key: KeyObject): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const text = `${part(header)}.${part(claims)}`
  if (header.alg === 'none') return `${text}.`
  if (header.alg === 'HS256') {
    const pem = createPublicKey(key).export({ type: 'spki', format: 'pem' })
    return `${text}.${createHmac('sha256', pem).update(text).digest('base64url')}`
  }
  return `${text}.${sign('RSA-SHA256', Buffer.from(text), key).toString('base64url')}`
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}

/** A port that nobody listens on: for an address that must be told before anybody does. */
export async function freePort(): Promise<number> {
  const server = createServer()
  const port = await listen(server, 0)
  await closed(server)
  return port
}
