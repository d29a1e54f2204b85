// What is installed and built in a checkout, told by hashes.
// Called by bin/dateline.mjs and bin/build-clients.mjs.
// Must never import a dependency; runs on Node 20.

import { createHash } from 'node:crypto'
import * as fs from 'node:fs'
import { join, relative } from 'node:path'

// Everything that goes into the browser programs, and what builds them.
const CLIENT_SOURCES = ['client', 'src/domain', 'src/kit', 'src/formats', 'bin/build-clients.mjs', 'package-lock.json']

/** Something a person can put right: shown without a stack. */
export class Stop extends Error {}

/** SHA-256 of a file, hex; '' where there is none. */
export function fileHash(path) {
  const bytes = bytesOrNull(path)
  return bytes === null ? '' : createHash('sha256').update(bytes).digest('hex')
}

/** One hash over names and bytes of all client sources; tests do not count. */
export function clientsHash(root) {
  const hash = createHash('sha256')
  for (const source of CLIENT_SOURCES) {
    for (const path of filesBelow(join(root, source))) {
      if (/\.test\.\w+$/.test(path)) continue
      hash.update(`${relative(root, path)}\0${fileHash(path)}\n`)
    }
  }
  return hash.digest('hex')
}

/** The hash build/client was made from; null when it is not there or a file that its manifest names is missing. */
export function buildState(root) {
  const folder = join(root, 'build/client')
  const manifest = jsonOrNull(join(folder, 'manifest.json'))
  if (manifest === null || Object.values(manifest).some((name) => !fs.existsSync(join(folder, name)))) return null
  return readOrNull(join(folder, '.hash'))
}

/**
 * Takes over what someone installed with npm by hand: when npm's own record of node_modules says the same as
 * package-lock.json, the stamp is written and nothing is installed again. False = install.
 */
export function adoptInstall(root) {
  const lockFile = join(root, 'package-lock.json')
  const stamp = join(root, 'node_modules/.dateline-lock')
  // Stamped for another lock file: npm's record may be older than its folders. Only a fresh install is adopted.
  if (readOrNull(stamp) !== null) return false
  const wanted = jsonOrNull(lockFile)?.packages
  const installed = jsonOrNull(join(root, 'node_modules/.package-lock.json'))?.packages
  if (!wanted || !installed || !installMatches(wanted, installed)) return false
  try {
    fs.writeFileSync(stamp, fileHash(lockFile))
  } catch {} // a reader who may not write: the answer is right all the same
  return true
}

/** Compares the `packages` of package-lock.json with those of node_modules/.package-lock.json. */
export function installMatches(wanted, installed) {
  const names = Object.keys(wanted).filter((name) => name !== '')
  const same = (name) => {
    const there = installed[name]
    if (there === undefined) return wanted[name].optional === true
    return there.version === wanted[name].version && there.integrity === wanted[name].integrity
  }
  return names.every(same) && Object.keys(installed).every((name) => name in wanted)
}

export function readOrNull(path) {
  return bytesOrNull(path)?.toString('utf8').trim() ?? null
}

function bytesOrNull(path) {
  try {
    return fs.readFileSync(path)
  } catch {
    return null
  }
}

function jsonOrNull(path) {
  try {
    return JSON.parse(fs.readFileSync(path, 'utf8'))
  } catch {
    return null
  }
}

function filesBelow(path) {
  const found = fs.statSync(path, { throwIfNoEntry: false })
  if (found === undefined) return []
  if (!found.isDirectory()) return [path]
  return fs
    .readdirSync(path)
    .sort()
    .flatMap((name) => filesBelow(join(path, name)))
}
