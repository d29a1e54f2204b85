// The desk's part of the composition: accounts, sessions, forms, photos.
// Called by serve.ts and the start command.

import { randomBytes } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { Log } from '../base/log.ts'
import { AppError } from '../domain/error.ts'
import { makeId } from '../domain/id.ts'
import type { Actor } from '../domain/permission.ts'
import { readMetadata } from '../media/metadata.ts'
import { wordsOfPhoto } from '../media/words.ts'
import { createAccounts } from '../store/accounts.ts'
import { createAutosaves } from '../store/autosaves.ts'
import { createDeskLists } from '../store/desk-lists.ts'
import { createNotes } from '../store/desk-notes.ts'
import { createDeskReads } from '../store/desk-reads.ts'
import { createPeople } from '../store/people.ts'
import { createPhotoRecords } from '../store/photo-records.ts'
import { createSignInLinks } from '../store/sign-in-links.ts'
import { createGuard } from '../web/auth/guard.ts'
import { ssoOffer, ssoRoutes } from '../web/auth/oidc.ts'
import { createSessions, type Sessions } from '../web/auth/session.ts'
import { setupPath, setupRoutes } from '../web/auth/setup.ts'
import { signInRoutes } from '../web/auth/sign-in.ts'
import { signInLinkPath, signInLinkRoutes } from '../web/auth/sign-in-link.ts'
import { deskRoutes } from '../web/desk/routes.ts'
import type { Guard, Route } from '../web/routes.ts'
import type { Store } from './open-store.ts'
import type { Options } from './options.ts'
import type { Pictures } from './pictures.ts'
import { createSingleSignOn } from './single-sign-on.ts'

export type DeskParts = {
  store: Store
  pictures: Pictures
  mediaChanged(): void
  options: Options
  style: string
  program: { script: string; style: string }
  log: Log
}

export type ConnectedDesk = {
  routes: Route[]
  guard: Guard
  actorOf(request: FastifyRequest): Promise<Actor | null>
  sessions: Sessions
}

export function connectDesk({ store, pictures, mediaChanged, options, style, program, log }: DeskParts): ConnectedDesk {
  const { publicUrl } = options
  const accounts = accountsOf(store)
  const photos = createPhotoRecords(store.db)
  const sessions = createSessions(accounts, publicUrl, options.tlsCert !== null)
  const sso = createSingleSignOn(options, { db: store.db, accounts, sessions, style, log })
  const auth = { accounts, sessions, style, sso: sso && ssoOffer(sso) }
  return {
    guard: createGuard(sessions, publicUrl),
    actorOf: sessions.actorOf,
    sessions,
    routes: [
      ...setupRoutes(auth),
      ...signInRoutes(auth),
      ...signInLinkRoutes({ ...auth, links: signInLinksOf(store), log }),
      ...(sso ? ssoRoutes(sso) : []),
      ...deskRoutes({
        desk: { acts: store.acts, photos: store.media },
        reads: createDeskReads(store.db),
        lists: createDeskLists(store.db),
        notes: createNotes(store.db),
        autosaves: createAutosaves(store.db),
        sessions,
        takePhoto: async (bytes, actor) => {
          const { id, width, height, metadata } = await pictures.take(bytes, actor)
          mediaChanged()
          return { id, width, height, ...wordsOfPhoto(metadata) }
        },
        cutPhoto: async (id, rectangle, actor) => {
          const from = await photos.record(id)
          if (!from) throw new AppError('not_found', 'There is no such photo, or it was withdrawn.')
          const cut = await pictures.cut(from, rectangle, actor)
          mediaChanged()
          const words = from.words ?? wordsOfPhoto(readMetadata(from.metadata))
          return { id: cut.id, width: cut.width, height: cut.height, ...words }
        },
        photos,
        mediaChanged,
        newId: () => makeId(randomBytes),
        now: Date.now,
        people: peopleOf(store),
        checkPassword: accounts.checkPassword,
        timeZone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
        style,
        program,
        log,
      }),
    ],
  }
}

/** The one-time link for the first administrator; null once anybody can sign in. */
export async function firstAdminLink(store: Store, origin: string): Promise<string | null> {
  const token = await accountsOf(store).newSetupToken()
  return token && `${origin}${setupPath(token)}`
}

export function peopleOf(store: Store) {
  return createPeople({ db: store.db, now: Date.now, random: randomBytes })
}

/** Signs one person in, once; works whatever else is switched off. Throws `not_found`, `conflict`. */
export async function signInLink(store: Store, origin: string, accountId: string): Promise<string> {
  return `${origin}${signInLinkPath(await signInLinksOf(store).make(accountId))}`
}

function signInLinksOf(store: Store) {
  return createSignInLinks({ db: store.db, now: Date.now, random: randomBytes })
}

export function accountsOf(store: Store) {
  return createAccounts({ db: store.db, now: Date.now, random: randomBytes })
}
