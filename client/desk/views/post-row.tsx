// One post in the timeline: its time, state and marks, its words, and what can be done to it.
// Called by timeline.tsx.

import { postPath } from '../../../src/domain/address.ts'
import { VERIFICATION_WORDS } from '../../../src/domain/plain-fields.ts'
import { excerptOf, nameOf } from '../text.ts'
import type { DeskPost, DeskStory } from '../types.ts'
import { countdownWords, countWords, momentWords, STATE_WORDS } from '../words.ts'
import { Attention } from './attention.tsx'
import { choose, toNextBox } from './choosing.ts'
import { RowActs } from './row-acts.tsx'
import { useDesk, useNow, useShown } from './use-desk.ts'

export function PostRow({ post }: { post: DeskPost }) {
  const story = useShown((state) => state.story)
  const isOpen = useShown((state) => state.text.postId === post.id)
  const { content } = post
  const words = { lang: story.language, dir: story.direction }
  const image = content.blocks.find((block) => block.type === 'image' && block.media !== undefined)
  const excerpt = excerptOf(content.blocks)
  return (
    <li id={`post-${post.id}`} data-state={post.state} aria-current={isOpen || undefined}>
      <Choose post={post} />
      <Facts post={post} story={story} />
      {image?.type === 'image' && (
        <a class="thumb" href={`/desk/photos/${image.media}`} target="_blank" rel="noopener" title="Its rights">
          <img
            src={`/media/${image.media}/400.jpg`}
            alt={image.alt || 'The photo’s rights'}
            width={96}
            loading="lazy"
          />
        </a>
      )}
      {content.headline !== '' && (
        <p class="row-title" {...words}>
          {content.headline}
        </p>
      )}
      {excerpt !== '' && (
        <p class="excerpt" {...words}>
          {excerpt}
        </p>
      )}
      {content.headline === '' && excerpt === '' && (
        <p class="excerpt">{image ? 'Photo, without a caption' : '(no words)'}</p>
      )}
      {post.state === 'published' && <Attention postId={post.id} />}
      <Plans post={post} story={story} />
      {post.withdrawal && (
        <p class="facts">
          Withdrawn {momentWords(post.withdrawal.at, story.timeZone)},{' '}
          {post.withdrawal.trace === 'none'
            ? 'no trace stays'
            : `one line stays: ${post.withdrawal.reason || 'no reason given'}`}
        </p>
      )}
      {story.withdrawnAt === null && <RowActs post={post} />}
    </li>
  )
}

/** There while somebody chooses; the arrows go to the next one. */
function Choose({ post }: { post: DeskPost }) {
  const desk = useDesk()
  const chosen = useShown(({ chosen }) => (chosen === null ? null : chosen.has(post.id)))
  if (chosen === null) return null
  return (
    <label class="choose">
      <input
        type="checkbox"
        checked={chosen}
        onChange={() => choose(desk.state, post.id)}
        onKeyDown={(event) => toNextBox(event)}
      />
      <span class="unseen">Choose: {nameOf(post.content)}</span>
    </label>
  )
}

function Facts({ post, story }: { post: DeskPost; story: DeskStory }) {
  const { content } = post
  const at = post.firstPublishedAt ?? post.createdAt
  return (
    <p class="facts">
      <time dateTime={new Date(at).toISOString()}>{momentWords(at, story.timeZone)}</time>
      <span class="chip" data-state={post.state}>
        {STATE_WORDS[post.state]}
      </span>
      {post.state === 'draft' && post.deskNote && (
        <span class="chip" data-state="sent-back">
          Sent back
        </span>
      )}
      {content.breaking && (
        <span class="chip" data-state="breaking">
          Breaking
        </span>
      )}
      {content.verification !== 'none' && (
        <span class="chip" data-state={content.verification}>
          {VERIFICATION_WORDS[content.verification]}
        </span>
      )}
      {post.keyEvent && (
        <span class="chip" data-state="key">
          Key event
        </span>
      )}
      {post.pinnedAt !== null && (
        <span class="chip" data-state="pinned">
          Pinned
        </span>
      )}
      <WrittenBy postId={post.id} />
      {post.createdBy.name && <span>{post.createdBy.name}</span>}
      {post.updatedAt !== null && <span>updated {momentWords(post.updatedAt, story.timeZone)}</span>}
      {post.corrections.length > 0 && <span>{countWords(post.corrections.length, 'correction', 'corrections')}</span>}
      <NotesBeside post={post} />
      {post.state === 'published' && story.visibility !== 'private' && (
        <a href={postPath(story.slug ?? story.id, post.id)} target="_blank" rel="noopener">
          See it
        </a>
      )}
    </p>
  )
}

function NotesBeside({ post: { id, notes = 0 } }: { post: DeskPost }) {
  const { state } = useDesk()
  if (notes === 0) return null
  return (
    <button type="button" class="as-link" onClick={() => state.set({ open: { tool: 'notes', postId: id } })}>
      {countWords(notes, 'note', 'notes')}
    </button>
  )
}

/** Somebody else has it open in the composer. */
export function WrittenBy({ postId }: { postId: string }) {
  const { start } = useDesk()
  const presence = useShown((state) => state.presence)
  const others = presence.filter((one) => one.postId === postId && one.writing && one.person.id !== start.actor.id)
  const names = [...new Set(others.map(({ person }) => person.name))]
  if (names.length === 0) return null
  return (
    <span class="chip" data-state="writing">
      {names.join(', ')} {names.length === 1 ? 'is' : 'are'} writing
    </span>
  )
}

function Plans({ post, story }: { post: DeskPost; story: DeskStory }) {
  const { release, embargo, deskNote } = post
  if (post.state === 'published' || post.state === 'withdrawn') return null
  return (
    <>
      {release && <Countdown at={release.at} story={story} />}
      {embargo && (
        <p class="plan">
          <span class="chip" data-state="embargo">
            Embargo
          </span>{' '}
          until {momentWords(embargo.until, story.timeZone)} ({story.timeZone})
        </p>
      )}
      {deskNote && (
        <p class="message pre">
          Sent back by {deskNote.by}
          {deskNote.text === '' ? '.' : `: ${deskNote.text}`}
        </p>
      )}
    </>
  )
}

const SECOND_MS = 1_000

export function Countdown({ at, story }: { at: number; story: DeskStory }) {
  const now = useNow(SECOND_MS)
  return (
    <p class="plan">
      Goes out {momentWords(at, story.timeZone)} ({story.timeZone}), <b>{countdownWords(at, now)}</b>
    </p>
  )
}
