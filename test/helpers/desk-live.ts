// People at the desks of nodes: an account with a session, their stream of a story, and what they tell through the API.
// Called by tests of the desk's stream.

import { randomBytes } from 'node:crypto'
import type { Role } from '../../src/domain/permission.ts'
import type { DeskFrames } from '../../src/domain/together.ts'
import { createAccounts } from '../../src/store/accounts.ts'
import { csrfTokenOf } from '../../src/web/auth/csrf.ts'
import type { TestStore } from './database.ts'
import { openStream } from './stream.ts'

export const PATIENCE_MS = 20_000 // a count of another node takes five seconds and a poll, on a busy machine more
type Headers = Record<string, string>
export type Colleague = { id: string; sessionId: string; email: string; cookie: string; csrf: string }

let people = 0

export function accountsOf(store: TestStore) {
  return createAccounts({ db: store.db, now: Date.now, random: (size) => randomBytes(size) })
}

export async function colleague(store: TestStore, role: Role): Promise<Colleague> {
  const accounts = accountsOf(store)
  people += 1
  const email = `${role}-${people}-${randomBytes(3).toString('hex')}@example.org`
  const person = { name: `${role} ${people}`, email, password: 'correct horse battery' }
  const { id } = await accounts.createAccount(person, role)
  const { token, id: sessionId } = await accounts.openSession(id)
  return { id, sessionId, email, cookie: `dateline-session=${token}`, csrf: csrfTokenOf(token) }
}

export type DeskEvent<E extends keyof DeskFrames> = DeskFrames[E]
export type DeskWatch = {
  next<E extends keyof DeskFrames>(event: E, ms?: number): Promise<DeskFrames[E]>
  /** The first that the test holds for right; others are passed over. */
  until<E extends keyof DeskFrames>(event: E, is: (data: DeskFrames[E]) => boolean): Promise<DeskFrames[E]>
  close(): void
}

export async function watchDesk(origin: string, storyId: string, who: { cookie: string }): Promise<DeskWatch> {
  const stream = await openStream(`${origin}/desk/stories/${storyId}/live`, { cookie: who.cookie })
  await stream.opened()
  const next: DeskWatch['next'] = async (event, ms = PATIENCE_MS) =>
    (await stream.next(event, ms)).data as DeskFrames[typeof event]
  return {
    next,
    until: async (event, is) => {
      for (;;) {
        const data = await next(event)
        if (is(data)) return data
      }
    },
    close: stream.close,
  }
}

/** A call of the API as a page of the desk makes it. */
export async function callApi(
  origin: string,
  who: Colleague,
  { method, path, body, headers = {} }: { method: string; path: string; body?: unknown; headers?: Headers },
): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(`${origin}/api/v1${path}`, {
    method,
    headers: {
      cookie: who.cookie,
      origin,
      'x-csrf-token': who.csrf,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: answer.status, body: await answer.json() }
}
