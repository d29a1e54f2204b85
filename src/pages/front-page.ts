// The front page: what is being covered, live first.
// Called by web/reader.
// Never lists a story that is not public: it shows the faces it is given.

import { storyPath } from '../domain/address.ts'
import { directionOf } from '../domain/story.ts'
import type { StoryFace } from '../domain/view.ts'
import { attributes, html, nothing, type SafeHtml } from '../kit/html.ts'
import { dirOf } from './direction.ts'
import { renderDocument, skipToContent } from './document.ts'
import { feedLinks } from './feed.ts'
import { renderKeyEvent, renderState } from './regions.ts'
import type { Assets, Site } from './site.ts'
import { type Word, word } from './words.ts'

const MAX_KEY_EVENTS = 3 // of each story; enough to say where it stands

export type FrontPageView = { faces: readonly StoryFace[]; site: Site; assets: Assets }

export function renderFrontPage({ faces, site, assets }: FrontPageView): SafeHtml {
  const { language } = site
  const title = word(language, 'front-title')
  const of = (...states: string[]) => faces.filter((face) => states.includes(face.story.state))
  return renderDocument({
    ...{ site, assets, language, direction: directionOf(language), image: null, kind: 'website', live: true },
    title: site.name,
    description: title,
    path: '/',
    head: feedLinks(null),
    listed: true,
    skip: skipToContent(language),
    bar: nothing,
    main: html`<main class="front" id="content">
<h1>${title}</h1>
${faces.length === 0 && html`<p class="empty">${word(language, 'front-empty')}</p>`}${renderList('front-live', of('live', 'paused'), language)}${renderList('front-planned', of('planned'), language)}${renderList('front-past', of('ended'), language)}
</main>`,
  })
}

function renderList(id: Word, faces: readonly StoryFace[], language: string): SafeHtml {
  if (faces.length === 0) return nothing
  return html`<section aria-labelledby="${id}"><h2 id="${id}">${word(language, id)}</h2>
${faces.map((face) => renderFace(face, language))}</section>
`
}

function renderFace(face: StoryFace, language: string): SafeHtml {
  const { story } = face
  const foreign = story.language === language ? {} : { lang: story.language, dir: story.direction }
  const events = face.keyEvents.slice(0, MAX_KEY_EVENTS)
  return html`<article class="teaser" ${attributes(foreign)}>
<div>${renderState(face)}
<h3 ${dirOf(story.title, story.direction)}><a href="${storyPath(story.name)}">${story.title}</a></h3>${
    story.standfirst !== '' &&
    html`
<p class="standfirst" ${dirOf(story.standfirst, story.direction)}>${story.standfirst}</p>`
  }</div>${
    events.length > 0 &&
    html`
<ol class="events">${events.map((event) => renderKeyEvent(event, story))}</ol>`
  }
</article>
`
}
