// Rows of PostgreSQL ↔ values of the domain. Called by the act store and the reads. Pure.

import type { Selectable } from 'kysely'
import type { Post } from '../domain/post.ts'
import type { Story } from '../domain/story.ts'
import type { PublicPost, PublicStory, PublicTrace } from '../domain/view.ts'
import type { PostTable, PublicTables, StoryRow } from './tables.ts'

export function storyFromRow(row: StoryRow): Story {
  return {
    id: row.id,
    slug: row.slug,
    title: row.title,
    standfirst: row.standfirst,
    language: row.language,
    direction: row.direction,
    timeZone: row.time_zone,
    state: row.state,
    visibility: row.visibility,
    seq: row.seq,
    version: row.version,
    ordinal: row.ordinal,
    createdAt: row.created_at,
    startsAt: row.starts_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    withdrawnAt: row.withdrawn_at,
    revision: row.revision,
    summary: row.summary,
    lead: row.lead,
    continues: row.continues,
    continuedBy: row.continued_by,
  }
}

export function storyToRow(story: Story) {
  return {
    id: story.id,
    slug: story.slug,
    title: story.title,
    standfirst: story.standfirst,
    language: story.language,
    direction: story.direction,
    time_zone: story.timeZone,
    state: story.state,
    visibility: story.visibility,
    seq: story.seq,
    version: story.version,
    ordinal: story.ordinal,
    created_at: story.createdAt,
    starts_at: story.startsAt,
    started_at: story.startedAt,
    ended_at: story.endedAt,
    withdrawn_at: story.withdrawnAt,
    revision: story.revision,
    summary: story.summary && JSON.stringify(story.summary),
    lead: story.lead && JSON.stringify(story.lead),
    continues: story.continues,
    continued_by: story.continuedBy,
  }
}

export function postFromRow(row: Selectable<PostTable>): Post {
  return {
    id: row.id,
    storyId: row.story_id,
    state: row.state,
    content: row.content,
    revision: row.revision,
    version: row.version,
    orderKey: row.order_key,
    keyEvent: row.key_event,
    pinnedAt: row.pinned_at,
    corrections: row.corrections,
    withdrawal: row.withdrawal,
    createdAt: row.created_at,
    createdBy: row.created_by,
    firstPublishedAt: row.first_published_at,
    publishedAt: row.published_at,
    updatedAt: row.updated_at,
    release:
      row.release_at === null
        ? null
        : { at: row.release_at, zone: row.release_zone ?? 'UTC', by: row.release_by ?? row.created_by },
    embargo: row.embargo_until === null ? null : { until: row.embargo_until, zone: row.embargo_zone ?? 'UTC' },
    origin:
      row.origin_story === null || row.origin_post === null
        ? null
        : { storyId: row.origin_story, postId: row.origin_post },
    deskNote: row.desk_note,
  }
}

export function postToRow(post: Post) {
  return {
    id: post.id,
    story_id: post.storyId,
    state: post.state,
    content: JSON.stringify(post.content),
    revision: post.revision,
    version: post.version,
    order_key: post.orderKey,
    key_event: post.keyEvent && JSON.stringify(post.keyEvent),
    pinned_at: post.pinnedAt,
    corrections: JSON.stringify(post.corrections),
    withdrawal: post.withdrawal && JSON.stringify(post.withdrawal),
    created_at: post.createdAt,
    created_by: post.createdBy,
    first_published_at: post.firstPublishedAt,
    published_at: post.publishedAt,
    updated_at: post.updatedAt,
    release_at: post.release?.at ?? null,
    release_zone: post.release?.zone ?? null,
    release_by: post.release?.by ?? null,
    embargo_until: post.embargo?.until ?? null,
    embargo_zone: post.embargo?.zone ?? null,
    origin_story: post.origin?.storyId ?? null,
    origin_post: post.origin?.postId ?? null,
    desk_note: post.deskNote && JSON.stringify(post.deskNote),
  }
}

export function publicStoryFromRow(row: PublicTables['public_story']): PublicStory {
  return {
    id: row.id,
    name: row.name,
    title: row.title,
    standfirst: row.standfirst,
    language: row.language,
    direction: row.direction,
    timeZone: row.time_zone,
    state: row.state,
    visibility: row.visibility,
    seq: row.seq,
    version: row.version,
    ordinal: row.ordinal,
    startsAt: row.starts_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    summary: row.summary,
    lead: row.lead,
    previous: row.previous,
    next: row.next,
  }
}

export function publicPostFromRow(row: PublicTables['public_post']): PublicPost {
  return {
    id: row.id,
    storyId: row.story_id,
    version: row.version,
    orderKey: row.order_key,
    content: row.content,
    keyEvent: row.key_event,
    pinned: row.pinned_at !== null,
    corrections: row.corrections,
    firstPublishedAt: row.first_published_at,
    publishedAt: row.published_at,
    updatedAt: row.updated_at,
  }
}

export function publicTraceFromRow(row: PublicTables['public_trace']): PublicTrace {
  return {
    id: row.id,
    storyId: row.story_id,
    version: row.version,
    orderKey: row.order_key,
    withdrawnAt: row.withdrawn_at,
    reason: row.reason,
  }
}
