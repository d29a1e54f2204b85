#!/usr/bin/env node
// The launcher: installs what is missing, finds the right Node, builds the browser programs, starts src/cli/main.ts.
// Called by people, `npm start` and npx; runs on Node 20 or later with nothing installed.
// Must never import a dependency, and must do no work on a warm start but read and compare hashes.

import { spawn } from 'node:child_process'
import * as fs from 'node:fs'
import module from 'node:module'
import { basename, dirname, join, resolve, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { withLock } from './launch-lock.mjs'
import { adoptInstall, buildState, clientsHash, fileHash, readOrNull, Stop } from './launch-state.mjs'

const NEEDED = [24, 12] // type stripping without a warning
const CLIENT_COMMANDS = ['start', 'serve', 'build']
const INNER = 'DATELINE_LAUNCHED' // set for the second process: everything is already prepared
const STDERR_TAIL_LINES = 25

/** A checkout carries sources; an installed package carries dist/. Null = neither. */
export function layoutOf(root) {
  const installed = root.split(sep).includes('node_modules')
  if (!installed && fs.existsSync(join(root, 'src/cli/main.ts'))) return 'checkout'
  return fs.existsSync(join(root, 'dist/cli/main.js')) ? 'package' : null
}

/** True for the major version Dateline is made for; `anyMajor` also takes later ones. */
export function isRightNode(version, anyMajor = false) {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number)
  if (major === NEEDED[0]) return minor >= NEEDED[1]
  return anyMajor && major > NEEDED[0]
}

/** The Node that came with the dependencies, looked for upwards as Node looks for packages. Null = none for this machine. */
export function bundledNode(root, platform = process.platform, arch = process.arch) {
  for (let folder = root; ; folder = dirname(folder)) {
    const node = join(folder, 'node_modules', `node-${platform}-${arch}`, 'bin/node')
    if (fs.existsSync(node)) return node
    if (folder === dirname(folder)) return null
  }
}

/** The npm of the host: the one that started us, else the one on PATH. Not another package manager. */
export function npmCommand(env = process.env) {
  const path = env.npm_execpath
  return path !== undefined && basename(path) === 'npm-cli.js' ? [process.execPath, path] : ['npm']
}

async function main() {
  const root = dirname(dirname(fs.realpathSync(fileURLToPath(import.meta.url))))
  const [command = '', ...args] = process.argv.slice(2)
  const prepared = process.env[INNER] === '1'
  delete process.env[INNER]
  if (prepared) return startHere(root, process.argv.slice(2))
  const layout = layoutOf(root)
  if (layout === null)
    throw new Stop(`${root} holds neither src/cli/main.ts nor dist/cli/main.js. The copy is incomplete.`)
  if (layout === 'checkout') await install(root)
  const node = chooseNode(root)
  if (layout === 'checkout' && CLIENT_COMMANDS.includes(command) && !args.includes('--help'))
    await buildClients(root, node)
  if (command === 'run') return runFile(root, layout, node, args)
  if (node === process.execPath) return startHere(root, process.argv.slice(2))
  await become(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], true)
}

// `import.meta.main` is false in main.ts on this way; it is a program and asks for nothing of the kind.
async function startHere(root, args) {
  // The outer launcher holds the other end: when it is killed, whatever way, we go too, but in order.
  if (process.channel) {
    process.channel.unref()
    process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
  }
  const main = join(root, layoutOf(root) === 'checkout' ? 'src/cli/main.ts' : 'dist/cli/main.js')
  process.argv = [process.execPath, main, ...args]
  // Stripped and compiled files are kept: without them a warm start takes twice as long.
  if (layoutOf(root) === 'checkout') module.enableCompileCache?.(join(root, 'node_modules/.cache/dateline'))
  await import(pathToFileURL(main).href)
}

async function runFile(root, layout, node, [file, ...args]) {
  if (file === undefined) throw new Stop('Usage: dateline run <file.ts> [arguments]')
  if (layout !== 'checkout') throw new Stop('`dateline run` works in a checkout only.')
  const path = [resolve(file), resolve(root, file)].find((one) => fs.existsSync(one))
  if (path === undefined) throw new Stop(`There is no file ${file}.`)
  await become(node, [path, ...args], false)
}

function chooseNode(root) {
  if (isRightNode(process.version)) return process.execPath
  const bundled = bundledNode(root)
  if (bundled !== null) return bundled
  if (isRightNode(process.version, true)) return process.execPath
  const here = `${process.platform}-${process.arch}`
  throw new Stop(
    `Dateline needs Node ${NEEDED.join('.')} or later; this is ${process.version}, and no Node for ${here} came with the dependencies.\n` +
      'Install Node 24 from https://nodejs.org and start again.',
  )
}

async function install(root) {
  const lockFile = join(root, 'package-lock.json')
  const stamp = join(root, 'node_modules/.dateline-lock')
  const isCurrent = () => readOrNull(stamp) === wantedHash(lockFile) || adoptInstall(root)
  if (isCurrent()) return
  refuseIfReadOnly(root, ['.', 'node_modules', 'build'], 'The dependencies do not match package-lock.json')
  await withLock(join(root, 'build/.lock-install'), 'installing dependencies', say, async () => {
    if (isCurrent()) return
    say('Installing dependencies, about 300 packages. This takes a minute or two, once…')
    const wanted = wantedHash(lockFile)
    fs.rmSync(stamp, { force: true }) // npm killed half-way must not look finished
    // --include: a host with NODE_ENV=production or omit=optional in its npm settings would leave out Vite and Node.
    const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--include=dev', '--include=optional']
    const [program, ...start] = npmCommand()
    const result = await collect(program, [...start, 'ci', ...flags], root)
    if (result.code !== 0) throw new Stop(installFailed(result))
    fs.writeFileSync(stamp, wanted)
  })
}

// Asked before anything is removed: without the lock file npm installs nothing, and what is there may be all there is.
function wantedHash(lockFile) {
  const hash = fileHash(lockFile)
  if (hash !== '') return hash
  throw new Stop(
    `${lockFile} is missing or cannot be read. It names the dependencies to install; nothing was changed.\n` +
      'Put it back (`git checkout package-lock.json`) and start again.',
  )
}

function installFailed({ error, stderr, signal, code }) {
  if (error?.code === 'ENOENT')
    return 'npm was not found. It comes with Node; install it, or run `npm ci --ignore-scripts` yourself.'
  // Behind this line npm prints its manual, which would push the reason out of sight.
  const tail = stderr
    .split('npm error Clean install a project')[0]
    .trim()
    .split('\n')
    .slice(-STDERR_TAIL_LINES)
    .join('\n')
  const how = signal ? `was ended by ${signal}` : `ended with code ${code}`
  return `${tail}\n\nThe dependencies could not be installed: npm ci ${how}. Nothing was started; the next start tries again.`
}

async function buildClients(root, node) {
  const script = join(root, 'bin/build-clients.mjs')
  const isCurrent = () => buildState(root) === clientsHash(root)
  if (isCurrent()) return
  refuseIfReadOnly(root, ['build', 'build/client'], 'The browser programs are not built for these sources')
  await withLock(join(root, 'build/.lock-clients'), 'building the browser programs', say, async () => {
    if (isCurrent()) return
    say('Building the browser programs…')
    const result = await collect(node, [script], root)
    if (result.code === 0) return
    const text = `${result.stdout}${result.stderr}`.trim() || result.error?.message
    throw new Stop(`${text}\n\nThe browser programs could not be built. Nothing was started.`)
  })
}

function refuseIfReadOnly(root, parts, what) {
  for (const part of parts) {
    const path = join(root, part)
    if (!fs.existsSync(path)) continue
    try {
      fs.accessSync(path, fs.constants.W_OK)
    } catch {
      const owner = fs.statSync(path).uid
      throw new Stop(
        `${what}, and this user may not write to ${path} (it belongs to user ${owner}).\nRun \`cd ${root} && node bin/dateline.mjs build\` once as its owner.`,
      )
    }
  }
}

/** Runs a helper quietly. Never rejects. It ends when we are told to end. */
function collect(program, args, cwd) {
  return new Promise((done) => {
    const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
    const out = { stdout: '', stderr: '' }
    child.stdout.on('data', (data) => (out.stdout += data))
    child.stderr.on('data', (data) => (out.stderr += data))
    const stop = (signal) => {
      child.kill(signal)
      process.exit(128 + SIGNAL_NUMBERS[signal])
    }
    for (const signal of SIGNALS) process.once(signal, stop)
    const finish = (result) => {
      for (const signal of SIGNALS) process.off(signal, stop)
      done({ ...out, ...result })
    }
    child.once('error', (error) => finish({ error, code: null, signal: null }))
    child.once('close', (code, signal) => finish({ code, signal }))
  })
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP']
const SIGNAL_NUMBERS = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGABRT: 6, SIGKILL: 9, SIGSEGV: 11, SIGTERM: 15 }

/** Hands over to another program: its output, its signals and its exit code are ours. */
async function become(program, args, tied) {
  const env = tied ? { ...process.env, [INNER]: '1' } : process.env
  const stdio = tied ? ['inherit', 'inherit', 'inherit', 'ipc'] : 'inherit'
  const child = spawn(program, args, { env, stdio })
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      // A terminal sends Ctrl-C to the whole group: the child has it already, and a second one would mean "now, at once".
      if (signal === 'SIGINT' && process.stdin.isTTY) return
      child.kill(signal)
    })
  }
  const code = await new Promise((done, fail) => {
    child.once('error', (error) =>
      fail(new Stop(`${program} cannot be run here (${error.message}). Install Node 24 from https://nodejs.org.`)),
    )
    child.once('exit', (status, signal) => done(status ?? 128 + (SIGNAL_NUMBERS[signal] ?? 1)))
  })
  process.exit(code)
}

function say(line) {
  process.stderr.write(`${line}\n`)
}

function isProgram() {
  return (
    process.argv[1] !== undefined &&
    fs.realpathSync(process.argv[1]) === fs.realpathSync(fileURLToPath(import.meta.url))
  )
}

if (isProgram()) {
  try {
    await main()
  } catch (error) {
    if (!(error instanceof Stop)) throw error
    say(error.message)
    process.exitCode = 1
  }
}
