// The API over a real store: accounts of every role with their sessions and tokens, and one way to call.
// Called by the tests of web/api. Rates are wide unless a test narrows them.

import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LightMyRequestResponse } from 'fastify'
import { silentLog } from '../../src/base/log.ts'
import { connectApi } from '../../src/cli/api.ts'
import { createPictures } from '../../src/cli/pictures.ts'
import type { Role, Scope } from '../../src/domain/permission.ts'
import { createAccounts } from '../../src/store/accounts.ts'
import { createTokens } from '../../src/store/tokens.ts'
import { createApp } from '../../src/web/app.ts'
import { csrfTokenOf } from '../../src/web/auth/csrf.ts'
import { createSessions } from '../../src/web/auth/session.ts'
import { openTestStore } from './database.ts'

const random = (size: number) => randomBytes(size)
const PLENTY = { address: 1_000_000, account: 1_000_000, token: 1_000_000 }
const PASSWORD = 'correct horse battery'
export const API_ORIGIN = 'http://localhost:80'

export const MAX_CLIP_MB = 2

export type TestApi = Awaited<ReturnType<typeof openTestApi>>
export type Person = { id: string; email: string; role: Role; session: Headers }
export type Headers = Record<string, string>
export type Call = { method: string; url: string; body?: unknown; headers?: Headers; address?: string }

export async function openTestApi(limits = PLENTY) {
  const store = await openTestStore()
  const folder = mkdtempSync(join(tmpdir(), 'dateline-media-'))
  const accounts = createAccounts({ db: store.db, now: Date.now, random })
  const tokens = createTokens({ db: store.db, now: Date.now, random })
  const log = silentLog()
  const app = await createApp({ log, trustedProxies: [], secure: false, errorPage: (error) => error.message })
  const routes = await connectApi(app, {
    store,
    pictures: createPictures(folder, store.media),
    maxClipMb: MAX_CLIP_MB,
    mediaChanged: () => undefined,
    sessions: createSessions(accounts, null),
    publicUrl: null,
    style: '/assets/desk.css',
    log,
    limits,
  })
  await app.ready()
  let people = 0
  const api = {
    app,
    store,
    media: folder,
    routes,
    accounts,
    tokens,
    call: async ({ method, url, body, headers = {}, address }: Call): Promise<LightMyRequestResponse> =>
      app.inject({
        method: method as 'GET',
        url,
        ...(address ? { remoteAddress: address } : {}),
        headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    person: async (role: Role): Promise<Person> => {
      people += 1
      const email = `${role}-${people}@example.org`
      const { id } = await accounts.createAccount({ name: `${role} ${people}`, email, password: PASSWORD }, role)
      const { token } = await accounts.openSession(id)
      const cookie = `dateline-session=${token}`
      return { id, email, role, session: { cookie, origin: API_ORIGIN, 'x-csrf-token': csrfTokenOf(token) } }
    },
    /** Written past the rule of who may have tokens: what a role's token could do is asked for every role. */
    tokenOf: async (person: Person, scopes: readonly Scope[]): Promise<Headers> => {
      const { rows } = await store.admin.query<{ role: Role }>('SELECT role FROM account WHERE id = $1', [person.id])
      await store.admin.query("UPDATE account SET role = 'admin' WHERE id = $1", [person.id])
      const { secret } = await tokens.create({ email: person.email, name: 'test', scopes })
      await store.admin.query('UPDATE account SET role = $2 WHERE id = $1', [person.id, rows[0]?.role])
      return { authorization: `Bearer ${secret}` }
    },
    /** Everything that an act may have moved, as one text. */
    heads: async (): Promise<string> => {
      const { rows } = await store.admin.query(
        `SELECT (SELECT count(*) FROM desk_entry) AS desk, (SELECT count(*) FROM public_entry) AS public,
          (SELECT sum(seq) FROM story) AS seq, (SELECT count(*) FROM post) AS posts, (SELECT count(*) FROM media) AS media,
          (SELECT max(id) FROM post_autosave) AS autosaves, (SELECT sum(revision) FROM snippet) AS snippets`,
      )
      return JSON.stringify(rows)
    },
    close: async () => {
      await app.close()
      await store.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  return api
}
