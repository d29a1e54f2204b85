// Begins the live desk from what this browser keeps: the page came from the service worker, for the server did not answer.
// Called by main.tsx.
// Never shows anything where it is not known whose it is.

import type { LiveDeskStart } from '../../src/domain/live-desk.ts'
import { type KeptStart, type KeptStory, keptStarts, startOf } from './keep/starts.ts'
import type { Heard } from './live.ts'
import type { DeskStory } from './types.ts'
import { storyAt } from './worker/ways.ts'

const AGAIN_MS = 5_000 // the address is asked for so often while this page has nothing to show

const USUAL_CLIP_MB = 200 // the server, once it answers, says what it takes

/** `kept`: the server did not answer, and this is what is known of the story. */
export type Begun = { start: LiveDeskStart; kept: KeptStory | null }

/** null: nothing is kept of the story at this address; the page says so and waits for the server. */
export async function beginFromKept(main: Element): Promise<Begun | null> {
  const storyId = storyAt(location.pathname)
  const kept = storyId === null ? undefined : await startOf(storyId)
  const unheard = { csrf: '', maxClipMb: USUAL_CLIP_MB }
  if (kept) return { start: { storyId: kept.storyId, actor: kept.actor, ...unheard }, kept: kept.story }
  main.replaceChildren(...nothingKept(storyId !== null, await keptStarts()))
  waitForServer()
  return null
}

/** A story of which only the name is known. */
export function notHeard(story: KeptStory): Heard {
  const unknown: Omit<DeskStory, keyof KeptStory> = {
    ...{ slug: null, standfirst: '', createdAt: 0, startsAt: null, startedAt: null, endedAt: null },
    ...{ revision: 0, summary: null, lead: null, continues: null, continuedBy: null },
    ...{ position: '', posts: 0, lastPostAt: null },
  }
  return { story: { ...unknown, ...story }, posts: [], more: false, shift: null }
}

function nothingKept(isStory: boolean, starts: readonly KeptStart[]): Node[] {
  const title = made('h1', 'No connection')
  const why = isStory ? 'This story was not opened in this browser by who is signed in now.' : ''
  const words = made('p', `The server does not answer. ${why} The page is loaded as soon as it does.`)
  words.setAttribute('role', 'status')
  if (starts.length === 0) return [title, words]
  const list = document.createElement('ul')
  list.className = 'rows'
  for (const { storyId, story } of starts) {
    const link = document.createElement('a')
    link.href = `/desk/stories/${storyId}`
    link.textContent = story.title
    link.lang = story.language
    const line = document.createElement('li')
    line.append(link)
    list.append(line)
  }
  return [title, words, made('h2', 'Stories in which you can write now'), list]
}

function made(name: string, words: string): HTMLElement {
  const element = document.createElement(name)
  element.textContent = words
  return element
}

function waitForServer(): void {
  const look = async () => {
    const answer = await fetch('/api/v1/me', { cache: 'no-store', redirect: 'manual' }).catch(() => null)
    if (answer !== null && answer.status < 500) location.reload()
  }
  addEventListener('online', () => void look())
  setInterval(() => void look(), AGAIN_MS)
}
