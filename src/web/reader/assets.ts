// The clients' built files, by the hash in their name: the only bytes that may be kept for ever.
// Called through the route table; read once at start.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { FAVICON_PATH } from '../../domain/address.ts'
import { AppError } from '../../domain/error.ts'
import { makeReady, type Ready, sendReady } from '../ready.ts'
import type { Route } from '../routes.ts'

const A_DAY = 'public, max-age=86400' // the icon's name holds no hash
const FOR_EVER = 'public, max-age=31536000, immutable'
const TYPES: Record<string, string> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
}

export type BuiltAssets = {
  routes: Route[]
  /** The address of a manifest key such as `reader.js`. Throws when the build lacks it. */
  path(key: string): string
  /** What the file of a manifest key holds. Throws when the build lacks it. */
  text(key: string): string
}

/** `folder` is build/client with its manifest.json. Throws `internal` when the clients were not built. */
export function loadAssets(folder: string): BuiltAssets {
  const manifest = readManifest(folder)
  const files = new Map<string, Ready>()
  const icon = makeReady(readFileSync(join(folder, 'favicon.svg')), TYPES.svg ?? '', A_DAY)
  for (const name of readdirSync(folder)) {
    const type = TYPES[name.split('.').at(-1) ?? '']
    if (type) files.set(name, makeReady(readFileSync(join(folder, name)), type, FOR_EVER))
  }
  const fileOf = (key: string): string => {
    const file = manifest[key]
    if (!file) throw new AppError('internal', `The clients' build holds no ${key}; run "dateline build".`)
    return file
  }
  return {
    path: (key) => `/assets/${fileOf(key)}`,
    text: (key) => readFileSync(join(folder, fileOf(key)), 'utf8'),
    routes: [
      {
        method: 'GET',
        url: '/assets/:file',
        access: 'public',
        object: 'site',
        handler: async (request, reply) => {
          const ready = files.get((request.params as { file: string }).file)
          if (!ready) throw new AppError('not_found', 'There is nothing at this address.')
          return sendReady(request, reply, ready)
        },
      },
      {
        method: 'GET',
        url: FAVICON_PATH,
        access: 'public',
        object: 'site',
        handler: async (request, reply) => sendReady(request, reply, icon),
      },
    ],
  }
}

function readManifest(folder: string): Record<string, string> {
  try {
    return JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Record<string, string>
  } catch (cause) {
    throw new AppError(
      'internal',
      'The browser programs are not built; start with "npm start" or run "dateline build".',
      { cause },
    )
  }
}
