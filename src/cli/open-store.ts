// Opens the store an operator asked for: the embedded engine of a data folder, or their own PostgreSQL.
// Called by cli/serve.ts and by every command that needs the database. Tests open theirs through it too.

import { randomBytes } from 'node:crypto'
import type { Log } from '../base/log.ts'
import { AppError } from '../domain/error.ts'
import { createActStore } from '../store/acts.ts'
import { hasTable } from '../store/catalogue.ts'
import type { ActStore, DeskDoorbell, Doorbell, OnMoved, PublicReads } from '../store/contract.ts'
import {
  type Connection,
  checkServerVersion,
  openHandles,
  openPatientHandle,
  outOfReach,
  publicOutOfReach,
} from '../store/database.ts'
import { createDoorbell, createRing, silentDoorbell } from '../store/doorbell.ts'
import { type Engine, openEngine } from '../store/engine.ts'
import { createImportSalt, type ImportSalt } from '../store/import-salt.ts'
import { createMediaJobs, type MediaJobs } from '../store/media-jobs.ts'
import { createMediaRecords, type MediaRecords } from '../store/media-records.ts'
import { migrate } from '../store/migrate.ts'
import { createPublicReads } from '../store/public.ts'
import { checkPublicHandle } from '../store/public-rights.ts'
import type { Database } from '../store/tables.ts'

export type StoreOptions = {
  /** null: the embedded engine of `dataDir`. */
  databaseUrl: string | null
  publicDatabaseUrl: string | null
  dataDir: string
  engineCacheDir: string | null
  /** false: readers are woken by the poll alone. */
  notify: boolean
}

export type Store = ImportSalt & {
  acts: ActStore
  reads: PublicReads
  /** On a connection of its own. */
  followReads: PublicReads
  /** Told of every act of this process, after its commit and before it resolves. Returns how to stop. */
  onOwnActs(listener: OnMoved): () => void
  /** Desk rings of this process reach its listeners at once, with or without NOTIFY. */
  doorbell: Doorbell & DeskDoorbell
  /** Something at the desk of a story is other than it was, which is no act: every node looks. */
  ringDesk(storyId: string): void
  media: MediaRecords
  mediaJobs: MediaJobs
  db: Database
  engine: Engine | null
  close(): Promise<void>
}

type OnDesk = Parameters<DeskDoorbell['listenDesk']>[0]

/** 'must exist': throws `not_found` rather than found a new installation, in a folder or in an empty database. */
export type Founding = 'may found' | 'must exist'

/** Throws `unavailable` when the database cannot be reached or is too old, `forbidden` when the public handle may do too much. */
export async function openStore(options: StoreOptions, log: Log, founding: Founding = 'may found'): Promise<Store> {
  const engine = await engineOf(options, log)
  try {
    return await connectStore(connectionOf(options, engine), { notify: options.notify, engine, founding }, log)
  } catch (error) {
    await engine?.stop()
    throw error
  }
}

export type OpenDatabase = { db: Database; close(): Promise<void> }

/** The database as it stands, without bringing it to this version: for backup, restore and verify. */
export async function openDatabase(options: StoreOptions, log: Log): Promise<OpenDatabase> {
  const engine = await engineOf(options, log)
  const connection = connectionOf(options, engine)
  const handle = openPatientHandle(connection, log)
  const close = async () => {
    await handle.close()
    await engine?.stop()
  }
  try {
    await checkServerVersion(handle.db)
  } catch (error) {
    await close()
    throw outOfReach(connection, error)
  }
  return { db: handle.db, close }
}

type StoreParts = { notify: boolean; engine: Engine | null; founding?: Founding }

export async function connectStore(
  connection: Connection,
  { notify, engine, founding = 'may found' }: StoreParts,
  log: Log,
): Promise<Store> {
  const handles = openHandles(connection, log)
  try {
    await bringUpToDate(connection, founding, log)
    const separate = connection.kind === 'url' && connection.publicUrl !== null
    await checkPublicHandle(handles.db, handles.publicDb, separate).catch((error) => {
      throw publicOutOfReach(connection, error)
    })
  } catch (error) {
    await handles.close()
    throw outOfReach(connection, error)
  }
  const listeners = new Set<OnMoved>()
  const deskListeners = new Set<OnDesk>() // of this process: they need no bell
  const deskMoved = (storyId: string, deskSeq: number | null) => {
    for (const listener of deskListeners) listener(storyId, deskSeq)
  }
  const bell = notify ? createDoorbell(handles.listener, log) : silentDoorbell
  const ring = notify ? createRing(handles.db, log) : () => undefined
  return {
    acts: createActStore(handles.db, (storyId, seq, kinds, deskSeq) => {
      for (const listener of listeners) listener(storyId, seq, kinds, deskSeq)
      deskMoved(storyId, deskSeq)
      ring(storyId, { seq: kinds.length > 0 ? seq : null, deskSeq })
    }),
    onOwnActs: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    reads: createPublicReads(handles.publicDb),
    followReads: createPublicReads(handles.followDb),
    ringDesk: (storyId) => {
      deskMoved(storyId, null)
      ring(storyId, { seq: null, deskSeq: null })
    },
    doorbell: {
      listen: bell.listen,
      listenDesk: (onRing) => {
        const own: OnDesk = (...rung) => onRing(...rung)
        deskListeners.add(own)
        const stop = bell.listenDesk(onRing)
        return () => {
          deskListeners.delete(own)
          stop()
        }
      },
    },
    media: createMediaRecords(handles.db, handles.publicDb),
    ...createImportSalt(handles.db),
    mediaJobs: createMediaJobs(handles.db),
    db: handles.db,
    engine,
    close: async () => {
      await handles.close()
      await engine?.stop()
    },
  }
}

async function bringUpToDate(connection: Connection, founding: Founding, log: Log): Promise<void> {
  const handle = openPatientHandle(connection, log)
  try {
    if (founding === 'must exist' && !(await hasTable(handle.db, 'migration')))
      throw new AppError('not_found', 'This database holds no Dateline.')
    const applied = await migrate(handle.db, newEpoch)
    if (applied.length > 0) log.info({ applied: applied.length }, 'The database was brought to this version')
  } finally {
    await handle.close()
  }
}

async function engineOf({ databaseUrl, dataDir, engineCacheDir }: StoreOptions, log: Log): Promise<Engine | null> {
  return databaseUrl === null ? openEngine({ dataDir, cacheDir: engineCacheDir, log }) : null
}

function connectionOf(options: StoreOptions, engine: Engine | null): Connection {
  if (engine) return { kind: 'socket', socketDir: engine.socketDir, user: engine.user, database: engine.database }
  return { kind: 'url', url: options.databaseUrl ?? '', publicUrl: options.publicDatabaseUrl }
}

/** Lower-case letters and digits; new whenever history may differ. */
export function newEpoch(): string {
  return BigInt(`0x${randomBytes(5).toString('hex')}`)
    .toString(36)
    .padStart(8, '0')
}
