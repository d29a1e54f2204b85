// The posts that a reader's page shows, read from its HTML as a reader would: headline, words, links, times.
// Called by tests of what readers see. Knows nothing of how pages are made but where posts begin.

import { Parser } from 'htmlparser2'

/** `lines`: the words of each block in turn. `at` and `updatedAt`: ms UTC. */
export type ShownPost = {
  id: string
  headline: string
  lines: string[]
  links: string[]
  tags: string[]
  at: number
  updatedAt: number | null
}
export type ShownPage = { posts: ShownPost[]; links: string[]; count: number }

const VOID = new Set(['br', 'img', 'hr', 'source', 'input', 'meta', 'link'])
const LINES = new Set([
  'p',
  'li',
  'td',
  'th',
  'h2',
  'h3',
  'h4',
  'blockquote',
  'figcaption',
  'br',
  'caption',
  'tr',
  'ul',
  'ol',
  'div',
])

type Open = { name: string; classes: string[] }

/** In a post without one, a heading of its text has the headline's level. */
const isHeadline = ({ name, classes }: Open) => name === 'h2' && !classes.includes('sub')

export function shownPage(html: string): ShownPage {
  const page: ShownPage = { posts: [], links: [], count: 0 }
  const open: Open[] = []
  let post: ShownPost | null = null
  let depth = 0
  let line = ''
  let inCount = false
  const within = (test: (element: Open) => boolean) => open.slice(depth).some(test)
  const endLine = () => {
    const text = line.replace(/\s+/g, ' ').trim()
    if (post && text) post.lines.push(text)
    line = ''
  }
  const parser = new Parser({
    onopentag: (name, attributes) => {
      const classes = (attributes.class ?? '').split(' ')
      if (name === 'a' && attributes.href) page.links.push(attributes.href)
      if ('data-count' in attributes) inCount = true
      if (name === 'article' && attributes.id?.startsWith('post-')) {
        post = {
          id: attributes['data-post'] ?? '',
          headline: '',
          lines: [],
          links: [],
          tags: [],
          at: 0,
          updatedAt: null,
        }
        depth = open.length
      } else if (post) {
        post.tags.push(name)
        if (LINES.has(name)) endLine()
        if (name === 'a' && attributes.href && !within((one) => isHeadline(one) || one.classes.includes('rail')))
          post.links.push(attributes.href)
        if (name === 'time' && within((one) => one.classes.includes('rail'))) {
          const at = Date.parse(attributes.datetime ?? '')
          if (within((one) => one.classes.includes('updated'))) post.updatedAt = at
          else post.at = at
        }
      }
      if (!VOID.has(name)) open.push({ name, classes })
    },
    ontext: (text) => {
      if (inCount) page.count = Number(text.replace(/[^\d]/g, ''))
      inCount = false
      if (!post || within((one) => one.classes.includes('rail'))) return
      if (within(isHeadline)) post.headline += text
      else line += text
    },
    onclosetag: (name) => {
      if (VOID.has(name)) return
      if (post && LINES.has(name)) endLine()
      open.pop()
      if (post && open.length === depth) {
        endLine()
        page.posts.push(post)
        post = null
      }
    },
  })
  parser.end(html)
  return page
}
