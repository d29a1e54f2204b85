// Frames of the simulation: the wire shapes with plain words instead of pages.
// Called by the simulated nodes; pages/change.ts does this work in the product.

import type { ChangesSince, PublicChange, PublicItem, StoryFace } from '../../src/domain/view.ts'
import type { WireChange } from '../../src/domain/wire.ts'
import { changeFrame } from '../../src/live/change-frame.ts'
import type { Frame } from '../../src/live/ring.ts'

export function makeFrames(found: ChangesSince): Frame[] {
  return found.changes.map((change) => {
    const regions = change.seq === found.face.story.version
    return changeFrame(found.epoch, wireOf(change, found.face, regions), mentionsOf(found.face))
  })
}

export function htmlOf(item: PublicItem): string {
  return item.kind === 'post' ? `<article>${item.post.content.headline}</article>` : `<p>${item.trace.reason}</p>`
}

export function itemState(item: PublicItem): { id: string; version: number; orderKey: number; html: string } {
  const { id, version, orderKey } = item.kind === 'post' ? item.post : item.trace
  return { id, version, orderKey, html: htmlOf(item) }
}

/** What stands beside the list, as one text. */
export function regionsOf(face: StoryFace): string {
  const pinned = face.pinned.map((post) => `${post.id} ${post.content.headline}`)
  const turns = face.keyEvents.map((line) => `${line.postId} ${line.title}`)
  return `${pinned.join(', ')} | ${turns.join(', ')}`
}

function wireOf(change: PublicChange, face: StoryFace, regions: boolean): WireChange {
  const { seq, kind, at } = change
  const story = { state: face.story.state, posts: face.postCount, count: '', updatedAt: face.updatedAt }
  const wire: WireChange = { seq, kind, at, story, ...(regions ? { regions: { pinned: regionsOf(face) } } : {}) }
  if (change.outcome === 'post') return { ...wire, post: itemState({ kind: 'post', post: change.post }) }
  if (change.outcome === 'trace') return { ...wire, post: itemState({ kind: 'trace', trace: change.trace }) }
  if (change.outcome === 'gone') return { ...wire, gone: change.postId }
  return change.outcome === 'superseded' ? { ...wire, superseded: change.postId } : wire
}

function mentionsOf(face: StoryFace): string[] {
  return [...face.pinned.map((post) => post.id), ...face.keyEvents.map((line) => line.postId)]
}
