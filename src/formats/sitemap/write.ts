// Sitemaps for search engines (sitemaps.org 0.9) with Google's news extension, and robots.txt.
// Called by web/feeds/sitemaps.ts. Pure.
// Never lists an address that is not absolute.

import { html } from '../../kit/html.ts'

/** What one file may hold, by the protocol; a news sitemap 1,000. */
export const MAX_ADDRESSES = 50_000
export const MAX_NEWS = 1_000

const HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'

/** `changedAt`: ms UTC; null = not known. */
export type Entry = { page: string; changedAt: number | null }
/** `publishedAt`: ms UTC. */
export type NewsEntry = { page: string; title: string; language: string; publishedAt: number }

export function writeSitemapIndex(sitemaps: readonly string[]): string {
  return `${HEAD}${html`<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
${sitemaps.map((address) => html`<sitemap><loc>${address}</loc></sitemap>\n`)}</sitemapindex>
`}`
}

export function writeSitemap(entries: readonly Entry[]): string {
  const lastmod = (at: number | null) => at !== null && html`<lastmod>${iso(at)}</lastmod>`
  return `${HEAD}${html`<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
${entries.map(({ page, changedAt }) => html`<url><loc>${page}</loc>${lastmod(changedAt)}</url>\n`)}</urlset>
`}`
}

/** `name` of the publication. */
export function writeNewsSitemap(entries: readonly NewsEntry[], name: string): string {
  const news = (one: NewsEntry) =>
    html`<news:news><news:publication><news:name>${name}</news:name><news:language>${one.language}</news:language></news:publication><news:publication_date>${iso(one.publishedAt)}</news:publication_date><news:title>${one.title}</news:title></news:news>`
  return `${HEAD}${html`<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
${entries.map((one) => html`<url><loc>${one.page}</loc>${news(one)}</url>\n`)}</urlset>
`}`
}

export function writeRobots(closed: readonly string[], sitemap: string): string {
  return `User-agent: *\n${closed.map((path) => `Disallow: ${path}\n`).join('')}\nSitemap: ${sitemap}\n`
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
