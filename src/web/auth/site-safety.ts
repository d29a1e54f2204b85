// What the address of this desk allows: passkeys and safe cookies need https, or the machine itself.
// Called by the pages of sign-in and of one's account, and by the passkeys. Pure.

import type { FastifyRequest } from 'fastify'

/** `rpID`: the host that passkeys belong to. */
export type PasskeySite = { rpID: string; origin: string }

type Asked = Pick<FastifyRequest, 'protocol' | 'host'>

/** null: browsers give no passkeys at this address. `publicUrl` is the operator's word and wins. */
export function passkeySiteOf(request: Asked, publicUrl: string | null): PasskeySite | null {
  const url = siteUrl(request, publicUrl)
  if (!url || isAddress(url.hostname)) return null
  if (url.protocol !== 'https:' && !isLocalName(url.hostname)) return null
  return { rpID: url.hostname, origin: url.origin }
}

/** What will not work here, in plain words; null: everything does. */
export function warningOf(request: Asked, publicUrl: string | null): string | null {
  const url = siteUrl(request, publicUrl)
  if (!url || url.protocol === 'https:' || isLocalName(url.hostname)) return null
  if (isLoopback(url.hostname))
    return `Passkeys do not work at a number: open the desk at http://localhost${url.port ? `:${url.port}` : ''} for them.`
  return (
    'This address has no HTTPS. Passwords and the sign-in cookie can be read on the way, and browsers switch parts of the ' +
    'desk off: a story opens as plain forms, passkeys do not work, and the desk cannot be installed as an app. ' +
    'Put HTTPS in front and set PUBLIC_URL to the https address.'
  )
}

function siteUrl({ protocol, host }: Asked, publicUrl: string | null): URL | null {
  return URL.parse(publicUrl ?? `${protocol}://${host}`)
}

function isLocalName(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost')
}

function isLoopback(host: string): boolean {
  return host === '[::1]' || /^127(?:\.\d+){3}$/.test(host)
}

function isAddress(host: string): boolean {
  return host.startsWith('[') || /^\d+(?:\.\d+){3}$/.test(host)
}
