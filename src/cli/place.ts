// Where this installation stands: its folder, its data, and the log and store of a command.
// Called by the commands.

import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createLog, type Log } from '../base/log.ts'
import { AppError } from '../domain/error.ts'
import { chooseDataDir } from '../store/engine.ts'
import { type OpenDatabase, openDatabase, openStore, type Store, type StoreOptions } from './open-store.ts'
import type { Options } from './options.ts'

export const ROOT = join(import.meta.dirname, '../..')

export type Place = { dataDir: string; engineDir: string | null; reason: string | null; log: Log }

export function placeOf(options: Options): Place {
  const log = createLog(options.logLevel)
  // Without the embedded engine nobody but us has to enter the folder.
  if (options.databaseUrl !== null && options.dataDir !== null)
    return { dataDir: resolve(options.dataDir), engineDir: null, reason: null, log }
  return { ...chooseDataDir(ROOT, options.dataDir), log }
}

export function openStoreAt(place: Place, options: Options): Promise<Store> {
  return openStore(storeOptionsOf(place, options), place.log)
}

/** Without migrating. `mustExist`: throws `not_found` rather than found a new embedded database. */
export async function openDatabaseAt(place: Place, options: Options, mustExist: boolean): Promise<OpenDatabase> {
  if (mustExist && options.databaseUrl === null && !existsSync(join(place.dataDir, 'pg'))) {
    throw new AppError('not_found', `There is no Dateline in ${place.dataDir}. Name its folder with --data-dir.`)
  }
  return openDatabase(storeOptionsOf(place, options), place.log)
}

function storeOptionsOf(place: Place, options: Options): StoreOptions {
  return {
    databaseUrl: options.databaseUrl,
    publicDatabaseUrl: options.publicDatabaseUrl,
    dataDir: place.dataDir,
    engineCacheDir: place.engineDir,
    notify: options.notify,
  }
}
