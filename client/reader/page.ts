// The page as data: reading what the server rendered, and loading it again when continuity is lost.
// Called by main.ts.
// Never leaves a post standing that the server did not confirm.

import { rangePath, storyPath } from '../../src/domain/address.ts'
import { parsePosition } from '../../src/domain/position.ts'
import { ORDER_GAP, PAGE_SIZE } from '../../src/domain/post.ts'
import type { Region } from '../../src/domain/wire.ts'
import { blockFloor, type PageState, type ShownPost, type Snapshot } from './fold.ts'

const MAX_OLDER_PAGES = 12 // 240 posts; what a reader collected beyond it goes with the reload

export function findMain(root: ParentNode): HTMLElement | null {
  return root.querySelector<HTMLElement>('main[data-story][data-position]')
}

/** Throws when the page breaks its contract. */
export function readSnapshot(main: HTMLElement): Snapshot {
  const { position = '', openEnd } = main.dataset
  const posts = main.querySelectorAll<HTMLElement>('[data-posts] > [data-post]')
  const regions: Snapshot['regions'] = {}
  for (const region of main.querySelectorAll<HTMLElement>('[data-region]')) {
    regions[region.dataset.region as Region] = region.innerHTML
  }
  return { ...parsePosition(position), openEnd: openEnd === 'true', posts: [...posts].map(readPost), regions }
}

function readPost(element: HTMLElement): ShownPost {
  const { post: id = '', version, key } = element.dataset
  return { id, version: Number(version), orderKey: Number(key), html: element.outerHTML }
}

export type Load = (path: string) => Promise<{ status: number; main: HTMLElement | null }>

/**
 * The page at `path` as it is now. What the reader collected and what has moved to older pages since is looked for there.
 * null = it is no page of this story any more: only a real reload tells what is there.
 */
export async function loadSnapshot(
  load: Load,
  path: string,
  main: HTMLElement,
  state: PageState,
): Promise<Snapshot | null> {
  const { story, name = '' } = main.dataset
  const fetchPage = async (from: string): Promise<Snapshot | null> => {
    const page = await load(from)
    if (page.status >= 500 || page.status === 429) throw new Error(`The page answered ${page.status}.`)
    return page.main?.dataset.story === story && page.main ? readSnapshot(page.main) : null
  }
  const first = await fetchPage(path)
  if (!first) return null
  const pages = [first]
  const covered = new Set(first.posts.map((post) => blockFloor(post.orderKey)))
  const floor = Math.min(...covered)
  const blocks = new Set([...state.posts.values()].map((post) => blockFloor(post.orderKey)))
  for (const block of [...blocks].sort((a, b) => b - a).slice(0, MAX_OLDER_PAGES)) {
    if (covered.has(block) || (first.openEnd && block > floor) || !state.openEnd) continue
    const from = Math.max(1, block / ORDER_GAP)
    const older = await fetchPage(rangePath(name, { from, to: from + PAGE_SIZE - 1 }))
    const page = older ?? (await fetchPage(storyPath(name))) // no closed page yet: the first one holds it
    if (page?.epoch === first.epoch) pages.push(page)
    for (const post of page?.posts ?? []) covered.add(blockFloor(post.orderKey))
  }
  return merge(pages)
}

/** Pages of one story, loaded one after the other: as old as the oldest of them; a post as in its newest. */
function merge(pages: Snapshot[]): Snapshot {
  const posts = new Map<string, ShownPost>()
  for (const post of pages.flatMap((page) => page.posts)) {
    if (post.version >= (posts.get(post.id)?.version ?? 0)) posts.set(post.id, post)
  }
  const seq = Math.min(...pages.map((page) => page.seq))
  const regions = pages[0]?.regions ?? {}
  const openEnd = pages.some((page) => page.openEnd)
  return { epoch: pages[0]?.epoch ?? '', seq, openEnd, posts: [...posts.values()], regions }
}
