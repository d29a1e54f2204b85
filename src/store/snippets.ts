// The snippets of the newsroom.
// Written by newsroom/save-snippet.ts and delete-snippet.ts, read by web/api for everybody who writes.
// Never touches a post: what was put into one is the post's own.

import { sql } from 'kysely'
import { AppError } from '../domain/error.ts'
import { MAX_SNIPPETS, type Snippet } from '../domain/snippet.ts'
import { nowMs } from './acts.ts'
import type { Database } from './tables.ts'
import { translating } from './translating.ts'

type Person = { id: string; name: string }

export type Snippets = {
  /** By name. */
  list(): Promise<Snippet[]>
  /** `revision`: of the one that was seen, 0 = a new one. Throws `conflict` for a stale one or a name that is taken, `invalid` past MAX_SNIPPETS. */
  save(id: string, revision: number, words: Pick<Snippet, 'name' | 'blocks'>, by: Person): Promise<Snippet>
  /** False: there was none. */
  remove(id: string): Promise<boolean>
}

const COLUMNS = ['id', 'name', 'blocks', 'revision', 'updated_at as updatedAt', 'updated_by as updatedBy'] as const

export function createSnippets(db: Database): Snippets {
  return translating<Snippets>({
    list: () => db.selectFrom('snippet').select(COLUMNS).orderBy('name').execute(),
    save: (id, revision, words, by) => save(db, id, revision, words, by),
    async remove(id) {
      const { numDeletedRows } = await db.deleteFrom('snippet').where('id', '=', id).executeTakeFirst()
      return numDeletedRows > 0n
    },
  })
}

async function save(
  db: Database,
  id: string,
  revision: number,
  { name, blocks }: Pick<Snippet, 'name' | 'blocks'>,
  by: Person,
): Promise<Snippet> {
  return db.transaction().execute(async (tx) => {
    // Names are few and changes rare: one after the other, so that no two take the same name at once.
    await sql`LOCK TABLE snippet IN SHARE ROW EXCLUSIVE MODE`.execute(tx)
    const before = await tx.selectFrom('snippet').select(COLUMNS).where('id', '=', id).executeTakeFirst()
    if ((before?.revision ?? 0) !== revision) throw stale(before)
    const namesake = await tx.selectFrom('snippet').select('id').where('name', '=', name).executeTakeFirst()
    if (namesake && namesake.id !== id) throw new AppError('conflict', `There is a snippet named /${name} already.`)
    if (!before) {
      const { count } = await tx
        .selectFrom('snippet')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow()
      if (Number(count) >= MAX_SNIPPETS)
        throw new AppError('invalid', `A newsroom has at most ${MAX_SNIPPETS} snippets.`)
    }
    const row = {
      name,
      blocks: JSON.stringify(blocks),
      revision: revision + 1,
      updated_at: nowMs(),
      updated_by: JSON.stringify(by),
    }
    return tx
      .insertInto('snippet')
      .values({ id, ...row })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
      .returning(COLUMNS)
      .executeTakeFirstOrThrow()
  })
}

function stale(before: Snippet | undefined): AppError {
  const words = before ? 'Somebody changed this snippet meanwhile.' : 'There is no such snippet any more.'
  return new AppError('conflict', `${words} Nothing was overwritten.`, { details: { snippet: before ?? null } })
}
