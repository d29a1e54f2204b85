// The walk along the hash chains: what was changed behind the program's back is found, and where.
// Run by node --test, on the embedded engine and on TEST_DATABASE_URL.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { sql } from 'kysely'
import { type ChainReport, chainText, requireWhole, verifyChains } from '../../src/store/verify-chains.ts'
import { smallNewsroom } from '../helpers/backup.ts'
import { openTestStore, type TestStore } from '../helpers/database.ts'

let store: TestStore
let storyId: string
let folder: string
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dateline-chains-'))
  store = await openTestStore()
  ;({ storyId } = await smallNewsroom(store, folder))
})
after(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Applies the statements, walks, and takes everything back. */
async function walkAfter(...statements: string[]): Promise<ChainReport> {
  const undo = new Error('undo')
  let report: ChainReport | null = null
  await store.db
    .transaction()
    .execute(async (tx) => {
      for (const statement of statements) await sql.raw(statement.replaceAll('$story', `'${storyId}'`)).execute(tx)
      report = await verifyChains(tx)
      throw undo
    })
    .catch((error) => assert.equal(error, undo))
  assert.ok(report)
  return report
}

const breaksOf = (report: ChainReport) => report.breaks.map(({ log, seq, what }) => `${log} ${seq}: ${what}`)

describe('the chains', () => {
  it('of a newsroom nobody tampered with are whole', async () => {
    const report = await verifyChains(store.db)
    assert.deepEqual(report, { stories: 2, desk: 9, public: 8, erased: 0, breaks: [] })
    requireWhole(report)
    assert.match(chainText(report), /2 stories: 9 desk entries, 8 public entries.*whole/)
  })

  const planted: { name: string; statements: string[]; breaks: RegExp[] }[] = [
    {
      name: 'a payload that was changed',
      statements: [
        `UPDATE desk_entry SET payload = payload || '{"note": "nothing happened"}' WHERE story_id = $story AND seq = 6`,
      ],
      breaks: [/^desk 6: its payload is not the one/],
    },
    {
      name: 'a payload that was changed together with its commitment',
      statements: [
        `UPDATE desk_entry SET payload = '{}', salt = 'x', commitment = encode(sha256('x
{}'), 'hex') WHERE story_id = $story AND seq = 6`,
      ],
      breaks: [/^desk 6: its header was changed/],
    },
    {
      name: 'a time that was changed',
      statements: ['UPDATE public_entry SET at = at - 60000 WHERE story_id = $story AND seq = 3'],
      breaks: [/^public 3: its header was changed/],
    },
    {
      name: 'an actor that was changed',
      statements: [`UPDATE desk_entry SET actor_id = 'somebody' WHERE story_id = $story AND seq = 3`],
      breaks: [/^desk 3: its header was changed/],
    },
    {
      name: 'an entry that was deleted',
      statements: ['DELETE FROM desk_entry WHERE story_id = $story AND seq = 4'],
      breaks: [/^desk 4: entry 4 is not there; the next one is 5/],
    },
    {
      name: 'an entry that was deleted, and the rest moved up',
      statements: [
        'DELETE FROM public_entry WHERE story_id = $story AND seq = 4',
        ...[5, 6, 7, 8].map(
          (seq) => `UPDATE public_entry SET seq = ${seq - 1} WHERE story_id = $story AND seq = ${seq}`,
        ),
        'UPDATE story SET seq = 7 WHERE id = $story',
      ],
      breaks: [/^public 4: it does not follow the entry before it/, /^desk .*names 8 public entries, the story has 7/],
    },
    {
      name: 'two entries that changed places',
      statements: [
        'UPDATE desk_entry SET seq = 99 WHERE story_id = $story AND seq = 3',
        'UPDATE desk_entry SET seq = 3 WHERE story_id = $story AND seq = 4',
        'UPDATE desk_entry SET seq = 4 WHERE story_id = $story AND seq = 99',
      ],
      breaks: [/^desk 3: it does not follow the entry before it/],
    },
    {
      name: 'a public log cut off at its end',
      statements: ['DELETE FROM public_entry WHERE story_id = $story AND seq > 6'],
      breaks: [/^public 7: the log ends at 6, the story says 8/],
    },
    {
      name: 'a desk log cut off at its end',
      statements: ['DELETE FROM desk_entry WHERE story_id = $story AND seq > 6'],
      breaks: [/^desk 7: it names 6 public entries, the story has 8/],
    },
    {
      name: 'a desk entry that names another public entry',
      statements: ['UPDATE desk_entry SET public_seq = 3 WHERE story_id = $story AND seq = 5'],
      breaks: [/^desk 5: it names another public entry than the one it made/],
    },
    {
      name: 'a payload that was put in place of an erased one',
      statements: [`UPDATE desk_entry SET payload = '{}', salt = NULL WHERE story_id = $story AND seq = 3`],
      breaks: [/^desk 3: its payload is not the one/],
    },
  ]
  for (const { name, statements, breaks } of planted) {
    it(`show ${name}`, async () => {
      const found = breaksOf(await walkAfter(...statements))
      assert.equal(found.length, breaks.length, found.join('\n'))
      for (const [at, pattern] of breaks.entries()) assert.match(found[at] ?? '', pattern)
    })
  }

  it('stay whole when payloads were erased by law', async () => {
    const report = await walkAfter(
      'UPDATE desk_entry SET payload = NULL, salt = NULL WHERE story_id = $story AND seq IN (3, 7)',
      'UPDATE public_entry SET payload = NULL, salt = NULL WHERE story_id = $story AND seq = 3',
    )
    assert.deepEqual(report.breaks, [])
    assert.equal(report.erased, 3)
  })

  it('are named with every break, and each log is read to its first one only', async () => {
    const report = await walkAfter(`UPDATE desk_entry SET kind = 'x'`, `UPDATE public_entry SET kind = 'x'`)
    assert.equal(report.breaks.length, 3)
    assert.throws(
      () => requireWhole(report),
      /3 chains are broken:(\n {2}story \w+, \w+ log, entry 1: its header was changed){3}$/,
    )
  })
})
