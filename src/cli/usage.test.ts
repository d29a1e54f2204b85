// What a person gets who asks for help: the list, and for each command its own page.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseArgs } from 'node:util'
import { dateline } from '../../test/helpers/command.ts'
import { COMMANDS, type CommandName, commandHelp, flagsOf } from './usage.ts'

const NAMES = Object.keys(COMMANDS) as CommandName[]

test('the list has every command and every setting, and says where the rest is', async () => {
  const { code, out } = await dateline('--help')
  assert.equal(code, 0)
  for (const name of NAMES) assert.match(out, new RegExp(`^  ${name} +[A-Z]`, 'm'))
  assert.match(out, /--data-dir <path>/)
  assert.match(out, /dateline <command> --help/)
})

test('each command shows its usage, its flags and an example that uses it', () => {
  for (const name of NAMES) {
    const help = commandHelp(name)
    assert.match(help, new RegExp(`Usage:\\s+dateline ${name}`), name)
    assert.match(help, new RegExp(`Example: dateline ${name}`), name)
    for (const flag of flagsOf(name)) assert.match(help, new RegExp(`^  ${flag}[ \n]`, 'm'), name)
    const shown = COMMANDS[name].usage.join(' ').match(/--[a-z-]+/g) ?? []
    assert.deepEqual([...new Set(shown)].sort(), flagsOf(name).sort(), `${name}: usage and flags name the same`)
  }
})

test('every way to ask gives the same page, and nothing is opened for it', async () => {
  const page = commandHelp('import')
  for (const line of [
    ['import', '--help'],
    ['import', 'x.html', '-h'],
    ['help', 'import'],
  ])
    assert.deepEqual(await dateline(...line), { code: 0, out: page, err: '' })
  assert.match(page, /--slug/)
  assert.match(commandHelp('user'), /admin, editor, reporter, contributor, viewer, guest/)
})

test('every flag of an example is one that its command or a setting knows', () => {
  for (const name of NAMES) {
    const words = COMMANDS[name].example.match(/"[^"]*"|\S+/g) ?? []
    const { tokens } = parseArgs({ args: words, strict: false, tokens: true })
    const used = tokens.flatMap((token) => (token.kind === 'option' ? [token.rawName] : []))
    const known = [...flagsOf(name), '--data-dir', '--port', '--host']
    assert.deepEqual(
      used.filter((flag) => !known.includes(flag)),
      [],
      name,
    )
  }
})
