// The plain desk over a real store, with a browser's manners: cookies, Origin, hidden fields.
// Called by the tests of web/auth and web/desk.

import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LightMyRequestResponse } from 'fastify'
import { silentLog } from '../../src/base/log.ts'
import { createPictures } from '../../src/cli/pictures.ts'
import { connectSignIn } from '../../src/cli/sign-in.ts'
import { makeId } from '../../src/domain/id.ts'
import type { Accounts } from '../../src/store/accounts.ts'
import { createAttention } from '../../src/store/attention.ts'
import { createAutosaves } from '../../src/store/autosaves.ts'
import { createBoard } from '../../src/store/board.ts'
import { createDeskLists } from '../../src/store/desk-lists.ts'
import { createNotes } from '../../src/store/desk-notes.ts'
import { createDeskReads } from '../../src/store/desk-reads.ts'
import { createPhotoRecords } from '../../src/store/photo-records.ts'
import { createSnippets } from '../../src/store/snippets.ts'
import { createApp } from '../../src/web/app.ts'
import { createGuard } from '../../src/web/auth/guard.ts'
import { deskErrorPage } from '../../src/web/desk/error-page.ts'
import { deskRoutes } from '../../src/web/desk/routes.ts'
import { declareRoutes } from '../../src/web/routes.ts'
import { openTestStore } from './database.ts'

export const ORIGIN = 'http://localhost:80'
const random = (size: number) => randomBytes(size)

export type TestDesk = Awaited<ReturnType<typeof openTestDesk>>
export type File = { name: string; bytes: Uint8Array }
export const MAX_CLIP_BYTES = 30_000

export async function openTestDesk(publicUrl: string | null = null) {
  const store = await openTestStore()
  const style = '/assets/desk.css'
  const script = '/assets/sign-in.js'
  const timeZone = 'Europe/Paris'
  const log = silentLog()
  const signIn = connectSignIn({ store, style, script, publicUrl, timeZone, log })
  const { accounts, sessions, people, invitations, factors, passkeys } = signIn
  const app = await createApp({
    log,
    trustedProxies: [],
    secure: publicUrl !== null,
    errorPage: (error, request) => deskErrorPage(error, request, { style, script, provider: null }),
  })
  const folder = mkdtempSync(join(tmpdir(), 'dateline-media-'))
  const pictures = createPictures(folder, store.media)
  const photos: Uint8Array[] = []
  const clock = { ahead: 0 } // ms that the desk's own clock is ahead of the store's
  const reads = createDeskReads(store.db)
  const routes = [
    ...signIn.routes,
    ...deskRoutes({
      desk: { acts: store.acts, photos: store.media },
      reads,
      lists: createDeskLists(store.db),
      notes: createNotes(store.db),
      attention: createAttention(store.db),
      board: createBoard(store.db),
      boardScript: null,
      autosaves: createAutosaves(store.db),
      sessions,
      style,
      readerStyle: '/assets/reader.css',
      program: null,
      log,
      mediaChanged: () => {},
      timeZone,
      invitations,
      factors,
      publicUrl,
      newId: () => makeId(random),
      now: () => Date.now() + clock.ahead,
      people,
      checkPassword: accounts.checkPassword,
      photos: createPhotoRecords(store.db),
      snippets: createSnippets(store.db),
      takeClip: ({ path }, actor) => pictures.takeClip(path, actor),
      maxClipBytes: MAX_CLIP_BYTES,
      cutPhoto: async (cutFrom, { width, height }, actor) => {
        const part = { id: makeId(random), width: 800 * width, height: 600 * height }
        await store.media.save({ ...part, bytes: 9, metadata: {}, createdBy: actor.id, cutFrom })
        return { ...part, caption: 'From the file', credit: 'Jane Doe', agency: 'AP', alt: '' }
      },
      // Decoding is media/intake.ts's own affair; here it is only that a record comes of it.
      takePhoto: async (bytes, actor) => {
        const id = makeId(random)
        photos.push(bytes)
        await store.media.save({ id, width: 800, height: 600, bytes: bytes.length, metadata: {}, createdBy: actor.id })
        return { id, width: 800, height: 600, caption: 'From the file', credit: 'Jane Doe', agency: 'AP', alt: '' }
      },
    }),
  ]
  declareRoutes(app, routes, createGuard(sessions, publicUrl))
  await app.ready()
  return {
    app,
    store,
    accounts,
    reads,
    people,
    invitations,
    factors,
    passkeys,
    routes,
    photos,
    clock,
    close: async () => {
      await app.close()
      await store.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** One browser: keeps its cookie, says where a form came from, sends the hidden fields of the page it looks at. */
export function openBrowser({ app }: Pick<TestDesk, 'app'>, remoteAddress = '192.0.2.10') {
  let cookie = ''
  let page = ''
  const keep = (response: LightMyRequestResponse): LightMyRequestResponse => {
    for (const set of [response.headers['set-cookie'] ?? []].flat()) cookie = set.split(';')[0] ?? ''
    if (String(response.headers['content-type']).startsWith('text/html')) page = response.body
    return response
  }
  const browser = {
    get: async (url: string) =>
      keep(await app.inject({ url, remoteAddress, headers: { cookie, accept: 'text/html' } })),
    post: async (url: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
      keep(
        await app.inject({
          method: 'POST',
          url,
          remoteAddress,
          headers: {
            ...{ cookie, accept: 'text/html', origin: ORIGIN, 'content-type': 'application/x-www-form-urlencoded' },
            ...headers,
          },
          payload: new URLSearchParams({ csrf: browser.hidden('csrf'), ...fields }).toString(),
        }),
      ),
    /** As `post`, multipart, with a photo and a clip between the fields as the form has it. */
    upload: async (url: string, fields: Record<string, string>, photo: File | null, clip: File | null = null) => {
      const form = new FormData()
      form.set('csrf', browser.hidden('csrf'))
      const file = new Blob([photo?.bytes.slice() ?? new Uint8Array()], { type: 'image/jpeg' })
      form.set('photo', file, photo?.name ?? '')
      form.set('clip', new Blob([clip?.bytes.slice() ?? new Uint8Array()]), clip?.name ?? '')
      for (const [name, value] of Object.entries(fields)) form.set(name, value)
      const body = new Response(form)
      return keep(
        await app.inject({
          method: 'POST',
          url,
          remoteAddress,
          headers: {
            ...{ cookie, accept: 'text/html', origin: ORIGIN },
            'content-type': body.headers.get('content-type') ?? '',
          },
          payload: Buffer.from(await body.arrayBuffer()),
        }),
      )
    },
    /** The value of a field of the page, as the browser would send it. */
    hidden: (name: string) => unescapeHtml(new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1] ?? ''),
    textarea: (name: string) =>
      unescapeHtml(new RegExp(`<textarea name="${name}"[^>]*>\\n?([^<]*)<`).exec(page)?.[1] ?? '').replace(
        /\r\n/g,
        '\n',
      ),
    cookie: () => cookie,
    setCookie: (value: string) => {
      cookie = value
    },
  }
  return browser
}

/** A desk with its first administrator, signed in by the setup link. */
export async function signInAsAdmin(desk: TestDesk) {
  const browser = openBrowser(desk)
  const token = await desk.accounts.newSetupToken()
  await browser.get(`/desk/setup/${token}`)
  await browser.post(`/desk/setup/${token}`, {
    name: 'Ada',
    email: 'ada@example.org',
    password: 'correct horse battery',
  })
  return browser
}

/** A live, public story, made by the desk's own form. */
export async function startStory(browser: ReturnType<typeof openBrowser>, title: string) {
  await browser.get('/desk/stories/new')
  const storyId = browser.hidden('storyId')
  const settings = { title, standfirst: '', language: 'en', timeZone: 'Europe/Paris', visibility: 'public', slug: '' }
  const made = await browser.post('/desk/stories', { storyId, ...settings, then: 'start' })
  if (made.statusCode !== 303) throw new Error(made.body)
  return { storyId, url: `/desk/stories/${storyId}` }
}

function unescapeHtml(text: string): string {
  const signs: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#96': '`' }
  return text.replace(/&(amp|lt|gt|quot|#39|#96);/g, (_all, name: string) => signs[name] ?? '')
}

/** A session that nothing is wanting of. Throws where a second factor is. */
export async function openFully(accounts: Accounts, accountId: string) {
  const session = await accounts.openSession(accountId)
  if (session.stage !== 'full') throw new Error('This account has a second factor.')
  return session
}
