// The tables as Kysely sees them. Hand-written; a contract test holds them to the database's catalogue.
// Called by every file of store/. Never leaves the room.

import type { ColumnType, Generated, Kysely, Selectable } from 'kysely'
import type { Block, ImageBlock, MediaKind, PostContent } from '../domain/content.ts'
import type { Json } from '../domain/decision.ts'
import type { Actor } from '../domain/permission.ts'
import type { RecordedWords } from '../domain/photo-rights.ts'
import type { Correction, DeskNote, PostState, Withdrawal } from '../domain/post.ts'
import type { StoryState, Summary, Visibility } from '../domain/story.ts'
import type { PublicKind, StoryLink } from '../domain/view.ts'
import type { AccountTables, JsonColumn } from './account-tables.ts'
import type { TogetherTables } from './together-tables.ts'

type NullableJson<T> = ColumnType<T | null, string | null, string | null>

export type StoryTable = {
  id: string
  slug: string | null
  title: string
  standfirst: string
  language: string
  direction: 'ltr' | 'rtl'
  time_zone: string
  state: StoryState
  visibility: Visibility
  seq: number
  version: number
  ordinal: number
  created_at: number
  starts_at: number | null
  started_at: number | null
  ended_at: number | null
  withdrawn_at: number | null
  revision: number
  summary: NullableJson<Summary>
  lead: NullableJson<ImageBlock>
  continues: string | null
  continued_by: string | null
}

export type StoryRow = Selectable<StoryTable>

export type PostTable = {
  id: string
  story_id: string
  state: PostState
  content: JsonColumn<PostContent>
  revision: number
  version: number | null
  order_key: number | null
  key_event: NullableJson<{ title: string }>
  pinned_at: number | null
  corrections: JsonColumn<Correction[]>
  withdrawal: NullableJson<Withdrawal>
  created_at: number
  created_by: string
  first_published_at: number | null
  published_at: number | null
  updated_at: number | null
  release_at: number | null
  release_zone: string | null
  release_by: string | null
  embargo_until: number | null
  embargo_zone: string | null
  origin_story: string | null
  origin_post: string | null
  desk_note: NullableJson<DeskNote>
}

/** What was typed and not saved by an act (law 1). The newest of each post are kept. */
export type AutosaveTable = {
  id: Generated<number>
  post_id: string
  story_id: string
  by_id: string
  at: number
  revision: number
  content: JsonColumn<PostContent>
}

export type RevisionTable = {
  post_id: string
  revision: number
  kind: string
  content: JsonColumn<PostContent>
  note: string | null
  by_id: string
  at: number
}

type EntryHeader = {
  story_id: string
  seq: number
  post_id: string | null
  at: number
  commitment: string
  previous: string
  hash: string
  payload: ColumnType<{ [key: string]: Json } | null, string | null, string | null>
  salt: string | null
}

export type DeskEntryTable = EntryHeader & {
  kind: string
  actor_id: string
  actor_name: string
  credential: string
  public_seq: number | null
}
export type PublicEntryTable = EntryHeader & { kind: PublicKind }

/** `duration` ms; `sha256` of the file. */
export type ClipFacts = { format: string; duration: number; sha256: string }

export type MediaTable = {
  id: string
  kind: MediaKind
  width: number
  height: number
  bytes: number
  metadata: JsonColumn<{ [key: string]: Json }>
  created_at: number
  created_by: string
  withdrawn_at: number | null
  withdrawal: ColumnType<{ by: Actor; reason: string } | null, string | null, string | null>
  erased_at: number | null // its files are gone
  avif: Generated<'wanted' | 'made' | 'without'>
  avif_tries: Generated<number>
  avif_until: number | null // somebody makes it until then
  clip: NullableJson<ClipFacts> // null: a picture
  words: NullableJson<RecordedWords> // null: as the file said
  use_until: number | null
  no_use: Generated<string>
  blocked: Generated<boolean>
  cut_from: string | null // the photo it was cut from, never itself a cut one
  edited_at: number | null
  edited_by: NullableJson<{ id: string; name: string }>
}

/** For the desk alone. */
export type SnippetTable = {
  id: string
  name: string
  blocks: JsonColumn<Block[]>
  revision: number
  updated_at: number
  updated_by: JsonColumn<{ id: string; name: string }>
}

export type Tables = AccountTables &
  TogetherTables & {
    installation: { one: Generated<boolean>; epoch: string; created_at: number; import_salt: Generated<string> }
    story: StoryTable
    post: PostTable
    post_revision: RevisionTable
    post_autosave: AutosaveTable
    desk_entry: DeskEntryTable
    public_entry: PublicEntryTable
    media: MediaTable
    snippet: SnippetTable
    post_media: { post_id: string; media_id: string }
    /** What readers' browsers told. `shown`: how many by bucket of domain/attention.ts. */
    post_attention: { post_id: string; reads: number; shown: number[] }
    /** Only of imported stories. */
    story_origin: { story_id: string; epoch: string; desk_seq: number }
  }

/** What the public handle sees. */
export type PublicTables = {
  public_story: Omit<
    StoryRow,
    'slug' | 'created_at' | 'visibility' | 'withdrawn_at' | 'revision' | 'continues' | 'continued_by'
  > & {
    name: string
    visibility: 'unlisted' | 'public'
    previous: StoryLink | null
    next: StoryLink | null
  }
  public_post: {
    id: string
    story_id: string
    version: number
    order_key: number
    content: PostContent
    key_event: { title: string } | null
    pinned_at: number | null
    corrections: Correction[]
    first_published_at: number
    published_at: number
    updated_at: number | null
  }
  public_trace: {
    id: string
    story_id: string
    version: number
    order_key: number
    withdrawn_at: number
    reason: string
  }
  public_log: {
    story_id: string
    seq: number
    kind: PublicKind
    post_id: string | null
    at: number
    post_version: number | null
  }
  public_media: { id: string; kind: MediaKind; width: number; height: number; bytes: number; clip: ClipFacts | null }
  public_installation: { epoch: string }
}

export type Database = Kysely<Tables>
export type PublicDatabase = Kysely<PublicTables>
