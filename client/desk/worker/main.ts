// The service worker of the desk: keeps the shell (a page without content, the program, its style sheets) for when there is no line.
// Served as /desk/worker.js by web/desk/shell.ts, which says before it which files the shell is; registered by client/desk/install.ts.
// Never keeps an answer of the API, a photo, a page of a story or anything that readers see: what was withdrawn must not live in it.

import { forgetStarts, startOf } from '../keep/starts.ts'
import { storyAt, wayOf } from './ways.ts'

type Shell = { page: string; script: string; files: string[] }
type Waiting = { waitUntil(work: Promise<unknown>): void }
type Asked = Waiting & { request: Request; respondWith(answer: Promise<Response>): void }
type Worker = {
  datelineShell: Shell
  skipWaiting(): Promise<void>
  registration: ServiceWorkerRegistration
  clients: {
    claim(): Promise<void>
    matchAll(which: { type: 'window' }): Promise<{ postMessage(told: unknown): void }[]>
  }
  addEventListener(name: 'install' | 'activate', act: (event: Waiting) => void): void
  addEventListener(name: 'fetch', act: (event: Asked) => void): void
}

const worker = globalThis as unknown as Worker
const { page, script, files } = worker.datelineShell
const OURS = 'dateline-desk-'
const CACHE = OURS + script
const PATIENCE_MS = 4_000 // a page of the desk over 3G is there in three; beyond it writing begins from what is kept
const AWAY = [502, 503, 504] // what stands before a server that is gone says so

worker.addEventListener('install', (event) => event.waitUntil(keepShell()))
worker.addEventListener('activate', (event) => event.waitUntil(takeOver()))
worker.addEventListener('fetch', (event) => {
  const { request } = event
  const { pathname: path } = new URL(request.url)
  const way = wayOf({ method: request.method, path, isPage: request.mode === 'navigate' }, files)
  if (way === 'person') event.waitUntil(forgetStarts())
  if (way === 'look') {
    const look = request.clone().formData()
    const answer = fetch(request)
    event.respondWith(answer)
    event.waitUntil(answer.then(async () => (await look).get('look') === 'plain' && goAway()).catch(() => undefined))
  }
  if (way === 'shell')
    event.respondWith(caches.match(path, { cacheName: CACHE }).then((kept) => kept ?? fetch(request)))
  if (way === 'page') event.respondWith(pageOrShell(request, storyAt(path)))
})

/** The plain forms were chosen. Who chose them elsewhere is given a worker by the server that does the same. */
async function goAway(): Promise<void> {
  for (const name of await caches.keys()) if (name.startsWith(OURS)) await caches.delete(name)
  await forgetStarts()
  await worker.registration.unregister()
}

async function keepShell(): Promise<void> {
  const cache = await caches.open(CACHE)
  await cache.addAll([new Request(page, { cache: 'reload' }), ...files])
  // An open page has all its parts already: a new worker beside it takes nothing from it.
  await worker.skipWaiting()
}

async function takeOver(): Promise<void> {
  for (const name of await caches.keys()) if (name.startsWith(OURS) && name !== CACHE) await caches.delete(name)
  await worker.clients.claim()
  for (const client of await worker.clients.matchAll({ type: 'window' })) client.postMessage({ script })
}

async function pageOrShell(request: Request, storyId: string | null): Promise<Response> {
  const isKept = storyId !== null && (await startOf(storyId).catch(() => undefined)) !== undefined
  const shell = async () => (await caches.match(page, { cacheName: CACHE })) ?? Response.error()
  const asked = fetch(request)
  const answer = await (isKept ? Promise.race([asked, late()]) : asked).catch(() => null)
  return answer === null || (isKept && AWAY.includes(answer.status)) ? shell() : answer
}

function late(): Promise<null> {
  return new Promise((resolve) => setTimeout(() => resolve(null), PATIENCE_MS))
}
