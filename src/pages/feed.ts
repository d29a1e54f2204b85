// What a story's page or the front page shows, as a feed.
// Called by web/feeds; written down by formats/rss, formats/atom and formats/jsonfeed.
// Never holds what the page does not.

import { FEED_FORMATS, type FeedFormat, feedPath, postPath, storyPath } from '../domain/address.ts'
import type { PublicPost, PublicStory, StoryFace, StoryPage } from '../domain/view.ts'
import type { Feed, FeedItem } from '../formats/feed.ts'
import { attributes, html, nothing, type SafeHtml } from '../kit/html.ts'
import { absolute } from './absolute.ts'
import { renderBlocks } from './blocks.ts'
import { previewPath } from './figures.ts'
import { leadPath } from './lead.ts'
import { renderCorrections, renderLabels, topHeading } from './post.ts'
import type { Site } from './site.ts'
import { descriptionOf, titleOf } from './title.ts'

/** Media types, without a charset. */
export const FEED_TYPES: Record<FeedFormat, string> = {
  rss: 'application/rss+xml',
  atom: 'application/atom+xml',
  json: 'application/feed+json',
}

/** For the head of the page that they follow: of a story, or of the front page: null. */
export function feedLinks(name: string | null): SafeHtml {
  const link = (format: FeedFormat) => attributes({ type: FEED_TYPES[format], href: feedPath(name, format) })
  return html`${FEED_FORMATS.map((format) => html`<link rel="alternate" ${link(format)}>\n`)}`
}

/** The posts of the story's first page, newest first. */
export function storyFeed({ face, items }: StoryPage, site: Site, format: FeedFormat): Feed {
  const { story } = face
  const { origin } = site
  return {
    id: `${origin}/${story.id}`,
    title: story.title,
    page: origin + storyPath(story.name),
    self: origin + feedPath(story.name, format),
    description: story.standfirst,
    language: story.language,
    updatedAt: face.updatedAt ?? beginOf(story),
    items: items.flatMap((item) => (item.kind === 'post' ? [postItem(item.post, story, origin)] : [])),
    withdrawn: items.flatMap((item) =>
      item.kind === 'trace'
        ? [{ id: postId(item.trace.id, story, origin), at: item.trace.withdrawnAt, reason: item.trace.reason }]
        : [],
    ),
  }
}

/** The stories of the front page, in its order. */
export function siteFeed(faces: readonly StoryFace[], site: Site, format: FeedFormat): Feed {
  const { name, language, origin } = site
  const items = faces.map((face) => storyItem(face, origin))
  return {
    ...{ id: `${origin}/`, title: name, description: '', language },
    page: `${origin}/`,
    self: origin + feedPath(null, format),
    updatedAt: Math.max(0, ...items.map((item) => item.updatedAt)),
    items,
    withdrawn: [],
  }
}

function postItem(post: PublicPost, story: PublicStory, origin: string): FeedItem {
  const { content } = post
  const picture = previewPath(content.blocks)
  const body = html`${renderLabels(post, story)}${renderBlocks(content.blocks, story.language, content.place, topHeading(post))}${renderCorrections(post, story)}`
  return {
    id: postId(post.id, story, origin),
    page: origin + postPath(story.name, post.id),
    title: titleOf({ kind: 'post', post }, story),
    summary: descriptionOf(content),
    content: absolute(body, origin).toString(),
    authors: content.bylines.map((byline) => byline.name),
    tags: content.tags,
    picture: picture && origin + picture,
    publishedAt: post.publishedAt,
    updatedAt: Math.max(post.updatedAt ?? 0, post.publishedAt, ...post.corrections.map((correction) => correction.at)),
  }
}

function storyItem({ story, updatedAt }: StoryFace, origin: string): FeedItem {
  const { standfirst, summary, language } = story
  const picture = leadPath(story)
  const begin = beginOf(story)
  const lead = standfirst === '' ? nothing : html`<p>${standfirst}</p>`
  const body = html`${lead}${summary && renderBlocks(summary.blocks, language)}`
  return {
    id: `${origin}/${story.id}`,
    page: origin + storyPath(story.name),
    ...{ title: story.title, summary: standfirst, content: absolute(body, origin).toString() },
    ...{ authors: [], tags: [], picture: picture && origin + picture },
    publishedAt: begin,
    updatedAt: Math.max(updatedAt ?? 0, begin),
  }
}

/** By the ids of both: the address changes with the story's slug. */
function postId(id: string, story: PublicStory, origin: string): string {
  return origin + postPath(story.id, id)
}

/** 0 where nobody said when: a feed has to say something. */
function beginOf({ startedAt, startsAt }: PublicStory): number {
  return startedAt ?? startsAt ?? 0
}
