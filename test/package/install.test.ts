// The tarball installed by npm from its registry, as a newcomer does it, then started.
// Run when TEST_INSTALL is set, as CI does: it needs the network and some minutes.

import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, it } from 'node:test'
import { temporaryFolder } from '../helpers/node.ts'
import { npm, pack, tryPackage } from './packed.ts'

const folder = temporaryFolder()
const home = temporaryFolder()
after(() => {
  folder.remove()
  home.remove()
})

it('installs into an empty folder without install scripts or tools of development, and starts', async () => {
  npm(['install', pack(folder.path), '--ignore-scripts', '--no-audit', '--no-fund'], home.path)
  const modules = join(home.path, 'node_modules')
  for (const tool of ['vite', 'typescript', '@biomejs']) assert.equal(existsSync(join(modules, tool)), false, tool)
  assert.ok(readdirSync(join(modules, '.bin')).includes('dateline'))
  await tryPackage(home.path)
})
