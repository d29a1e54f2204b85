// Every tagged version's data open under this one: its backup is restored, brought to the present schema and read.
// And the migrations it was made by are the ones we still carry, to the byte.
// Run by node --test, on the embedded engine and on TEST_DATABASE_URL.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { sql } from 'kysely'
import { silentLog } from '../../src/base/log.ts'
import { checkArchive } from '../../src/cli/backup/archive-read.ts'
import { connectStore } from '../../src/cli/open-store.ts'
import { parseOptions } from '../../src/cli/options.ts'
import { serve } from '../../src/cli/serve.ts'
import { correctPost } from '../../src/newsroom/correct-post.ts'
import { knownMigrations } from '../../src/store/migrate.ts'
import { requireWhole, verifyChains } from '../../src/store/verify-chains.ts'
import { EDITOR, publish, words } from '../helpers/acts.ts'
import { type FullOfVersion, restoreTo, type SmallNewsroom } from '../helpers/backup.ts'
import { createEmptyDatabase } from '../helpers/database.ts'
import { until } from '../helpers/desk-client.ts'

const FIXTURES = join(import.meta.dirname, '../fixtures')
const MIGRATIONS = join(import.meta.dirname, '../../src/store/migrations')
const MAX_BYTES = 60_000

const versions = readdirSync(join(FIXTURES, 'versions'), { withFileTypes: true })
  .filter((one) => one.isDirectory())
  .map(({ name }) => name)
const fileOf = (version: string) => join(FIXTURES, 'versions', version, 'backup.tar.gz')
const released = new Map(
  readFileSync(join(FIXTURES, 'migrations.sha256'), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split('  ').reverse() as [string, string]),
)

describe('a released migration', () => {
  it('is the file it was', () => {
    assert.ok(released.size >= 2)
    for (const [name, digest] of released) {
      const now = createHash('sha256')
        .update(readFileSync(join(MIGRATIONS, name)))
        .digest('hex')
      assert.equal(now, digest, `${name} was edited after its release; write a new migration instead`)
    }
  })

  it('comes before every later one', () => {
    const known = knownMigrations()
    assert.deepEqual(known.slice(0, released.size), [...released.keys()])
    assert.equal(new Set(known.map((name) => name.slice(0, 4))).size, known.length, 'no two have one number')
  })
})

/** A node on what the backup of a version holds, under the present schema. */
async function open(context: TestContext, version: string) {
  const mediaDir = mkdtempSync(join(tmpdir(), 'dateline-upgrade-'))
  const { connection, drop } = await createEmptyDatabase()
  const loaded = await restoreTo(connection, mediaDir, fileOf(version))
  const store = await connectStore(connection, { notify: true, engine: null }, silentLog())
  const { options } = parseOptions([], { PORT: '0' })
  const node = await serve(options, store, mediaDir, silentLog())
  context.after(async () => {
    await node.close()
    await store.close()
    await drop()
    rmSync(mediaDir, { recursive: true, force: true })
  })
  return { loaded, store, origin: node.origin }
}

/** The page at `url`, with every word of `shown` and none of `hidden`. */
async function shows(url: string, { shown, hidden }: Pick<FullOfVersion, 'shown' | 'hidden'>): Promise<string> {
  const page = await (await fetch(url)).text()
  for (const word of shown) assert.ok(page.includes(word), `the page lacks "${word}"`)
  for (const word of hidden) assert.ok(!page.includes(word), `the page shows "${word}"`)
  return page
}

describe('the data of every tagged version', () => {
  it('stand in the repository', () => {
    assert.ok(versions.length > 0)
  })

  for (const version of versions) {
    const file = fileOf(version)
    const { storyId, name, pictureId, correctedId, shown, hidden, due, full } = JSON.parse(
      readFileSync(join(FIXTURES, 'versions', version, 'expected.json'), 'utf8'),
    ) as SmallNewsroom & { due?: string; full?: FullOfVersion }

    it(`${version}: are small, and made by migrations that are listed as released`, async () => {
      assert.ok(statSync(file).size <= MAX_BYTES)
      const { migrations, program } = await checkArchive(file, knownMigrations())
      assert.equal(program, version)
      assert.deepEqual(
        migrations.filter((one) => !released.has(one)),
        [],
      )
    })

    it(`${version}: open under this one: story, posts, pages and picture`, async (context) => {
      const { loaded, store, origin } = await open(context, version)
      assert.deepEqual(loaded.leftOut, [])
      const applied = await sql<{ name: string }>`SELECT name FROM migration ORDER BY name`.execute(store.db)
      assert.deepEqual(
        applied.rows.map((row) => row.name),
        knownMigrations(),
      )
      const page = await shows(`${origin}/${name}`, { shown, hidden })
      if (full) await shows(`${origin}/${full.slug}`, full)
      if (due) await until(due, 10_000, () => shows(`${origin}/${name}`, { shown: [due], hidden: [] }))
      const post = await fetch(`${origin}/${name}/post/${correctedId}`)
      assert.equal(post.status, 200)
      assert.match(await post.text(), /Fourteen ships/)
      const [path] = new RegExp(`/media/${pictureId}/[\\w.]+`).exec(page) ?? []
      const picture = await fetch(`${origin}${path}`)
      assert.equal(picture.status, 200)
      assert.match(picture.headers.get('content-type') ?? '', /^image\//)
    })

    it(`${version}: are written on: acts follow the old chains`, async (context) => {
      const { store } = await open(context, version)
      await publish(store, storyId, words('Under the new version'))
      const content = words('Fifteen ships wait')
      await correctPost(store, EDITOR, storyId, correctedId, { revision: 2, content, note: 'One more came.' })
      requireWhole(await verifyChains(store.db))
      const people = await sql<{ name: string }>`SELECT name FROM account`.execute(store.db)
      assert.deepEqual(people.rows, [{ name: 'Ada' }])
    })
  }
})
