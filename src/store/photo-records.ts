// The desk's record of a photo: its words, until when it may be used, where not; and which photos readers see past their end.
// Called by newsroom/edit-photo.ts, the API and the desk. Never changes what a post says: a post has words of its own.

import { sql } from 'kysely'
import type { MediaKind } from '../domain/content.ts'
import type { Json } from '../domain/decision.ts'
import { type Actor, may, type Role, roleInStory } from '../domain/permission.ts'
import type { PhotoRecord, PhotoRights, RecordedWords } from '../domain/photo-rights.ts'
import { commitForGood, nowMs } from './acts.ts'
import type { ClipFacts, Database } from './tables.ts'
import { translating } from './translating.ts'

const MAX_ENDED = 200 // more of them is a newsroom that does not look

/** `words` null: nobody wrote any; those of `metadata` count. */
export type KeptPhoto = PhotoRights & {
  id: string
  kind: MediaKind
  width: number
  height: number
  metadata: { [key: string]: Json }
  words: RecordedWords | null
  cutFrom: string | null
  /** null: a picture. */
  clip: ClipFacts | null
  createdAt: number
  createdBy: string
  editedAt: number | null
  editedBy: { id: string; name: string } | null
  withdrawn: boolean
}
/** With their role in the newsroom. */
type Viewer = Pick<Actor, 'id' | 'role'>
/** `stories`: those whose readers see it and whose desk the viewer may read, by title. */
export type EndedPhoto = KeptPhoto & { stories: { id: string; title: string }[] }

export type PhotoRecords = {
  record(id: string): Promise<KeptPhoto | null>
  /** Of the photo and of what was cut from it. False: unknown or withdrawn. */
  edit(id: string, record: PhotoRecord, by: { id: string; name: string }): Promise<boolean>
  /** Photos that readers see although their time is over or they are blocked; the longest over first. */
  ended(viewer: Viewer): Promise<EndedPhoto[]>
}

const COLUMNS = [
  ...(['media.kind', 'media.clip'] as const),
  ...(['media.id', 'media.width', 'media.height', 'media.metadata', 'media.words', 'media.blocked'] as const),
  ...(['media.use_until as useUntil', 'media.no_use as noUse', 'media.cut_from as cutFrom'] as const),
  ...(['media.created_at as createdAt', 'media.created_by as createdBy', 'media.edited_at as editedAt'] as const),
  ...(['media.edited_by as editedBy', 'media.withdrawn_at as withdrawnAt'] as const),
] as const

export function createPhotoRecords(db: Database): PhotoRecords {
  return translating<PhotoRecords>({
    async record(id) {
      const row = await db.selectFrom('media').select(COLUMNS).where('media.id', '=', id).executeTakeFirst()
      return row ? keptPhoto(row) : null
    },
    async edit(id, { useUntil, noUse, blocked, ...words }, by) {
      return db.transaction().execute(async (tx) => {
        await commitForGood(tx)
        const rights = { use_until: useUntil, no_use: noUse, blocked }
        const edited = { edited_at: nowMs(), edited_by: JSON.stringify({ id: by.id, name: by.name }) }
        // The rights are those of the whole photo, from whichever of its cuts they are told.
        const found = await tx
          .updateTable('media')
          .set({ words: JSON.stringify(words), ...edited })
          .where('id', '=', id)
          .where('withdrawn_at', 'is', null)
          .returning(sql<string>`coalesce(cut_from, id)`.as('root'))
          .executeTakeFirst()
        if (!found) return false
        await tx
          .updateTable('media')
          .set({ ...rights, ...edited })
          .where((where) =>
            where.or([where('id', '=', found.root), where('cut_from', '=', found.root), where('id', '=', id)]),
          )
          .execute()
        return true
      })
    },
    async ended(viewer) {
      const rows = await db
        .selectFrom('media')
        .innerJoin(
          sql<{ media: string; id: string; title: string }>`(
            SELECT pm.media_id AS media, s.id, s.title FROM post_media pm JOIN post p ON p.id = pm.post_id
              JOIN story s ON s.id = p.story_id WHERE p.state = 'published' AND s.withdrawn_at IS NULL
            UNION SELECT lead ->> 'media', id, title FROM story WHERE lead IS NOT NULL AND withdrawn_at IS NULL)`.as(
            'shown',
          ),
          'shown.media',
          'media.id',
        )
        .leftJoin('story_role as given', (join) =>
          join.onRef('given.story_id', '=', 'shown.id').on('given.account_id', '=', viewer.id),
        )
        .select([
          ...COLUMNS,
          sql<
            { id: string; title: string; role: Role | null }[]
          >`json_agg(json_build_object('id', shown.id, 'title', shown.title, 'role', given.role) ORDER BY shown.title)`.as(
            'stories',
          ),
        ])
        .where('media.withdrawn_at', 'is', null)
        .where((where) => where.or([where('media.blocked', '=', true), where('media.use_until', '<=', nowMs())]))
        .groupBy('media.id')
        .orderBy(sql`coalesce(media.use_until, 0)`)
        .orderBy('media.id')
        .limit(MAX_ENDED)
        .execute()
      const isRead = (role: Role | null) => may({ id: viewer.id, role: roleInStory(viewer.role, role) }, 'desk:read')
      return rows.map(({ stories, ...row }) => ({
        ...keptPhoto(row),
        stories: stories.filter(({ role }) => isRead(role)).map(({ id, title }) => ({ id, title })),
      }))
    },
  })
}

function keptPhoto<R extends { withdrawnAt: number | null }>({ withdrawnAt, ...row }: R) {
  return { ...row, withdrawn: withdrawnAt !== null }
}
