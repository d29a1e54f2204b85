// The page of a person who writes: their newest posts in listed stories, with time, headline and story.
// Called by web/reader; the list by pages/tag-page.ts.
// Never shows more of a person than their bylines say.

import { personPath, postPath, storyPath } from '../domain/address.ts'
import { directionOf } from '../domain/story.ts'
import type { PostOfStory } from '../domain/view.ts'
import { attributes, html, nothing, type SafeHtml } from '../kit/html.ts'
import { renderDocument, skipToContent } from './document.ts'
import { headlineOf } from './post.ts'
import type { Assets, Site } from './site.ts'
import { zonedElement } from './times.ts'
import { cut, MAX_TITLE, textOf } from './title.ts'
import { word } from './words.ts'

/** `posts` newest first, at least one. */
export type PersonPageView = { name: string; posts: readonly PostOfStory[]; site: Site; assets: Assets }

export function renderPersonPage({ name, posts, site, assets }: PersonPageView): SafeHtml {
  const { language } = site
  const role = roleOf(name, posts)
  return renderDocument({
    ...{ site, assets, language, direction: directionOf(language), image: null, kind: 'website', live: false },
    title: name,
    description: role === '' ? name : `${name}, ${role}`,
    path: personPath(name),
    listed: true,
    skip: skipToContent(language),
    bar: nothing,
    head: nothing,
    main: html`<main class="person" id="content">
<h1><bdi>${name}</bdi></h1>${
      role !== '' &&
      html`
<p class="role"><bdi>${role}</bdi></p>`
    }
<h2>${word(language, 'latest-posts')}</h2>
${renderPosts(posts, language)}
</main>`,
  })
}

/** As the newest post has it. */
function roleOf(name: string, posts: readonly PostOfStory[]): string {
  return posts[0]?.post.content.bylines.find((byline) => byline.name === name)?.role ?? ''
}

/** Of many stories, each with its time, headline and story. `language` of the page. */
export function renderPosts(posts: readonly PostOfStory[], language: string): SafeHtml {
  return html`<ol>${posts.map((one) => renderLine(one, language))}</ol>`
}

function renderLine({ story, post }: PostOfStory, language: string): SafeHtml {
  const foreign = story.language === language ? {} : { lang: story.language, dir: story.direction }
  const headline = headlineOf(post) || cut(textOf(post.content), MAX_TITLE) || word(story.language, 'post-of')
  return html`
<li ${attributes(foreign)}><p class="when">${zonedElement(post.publishedAt, story)}</p>
<h3><a href="${postPath(story.name, post.id)}">${headline}</a></h3>
<p class="of"><a href="${storyPath(story.name)}">${story.title}</a></p></li>`
}
