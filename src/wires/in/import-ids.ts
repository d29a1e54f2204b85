// The ids of an imported story, its posts and its pictures: the same each time the same source is imported.
// Called by wires/in/import-story.ts. Never an id that somebody can work out who has the source and not the salt.

import { createHash } from 'node:crypto'
import type { ImportedPost, ImportedStory } from '../../formats/imported.ts'

export type ImportIds = { story: string; posts: string[]; picture(address: string): string }

/** `posts` in the order of `imported.posts`. */
export function importIds(imported: ImportedStory, salt: string): ImportIds {
  const source = imported.sourceUrl ?? `${imported.title} ${imported.startedAt ?? imported.posts[0]?.publishedAt}`
  const salted = JSON.stringify([salt, source])
  return {
    story: idFrom('story', salted),
    posts: idsOf(imported.posts, salted),
    picture: (address) => idFrom('picture', salted, address),
  }
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
