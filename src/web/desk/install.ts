// The desk as a thing to be installed: its manifest, its shell for when there is no line, and the service worker that keeps the shell.
// Called through the route table.
// Never puts anything of a story, a person or a session into them: they are the same for everybody.

import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { makeReady, sendReady } from '../ready.ts'
import type { Route } from '../routes.ts'
import type { DeskDeps, DeskProgram } from './deps.ts'
import { isPlain } from './live-desk.ts'
import { sendLiveDesk } from './send.ts'
import { shellPage } from './views/install.ts'
import { MANIFEST_PATH } from './views/shell.ts'

const SHELL = '/desk/shell'
const ASK_AGAIN = 'no-cache' // a newer version has to be seen at once
/** All that a service worker may do: fetch from us. */
const WORKER_CSP = "default-src 'none'; connect-src 'self'"
/** Takes the place of the worker where the plain forms were chosen, or where there is no program. */
const GONE = `addEventListener('install', () => skipWaiting())
addEventListener('activate', (event) =>
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith('dateline-desk-')) await caches.delete(name)
    indexedDB.deleteDatabase('dateline-shell')
    await registration.unregister()
  })()))
`

export function installRoutes(deps: DeskDeps): Route[] {
  const route = (url: string, handler: Route['handler']): Route => ({
    ...{ method: 'GET', access: 'public', object: 'site', url, handler },
  })
  return [
    route(MANIFEST_PATH, async (request, reply) => {
      const manifest = JSON.stringify(manifestOf(deps.program))
      return sendReady(request, reply, makeReady(manifest, 'application/manifest+json; charset=utf-8', ASK_AGAIN))
    }),
    route(SHELL, async (_request, reply) => sendLiveDesk(reply, shellPage(deps))),
    route('/desk/worker.js', async (request, reply) => {
      const { program, style } = deps
      const isGone = program === null || isPlain(request)
      return sendWorker(request, reply, isGone ? GONE : workerOf(program, style, String(shellPage(deps))))
    }),
  ]
}

function sendWorker(request: FastifyRequest, reply: FastifyReply, script: string) {
  reply.header('content-security-policy', WORKER_CSP).header('vary', 'cookie')
  return sendReady(request, reply, makeReady(script, 'text/javascript; charset=utf-8', 'private, no-cache'))
}

/** Another byte in any part of the shell is another worker: browsers take that as the sign of a newer version. */
function workerOf({ script, style, tools, worker }: DeskProgram, plainStyle: string, page: string): string {
  const is = createHash('sha256').update(page).digest('base64url').slice(0, 8)
  const shell = { page: SHELL, script, files: [plainStyle, style, script, tools], is }
  return `globalThis.datelineShell=${JSON.stringify(shell)};\n${worker}`
}

function manifestOf(program: DeskProgram | null) {
  const png = { type: 'image/png' }
  const icons = program === null ? null : program.icons
  return {
    ...{ id: '/desk/', name: 'Dateline desk', short_name: 'Desk', start_url: '/desk/', scope: '/desk/' },
    ...{ display: 'standalone', background_color: '#f7f5f0', theme_color: '#16181d', lang: 'en' },
    icons: icons
      ? [
          { ...png, src: icons.small, sizes: '192x192' },
          { ...png, src: icons.large, sizes: '512x512' },
          { ...png, src: icons.masked, sizes: '512x512', purpose: 'maskable' },
        ]
      : [],
  }
}
