// A feed before it has a format: what RSS, Atom and JSON Feed are written from.
// Made by pages/feed.ts, read by the writers of this room.
// Never holds a relative address: whoever reads a feed stands elsewhere.

/** Times are ms UTC; markup is HTML whose addresses are absolute; languages are BCP 47 tags. An `id` stays when the address changes. */
export type Feed = {
  id: string
  title: string
  description: string // '' = none
  language: string
  /** The page that the feed follows. */
  page: string
  /** Its own address. */
  self: string
  updatedAt: number
  items: FeedItem[] // newest first
  /** What stood in the feed and was withdrawn with a line for readers. */
  withdrawn: WithdrawnItem[]
}

export type FeedItem = {
  id: string
  page: string
  title: string
  /** Without markup; '' = none. */
  summary: string
  content: string
  authors: string[]
  tags: string[]
  picture: string | null
  publishedAt: number
  updatedAt: number
}

export type WithdrawnItem = { id: string; at: number; reason: string }
