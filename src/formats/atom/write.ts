// A feed as Atom (RFC 4287); what was withdrawn stands in it as a deleted entry (RFC 6721), so that readers who keep copies drop theirs.
// Called by web/feeds. Pure.
// Never writes an entry and its deletion into one feed.

import { html, type SafeHtml } from '../../kit/html.ts'
import type { Feed, FeedItem, WithdrawnItem } from '../feed.ts'

/** The template escapes for XML as it does for HTML. */
export function writeAtom(feed: Feed): string {
  return `<?xml version="1.0" encoding="utf-8"?>
${html`<feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0" xml:lang="${feed.language}">
<id>${feed.id}</id>
<title>${feed.title}</title>
${feed.description !== '' && html`<subtitle>${feed.description}</subtitle>\n`}<updated>${iso(feed.updatedAt)}</updated>
<link rel="self" type="application/atom+xml" href="${feed.self}"/>
<link rel="alternate" type="text/html" href="${feed.page}"/>
<author><name>${feed.title}</name></author>
${feed.items.map(entry)}${feed.withdrawn.map(deletedEntry)}</feed>
`}`
}

function entry(one: FeedItem): SafeHtml {
  return html`<entry>
<id>${one.id}</id>
<title>${one.title}</title>
<link rel="alternate" type="text/html" href="${one.page}"/>
<published>${iso(one.publishedAt)}</published>
<updated>${iso(one.updatedAt)}</updated>
${one.authors.map((name) => html`<author><name>${name}</name></author>\n`)}${one.tags.map((tag) => html`<category term="${tag}"/>\n`)}${one.summary !== '' && html`<summary>${one.summary}</summary>\n`}<content type="html">${one.content}</content>
</entry>
`
}

function deletedEntry({ id, at, reason }: WithdrawnItem): SafeHtml {
  return html`<at:deleted-entry ref="${id}" when="${iso(at)}">${reason !== '' && html`<at:comment>${reason}</at:comment>`}</at:deleted-entry>
`
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
