// Pictures of a post: brought home before it is published, or later where an earlier import could not have them.
// Called by wires/in/import-story.ts. Never changes a word that the newsroom wrote, nor when a post was last changed.

import { type Block, type ImageBlock, type PostContentInput, parseContent } from '../../domain/content.ts'
import { isAppError } from '../../domain/error.ts'
import type { Actor } from '../../domain/permission.ts'
import type { Post } from '../../domain/post.ts'
import { revisePost } from '../../newsroom/revise-post.ts'
import type { ActStore } from '../../store/contract.ts'
import type { PictureTally, PictureWays } from './import-pictures.ts'

type Bring = (image: ImageBlock) => Promise<ImageBlock>
type Mending = {
  desk: PictureWays & { acts: ActStore; actor: Actor }
  storyId: string
  report: { pictures: PictureTally; problems: string[] }
  bring: Bring
}

/** The content with what `bring` made of each of its images, in turn. Throws `invalid`, `too_large`. */
export async function withPictures(content: PostContentInput, bring: Bring): Promise<PostContentInput> {
  const blocks: Block[] = []
  for (const block of parseContent(content).blocks) {
    if (block.type === 'image') blocks.push(await bring(block))
    else if (block.type === 'gallery') blocks.push({ ...block, images: await inTurn(block.images, bring) })
    else blocks.push(block)
  }
  return { ...content, blocks }
}

/**
 * Asks again for the pictures that `standing` lacks, and revises the post to carry them: as an import at the post's own time
 * of last change, so that readers see the picture and no "Updated". What the newsroom changed meanwhile stays.
 */
export async function mendPictures(mending: Mending, standing: Post, source: PostContentInput): Promise<void> {
  const { desk, storyId, report, bring } = mending
  if (!desk.fetchPicture || standing.state !== 'published') return
  const named = addressesOf(source)
  let mended = 0
  const content = await withPictures(standing.content, async (image) => {
    if (image.media || !named.has(image.source ?? '')) return image
    const brought = await bring(image)
    if (brought.media) mended++
    return brought
  })
  if (mended === 0) return
  try {
    const at = { updatedAt: standing.updatedAt }
    await revisePost(desk, desk.actor, storyId, standing.id, { revision: standing.revision, content, at })
    report.pictures.mended += mended
  } catch (error) {
    if (!isAppError(error, 'conflict') && !isAppError(error, 'too_large')) throw error
    report.pictures.kept -= mended
    report.pictures.missing += mended
    report.problems.push(`A post was left without the picture that has come for it: ${error.message}`)
  }
}

/** Only what this source names is asked for: the newsroom may have added pictures of its own. */
function addressesOf(content: PostContentInput): Set<string> {
  const images = content.blocks.flatMap((block) =>
    block.type === 'gallery' ? block.images : block.type === 'image' ? [block] : [],
  )
  return new Set(images.flatMap((image) => image.source ?? []))
}

async function inTurn(images: ImageBlock[], bring: Bring): Promise<ImageBlock[]> {
  const done: ImageBlock[] = []
  for (const image of images) done.push(await bring(image))
  return done
}
