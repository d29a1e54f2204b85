// The order in which imported posts are to be published.
// Called by the readers of this room. Pure.

/**
 * Oldest first. Posts of the same time: as in the document where that is oldest first on the whole, else the other way round,
 * since pages show the newest first.
 */
export function oldestFirst<T extends { publishedAt: number }>(posts: readonly T[]): T[] {
  let rising = 0
  for (const [index, post] of posts.entries())
    rising += Math.sign(post.publishedAt - (posts[index - 1]?.publishedAt ?? post.publishedAt))
  const document = rising > 0 ? posts : posts.toReversed()
  return document.toSorted((a, b) => a.publishedAt - b.publishedAt)
}
