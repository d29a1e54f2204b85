// The secret that ids of imports are made with, so that nobody can work them out from a public source.
// Called by the import command through the opened store. Never leaves the process, and no public view holds it.

import type { Database } from './tables.ts'
import { translating } from './translating.ts'

export type ImportSalt = { importSalt(): Promise<string> }

/** The same for as long as the database lives: a second import finds what the first one made. Throws `unavailable`. */
export function createImportSalt(db: Database): ImportSalt {
  return translating<ImportSalt>({
    importSalt: async () =>
      (await db.selectFrom('installation').select('import_salt').executeTakeFirstOrThrow()).import_salt,
  })
}
