// What a text being written is, where it comes from, and which of several is the one to go on with.
// Called by desk.ts, the keeper and the views. Pure.

import { canonicalJson } from '../../src/domain/canonical.ts'
import { type Block, isEmptyContent, type PostContent, plainRuns } from '../../src/domain/content.ts'
import { markOf } from '../../src/domain/decide-post.ts'
import { plainExcerpt, plainName, plainWords } from '../../src/domain/excerpt.ts'
import type { DeskPost, WrittenText } from './types.ts'

export const NO_CONTENT: PostContent = {
  headline: '',
  place: '',
  blocks: [],
  bylines: [],
  tags: [],
  source: '',
  rights: '',
  verification: 'none',
  breaking: false,
  eventAt: null,
}

export function newText(storyId: string, postId: string, now: number, bylines: PostContent['bylines']): WrittenText {
  const content = { ...NO_CONTENT, bylines }
  const nothing = { keyEvent: null, markWas: null, note: '', base: 0, of: null }
  return { postId, storyId, content, ...nothing, begunAt: now, changedAt: now }
}

export function textOfPost(post: DeskPost, now: number): WrittenText {
  return {
    postId: post.id,
    storyId: post.storyId,
    content: post.content,
    keyEvent: markOf(post),
    markWas: markOf(post),
    note: '',
    base: post.revision,
    of: post.state,
    begunAt: now,
    changedAt: now,
  }
}

/** Nothing that somebody would miss: a byline alone was filled in by the desk. */
export function isEmpty({ content, note }: Pick<WrittenText, 'content' | 'note'>): boolean {
  const words = [content.headline, content.place, content.source, note].some((line) => line.trim() !== '')
  return !words && content.tags.length === 0 && content.blocks.every(isBlank)
}

/** Readers could not see anything of it: it cannot be published. */
export function hasNoWords({ content }: Pick<WrittenText, 'content'>): boolean {
  return isEmptyContent(content)
}

function isBlank(block: Block): boolean {
  return block.type === 'paragraph' && plainRuns(block.text) === ''
}

export function sameWords(one: PostContent, other: PostContent): boolean {
  return canonicalJson(one) === canonicalJson(other)
}

/** The one that was changed last. */
export function newestOf(texts: readonly WrittenText[]): WrittenText | undefined {
  return [...texts].sort((one, other) => other.changedAt - one.changedAt)[0]
}

const MAX_NAME = 60 // characters of a text in a list

/** What a text is called where it is one of several. */
export function nameOf(content: Pick<PostContent, 'headline' | 'blocks'>): string {
  return plainName(content, MAX_NAME, true)
}

export function excerptOf(blocks: readonly Block[]): string {
  return plainExcerpt(blocks, true)
}

/** Everything of it that can be searched for. */
export function searchedIn({ headline, blocks, place, tags, bylines }: PostContent): string {
  const names = bylines.map(({ name }) => name)
  return [headline, place, ...tags, ...names, ...blocks.map(plainWords)].join(' ').toLocaleLowerCase()
}
