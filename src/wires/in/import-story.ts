// Carries out an imported story: creates it, publishes its posts at their own times, brings its pictures home.
// Called by the import command. Never does the same post twice: ids come from the source.

import { type ImageBlock, MAX_HEADLINE } from '../../domain/content.ts'
import { AppError, isAppError } from '../../domain/error.ts'
import type { Actor } from '../../domain/permission.ts'
import type { Post } from '../../domain/post.ts'
import type { Story, Visibility } from '../../domain/story.ts'
import type { ImportedPost, ImportedStory } from '../../formats/imported.ts'
import { changeStory } from '../../newsroom/change-story.ts'
import { createStory } from '../../newsroom/create-story.ts'
import { endStory } from '../../newsroom/end-story.ts'
import { pinPost } from '../../newsroom/pin-post.ts'
import { publishPost } from '../../newsroom/publish-post.ts'
import { startStory } from '../../newsroom/start-story.ts'
import type { ActStore } from '../../store/contract.ts'
import { type ImportIds, importIds } from './import-ids.ts'
import { bringPictures, type PictureTally, type PictureWays } from './import-pictures.ts'
import { mendPictures, withPictures } from './mend-pictures.ts'

const MAX_STANDFIRST = 1_000 // characters; what a story takes
const RUNNING_MS = 24 * 3_600_000 // a page that was silent for longer is taken as over: a blog's posts stand minutes apart

/** `salt`: a secret of the installation, so that nobody can work out the address of an unlisted import from its source. */
export type ImportDesk = PictureWays & { acts: ActStore; actor: Actor; salt: string }

export type ImportChoice = {
  visibility: Visibility
  timeZone?: string // IANA; absent = UTC
  onProgress?: (done: number, of: number) => void
}

/** `here`: posts an earlier import had brought. `leftOut`: posts that could not be published, each in `problems`. */
export type ImportReport = {
  storyId: string
  posts: { found: number; published: number; here: number; leftOut: number }
  pictures: PictureTally
  problems: string[]
}

/** What one import works with. */
type Run = {
  desk: ImportDesk
  imported: ImportedStory
  ids: ImportIds
  report: ImportReport
  bring: (image: ImageBlock) => Promise<ImageBlock>
  /** Times, ms UTC: the newest post that stood already, the oldest that this import published. */
  span: { newestHere: number; oldestNew: number }
}

/** Doing it again publishes only what is new. Throws `invalid`, `forbidden`, `unavailable`; what was published stays. */
export async function importStory(
  desk: ImportDesk,
  imported: ImportedStory,
  choice: ImportChoice,
): Promise<ImportReport> {
  if (imported.posts.length === 0)
    throw new AppError('invalid', 'There is nothing to import: the source has no updates.')
  const ids = importIds(imported, desk.salt)
  const report: ImportReport = {
    storyId: ids.story,
    posts: { found: imported.posts.length, published: 0, here: 0, leftOut: 0 },
    pictures: { kept: 0, mended: 0, missing: 0 },
    problems: [...imported.problems],
  }
  const bring = bringPictures(desk, ids.picture, report)
  const run: Run = { desk, imported, ids, report, bring, span: { newestHere: 0, oldestNew: Number.POSITIVE_INFINITY } }
  const before = await openStory(run, choice)
  await bringLead(run)
  for (const [index, post] of imported.posts.entries()) {
    await importPost(run, ids.posts[index] ?? '', post)
    choice.onProgress?.(index + 1, imported.posts.length)
  }
  noteOrder(run, before)
  await closeStory(run, before === null)
  return report
}

/** Gives the story as it stood before; null when this import made it. */
async function openStory({ desk, imported, ids, report }: Run, choice: ImportChoice): Promise<Story | null> {
  const { title, standfirst } = fitting(imported, report)
  const language = imported.language ?? 'en'
  const settings = { title, standfirst, language, timeZone: choice.timeZone, visibility: choice.visibility }
  const before = await look(desk, ids.story)
  if (!before.story) await createStory(desk, desk.actor, ids.story, settings)
  if (!before.story || before.story.state === 'planned') {
    await startStory(desk, desk.actor, ids.story, startOf(imported, before.now, report))
  }
  if (imported.language === null) report.problems.push(`The source names no language; "${language}" was taken.`)
  return before.story
}

/** The page's picture, once; one that could not be had is asked for again at the next import. */
async function bringLead({ desk, imported, ids, bring }: Run): Promise<void> {
  const { story } = await look(desk, ids.story)
  if (!imported.lead || !story || story.lead) return
  const lead = await bring(imported.lead)
  if (!lead.media) return
  await changeStory(desk, desk.actor, ids.story, { revision: story.revision, change: { lead } })
}

function look(desk: ImportDesk, storyId: string): Promise<{ story: Story | null; now: number }> {
  return desk.acts.act(storyId, async ({ story, now }) => ({ story, now }))
}

function fitting(imported: ImportedStory, report: ImportReport): { title: string; standfirst: string } {
  const named =
    imported.title || (imported.sourceUrl ? (URL.parse(imported.sourceUrl)?.host ?? '') : '') || 'Imported story'
  const title = named.slice(0, MAX_HEADLINE).toWellFormed()
  const standfirst = imported.standfirst.slice(0, MAX_STANDFIRST).toWellFormed()
  if (title !== named) report.problems.push('The title was longer than a title may be and was cut.')
  if (standfirst !== imported.standfirst) report.problems.push('The standfirst was longer than it may be and was cut.')
  return { title, standfirst }
}

/** What the source says; where it says nothing, or names a time to come, its first post. */
function startOf(imported: ImportedStory, now: number, report: ImportReport): number {
  const first = imported.posts[0]?.publishedAt ?? now
  const said = imported.startedAt
  if (said !== null && said > now) report.problems.push('The source starts in the future; its first post was taken.')
  if (said !== null && said > first && said <= now)
    report.problems.push('The source names a start after its first post; it was kept as it is.')
  return Math.min(said !== null && said <= now ? said : first, now)
}

async function importPost(run: Run, postId: string, post: ImportedPost): Promise<void> {
  const { desk, ids, report, span } = run
  const storyId = ids.story
  // Looked up first, so that a second import fetches no picture that stands already.
  const standing = await desk.acts.act(storyId, (act) => act.post(postId))
  if (isOut(standing)) {
    report.posts.here++
    span.newestHere = Math.max(span.newestHere, standing.publishedAt ?? 0)
    return mendPictures({ ...run, storyId }, standing, post.content)
  }
  try {
    const content = await withPictures(post.content, run.bring)
    const at = { publishedAt: post.publishedAt, updatedAt: post.updatedAt }
    await publishPost(desk, desk.actor, storyId, { postId, content, keyEvent: post.keyEvent, at })
    report.posts.published++
    span.oldestNew = Math.min(span.oldestNew, post.publishedAt)
  } catch (error) {
    if (!isAppError(error, 'invalid') && !isAppError(error, 'too_large') && !isAppError(error, 'conflict')) throw error
    report.posts.leftOut++
    report.problems.push(`A post of ${new Date(post.publishedAt).toISOString()} was left out: ${error.message}`)
    return
  }
  if (post.pinned) await pinPost(desk, desk.actor, storyId, postId, true)
}

function isOut(post: Post | null): post is Post {
  return post?.state === 'published' || post?.state === 'withdrawn'
}

/** A place is given at publication and lasts: what comes later stands at the newest end, whatever its time. */
function noteOrder({ report, span }: Run, before: Story | null): void {
  const hadOthers = (before?.ordinal ?? 0) > report.posts.here
  if (report.posts.published === 0 || (!hadOthers && span.oldestNew >= span.newestHere)) return
  report.problems.push('The story had other posts already; the new ones stand at its newest end, whatever their times.')
}

/**
 * Ends the story where the source says so. A source that says nothing and was silent for RUNNING_MS ended with its last post;
 * a story that the newsroom runs on is not ended for that reason.
 */
async function closeStory({ desk, imported, ids, report }: Run, isNew: boolean): Promise<void> {
  const { now } = await look(desk, ids.story)
  const last = imported.posts.at(-1)?.publishedAt ?? now
  const said = imported.endedAt
  if (said !== null && said <= now) return void (await endStory(desk, desk.actor, ids.story, said))
  if (said !== null) report.problems.push('The source ends in the future; that was not taken over.')
  if (last > now - RUNNING_MS || (!isNew && report.posts.published === 0)) return
  await endStory(desk, desk.actor, ids.story, last)
}
