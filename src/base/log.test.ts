// Tests of the log: levels, secrets, readable lines.
// Run by node --test.
// Never writes to the real stderr.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLog, readableLine } from './log.ts'

function collect(level: Parameters<typeof createLog>[0]) {
  const lines: string[] = []
  return { lines, log: createLog(level, { write: (line) => void lines.push(line) }) }
}

test('a line is one JSON object with level, ISO time, fields and text', () => {
  const { lines, log } = collect('info')
  log.info({ story: 's1' }, 'published')
  const line = JSON.parse(lines[0] ?? '')
  assert.equal(line.level, 'info')
  assert.equal(line.msg, 'published')
  assert.equal(line.story, 's1')
  assert.match(line.time, /^\d{4}-\d\d-\d\dT/)
})

test('lines below the level are not written', () => {
  const { lines, log } = collect('warn')
  log.info('quiet')
  log.warn('heard')
  assert.equal(lines.length, 1)
})

test('secrets are hidden at the top, in a field of a field, and in request headers', () => {
  const { lines, log } = collect('info')
  const headers = { authorization: 'Bearer s3cret', cookie: 'sid=s3cret' }
  log.info({ password: 's3cret', user: { token: 's3cret' }, req: { headers }, databaseUrl: 's3cret' }, 'x')
  assert.ok(!lines.join('').includes('s3cret'), lines.join(''))
})

test('credentials inside a URL are cut out of messages and errors', () => {
  const { lines, log } = collect('info')
  log.error({ err: new Error('cannot reach postgres://app:s3cret@db/dateline') }, 'tried postgres://app:s3cret@db/x')
  assert.ok(!lines.join('').includes('s3cret'), lines.join(''))
  assert.ok(lines.join('').includes('@db/dateline'))
})

test('a terminal gets a short line with the fields behind the text and the stack below', () => {
  const line = readableLine(
    '{"level":"warn","time":"2026-01-31T14:32:05.000Z","story":"s1","msg":"late","err":{"stack":"E\\n at x"}}',
  )
  assert.equal(line, '14:32:05 warn  late story=s1\n  E\n at x\n')
  assert.equal(readableLine('no json'), 'no json')
})
