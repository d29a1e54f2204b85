// A post as readers would see it, by the very code of the reader's page, for the desk to show before it is sent.
// Called by web/desk/preview.ts.
// Never brings the reader's program: nothing of it is live, and nothing of it is kept.

import type { PublicPost, PublicStory } from '../domain/view.ts'
import { attributes, html, type SafeHtml } from '../kit/html.ts'
import { renderItem } from './post.ts'

export function renderPreview(post: PublicPost, story: PublicStory, style: string): SafeHtml {
  const { language, direction } = story
  return html`<!doctype html>
<html ${attributes({ lang: language, dir: direction })}>
<head>
<meta charset="utf-8">
<title>${story.title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<link rel="stylesheet" href="${style}">
</head>
<body>
<main class="one" id="content"><div class="posts">${renderItem({ kind: 'post', post }, story)}</div></main>
</body>
</html>
`
}
