// The public reads: what any reader may see, as JSON of the public views.
// Called by operations.ts. Reads through the handle that sees public things only.
// Never knows who asks: these answers are the same for everybody and may be kept by shared caches.

import { z } from 'zod'
import { AppError } from '../../domain/error.ts'
import { isId } from '../../domain/id.ts'
import { formatPosition, parsePosition } from '../../domain/position.ts'
import { firstPageFrom, keysOf, olderPage, type PageRange, parsePageRange } from '../../domain/post.ts'
import { isStoryName } from '../../domain/story.ts'
import type { PublicStory } from '../../domain/view.ts'
import type { PublicReads } from '../../store/contract.ts'
import * as answers from './answers.ts'
import { API_BASE, type Operation, operation } from './operation.ts'

/** Any cache may keep it and must ask before each use: a withdrawal is never outlived by a copy. */
const ASK_FIRST = 'public, no-cache'
/** One shared answer for all who follow a position. */
const SHARED_BRIEFLY = 'public, max-age=1'
const MAX_STORIES = 50

type Named = { params: { story: string } }

export const PUBLIC_READS: readonly Operation[] = [
  operation({
    ...shared('readFront', '/public/stories', 'site', 'api-front'),
    does: 'The public stories, as on the front page: live first.',
    query: z.strictObject({
      limit: z.coerce.number().int().min(1).max(MAX_STORIES).default(MAX_STORIES).describe('At most so many stories.'),
    }),
    answer: answers.publicStories,
    run: async ({ publicReads }, { query }) => ({
      stories: (await publicReads.frontPage(query.limit)).map(answers.faceAnswer),
    }),
  }),
  operation({
    ...shared('readStory', '/public/stories/{story}', 'story', 'api-story'),
    does: 'A story: its state, key events, pinned posts and summary, at a position.',
    answer: answers.publicStoryAnswer,
    run: async ({ publicReads }, call) => {
      const story = await storyOf(publicReads, call)
      // The face alone is wanted, so the post asked for is one that there is not.
      const view = await publicReads.postPage(story.id, story.id)
      if (!view) throw absent()
      return { position: positionOf(view.epoch, view.face.story), ...answers.faceAnswer(view.face) }
    },
  }),
  operation({
    ...shared('readPosts', '/public/stories/{story}/posts', 'story', 'api-posts'),
    does: 'A page of posts: the newest ones, or a closed range of older ones.',
    query: z.strictObject({
      range: z.string().max(30).optional().describe('A page of older posts, such as 21-40; from `next`.'),
    }),
    answer: answers.publicPosts,
    run: async ({ publicReads }, call) => {
      const story = await storyOf(publicReads, call)
      const range = call.query.range === undefined ? null : closedRange(story, call.query.range)
      const view = await publicReads.storyPage(story.id, range ? keysOf(range.from, range.to) : undefined)
      if (!view) throw absent()
      const older = olderPage(range?.from ?? firstPageFrom(view.face.story.ordinal))
      return {
        position: positionOf(view.epoch, view.face.story),
        items: view.items.map((item) => answers.itemAnswer(item, story.name)),
        next: older && `${API_BASE}/public/stories/${story.name}/posts?range=${older.from}-${older.to}`,
      }
    },
  }),
  operation({
    ...shared('readPost', '/public/stories/{story}/posts/{post}', 'post', 'api-post'),
    does: 'One post, or the line that is left of a withdrawn one.',
    answer: answers.publicPostAnswer,
    run: async ({ publicReads }, call) => {
      const story = await storyOf(publicReads, call)
      const view = isId(call.params.post) ? await publicReads.postPage(story.id, call.params.post) : null
      if (!view?.item) throw absent()
      return {
        position: positionOf(view.epoch, view.face.story),
        item: answers.itemAnswer(view.item, story.name),
      }
    },
  }),
  operation({
    ...shared('readChanges', '/public/stories/{story}/changes', 'story', 'api-changes'),
    does: 'What changed after a position, folded: posts as they are now.',
    query: z.strictObject({
      since: z.string().max(40).describe('A position, `epoch.seq`: what comes after it is told.'),
    }),
    answer: answers.publicChanges,
    cacheControl: SHARED_BRIEFLY,
    run: async ({ publicReads }, call) => {
      const since = parsePosition(call.query.since)
      const story = await storyOf(publicReads, call)
      const epoch = await publicReads.epoch()
      const found = epoch === since.epoch ? await publicReads.changesSince(story.id, since.seq) : null
      const head = formatPosition({ epoch, seq: found?.head ?? story.seq })
      return {
        position: call.query.since,
        head,
        changes: (found?.changes ?? []).map((change) => answers.changeAnswer(change, story.name)),
        face: found && answers.faceAnswer(found.face),
        refetch: found === null,
        next: `${API_BASE}/public/stories/${story.name}/changes?since=${head}`,
      }
    },
  }),
]

function shared(name: string, path: string, object: Operation['object'], surface: string) {
  const group = 'Public reads' as const
  return {
    name,
    group,
    method: 'GET' as const,
    path,
    access: 'public' as const,
    object,
    surface,
    cacheControl: ASK_FIRST,
  }
}

/** By slug or id. Hidden, absent and impossible names are one answer. Throws `not_found`. */
async function storyOf(reads: PublicReads, { params }: Named): Promise<PublicStory> {
  const story = isStoryName(params.story) ? await reads.storyNamed(params.story) : null
  if (!story) throw absent()
  return story
}

/** Throws `not_found` for a range that is no page, or is not closed yet. */
function closedRange(story: PublicStory, text: string): PageRange {
  const range = parsePageRange(text)
  if (!range || range.from >= firstPageFrom(story.ordinal)) throw absent()
  return range
}

function positionOf(epoch: string, story: PublicStory): string {
  return formatPosition({ epoch, seq: story.seq })
}

function absent(): AppError {
  return new AppError('not_found', 'There is nothing at this address.')
}
