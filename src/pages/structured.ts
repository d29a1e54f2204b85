// What search engines read of a page: the story as a live blog, a post as an article.
// Called by pages/story-page.ts and pages/post-page.ts.
// Never says what the page does not: a withdrawn post is not in it, and the reader's program takes it out once the page moves on.

import { postAnchor, postPath, storyPath } from '../domain/address.ts'
import { type Block, type PostContent, plainRuns } from '../domain/content.ts'
import type { PublicItem, PublicPost, PublicStory, StoryFace } from '../domain/view.ts'
import { liveBlogPosting, newsArticle, type Update } from '../formats/jsonld/write.ts'
import { jsonData, type SafeHtml } from '../kit/html.ts'
import { previewPath } from './figures.ts'
import { leadPath } from './lead.ts'
import type { Site } from './site.ts'
import { cut, descriptionOf, titleOf } from './title.ts'

const MAX_HEADLINE = 110 // characters; what Google asks of an article
const LD = 'application/ld+json'

export function storyData({ story, updatedAt }: StoryFace, items: readonly PublicItem[], site: Site): SafeHtml {
  const page = site.origin + storyPath(story.name)
  const updates = items.flatMap((item) => (item.kind === 'post' ? [item.post] : []))
  const picture = leadPath(story)
  return jsonData(
    LD,
    liveBlogPosting({
      page,
      title: cut(story.title, MAX_HEADLINE),
      publishedAt: story.startedAt,
      updatedAt: updatedAt ?? story.startedAt,
      picture: picture && site.origin + picture,
      publisher: publisherOf(site),
      description: story.standfirst,
      language: story.language,
      endedAt: story.endedAt,
      updates: updates.map((post) => updateOf(post, story, site, `${page}#${postAnchor(post.id)}`)),
    }),
  )
}

export function postData(post: PublicPost, story: PublicStory, site: Site): SafeHtml {
  return jsonData(
    LD,
    newsArticle({
      ...updateOf(post, story, site, site.origin + postPath(story.name, post.id)),
      description: descriptionOf(post.content),
      language: story.language,
      of: { title: story.title, page: site.origin + storyPath(story.name) },
    }),
  )
}

function updateOf(post: PublicPost, story: PublicStory, site: Site, page: string): Update {
  const title = titleOf({ kind: 'post', post }, story)
  const picture = previewPath(post.content.blocks)
  return {
    page,
    title: cut(title, MAX_HEADLINE),
    publishedAt: post.publishedAt,
    updatedAt: post.updatedAt ?? post.publishedAt,
    picture: picture && site.origin + picture,
    publisher: publisherOf(site),
    text: bodyOf(post.content) || title,
    authors: post.content.bylines.map((byline) => byline.name),
    tags: post.content.tags,
    corrections: post.corrections.map(({ at, note }) => ({ at, note })),
  }
}

function publisherOf({ name, origin }: Site) {
  return { name, page: `${origin}/` }
}

function bodyOf({ place, blocks }: PostContent): string {
  const text = blocks
    .map(wordsOf)
    .filter((words) => words !== '')
    .join('\n')
  return place !== '' && text !== '' ? `${place} ${text}` : text
}

/** What is text in the post; '' for what only goes with it. */
function wordsOf(block: Block): string {
  switch (block.type) {
    case 'paragraph':
    case 'heading':
      return plainRuns(block.text)
    case 'list':
      return block.items.map(plainRuns).join('\n')
    case 'quote': {
      const said = block.text.map(plainRuns).join('\n')
      return block.speaker ? `“${said}” — ${block.speaker.name}` : `“${said}”`
    }
    default:
      return ''
  }
}
