// Builds dist/, what an installed package runs: src/ as JavaScript, its other files as they are, the browser programs.
// Called by `npm pack` (prepack) after `dateline build`; run with Node 24.
// Must never leave half a dist/, nor put in a test or a file of an older build.

import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildState, clientsHash } from './launch-state.mjs'

/** Replaces `root`/dist. Throws when the sources do not compile or build/client was made from other sources. */
export function buildDist(root) {
  const aside = join(root, `build/.dist-${process.pid}`)
  try {
    compile(root, aside)
    copyOthers(join(root, 'src'), aside)
    copyClients(root, join(aside, 'client'))
    fs.rmSync(join(root, 'dist'), { recursive: true, force: true })
    fs.renameSync(aside, join(root, 'dist'))
  } finally {
    fs.rmSync(aside, { recursive: true, force: true })
  }
}

function compile(root, outDir) {
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const args = [tsc, '-p', join(root, 'tsconfig.dist.json'), '--outDir', outDir]
  const result = spawnSync(process.execPath, args, { encoding: 'utf8' })
  if (result.status !== 0) throw new Error(`${result.stdout}${result.stderr}\nThe sources do not compile.`)
}

// Migrations, photos of the demo: what is read at run time stands beside the code that reads it.
function copyOthers(from, to) {
  fs.cpSync(from, to, {
    recursive: true,
    filter: (path) => !basename(path).startsWith('.') && !/\.tsx?$/.test(path),
  })
}

// build/client also keeps files of older builds, for pages that were made before; a new installation has none.
function copyClients(root, to) {
  if (buildState(root) !== clientsHash(root)) {
    throw new Error('The browser programs are not built for these sources; run `node bin/dateline.mjs build` first.')
  }
  const from = join(root, 'build/client')
  fs.mkdirSync(to)
  const manifest = JSON.parse(fs.readFileSync(join(from, 'manifest.json'), 'utf8'))
  for (const name of ['manifest.json', ...Object.values(manifest)]) fs.copyFileSync(join(from, name), join(to, name))
}

if (process.argv[1] !== undefined && fs.realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    buildDist(dirname(dirname(fileURLToPath(import.meta.url))))
  } catch (error) {
    console.error(error.message)
    process.exitCode = 1
  }
}
