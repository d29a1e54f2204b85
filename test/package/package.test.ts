// What `npm pack` puts into the tarball, and that it starts from node_modules with no network and no tool of development.
// Never installs anything; install.test.ts does.

import assert from 'node:assert/strict'
import { globSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { temporaryFolder } from '../helpers/node.ts'
import { pack, ROOT, tryPackage, unpack } from './packed.ts'

const MAX_TARBALL_BYTES = 2_000_000 // most of it photos of the demo; a test fixture or a second build would show
const AT_THE_TOP = [
  ...['CHANGELOG.md', 'CONTRIBUTING.md', 'LICENSE', 'NOTICE', 'README.md', 'SECURITY.md'],
  ...['bin', 'dist', 'docs', 'package.json'],
]
const LAUNCHER = ['bin/dateline.mjs', 'bin/launch-lock.mjs', 'bin/launch-state.mjs']

const folder = temporaryFolder()
const home = temporaryFolder()
const inside = join(home.path, 'node_modules/dateline')
let tarball = ''
let files: string[] = []

before(() => {
  tarball = pack(folder.path)
  unpack(tarball, home.path)
  files = globSync('**', { cwd: inside }).filter((file) => statSync(join(inside, file)).isFile())
})
after(() => {
  folder.remove()
  home.remove()
})

const read = (file: string): string => readFileSync(join(inside, file), 'utf8')

describe('the tarball', () => {
  it('holds the launcher, what was built, documents, and nothing else', () => {
    assert.deepEqual([...new Set(files.map((file) => file.split('/')[0]))].sort(), [...AT_THE_TOP].sort())
    assert.deepEqual(files.filter((file) => file.startsWith('bin/')).sort(), LAUNCHER)
    const strange = files.filter((file) => /\.tsx?$|\.test\.|\.map$|(^|\/)\.|fixtures?\//.test(file))
    assert.deepEqual(strange, [])
  })

  it('is small', () => {
    assert.ok(statSync(tarball).size < MAX_TARBALL_BYTES, `${statSync(tarball).size} bytes`)
  })

  it('holds every file that stands beside the sources and is no source', () => {
    const beside = globSync('**', { cwd: join(ROOT, 'src'), exclude: ['**/*.ts', '**/*.tsx'] })
    const wanted = beside.filter((file) => statSync(join(ROOT, 'src', file)).isFile())
    assert.ok(wanted.some((file) => file.endsWith('.sql')) && wanted.some((file) => file.endsWith('.jpg')))
    const missing = wanted.filter((file) => !files.includes(`dist/${file}`))
    assert.deepEqual(missing, [])
  })

  it('holds one build of the browser programs', () => {
    const manifest = JSON.parse(read('dist/client/manifest.json')) as Record<string, string>
    assert.ok(manifest['reader.js'])
    const expected = ['manifest.json', ...Object.values(manifest)].map((name) => `dist/client/${name}`)
    assert.deepEqual(files.filter((file) => file.startsWith('dist/client/')).sort(), expected.sort())
  })

  it('imports only what it holds, what npm installs with it, and Node', () => {
    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> }
    const code = files.filter((file) => /^(dist\/(?!client\/)|bin\/).*\.m?js$/.test(file))
    assert.ok(code.length > 100)
    for (const file of code) {
      for (const target of importsOf(read(file))) {
        if (target.startsWith('node:')) continue
        const found = target.startsWith('.')
          ? files.includes(normalize(join(dirname(file), target)))
          : packageOf(target) in dependencies
        assert.ok(found, `${file} imports ${target}`)
      }
    }
  })

  it('links only to documents it holds', () => {
    for (const file of files.filter((name) => name.endsWith('.md'))) {
      for (const [, target = ''] of read(file).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)) {
        const path = normalize(join(dirname(file), target)).replace(/\/$/, '')
        const found = files.some((name) => name === path || name.startsWith(`${path}/`))
        assert.ok(found, `${file} links to ${target}`)
      }
    }
  })
})

describe('the package', () => {
  it("starts from node_modules under the host's Node, serves readers, and leaves nothing running", async () => {
    await tryPackage(home.path)
  })
})

function importsOf(text: string): string[] {
  const found = text.matchAll(
    /^(?:import|export)\s+(?:[\w$*{}\s,]+from\s*)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm,
  )
  return [...found].map(([, fixed, late]) => fixed ?? late ?? '')
}

function packageOf(target: string): string {
  return target
    .split('/')
    .slice(0, target.startsWith('@') ? 2 : 1)
    .join('/')
}
