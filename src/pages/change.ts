// One entry of the public log as it travels to a reader's page.
// Called by web for the stream and the catch-up.
// Never holds a text that a later entry took back: the entry comes folded (law 8).

import type { PublicChange, StoryFace } from '../domain/view.ts'
import { REGIONS, type WireChange } from '../domain/wire.ts'
import { type RenderItem, renderItem } from './post.ts'
import { countWords, renderRegions } from './regions.ts'

/** `face` is the story at or after the entry. Regions are worth their bytes once per batch: in its last change. */
export function wireChange(
  change: PublicChange,
  face: StoryFace,
  { withRegions, render = renderItem }: { withRegions: boolean; render?: RenderItem },
): WireChange {
  const { seq, kind, at } = change
  const story = {
    state: face.story.state,
    posts: face.postCount,
    count: countWords(face),
    updatedAt: face.updatedAt,
  }
  return {
    seq,
    kind,
    at,
    story,
    ...outcomeOf(change, face, render),
    ...(withRegions ? { regions: regionsOf(face) } : {}),
  }
}

function outcomeOf(
  change: PublicChange,
  { story }: StoryFace,
  render: RenderItem,
): Pick<WireChange, 'post' | 'gone' | 'superseded'> {
  switch (change.outcome) {
    case 'post': {
      const { id, version, orderKey } = change.post
      return { post: { id, version, orderKey, html: String(render({ kind: 'post', post: change.post }, story)) } }
    }
    case 'trace': {
      const { id, version, orderKey } = change.trace
      return {
        post: { id, version, orderKey, html: String(render({ kind: 'trace', trace: change.trace }, story)) },
      }
    }
    case 'gone':
      return { gone: change.postId }
    case 'superseded':
      return { superseded: change.postId }
    case 'story':
      return {}
  }
}

function regionsOf(face: StoryFace): NonNullable<WireChange['regions']> {
  const regions = renderRegions(face)
  return Object.fromEntries(REGIONS.map((name) => [name, String(regions[name])]))
}
