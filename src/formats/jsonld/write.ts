// A story and a post for search engines: schema.org LiveBlogPosting and NewsArticle, as objects ready for JSON.
// Called by pages/structured.ts. Pure.
// Never holds a relative address, and never markup: texts are plain.

/** Times are ms UTC; `publishedAt` null = not yet. */
type Work = {
  /** Its page; of an update the story's page and the anchor. */
  page: string
  title: string
  publishedAt: number | null
  updatedAt: number | null
  picture: string | null
  publisher: Publisher
}

export type Publisher = { name: string; page: string }
export type Update = Work & {
  text: string
  authors: string[]
  tags: string[]
  corrections: { at: number; note: string }[]
}
export type Coverage = Work & { description: string; language: string; endedAt: number | null; updates: Update[] }
/** `of`: the story it belongs to. */
export type Article = Update & { description: string; language: string; of: { title: string; page: string } }

const CONTEXT = 'https://schema.org'

export function liveBlogPosting(story: Coverage): object {
  return {
    '@context': CONTEXT,
    '@type': 'LiveBlogPosting',
    ...work(story),
    ...about(story),
    ...(story.publishedAt === null ? {} : { coverageStartTime: iso(story.publishedAt) }),
    ...(story.endedAt === null ? {} : { coverageEndTime: iso(story.endedAt) }),
    author: organization(story.publisher),
    liveBlogUpdate: story.updates.map((update) => ({ '@type': 'BlogPosting', ...posting(update) })),
  }
}

export function newsArticle(post: Article): object {
  return {
    '@context': CONTEXT,
    '@type': 'NewsArticle',
    ...posting(post),
    ...about(post),
    isPartOf: { '@type': 'LiveBlogPosting', headline: post.of.title, url: post.of.page },
  }
}

function work({ page, title, publishedAt, updatedAt, picture, publisher }: Work): object {
  return {
    ...{ url: page, mainEntityOfPage: page, headline: title },
    ...(publishedAt === null ? {} : { datePublished: iso(publishedAt) }),
    ...(updatedAt === null ? {} : { dateModified: iso(updatedAt) }),
    ...(picture === null ? {} : { image: picture }),
    publisher: organization(publisher),
  }
}

function posting(update: Update): object {
  const { authors, publisher, tags, text, corrections } = update
  return {
    ...work(update),
    author: authors.length > 0 ? authors.map((name) => ({ '@type': 'Person', name })) : organization(publisher),
    articleBody: text,
    ...(tags.length === 0 ? {} : { keywords: tags }),
    ...(corrections.length === 0 ? {} : { correction: corrections.map(correction) }),
  }
}

function correction({ at, note }: { at: number; note: string }): object {
  return { '@type': 'CorrectionComment', datePublished: iso(at), text: note }
}

function about({ description, language }: { description: string; language: string }): object {
  return { ...(description === '' ? {} : { description }), inLanguage: language }
}

function organization({ name, page }: Publisher): object {
  return { '@type': 'NewsMediaOrganization', name, url: page }
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
