// A feed as RSS 2.0 (rssboard.org/rss-specification), with Atom's self link, content:encoded and dc:creator.
// Called by web/feeds. Pure.
// Never says that an item was withdrawn: RSS has no words for it, so such an item is only no longer there.

import { html, type SafeHtml } from '../../kit/html.ts'
import type { Feed, FeedItem } from '../feed.ts'

/** The template escapes for XML as it does for HTML. */
export function writeRss(feed: Feed): string {
  return `<?xml version="1.0" encoding="utf-8"?>
${html`<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel>
<title>${feed.title}</title>
<link>${feed.page}</link>
<description>${feed.description || feed.title}</description>
<language>${feed.language}</language>
<lastBuildDate>${rfc822(feed.updatedAt)}</lastBuildDate>
<atom:link rel="self" type="application/rss+xml" href="${feed.self}"/>
${feed.items.map(item)}</channel>
</rss>
`}`
}

function item(one: FeedItem): SafeHtml {
  return html`<item>
<title>${one.title}</title>
<link>${one.page}</link>
<guid isPermaLink="false">${one.id}</guid>
<pubDate>${rfc822(one.publishedAt)}</pubDate>
${one.authors.map((name) => html`<dc:creator>${name}</dc:creator>\n`)}${one.tags.map((tag) => html`<category>${tag}</category>\n`)}<description>${one.summary || one.title}</description>
<content:encoded>${one.content}</content:encoded>
</item>
`
}

/** "Wed, 25 Nov 2026 16:10:00 GMT". */
function rfc822(ms: number): string {
  return new Date(ms).toUTCString()
}
