// Holds the documentation to the code: errors, dependencies, every route and surface, the bytes of the examples, and links.
// docs/configuration.md and the table of rooms have tests of their own.

import assert from 'node:assert/strict'
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, normalize } from 'node:path'
import { describe, it } from 'node:test'
import { MEDIA_WIDTHS } from '../src/domain/address.ts'
import { ERROR_CODES, type ErrorCode } from '../src/domain/error.ts'
import { formatPosition, parsePosition } from '../src/domain/position.ts'
import { RESERVED_WORDS, STORY_STATES } from '../src/domain/story.ts'
import { PUBLIC_KINDS } from '../src/domain/view.ts'
import { REGIONS, STREAM_EVENTS, type WireChange } from '../src/domain/wire.ts'
import { encodeFrame } from '../src/live/sse.ts'
import { apiRoutes } from '../src/web/api/routes.ts'
import { ssoRoutes } from '../src/web/auth/oidc.ts'
import { authRoutes } from '../src/web/auth/routes.ts'
import { signInLinkRoutes } from '../src/web/auth/sign-in-link.ts'
import { liveRoutes } from '../src/web/desk/live.ts'
import { deskRoutes } from '../src/web/desk/routes.ts'
import { STATUS } from '../src/web/errors.ts'
import { feedRoutes } from '../src/web/feeds/routes.ts'
import { sitemapRoutes } from '../src/web/feeds/sitemaps.ts'
import { clipRoutes } from '../src/web/media/clip.ts'
import { mediaRoutes } from '../src/web/media/media.ts'
import { healthRoutes } from '../src/web/ops/health.ts'
import { loadAssets } from '../src/web/reader/assets.ts'
import { readerRoutes } from '../src/web/reader/pages.ts'
import { streamRoutes } from '../src/web/reader/stream.ts'
import type { Route } from '../src/web/routes.ts'
import { SURFACES } from '../src/web/surfaces.ts'
import { seenRoutes } from '../src/web/tally/seen.ts'

const ROOT = join(import.meta.dirname, '..')
const MAX_README_LINES = 120

type Manifest = Record<'dependencies' | 'optionalDependencies' | 'devDependencies', Record<string, string>>

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')
const protocol = read('docs/protocol.md')

/** Cells of every table row of a text, without the header and its rule. */
function rowsOf(text: string): string[][] {
  const rows = text.split('\n').map((line) => (line.startsWith('|') ? line.slice(1, -1).split('|') : null))
  return rows
    .filter((row, at) => row && rows[at + 1]?.[0] !== '---' && row[0] !== '---')
    .map((row) => (row ?? []).map((cell) => cell.trim()))
}

function codesOf(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '')
}

/** The text from a heading to the next one of its level or above. */
function section(text: string, heading: string): string {
  const level = heading.split(' ', 1)[0] ?? '##'
  const rest = text.slice(text.indexOf(`\n${heading}\n`) + heading.length + 2)
  assert.ok(text.includes(`\n${heading}\n`), `there is no "${heading}"`)
  return rest.split(new RegExp(`^#{2,${level.length}} `, 'm'))[0] ?? ''
}

describe('docs/errors.md', () => {
  it('names every code with its status and meaning, and no other', () => {
    const shown = rowsOf(read('docs/errors.md')).map(([code, status, meaning]) => [code, Number(status), meaning])
    const codes = Object.keys(ERROR_CODES) as ErrorCode[]
    assert.deepEqual(
      shown,
      codes.map((code) => [`\`${code}\``, STATUS[code], ERROR_CODES[code]]),
    )
  })
})

describe('docs/dependencies.md', () => {
  const text = read('docs/dependencies.md')
  const manifest = JSON.parse(read('package.json')) as Manifest
  const parts: [string, keyof Manifest][] = [
    ['## At run time', 'dependencies'],
    ['## For one kind of machine', 'optionalDependencies'],
    ['## For development', 'devDependencies'],
  ]
  for (const [heading, key] of parts) {
    it(`names the ${key} of package.json, and no other`, () => {
      const shown = rowsOf(section(text, heading)).map(([name]) => name)
      assert.deepEqual(
        shown,
        Object.keys(manifest[key]).map((name) => `\`${name}\``),
      )
    })
  }

  it('gives each its licence and a reason', () => {
    for (const [name = '', licence, why = ''] of rowsOf(text)) {
      const path = `node_modules/${name.replaceAll('`', '')}/package.json`
      const installed = existsSync(join(ROOT, path)) // optional ones are there for this machine only
      if (installed) assert.equal(licence, (JSON.parse(read(path)) as { license: string }).license, name)
      assert.ok(why.length > 10, `${name} has no reason`)
    }
  })
})

describe('docs/protocol.md', () => {
  /** A segment with a parameter is `{}`, whatever its name. */
  const shape = (address: string): string => address.replace(/\?.*$/, '').replace(/(?<=\/)[^/]*[{:][^/]*/g, '{}')
  const none = {} as never

  it('lists every route with its methods, and no other', () => {
    const folder = mkdtempSync(join(tmpdir(), 'dateline-docs-'))
    writeFileSync(join(folder, 'manifest.json'), '{}')
    writeFileSync(join(folder, 'favicon.svg'), '<svg/>')
    const assets = loadAssets(folder).routes
    rmSync(folder, { recursive: true })
    const tables: Route[][] = [
      readerRoutes(none),
      feedRoutes(none),
      sitemapRoutes(none),
      streamRoutes(none),
      seenRoutes(none),
      mediaRoutes(none),
      clipRoutes(none),
      healthRoutes(none),
      assets,
    ]
    const auth = [authRoutes(none), ssoRoutes(none), signInLinkRoutes(none)]
    const desk = [...auth, deskRoutes(none), liveRoutes(none)]
    const api = apiRoutes(none).filter((route) => route.surface) // docs/api.md lists the others
    const routes = [...tables, ...desk, api].flat().map(({ method, url }) => `${method} ${shape(url)}`)

    const open = rowsOf(section(protocol, '## Addresses')).flatMap(([, addresses = '']) =>
      codesOf(addresses).map((address) => (address.startsWith('POST ') ? shape(address) : `GET ${shape(address)}`)),
    )
    const forms = rowsOf(section(protocol, "## The desk's forms")).flatMap(([address = '', methods = '']) =>
      methods.split(', ').map((method) => `${method} ${shape(address.replaceAll('`', ''))}`),
    )
    assert.deepEqual([...new Set([...open, ...forms])].sort(), [...new Set(routes)].sort())
  })

  it('lists every surface at its addresses', () => {
    const rows = new Map(
      rowsOf(section(protocol, '## Addresses')).map(([name, addresses = '']) => [name, codesOf(addresses)]),
    )
    const subject = {
      name: '{story}',
      storyId: '{story}',
      postId: '{post}',
      mediaIds: ['{media}'],
      byline: '{name}',
      tag: '{name}',
      before: '{position}',
      head: '{position}',
    }
    for (const surface of SURFACES) {
      const shown = rows.get(`\`${surface.name}\``) ?? []
      for (const address of surface.addresses(subject)) {
        const named = decodeURIComponent(address)
          .replace(/\d+-\d+$/, '{from}-{to}')
          .replace(/\d+\.(jpg|webp|avif)$/, '{width}.{format}')
        assert.ok(shown.includes(named), `${named} is not shown for the surface ${surface.name}`)
      }
    }
  })

  it('shows events exactly as they are framed', () => {
    const examples = [...protocol.matchAll(/<!-- example: (\w+) -->\n```text\n([\s\S]*?)```/g)]
    assert.deepEqual(examples.map(([, name]) => name).sort(), [...STREAM_EVENTS].sort())
    for (const [, name = '', bytes = ''] of examples) {
      const [, id, event = '', data = ''] = /^(?:id: (.*)\n)?event: (.*)\ndata: (.*)\n\n$/.exec(bytes) ?? []
      assert.equal(event, name)
      assert.equal(id === undefined, name !== 'change', 'changes have an id, other events have none')
      assert.equal(new TextDecoder().decode(encodeFrame({ id, event, data: JSON.stringify(JSON.parse(data)) })), bytes)
      const { head } = JSON.parse(data) as { head?: string }
      if (head) assert.equal(formatPosition(parsePosition(head)), head)
      if (name === 'change') assert.equal((JSON.parse(data) as WireChange).seq, parsePosition(id ?? '').seq)
    }
  })

  it('explains every field of a change', () => {
    // The compiler keeps this list complete.
    const fields: Record<keyof Required<WireChange>, true> = {
      ...{ seq: true, kind: true, at: true, story: true },
      ...{ post: true, gone: true, superseded: true, regions: true },
    }
    const changes = section(protocol, '## Changes')
    const shown = rowsOf(changes).map(([field = '']) => field.replaceAll('`', ''))
    assert.deepEqual(shown, Object.keys(fields))
    const words = new Set(codesOf(changes))
    for (const word of [...PUBLIC_KINDS, ...REGIONS, ...STORY_STATES])
      assert.ok(words.has(word), `${word} is not explained`)
  })

  it('lists the reserved names and the widths of pictures', () => {
    const [, list = ''] = /<!-- reserved -->\n([\s\S]*?)\n\n/.exec(protocol) ?? []
    assert.deepEqual(codesOf(list), [...RESERVED_WORDS])
    const [last, ...first] = [...MEDIA_WIDTHS].reverse()
    assert.ok(protocol.includes(`width ${first.reverse().join(', ')} or ${last}`))
  })
})

describe('README.md', () => {
  it(`has at most ${MAX_README_LINES} lines`, () => {
    assert.ok(read('README.md').split('\n').length <= MAX_README_LINES)
  })
})

describe('links', () => {
  const pages = globSync(['*.md', 'docs/**/*.md', 'src/**/*.md', 'test/**/*.md', 'bench/**/*.md'], { cwd: ROOT })
  const links = pages.flatMap((page) =>
    [...withoutCode(read(page)).matchAll(/(!?)\[[^\]]*\]\(([^)\s]+)\)/g)].map(([, mark, target = '']) => {
      const [path = '', anchor = ''] = target.split('#')
      return {
        page,
        target,
        picture: mark === '!',
        file: path === '' ? page : normalize(join(dirname(page), path)),
        anchor,
      }
    }),
  )
  const local = links.filter(({ target }) => !/^[a-z]+:/.test(target))

  it('lead to files that are there', () => {
    assert.ok(local.length > 20, 'the pattern finds links')
    const broken = local.filter(({ file, picture }) => !picture && !existsSync(join(ROOT, file)))
    assert.deepEqual(broken, [])
  })

  it('lead to headings that are there', () => {
    const anchored = local.filter(({ anchor }) => anchor !== '')
    const broken = anchored.filter(({ file, anchor }) => !headingsOf(read(file)).includes(anchor))
    assert.deepEqual(broken, [])
  })

  it('show pictures that are there', () => {
    const broken = local.filter(({ file, picture }) => picture && !existsSync(join(ROOT, file)))
    assert.deepEqual(broken, [])
  })

  it('leave no page of docs/ without a way to it', () => {
    const reached = new Set(local.map(({ file }) => file))
    const lost = pages.filter((page) => page.startsWith('docs/') && !reached.has(page))
    const decisions = local.some(({ target }) => target.replace(/\/$/, '').endsWith('decisions'))
    assert.deepEqual(
      lost.filter((page) => !(decisions && page.startsWith('docs/decisions/'))),
      [],
    )
  })
})

function withoutCode(text: string): string {
  return text.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '')
}

/** As GitHub and GitLab make anchors: lower case, punctuation dropped, spaces to hyphens. */
function headingsOf(text: string): string[] {
  const headings = [...withoutCode(text).matchAll(/^#{1,6} (.+)$/gm)].map(([, words = '']) => words)
  return headings.map((words) =>
    words
      .toLowerCase()
      .replace(/[^\p{L}\p{N} -]/gu, '')
      .replaceAll(' ', '-'),
  )
}
