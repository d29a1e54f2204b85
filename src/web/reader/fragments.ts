// Rendered posts of this node, each made once per version (law 5): page, post page, stream and catch-up share them.
// Called by web/reader. Never decides what may be seen, and never keeps an older version of a post than the newest it was asked for.

import type { PublicItem, PublicStory } from '../../domain/view.ts'
import type { SafeHtml } from '../../kit/html.ts'
import { type RenderItem, renderItem } from '../../pages/post.ts'

const MAX_FRAGMENTS = 20_000 // posts; about 60 MB of real ones

/** `of(epoch)` renders within one history: after a restore a version may mean another text. */
export type Fragments = { of(epoch: string): RenderItem }

export function createFragments(): Fragments {
  const kept = new Map<string, { stamp: string; markup: SafeHtml }>() // by post, in order of last use
  return {
    of: (epoch) => (item, story) => {
      const { id, version } = item.kind === 'post' ? item.post : item.trace
      const stamp = stampOf(epoch, version, item, story)
      const found = kept.get(id)
      const markup = found?.stamp === stamp ? found.markup : renderItem(item, story)
      kept.delete(id)
      kept.set(id, { stamp, markup })
      for (const oldest of kept.keys()) {
        if (kept.size <= MAX_FRAGMENTS) break
        kept.delete(oldest)
      }
      return markup
    },
  }
}

/** Everything a fragment depends on. */
function stampOf(epoch: string, version: number, item: PublicItem, story: PublicStory): string {
  return [epoch, version, item.kind, story.name, story.language, story.timeZone, story.visibility].join(' ')
}
