// A node with single sign-on at a provider of the tests, and the way a person goes through both.
// Called by the tests of single sign-on.
// Never shortens the way: every step is a request over HTTP, as a browser makes it.

import { signInLink } from '../../src/cli/desk.ts'
import { signInStores } from '../../src/cli/sign-in.ts'
import type { TestStore } from './database.ts'
import type { HttpBrowser, Page } from './http-browser.ts'
import { CLIENT, type IdentityProvider } from './identity-provider.ts'
import { startTestNode } from './node.ts'

export type SsoDesk = Awaited<ReturnType<typeof startSsoDesk>>

type Settings = {
  store: TestStore
  provider: IdentityProvider
  port: number
  flags?: string[]
  /** Closed first: it has the port. */
  instead?: { close(): Promise<void> }
}

export async function startSsoDesk({ store, provider, port, flags = [], instead }: Settings) {
  await instead?.close()
  const origin = `http://127.0.0.1:${port}`
  const node = await startTestNode([...ssoFlags(provider, origin), '--port', String(port), ...flags], store)
  /** The address with which the provider sends this browser back. */
  const answerFor = async (browser: HttpBrowser, subject: string, next = '/desk'): Promise<string> => {
    const begun = await browser.send(`${origin}/desk/sso?next=${encodeURIComponent(next)}`)
    if (begun.location === null) throw new Error(`not sent to the provider: ${begun.status} ${begun.body}`)
    return signInAtProvider(browser, begun, subject, origin)
  }
  return {
    node,
    origin,
    port,
    answerFor,
    /** From a page of the provider to the address with which it sends this browser back. */
    goThrough: (browser: HttpBrowser, page: Page, subject: string) => signInAtProvider(browser, page, subject, origin),
    /** The answer to coming back from the provider. */
    signIn: async (browser: HttpBrowser, subject: string, next = '/desk'): Promise<Page> =>
      browser.send(await answerFor(browser, subject, next)),
    linkFor: async (email: string): Promise<string> => {
      const person = await signInStores(store).people.personByEmail(email)
      return signInLink(store, origin, person?.id ?? '')
    },
    close: () => node.close(),
  }
}

export function ssoFlags(provider: IdentityProvider, origin: string): string[] {
  return [
    ...['--public-url', origin, '--oidc-issuer', provider.issuer, '--oidc-client-id', CLIENT.id],
    ...['--oidc-client-secret', CLIENT.secret, '--oidc-private-hosts', provider.host],
    ...['--oidc-scope', 'openid email profile groups', '--oidc-roles', 'groups=chiefs:admin,groups=desk:editor'],
  ]
}

/** Name, any password, and consent. A browser that is known there is sent back at once. */
async function signInAtProvider(browser: HttpBrowser, begun: Page, subject: string, origin: string): Promise<string> {
  const back = (url: string) => url.startsWith(origin)
  let page = await browser.follow(begun, back)
  for (let step = 0; page.location === null && step < 4; step++) {
    const action = /<form[^>]* action="([^"]+)"/.exec(page.body)?.[1]
    const prompt = /name="prompt" value="(\w+)"/.exec(page.body)?.[1]
    if (!action || !prompt) throw new Error(`no form of the provider: ${page.status} ${page.body.slice(0, 500)}`)
    const fields: Record<string, string> = prompt === 'login' ? { prompt, login: subject, password: 'any' } : { prompt }
    page = await browser.follow(await browser.send(new URL(action, page.url).href, fields), back)
  }
  if (page.location === null) throw new Error(`not sent back by the provider: ${page.body.slice(0, 500)}`)
  return page.location
}
