// A PostgreSQL of the operator's own, from the first start on: what is missing or wrong is one sentence that says what to do,
// and what was mended is taken up. Run by node --test on a server of its own, because the public role is the server's.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import pg from 'pg'
import { silentLog } from '../../src/base/log.ts'
import { connectStore, openDatabase, openStore } from '../../src/cli/open-store.ts'
import { isAppError } from '../../src/domain/error.ts'
import { type Connection, openHandles } from '../../src/store/database.ts'
import { type Engine, openEngine } from '../../src/store/engine.ts'
import { temporaryFolder } from '../helpers/node.ts'

const folder = temporaryFolder()
let engine: Engine
let admin: pg.Client
before(async () => {
  engine = await openEngine({ dataDir: folder.path, log: silentLog() })
  admin = new pg.Client({ host: engine.socketDir, port: 5432, user: 'dateline', database: 'dateline' })
  await admin.connect()
  await admin.query('CREATE ROLE "news-room" LOGIN')
  await admin.query('CREATE DATABASE news OWNER "news-room"')
  await admin.query('CREATE DATABASE foreign_one')
})
after(async () => {
  await admin.end()
  await engine.stop()
  folder.remove()
})

const address = (user: string, database = 'news') =>
  `postgres://${user}@localhost:5432/${database}?host=${encodeURIComponent(engine.socketDir)}`
const open = async (connection: Partial<Extract<Connection, { kind: 'url' }>> = {}) => {
  const whole: Connection = { kind: 'url', url: address('news-room'), publicUrl: null, ...connection }
  const store = await connectStore(whole, { notify: false, engine: null }, silentLog())
  await store.close()
}
const refused = (code: 'forbidden' | 'unavailable' | 'not_found', words: RegExp) => (error: Error) => {
  assert.ok(isAppError(error, code), error.stack)
  assert.match(error.message, words)
  assert.doesNotMatch(error.message, /\n/, 'one sentence')
  return true
}
const inNews = async (statement: string) => {
  const client = new pg.Client({ host: engine.socketDir, port: 5432, user: 'dateline', database: 'news' })
  await client.connect()
  return client.query(statement).finally(() => client.end())
}
const TABLES = `SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace`

describe('a first start on a server of one’s own', () => {
  it('without the public role, by an account that may not make it, names the statements and makes nothing', async () => {
    const create = /CREATE ROLE dateline_public NOLOGIN; GRANT dateline_public TO "news-room"$/
    await assert.rejects(open(), refused('forbidden', create))
    assert.equal((await inNews(TABLES)).rowCount, 0)
  })

  it('by an account that is no member of the public role names the GRANT', async () => {
    await admin.query('CREATE ROLE dateline_public NOLOGIN')
    await assert.rejects(
      open(),
      refused('forbidden', /no member of that role\. .*: GRANT dateline_public TO "news-room"$/),
    )
  })

  it('passes when both were done', async () => {
    await admin.query('GRANT dateline_public TO "news-room"')
    await open()
  })

  it('gives the public role what an interrupted start had not given it yet', async () => {
    await inNews('REVOKE SELECT ON public_installation, public_story FROM dateline_public')
    await open()
    const found = await inNews(`SELECT has_table_privilege('dateline_public', 'public_story', 'SELECT') AS may`)
    assert.deepEqual(found.rows, [{ may: true }])
  })

  it('in a database of somebody else says which right is missing', async () => {
    const lacks =
      /DATABASE_URL \(localhost:5432\/foreign_one\) refuses its account a right: permission denied for schema public/
    await assert.rejects(open({ url: address('news-room', 'foreign_one') }), refused('forbidden', lacks))
  })
})

describe('an account that is refused', () => {
  it('is the one of the setting it stands in', async () => {
    const own =
      /^The database of DATABASE_URL \(localhost:5432\/news\) cannot be used: role "nobody-here" does not exist/
    const publicOne = /^The database of DATABASE_PUBLIC_URL \(localhost:5432\/news\) cannot be used: role "nobody-here"/
    await assert.rejects(open({ url: address('nobody-here') }), refused('unavailable', own))
    await assert.rejects(open({ publicUrl: address('nobody-here') }), refused('unavailable', publicOne))
  })

  it('is said by backup, restore and verify as well', async () => {
    const options = { databaseUrl: address('nobody-here'), publicDatabaseUrl: null, dataDir: folder.path }
    const refusal = openDatabase({ ...options, engineCacheDir: null, notify: false }, silentLog())
    await assert.rejects(refusal, refused('unavailable', /DATABASE_URL .* cannot be used/))
  })
})

describe('a command that founds nothing', () => {
  it('leaves an empty database empty', async () => {
    await admin.query('CREATE DATABASE empty OWNER "news-room"')
    const options = { databaseUrl: address('news-room', 'empty'), publicDatabaseUrl: null, dataDir: folder.path }
    const refusal = openStore({ ...options, engineCacheDir: null, notify: false }, silentLog(), 'must exist')
    await assert.rejects(refusal, refused('not_found', /^This database holds no Dateline\.$/))
    const client = new pg.Client({ host: engine.socketDir, port: 5432, user: 'dateline', database: 'empty' })
    await client.connect()
    assert.equal((await client.query(TABLES)).rowCount, 0)
    await client.end()
  })
})

describe('closing the handles', () => {
  it('resolves when the server has none of their connections left, so that it can stop without telling one', async () => {
    const handles = openHandles({ kind: 'url', url: address('news-room'), publicUrl: null }, silentLog())
    const ask = (db: typeof handles.publicDb) => db.selectFrom('public_installation').select('epoch').execute()
    await Promise.all(Array.from({ length: 8 }, () => ask(handles.publicDb)))
    const left = `SELECT count(*)::int AS n FROM pg_stat_activity WHERE usename = 'news-room'`
    assert.ok((await admin.query(left)).rows[0].n >= 8)
    await handles.close()
    assert.equal((await admin.query(left)).rows[0].n, 0)
  })
})
