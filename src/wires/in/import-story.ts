// Carries out an imported story: creates it, publishes its posts at their own times, brings its pictures home.
// Called by the import command and the desk. Never does the same post twice: ids come from the source.

import { createHash } from 'node:crypto'
import { type Block, type ImageBlock, type PostContentInput, parseContent } from '../../domain/content.ts'
import { AppError, isAppError } from '../../domain/error.ts'
import type { Actor } from '../../domain/permission.ts'
import type { Visibility } from '../../domain/story.ts'
import type { ImportedPost, ImportedStory } from '../../formats/imported.ts'
import { createStory } from '../../newsroom/create-story.ts'
import { endStory } from '../../newsroom/end-story.ts'
import { publishPost } from '../../newsroom/publish-post.ts'
import { startStory } from '../../newsroom/start-story.ts'
import type { ActStore } from '../../store/contract.ts'
import { bringPictures, type PictureTally, type PictureWays } from './import-pictures.ts'

/** `salt`: a secret of the installation, so that nobody can work out the address of an unlisted import from its source. */
export type ImportDesk = PictureWays & { acts: ActStore; actor: Actor; salt?: string }

export type ImportChoice = {
  visibility: Visibility
  timeZone?: string // IANA; absent = UTC
  onProgress?: (done: number, of: number) => void
}

/** `skipped`: posts that an earlier import had brought, plus those that could not be published (each in `problems`). */
export type ImportReport = {
  storyId: string
  posts: number
  skipped: number
  pictures: PictureTally
  problems: string[]
}

/** Doing it again publishes only what is new. Throws `invalid`, `forbidden`, `unavailable`; what was published stays. */
export async function importStory(
  desk: ImportDesk,
  imported: ImportedStory,
  choice: ImportChoice,
): Promise<ImportReport> {
  if (imported.posts.length === 0)
    throw new AppError('invalid', 'There is nothing to import: the source has no updates.')
  const source = imported.sourceUrl ?? `${imported.title} ${imported.startedAt ?? imported.posts[0]?.publishedAt}`
  const salted = JSON.stringify([desk.salt ?? '', source])
  const storyId = idFrom('story', salted)
  const report: ImportReport = {
    storyId,
    posts: 0,
    skipped: 0,
    pictures: { kept: 0, missing: 0 },
    problems: [...imported.problems],
  }
  await openStory(desk, storyId, imported, choice, report)
  const pictures = bringPictures(desk, (address) => idFrom('picture', storyId, address), report)
  const ids = idsOf(imported.posts, salted)
  for (const [index, post] of imported.posts.entries()) {
    await importPost(desk, storyId, ids[index] ?? '', post, pictures, report)
    choice.onProgress?.(index + 1, imported.posts.length)
  }
  if (imported.endedAt !== null) await endOnce(desk, storyId)
  return report
}

async function openStory(
  desk: ImportDesk,
  storyId: string,
  imported: ImportedStory,
  choice: ImportChoice,
  report: ImportReport,
): Promise<void> {
  const { title, standfirst } = fitting(imported, report)
  const language = imported.language ?? 'en'
  const settings = { title, standfirst, language, timeZone: choice.timeZone, visibility: choice.visibility }
  await createStory(desk, desk.actor, storyId, settings)
  const { state } = (await storyOf(desk, storyId)) ?? {}
  if (state === 'planned') await startStory(desk, desk.actor, storyId)
  if (imported.language === null) report.problems.push(`The source names no language; "${language}" was taken.`)
}

function fitting(imported: ImportedStory, report: ImportReport): { title: string; standfirst: string } {
  const named =
    imported.title || (imported.sourceUrl ? (URL.parse(imported.sourceUrl)?.host ?? '') : '') || 'Imported story'
  const title = named.slice(0, 300).toWellFormed()
  const standfirst = imported.standfirst.slice(0, 1_000).toWellFormed()
  if (title !== named) report.problems.push('The title was longer than a title may be and was cut.')
  if (standfirst !== imported.standfirst) report.problems.push('The standfirst was longer than it may be and was cut.')
  return { title, standfirst }
}

async function importPost(
  desk: ImportDesk,
  storyId: string,
  postId: string,
  post: ImportedPost,
  pictures: (image: ImageBlock) => Promise<ImageBlock>,
  report: ImportReport,
): Promise<void> {
  // Looked up first, so that a second import fetches no picture for a post that stands already.
  if (await isPublished(desk, storyId, postId)) {
    report.skipped++
    return
  }
  try {
    const content = await withPictures(post.content, pictures)
    const at = { publishedAt: post.publishedAt, updatedAt: post.updatedAt }
    await publishPost(desk, desk.actor, storyId, { postId, content, keyEvent: post.keyEvent, at })
    report.posts++
  } catch (error) {
    if (!isAppError(error, 'invalid') && !isAppError(error, 'too_large') && !isAppError(error, 'conflict')) throw error
    report.skipped++
    report.problems.push(`A post of ${new Date(post.publishedAt).toISOString()} was left out: ${error.message}`)
  }
}

async function withPictures(
  content: PostContentInput,
  pictures: (image: ImageBlock) => Promise<ImageBlock>,
): Promise<PostContentInput> {
  const blocks: Block[] = []
  for (const block of parseContent(content).blocks) {
    if (block.type === 'image') blocks.push(await pictures(block))
    else if (block.type === 'gallery') blocks.push({ ...block, images: await inTurn(block.images, pictures) })
    else blocks.push(block)
  }
  return { ...content, blocks }
}

async function inTurn(
  images: ImageBlock[],
  pictures: (image: ImageBlock) => Promise<ImageBlock>,
): Promise<ImageBlock[]> {
  const done: ImageBlock[] = []
  for (const image of images) done.push(await pictures(image))
  return done
}

function storyOf(desk: ImportDesk, storyId: string) {
  return desk.acts.act(storyId, async (act) => act.story)
}

function isPublished(desk: ImportDesk, storyId: string, postId: string): Promise<boolean> {
  return desk.acts.act(storyId, async (act) => {
    const post = await act.post(postId)
    return post?.state === 'published' || post?.state === 'withdrawn'
  })
}

async function endOnce(desk: ImportDesk, storyId: string): Promise<void> {
  const story = await storyOf(desk, storyId)
  if (story && story.state !== 'ended') await endStory(desk, desk.actor, storyId)
}

/**
 * By the source's own id or address; where it has none, by time and words. Two that would be the same get a number.
 * A page's address shared by several posts is no id: there time and words are added.
 */
function idsOf(posts: readonly ImportedPost[], source: string): string[] {
  const keys = posts.map((post) => post.originalId ?? post.originalUrl ?? '')
  const times = new Map<string, number>()
  for (const key of keys) times.set(key, (times.get(key) ?? 0) + 1)
  const used = new Map<string, number>()
  return posts.map((post, index) => {
    const own = keys[index] ?? ''
    const unique = own !== '' && times.get(own) === 1
    const key = unique ? own : JSON.stringify([own, post.publishedAt, post.content.headline, post.content.blocks])
    const count = used.get(key) ?? 0
    used.set(key, count + 1)
    return idFrom('post', source, key, String(count))
  })
}

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

/** 24 letters of base 32 out of 120 bits: as unguessable as its source is, and the same each time. */
function idFrom(...parts: string[]): string {
  const hash = createHash('sha256').update(JSON.stringify(parts)).digest()
  return Array.from(hash.subarray(0, 24), (byte) => ALPHABET[byte & 31]).join('')
}
