// The desk's part of the composition: accounts, sessions, forms, photos.
// Called by serve.ts and the start command.

import { randomBytes } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { Log } from '../base/log.ts'
import { makeId } from '../domain/id.ts'
import type { Actor } from '../domain/permission.ts'
import { createAccounts } from '../store/accounts.ts'
import { createAttention } from '../store/attention.ts'
import { createAutosaves } from '../store/autosaves.ts'
import { createBoard } from '../store/board.ts'
import { createDeskLists } from '../store/desk-lists.ts'
import { createNotes } from '../store/desk-notes.ts'
import { createDeskReads } from '../store/desk-reads.ts'
import { createPhotoRecords } from '../store/photo-records.ts'
import { createSnippets } from '../store/snippets.ts'
import { createGuard } from '../web/auth/guard.ts'
import type { Sessions } from '../web/auth/session.ts'
import { setupPath } from '../web/auth/setup.ts'
import { signInLinkPath } from '../web/auth/sign-in-link.ts'
import type { SsoProof } from '../web/auth/sso-offer.ts'
import type { DeskProgram } from '../web/desk/deps.ts'
import { deskRoutes } from '../web/desk/routes.ts'
import type { BuiltAssets } from '../web/reader/assets.ts'
import type { Guard, Route } from '../web/routes.ts'
import type { Store } from './open-store.ts'
import type { Options } from './options.ts'
import { createPhotoIntake } from './photo-intake.ts'
import type { Pictures } from './pictures.ts'
import { connectSignIn, signInStores } from './sign-in.ts'

/** Its built files, as the server names them. */
export function deskProgram({ path, text }: BuiltAssets): Omit<DeskProgram, 'maxClipMb'> {
  return {
    ...{ script: path('desk.js'), style: path('desk.css'), tools: path('desk-tools.js') },
    worker: text('desk-worker.js'),
    icons: { small: path('desk-192.png'), large: path('desk-512.png'), masked: path('desk-masked-512.png') },
  }
}

export type DeskParts = {
  store: Store
  pictures: Pictures
  mediaChanged(): void
  options: Options
  style: string
  readerStyle: string
  program: DeskProgram
  boardScript: string
  /** Of passkeys, at sign-in. */
  script: string
  log: Log
}

export type ConnectedDesk = {
  routes: Route[]
  guard: Guard
  actorOf(request: FastifyRequest): Promise<Actor | null>
  sessions: Sessions
  /** Where a fresh proof may be given at the provider; null where there is none. */
  proofElsewhere: SsoProof | null
}

export function connectDesk(parts: DeskParts): ConnectedDesk {
  const { store, pictures, mediaChanged, options, style, readerStyle, program, boardScript, script, log } = parts
  const { publicUrl } = options
  const timeZone = new Intl.DateTimeFormat().resolvedOptions().timeZone
  const signIn = connectSignIn({ store, style, script, publicUrl, timeZone, options, log })
  const photos = createPhotoRecords(store.db)
  const intake = createPhotoIntake({ pictures, photos, mediaChanged })
  const { accounts, sessions, people, invitations, factors, routes } = signIn
  return {
    guard: createGuard(sessions, publicUrl),
    actorOf: sessions.actorOf,
    sessions,
    proofElsewhere: signIn.sso?.proof ?? null,
    routes: [
      ...routes,
      ...deskRoutes({
        desk: { acts: store.acts, photos: store.media },
        reads: createDeskReads(store.db),
        lists: createDeskLists(store.db),
        notes: createNotes(store.db),
        attention: createAttention(store.db),
        board: createBoard(store.db),
        autosaves: createAutosaves(store.db),
        sessions,
        takePhoto: intake.take,
        cutPhoto: intake.cut,
        takeClip: intake.take,
        maxClipBytes: options.maxClipMb * 1024 * 1024,
        photos,
        snippets: createSnippets(store.db),
        mediaChanged,
        newId: () => makeId(randomBytes),
        now: Date.now,
        people,
        invitations,
        factors,
        publicUrl,
        checkPassword: accounts.checkPassword,
        timeZone,
        style,
        readerStyle,
        program,
        boardScript,
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

/** Signs one person in, once; works whatever else is switched off. Throws `not_found`, `conflict`. */
export async function signInLink(store: Store, origin: string, accountId: string): Promise<string> {
  return `${origin}${signInLinkPath(await signInStores(store).links.make(accountId))}`
}

export function accountsOf(store: Store) {
  return createAccounts({ db: store.db, now: Date.now, random: randomBytes })
}
