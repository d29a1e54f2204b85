// Where this installation stands: its folder, its built browser programs, its data, and the log and store of a command.
// Called by the commands and serve.ts.
// Must never put data where npm cleans up: it deletes what it does not know.

import { readFileSync, statSync } from 'node:fs'
import { join, resolve, sep } from 'node:path'
import { createLog, type Log } from '../base/log.ts'
import { AppError } from '../domain/error.ts'
import { chooseDataDir } from '../store/engine.ts'
import {
  type Founding,
  type OpenDatabase,
  openDatabase,
  openStore,
  type Store,
  type StoreOptions,
} from './open-store.ts'
import type { Options } from './options.ts'

const ROOT = join(import.meta.dirname, '../..')
const IS_BUILT = import.meta.filename.endsWith('.js') // a checkout runs its sources, an installed package what was built from them

export const CLIENT_DIR = join(ROOT, IS_BUILT ? 'dist/client' : 'build/client')

export function programVersion(): string {
  return (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }).version
}

export type DataPlace = { dataDir: string; engineDir: string | null; reason: string | null }
export type Place = DataPlace & { log: Log }

export function placeOf(options: Options): Place {
  const log = createLog(options.logLevel)
  // Without the embedded engine nobody but us has to enter the folder.
  if (options.databaseUrl !== null && options.dataDir !== null)
    return { dataDir: resolve(options.dataDir), engineDir: null, reason: null, log }
  const data = IS_BUILT ? dataBelow(process.cwd(), options.dataDir) : chooseDataDir(ROOT, options.dataDir)
  return { ...data, log }
}

/**
 * The data folder of an installed package: `dateline-data` in the folder it is started in, unless configured.
 * Throws `invalid` when that would be below node_modules.
 */
export function dataBelow(folder: string, configured: string | null): DataPlace {
  if (configured !== null) return chooseDataDir(folder, configured)
  if (folder.split(sep).includes('node_modules')) {
    throw new AppError(
      'invalid',
      `Data would be kept in ${folder}, where npm deletes what it does not know. Start in another folder, or choose one with DATA_DIR.`,
    )
  }
  // `data` may well be there already, and somebody else's.
  const chosen = chooseDataDir(folder, null, 'dateline-data')
  const why = 'The folder Dateline is started in decides where; DATA_DIR names a fixed place.'
  return { ...chosen, reason: chosen.reason ? `${chosen.reason} ${why}` : why }
}

/** For commands that print no block of their own. */
export function sayPlace({ dataDir, reason, log }: Place): void {
  if (reason !== null) log.info({ dataDir }, reason)
}

export async function openStoreAt(place: Place, options: Options, founding: Founding): Promise<Store> {
  if (founding === 'must exist') requireFolder(place, options)
  return openStore(storeOptionsOf(place, options), place.log, founding)
}

/** Without migrating. */
export async function openDatabaseAt(place: Place, options: Options, founding: Founding): Promise<OpenDatabase> {
  if (founding === 'must exist') requireFolder(place, options)
  return openDatabase(storeOptionsOf(place, options), place.log)
}

/** Before an engine or a folder is made. */
function requireFolder({ dataDir }: Place, options: Options): void {
  if (options.databaseUrl !== null) return
  try {
    statSync(join(dataDir, 'pg'))
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EACCES')
      throw new AppError('forbidden', `This user may not look into ${dataDir}. Use Dateline as its owner.`, { cause })
    throw new AppError('not_found', `There is no Dateline in ${dataDir}. Name its folder with --data-dir.`, { cause })
  }
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
