// Holds the table of rooms: who may import whom, which rooms are without the machine, which packages a room may use,
// how long a file may be, no cycle between files, and that docs/architecture.md shows the same table.

import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, it } from 'node:test'
import { outboundUses } from './helpers/outbound.ts'

const ROOT = join(import.meta.dirname, '..')
const MAX_LINES = 400

type Row = { layer: string; imports: string[]; machine: boolean; packages: string[] }

const ROOMS: Record<string, Row> = {
  domain: { layer: '0', imports: [], machine: false, packages: ['zod'] },
  kit: { layer: '0', imports: [], machine: false, packages: [] },
  base: { layer: '1', imports: ['domain', 'kit'], machine: true, packages: ['pino'] },
  formats: { layer: '2', imports: ['domain', 'kit'], machine: false, packages: ['htmlparser2'] },
  suggest: { layer: '2', imports: ['domain', 'kit'], machine: false, packages: [] },
  store: { layer: '2', imports: ['domain', 'kit', 'base'], machine: true, packages: ['kysely', 'pg', 'otpauth'] },
  media: {
    layer: '2',
    imports: ['domain', 'kit', 'base'],
    machine: true,
    packages: ['sharp', 'exifr', 'aws4fetch', 'mediabunny'],
  },
  live: { layer: '2', imports: ['domain', 'kit'], machine: false, packages: [] },
  pages: { layer: '3', imports: ['domain', 'kit', 'formats'], machine: false, packages: [] },
  newsroom: { layer: '3', imports: ['domain', 'kit', 'base', 'store', 'media'], machine: false, packages: [] },
  wires: {
    layer: '4',
    imports: ['newsroom', 'pages', 'formats', 'suggest', 'media', 'store', 'base', 'kit', 'domain'],
    machine: true,
    packages: [],
  },
  web: {
    layer: '4',
    imports: ['newsroom', 'pages', 'live', 'formats', 'suggest', 'media', 'store', 'base', 'kit', 'domain'],
    machine: true,
    packages: [
      'fastify',
      '@fastify/cookie',
      '@fastify/formbody',
      '@fastify/multipart',
      'openid-client',
      'zod',
      '@simplewebauthn/server',
      'uqr',
    ],
  },
  cli: {
    layer: '5',
    imports: [
      'web',
      'wires',
      'newsroom',
      'pages',
      'live',
      'formats',
      'suggest',
      'media',
      'store',
      'base',
      'kit',
      'domain',
    ],
    machine: true,
    packages: ['fastify', 'modern-tar'],
  },
  'client/reader': { layer: '–', imports: ['domain'], machine: false, packages: [] },
  'client/desk': {
    layer: '–',
    imports: ['domain', 'kit', 'formats', 'suggest'],
    machine: false,
    packages: ['preact', 'idb', '@tiptap/core', '@tiptap/pm', 'htmlparser2', 'zod'],
  },
  'client/board': { layer: '–', imports: [], machine: false, packages: [] },
  'client/sign-in': { layer: '–', imports: [], machine: false, packages: ['@simplewebauthn/browser'] },
}

type Import = { file: string; target: string }

const files = globSync(['src/**/*.ts', 'client/**/*.{ts,tsx}'], { cwd: ROOT }).filter(
  (file) => !file.endsWith('.test.ts'),
)
const sources = new Map(files.map((file) => [file, readFileSync(join(ROOT, file), 'utf8')]))

function roomOf(file: string): string {
  const [top, second] = file.split('/')
  return top === 'client' ? `client/${second}` : (second ?? '')
}

const STATIC =
  /^(?:import|export)\s+(?:type\s+)?(?:[\w$]+\s*,?\s*)?(?:\*(?:\s+as\s+\w+)?|\{[^}]*\})?\s*(?:from\s*)?['"]([^'"]+)['"]/gm
const DYNAMIC = /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g

function importsOf(file: string): Import[] {
  const text = sources.get(file) ?? ''
  const found = [...text.matchAll(STATIC), ...text.matchAll(DYNAMIC)]
  return found.map((match) => ({ file, target: match[1] ?? '' }))
}

const local = (one: Import): string => normalize(join(dirname(one.file), one.target))
const packageOf = (target: string): string =>
  target
    .split('/')
    .slice(0, target.startsWith('@') ? 2 : 1)
    .join('/')
const all = files.flatMap(importsOf)

describe('the rooms', () => {
  it('are the ones of the table', () => {
    const rooms = new Set(files.map(roomOf))
    for (const room of rooms) assert.ok(ROOMS[room], `${room} is no room of the table`)
  })

  it('import only the rooms their row allows', () => {
    const broken = all
      .filter((one) => one.target.startsWith('.'))
      .filter((one) => {
        const from = roomOf(one.file)
        const to = roomOf(local(one))
        return from !== to && !ROOMS[from]?.imports.includes(to)
      })
    assert.deepEqual(broken, [])
  })

  it('touch the machine only where the row allows', () => {
    const broken = all.filter((one) => one.target.startsWith('node:') && !ROOMS[roomOf(one.file)]?.machine)
    assert.deepEqual(broken, [])
  })

  it('use only the packages of their row', () => {
    const broken = all
      .filter((one) => !one.target.startsWith('.') && !one.target.startsWith('node:'))
      .filter((one) => !ROOMS[roomOf(one.file)]?.packages.includes(packageOf(one.target)))
    assert.deepEqual(broken, [])
  })

  it('send nothing out but through the guarded fetch', () => {
    const bare = files.filter((file) => file.startsWith('src/') && roomOf(file) !== 'base')
    const broken = bare.flatMap((file) => outboundUses(sources.get(file) ?? '').map((use) => `${file}: ${use}`))
    assert.deepEqual(broken, [])
    assert.ok(bare.length > 100, 'the files were looked at')
  })

  it('are caught when they do: a planted violation does not pass', () => {
    const planted = `${sources.get('src/wires/in/import-pictures.ts')}\nexport const read = (url: string) => fetch(url)\n`
    assert.deepEqual(outboundUses(planted), ['fetch'])
    assert.deepEqual(outboundUses("import { get } from 'node:https'\nget('https://example.org')"), ['https'])
  })
})

describe('the files', () => {
  it(`hold at most ${MAX_LINES} lines`, () => {
    const long = files.filter((file) => (sources.get(file) ?? '').split('\n').length > MAX_LINES)
    assert.deepEqual(long, [])
  })

  it('open by saying what they hold', () => {
    const silent = files.filter((file) => !(sources.get(file) ?? '').startsWith('// '))
    assert.deepEqual(silent, [])
  })

  it('form no cycle', () => {
    const graph = new Map(
      files.map((file) => [
        file,
        importsOf(file)
          .filter((one) => one.target.startsWith('.'))
          .map(local),
      ]),
    )
    assert.equal(findCycle(graph), null)
  })
})

describe('docs/architecture.md', () => {
  it('shows the same table', () => {
    const text = readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8')
    const shown = [...text.matchAll(/^\| ([0-9–]) \| `([a-z/-]+)` \| (.*?) \| (yes|no) \| (.*?) \|$/gm)]
    const rows = shown.map(([, layer, room, imports, machine, packages]) => [
      room,
      { layer, imports: listed(imports), machine: machine === 'yes', packages: listed(packages) },
    ])
    assert.deepEqual(Object.fromEntries(rows), ROOMS)
  })
})

function listed(cell = ''): string[] {
  return cell === '–' ? [] : cell.split(' · ').map((name) => name.replaceAll('`', ''))
}

function findCycle(graph: Map<string, string[]>): string[] | null {
  const done = new Set<string>()
  const path: string[] = []
  const visit = (file: string): string[] | null => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file]
    if (done.has(file)) return null
    path.push(file)
    for (const next of graph.get(file) ?? []) {
      const cycle = visit(next)
      if (cycle) return cycle
    }
    path.pop()
    done.add(file)
    return null
  }
  for (const file of graph.keys()) {
    const cycle = visit(file)
    if (cycle) return cycle
  }
  return null
}
