// Backup, restore and the walk along the chains, on a real database and real files.
// Run by node --test, on the embedded engine and on TEST_DATABASE_URL.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { sql } from 'kysely'
import { silentLog } from '../../src/base/log.ts'
import { reportText } from '../../src/cli/commands/backup.ts'
import { connectStore, type Store } from '../../src/cli/open-store.ts'
import { isAppError } from '../../src/domain/error.ts'
import { autosavePost } from '../../src/newsroom/autosave-post.ts'
import { createAttention } from '../../src/store/attention.ts'
import { createAutosaves } from '../../src/store/autosaves.ts'
import { allTables, carriedTables, foreignKeys, NOT_CARRIED } from '../../src/store/catalogue.ts'
import { openHandles } from '../../src/store/database.ts'
import { withSnapshot } from '../../src/store/dump.ts'
import { applyMigrations, knownMigrations } from '../../src/store/migrate.ts'
import type { Database } from '../../src/store/tables.ts'
import { EDITOR, liveStory, publish, words } from '../helpers/acts.ts'
import { backUp, restoreTo, type SmallNewsroom, smallNewsroom } from '../helpers/backup.ts'
import { createEmptyDatabase, openTestStore, type TestStore } from '../helpers/database.ts'
import { startTestNode } from '../helpers/node.ts'
import { openStream } from '../helpers/stream.ts'

const PATIENCE_MS = 5_000

let store: TestStore
let newsroom: SmallNewsroom
let folder: string
let file: string
let original: Record<string, string[]>
let autosavedId: number
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dateline-backup-'))
  file = join(folder, 'backup.tar.gz')
  store = await openTestStore()
  newsroom = await smallNewsroom(store, join(folder, 'media'))
  const { id } = await autosave(store, 'Typed before the backup')
  autosavedId = id
  await createAttention(store.db).add([{ postId: newsroom.correctedId, reads: 3, shown: [1, 0, 2] }])
  await backUp(store.db, join(folder, 'media'), file)
  original = await everything(store.db)
})
after(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

function autosave({ db }: Pick<Store, 'db'>, headline: string) {
  const text = { postId: newsroom.correctedId, revision: 2, content: words(headline) }
  return autosavePost({ autosaves: createAutosaves(db) }, EDITOR, newsroom.storyId, text)
}

/** Every carried row of a database as text, but the epoch. */
async function everything(db: Database): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {}
  await withSnapshot(db, async (snapshot) => {
    for (const { name } of snapshot.tables) {
      const lines: string[] = []
      for await (const batch of snapshot.rows(name)) lines.push(...batch)
      found[name] = lines.map((line) => line.replace(/"epoch": "\w+"/, '')).sort()
    }
  })
  return found
}

async function restored(work: (store: Store, mediaDir: string) => Promise<void>, from = file): Promise<void> {
  const { connection, drop } = await createEmptyDatabase()
  const mediaDir = mkdtempSync(join(folder, 'media-'))
  try {
    await restoreTo(connection, mediaDir, from)
    const opened = await connectStore(connection, { notify: true, engine: null }, silentLog())
    try {
      await work(opened, mediaDir)
    } finally {
      await opened.close()
    }
  } finally {
    await drop()
  }
}

describe('a backup', () => {
  it('carries every table of the catalogue but those that are listed with a reason', async () => {
    const all = (await allTables(store.db)).map(({ name }) => name)
    const carried = (await carriedTables(store.db)).map(({ name }) => name)
    assert.deepEqual([...carried, ...Object.keys(NOT_CARRIED)].sort(), all)
    for (const name of ['story', 'post', 'desk_entry', 'public_entry', 'media', 'account', 'installation'])
      assert.ok(carried.includes(name), name)
  })

  it('carries no row that points at a table it leaves out', async () => {
    const keys = await foreignKeys(store.db)
    assert.ok(keys.length > 3)
    const dangling = keys.filter(({ table, definition }) => {
      const [, target = ''] = /REFERENCES "?(\w+)"?\(/.exec(definition) ?? []
      return !(table in NOT_CARRIED) && (target === '' || target in NOT_CARRIED)
    })
    assert.deepEqual(dangling, [])
  })

  it('becomes the same installation in an empty database, rows, pictures and sequences', async () => {
    await restored(async (copy, mediaDir) => {
      assert.deepEqual(await everything(copy.db), original)
      const { pictureId } = newsroom
      const path = [pictureId.slice(0, 2), pictureId.slice(2)]
      const names = await readdir(join(folder, 'media', ...path))
      assert.ok(names.length >= 2)
      for (const name of names)
        assert.deepEqual(
          readFileSync(join(mediaDir, ...path, name)),
          readFileSync(join(folder, 'media', ...path, name)),
        )
    })
  })

  it('neither misses nor carries the files of a withdrawn picture, and misses those of any other', async () => {
    const own = await openTestStore()
    const mediaDir = mkdtempSync(join(folder, 'media-withdrawn-'))
    try {
      const { pictureId } = await smallNewsroom(own, mediaDir)
      await own.media.markWithdrawn(pictureId, { by: EDITOR, reason: 'Not ours.' })
      const late = await backUp(own.db, mediaDir, join(folder, 'withdrawn-late.tar.gz'))
      assert.deepEqual(late.media, { ids: 0, files: 0, bytes: 0, missing: [] }, 'its files are still on the disk')
      rmSync(mediaDir, { recursive: true })
      const gone = await backUp(own.db, mediaDir, join(folder, 'withdrawn.tar.gz'))
      assert.deepEqual(gone.media, { ids: 0, files: 0, bytes: 0, missing: [] })
      await sql`UPDATE media SET withdrawn_at = NULL, withdrawal = NULL`.execute(own.db)
      const lost = await backUp(own.db, mediaDir, join(folder, 'lost.tar.gz'))
      assert.deepEqual(lost.media.missing, [pictureId])
      const said = reportText('x.tar.gz', { ...lost, media: { ids: 2, files: 1, bytes: 9, missing: [pictureId] } })
      assert.match(said, /media {2}1 file of 1 picture\n {2}note {3}1 picture has no file here: is DATA_DIR right\?\n/)
    } finally {
      await own.close()
    }
  })

  it('is taken at one instant while posts are being published', async () => {
    const { id } = await liveStory(store)
    const target = join(folder, 'beside.tar.gz')
    let go = true
    const writing = (async () => {
      for (let n = 0; go && n < 200; n++) await publish(store, id, words(`Post ${n}`))
    })()
    await backUp(store.db, join(folder, 'media'), target)
    go = false
    await writing
    await restored(async () => undefined, target) // walks the chains against the heads of the stories
  })

  it('goes on being written to: new posts follow the restored chain', async () => {
    await restored(async (copy) => {
      await publish(copy, newsroom.storyId, words('After the restore'))
      const page = await copy.reads.storyPage(newsroom.storyId)
      assert.match(JSON.stringify(page), /After the restore/)
      const again = join(folder, 'again.tar.gz')
      await backUp(copy.db, join(folder, 'media'), again)
      await restored(async () => undefined, again)
    })
  })

  // What a later migration may bring: an identity, a row that points at a later one, a trigger, values JavaScript cannot hold.
  const ODD = [
    `CREATE TABLE odd (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, after_id bigint REFERENCES odd (id), big bigint,
      bytes bytea, list text[], at timestamptz, twice bigint GENERATED ALWAYS AS (big * 2) STORED)`,
    `CREATE FUNCTION odd_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.big := 0; RETURN NEW; END $$`,
    'CREATE TRIGGER odd_change BEFORE INSERT ON odd FOR EACH ROW EXECUTE FUNCTION odd_change()',
  ]

  it('holds what was only typed, and the next autosave stands above it', async () => {
    await restored(async (copy) => {
      assert.ok((await autosave(copy, 'Typed after the restore')).id > autosavedId)
      const lines = await createAutosaves(copy.db).list(newsroom.storyId, newsroom.correctedId)
      assert.deepEqual([lines.length, lines.at(-1)?.id], [2, autosavedId])
    })
  })

  it('keeps odd tables as they are: sequences, keys in a circle, triggers, large and binary values', async () => {
    const source = await openTestStore()
    const target = await openTestStore()
    try {
      for (const statement of ODD) for (const { db } of [source, target]) await sql.raw(statement).execute(db)
      await sql
        .raw(`INSERT INTO odd (bytes, list, at)
        SELECT '\\x00ff', '{"a,b",NULL}', 'infinity' FROM generate_series(1, 4)`)
        .execute(source.db)
      await sql`UPDATE odd SET after_id = 3, big = 4611686018427387903 WHERE id = 1`.execute(source.db)
      await sql`DELETE FROM odd WHERE id = 4`.execute(source.db)
      const odd = join(folder, 'odd.tar.gz')
      await backUp(source.db, join(folder, 'media'), odd)
      await restoreTo(target.connection, join(folder, 'media-odd'), odd)
      assert.deepEqual((await everything(target.db)).odd, (await everything(source.db)).odd)
      const next = await sql<{ id: string; big: string }>`INSERT INTO odd DEFAULT VALUES RETURNING id, big`.execute(
        target.db,
      )
      assert.deepEqual(
        next.rows,
        [{ id: 5, big: 0 }],
        'the number of a deleted row is not given out again, the trigger is back',
      )
      await assert.rejects(sql`INSERT INTO odd (after_id) VALUES (99)`.execute(target.db), /foreign key/)

      const { connection, drop } = await createEmptyDatabase()
      const loaded = await restoreTo(connection, join(folder, 'media-odd'), odd)
      assert.deepEqual(loaded.leftOut, ['odd'], 'a table no migration makes is named and left out')
      await drop()
    } finally {
      await source.close()
      await target.close()
    }
  })
})

describe('a restore', () => {
  it('begins a new epoch: an open page is told to load itself again', async () => {
    await restored(async (copy) => {
      const old = await store.reads.epoch()
      assert.notEqual(await copy.reads.epoch(), old)
      const node = await startTestNode([], copy as TestStore)
      const stream = await openStream(`${node.origin}/${newsroom.name}/stream`, { 'last-event-id': `${old}.2` })
      await stream.next('refetch', PATIENCE_MS)
      stream.close()
      const page = await (await fetch(`${node.origin}/${newsroom.name}`)).text()
      assert.match(page, /Fourteen ships wait/)
      assert.doesNotMatch(page, /Forty ships|A rumour/)
      await node.close()
    })
  })

  it('refuses an installation that holds anything, and leaves it as it was', async () => {
    const full = await openTestStore()
    try {
      await liveStory(full)
      const was = await everything(full.db)
      await assert.rejects(restoreTo(full.connection, join(folder, 'media-full'), file), (error) => {
        return isAppError(error, 'conflict') && /not empty/.test(error.message)
      })
      assert.deepEqual(await everything(full.db), was)
    } finally {
      await full.close()
    }
  })

  it('fills an installation that was started and never used', async () => {
    const started = await openTestStore()
    try {
      await restoreTo(started.connection, join(folder, 'media-started'), file)
      assert.deepEqual(await everything(started.db), original)
      assert.ok(await started.reads.storyNamed(newsroom.name))
    } finally {
      await started.close()
    }
  })

  it('brings in a backup of an earlier schema under that schema, and then to this one', async () => {
    const [first = '', ...later] = knownMigrations()
    const source = await createEmptyDatabase()
    const target = await createEmptyDatabase()
    const old = openHandles(source.connection, silentLog())
    try {
      await applyMigrations(old.db, [first])
      await sql`INSERT INTO installation (epoch, created_at) VALUES ('old', 1)`.execute(old.db)
      await sql`INSERT INTO story VALUES ('abcdefghjkmnpqrstvwx', NULL, 'Old', '', 'en', 'ltr', 'UTC', 'planned', 'private',
        0, 0, 0, 1, NULL, NULL, NULL)`.execute(old.db)
      const earlier = join(folder, 'earlier.tar.gz')
      await backUp(old.db, join(folder, 'media'), earlier)
      const loaded = await restoreTo(target.connection, join(folder, 'media-earlier'), earlier)
      assert.deepEqual(loaded.upgraded, later)
      const opened = await connectStore(target.connection, { notify: false, engine: null }, silentLog())
      const stories = await sql<{ title: string }>`SELECT title FROM story`.execute(opened.db)
      assert.deepEqual(stories.rows, [{ title: 'Old' }])
      await opened.close()

      // One that was started by this version already has no room for the older schema.
      const started = await openTestStore()
      await assert.rejects(restoreTo(started.connection, folder, earlier), (error) => {
        return isAppError(error, 'conflict') && /another schema/.test(error.message)
      })
      await started.close()
    } finally {
      await old.close()
      await source.drop()
      await target.drop()
    }
  })

  it('gives the public role its views and nothing else', async () => {
    const { connection, drop } = await createEmptyDatabase()
    try {
      await restoreTo(connection, join(folder, 'media-role'), file)
      const handles = openHandles(connection, silentLog())
      await assert.rejects(sql`SELECT * FROM account`.execute(handles.publicDb), /permission denied/)
      assert.equal((await sql`SELECT * FROM public_story`.execute(handles.publicDb)).rows.length, 1)
      await handles.close()
    } finally {
      await drop()
    }
  })

  it('keeps nothing of a backup whose chain is broken, unless it is told to', async () => {
    const { connection, drop } = await createEmptyDatabase()
    const source = await openTestStore()
    try {
      const mediaDir = join(folder, 'media-broken')
      await smallNewsroom(source, mediaDir)
      await sql`UPDATE desk_entry SET actor_id = 'someone-else' WHERE seq = 2`.execute(source.db)
      const target = join(folder, 'broken.tar.gz')
      await backUp(source.db, mediaDir, target)
      const copies = join(folder, 'media-copies')
      await assert.rejects(restoreTo(connection, copies, target), (error) => {
        return isAppError(error, 'conflict') && /desk log, entry 2: its header was changed/.test(error.message)
      })
      const handles = openHandles(connection, silentLog())
      assert.deepEqual(await allTables(handles.db), [], 'not even a table')
      await handles.close()
      const files = await readdir(copies, { recursive: true })
      assert.deepEqual(
        files.filter((name) => /\.(jpg|webp)$/.test(name)),
        [],
        'nor a picture',
      )
      const loaded = await restoreTo(connection, copies, target, true)
      assert.equal(loaded.chains.breaks.length, 1)
    } finally {
      await source.close()
      await drop()
    }
  })
})

describe('the archive', () => {
  it('can be checked with the tools of any Linux: tar and sha256sum', async () => {
    const into = mkdtempSync(join(folder, 'tar-'))
    execFileSync('tar', ['-xzf', file, '-C', into])
    const said = execFileSync('sha256sum', ['-c', 'SHA256SUMS'], { cwd: into }).toString()
    assert.match(said, /tables\/post\.00001\.jsonl: OK/)
    const manifest = JSON.parse(readFileSync(join(into, 'manifest.json'), 'utf8'))
    const sums = createHash('sha256')
      .update(readFileSync(join(into, 'SHA256SUMS')))
      .digest('hex')
    assert.equal(manifest.sums, sums)
    assert.equal(manifest.epoch, await store.reads.epoch())
  })

  it('holds no session and no sign-in link', async () => {
    const names = execFileSync('tar', ['-tzf', file]).toString()
    assert.doesNotMatch(names, /session|setup_token|sign_in_attempt|sso_attempt|sign_in_link/)
  })
})
