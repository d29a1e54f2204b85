// Where this installation stands: its folder, its data, and the log and store of a command.
// Called by the commands.

import { join } from 'node:path'
import { createLog, type Log } from '../base/log.ts'
import { chooseDataDir } from '../store/engine.ts'
import { openStore, type Store } from './open-store.ts'
import type { Options } from './options.ts'

export const ROOT = join(import.meta.dirname, '../..')

export type Place = { dataDir: string; engineDir: string | null; reason: string | null; log: Log }

export function placeOf(options: Options): Place {
  return { ...chooseDataDir(ROOT, options.dataDir), log: createLog(options.logLevel) }
}

export function openStoreAt(place: Place, options: Options): Promise<Store> {
  return openStore(
    {
      databaseUrl: options.databaseUrl,
      publicDatabaseUrl: options.publicDatabaseUrl,
      dataDir: place.dataDir,
      engineCacheDir: place.engineDir,
      notify: options.notify,
    },
    place.log,
  )
}
