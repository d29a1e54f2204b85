// Serves a page that holds the composer alone, under the policy of the desk, and takes its files.
// Called by test/journeys/composer*.test.ts; by hand: `node test/helpers/composer-server.ts 4862`.
// Never answers an upload that a test holds back or refuses.

import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { build } from 'vite'
import { flat } from './pictures.ts'

const ROOT = join(import.meta.dirname, '../..')
export const COMPOSER_CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "media-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "require-trusted-types-for 'script'",
].join('; ')

/** Style of the page around it: that of the desk, light and dark. */
const PAGE_CSS = `
main { max-width: 46rem; margin-inline: auto; padding: 1rem; }
.composer-root { border: 1px solid var(--line); border-radius: 4px; background: var(--sheet); }`

export class ComposerServer {
  /** Names of the files that came, in their order. */
  readonly came: string[] = []
  /** A reason: the next file is refused with it. */
  refusal = ''
  private held: (() => void)[] | null = null
  private server: Server | null = null
  private files: Record<string, [type: string, body: string | Buffer]> = {}

  get origin(): string {
    return `http://127.0.0.1:${(this.server?.address() as AddressInfo).port}`
  }

  async start(port = 0): Promise<void> {
    const desk = readFileSync(join(ROOT, 'client/desk-plain/desk.css'), 'utf8')
    const composer = readFileSync(join(ROOT, 'client/desk/composer/composer.css'), 'utf8')
    const picture = await flat(400, 266).jpeg().toBuffer()
    this.files = {
      '/page.js': ['text/javascript', await buildComposerPage()],
      '/page.css': ['text/css', `${desk}\n${composer}\n${PAGE_CSS}`],
      '/picture': ['image/jpeg', picture],
      '/media': ['video/webm', readFileSync(join(ROOT, 'test/fixtures/clips/vp8-opus.webm'))],
    }
    this.server = createServer((request, response) => void this.answer(request, response))
    await new Promise<void>((resolve) => this.server?.listen(port, '127.0.0.1', resolve))
  }

  async stop(): Promise<void> {
    this.release()
    this.server?.closeAllConnections()
    await new Promise((resolve) => (this.server ? this.server.close(resolve) : resolve(null)))
  }

  /** Files that come wait until `release`. */
  hold(): void {
    this.held = []
  }

  release(): void {
    const held = this.held ?? []
    this.held = null
    for (const go of held) go()
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.origin)
    if (url.pathname === '/upload') return this.take(url, request, response)
    const found = this.files[/^\/(?:picture|media)(?=\/)/.exec(url.pathname)?.[0] ?? url.pathname]
    if (found) return void response.writeHead(200, { 'content-type': found[0] }).end(found[1])
    if (url.pathname !== '/') return void response.writeHead(404).end()
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': COMPOSER_CSP })
    const dir = url.searchParams.get('dir') === 'rtl' ? 'rtl' : 'ltr'
    response.end(`<!doctype html><html lang="en" dir="${dir}"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Composer</title>
<link rel="stylesheet" href="/page.css"><link rel="icon" href="/picture/icon"><script type="module" src="/page.js"></script><div id="place"></div></html>`)
  }

  private async take(url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> {
    for await (const _ of request);
    if (this.held) await new Promise<void>((resolve) => this.held?.push(resolve))
    const name = url.searchParams.get('name') ?? ''
    const { refusal } = this
    this.refusal = ''
    if (refusal !== '') return void response.writeHead(422).end(refusal)
    this.came.push(name)
    const id = `media${String(this.came.length).padStart(15, '0')}`
    const kind = /\.(?:mp4|webm)$/.test(name) ? 'video' : /\.(?:mp3|wav)$/.test(name) ? 'audio' : 'image'
    response.end(JSON.stringify({ id, kind, width: 1600, height: 1067, credit: 'From the file' }))
  }
}

/** As the desk's program is built. */
export async function buildComposerPage(minify = true): Promise<string> {
  const result = await build({
    root: ROOT,
    configFile: false,
    envDir: false,
    publicDir: false,
    logLevel: 'error',
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    build: {
      write: false,
      minify,
      modulePreload: false,
      rolldownOptions: { input: join(import.meta.dirname, 'composer-page.tsx') },
    },
  })
  const outputs = Array.isArray(result) ? result : [result]
  const chunk = outputs.flatMap((one) => ('output' in one ? one.output : [])).find((one) => one.type === 'chunk')
  if (!chunk || !('code' in chunk)) throw new Error('The composer’s page was not built.')
  return chunk.code
}

if (process.argv[1] === import.meta.filename) {
  const server = new ComposerServer()
  await server.start(Number(process.argv[2] ?? 0))
  console.log(server.origin)
}
