// A feed as JSON Feed 1.1 (jsonfeed.org/version/1.1).
// Called by web/feeds. Pure.
// Never says that an item was withdrawn: JSON Feed has no words for it, so such an item is only no longer there.

import type { Feed, FeedItem } from '../feed.ts'

export function writeJsonFeed(feed: Feed): string {
  const { title, description, language, page, self } = feed
  return JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1',
    ...{ title, home_page_url: page, feed_url: self, language },
    ...(description === '' ? {} : { description }),
    items: feed.items.map(item),
  })
}

function item({ id, page, title, summary, content, authors, tags, picture, ...times }: FeedItem) {
  return {
    ...{ id, url: page, title, content_html: content },
    ...(summary === '' ? {} : { summary }),
    ...(picture === null ? {} : { image: picture }),
    date_published: new Date(times.publishedAt).toISOString(),
    date_modified: new Date(times.updatedAt).toISOString(),
    ...(authors.length === 0 ? {} : { authors: authors.map((name) => ({ name })) }),
    ...(tags.length === 0 ? {} : { tags }),
  }
}
