// What programs of the newsroom list: stories and posts in every state, page by page, and the revisions of a post.
// Called by web/api for callers whose rights it has asked for. Runs on the writing handle, which sees everything.
// Never serves a public surface.

import { sql } from 'kysely'
import type { Role } from '../domain/permission.ts'
import type { StoryState, Visibility } from '../domain/story.ts'
import { type DeskPost, type DeskStory, deskStory, type PostFilter, postsPage, storyQuery } from './desk-reads.ts'
import type { Database } from './tables.ts'
import { translating } from './translating.ts'

/** `roles`: the reader's role in a story must be one of these; `roleAtHome` counts where none was given. */
export type StoryFilter = {
  accountId: string
  roleAtHome: Role
  roles: readonly Role[]
  state?: StoryState
  visibility?: Visibility
  after?: string
  limit: number
}
export type RevisionLine = {
  revision: number
  kind: string
  note: string | null
  by: { id: string; name: string | null }
  at: number
}

export type DeskLists = {
  /** Newest first, by when they were made. */
  stories(filter: StoryFilter): Promise<DeskStory[]>
  /** Unpublished ones first, then as readers see them, newest first. */
  posts(storyId: string, filter: PostFilter): Promise<DeskPost[]>
  /** Oldest first. */
  revisions(postId: string): Promise<RevisionLine[]>
}

export function createDeskLists(db: Database): DeskLists {
  return translating<DeskLists>({
    async stories({ accountId, roleAtHome, roles, state, visibility, after, limit }) {
      let query = storyQuery(db)
      if (roleAtHome !== 'admin') {
        // The SQL twin of roleInStory.
        const given = sql`(SELECT r.role FROM story_role r WHERE r.story_id = story.id AND r.account_id = ${accountId})`
        query = query.where(sql<boolean>`coalesce(${given}, ${roleAtHome}) = ANY(${roles})`)
      }
      if (state) query = query.where('story.state', '=', state)
      if (visibility) query = query.where('story.visibility', '=', visibility)
      if (after !== undefined) {
        query = query.where(sql<boolean>`(story.created_at, story.id) <
          (SELECT last.created_at, last.id FROM story last WHERE last.id = ${after})`)
      }
      const rows = await query.orderBy('story.created_at', 'desc').orderBy('story.id', 'desc').limit(limit).execute()
      return rows.map(deskStory)
    },
    posts: (storyId, filter) => postsPage(db, storyId, filter),
    async revisions(postId) {
      const rows = await db
        .selectFrom('post_revision')
        .leftJoin('account', 'account.id', 'post_revision.by_id')
        .select(['revision', 'kind', 'note', 'by_id', 'at', 'account.name as by_name'])
        .where('post_id', '=', postId)
        .orderBy('revision')
        .execute()
      return rows.map(({ by_id, by_name, ...row }) => ({ ...row, by: { id: by_id, name: by_name } }))
    },
  })
}
