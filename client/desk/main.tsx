// Begins the live desk on the plain page of a story, and takes the place of its forms once everything is loaded.
// Called by the browser. Without it, or when it cannot begin, the plain page stays and works.

import './composer/jitless.ts' // before any schema is made
import { render } from 'preact'
import type { PostContent } from '../../src/domain/content.ts'
import { blocksFromText } from '../../src/domain/plain-text.ts'
import { type Desk, openDesk } from './desk.ts'
import { installShell } from './install.ts'
import { type Begun, beginFromKept } from './shell.ts'
import { isEmpty } from './text.ts'
import { App } from './views/app.tsx'

async function begin(): Promise<void> {
  const { start, shell } = document.querySelector<HTMLElement>('script[data-start], script[data-shell]')?.dataset ?? {}
  const main = document.querySelector('main')
  if ((start ?? shell) === undefined || main === null) return
  // What this browser lacks is told by its not being there: the plain page is for it.
  if (!('locks' in navigator) || !('indexedDB' in globalThis) || !('BroadcastChannel' in globalThis)) return
  const begun: Begun | null = start === undefined ? await beginFromKept(main) : { start: JSON.parse(start), kept: null }
  if (begun === null) return
  const desk = await openDesk(begun)
  const told = main.querySelector('.message[role="status"]')?.textContent
  if (told) desk.state.set({ told: { words: told, bad: false } })
  await takeOver(desk, main)
  main.classList.add('taken')
  main.replaceChildren()
  render(<App desk={desk} />, main)
  await installShell(desk.newer).catch((error: unknown) =>
    console.warn('The desk does not open without a line.', error),
  )
}

/** What was typed before is the newest: a text that was kept waits among the unfinished ones. */
async function takeOver(desk: Desk, main: Element): Promise<void> {
  if (typedIn(main) !== null && !isEmpty(desk.state.get().text)) await desk.writing.openNew()
  const typed = typedIn(main)
  if (typed) desk.writing.change({ content: { ...desk.state.get().text.content, ...typed } })
}

/** Somebody may have begun to type before the program was there. */
function typedIn(main: Element): Pick<PostContent, 'headline' | 'blocks'> | null {
  const headline = main.querySelector<HTMLInputElement>('.composer input[name="headline"]')?.value ?? ''
  const text = main.querySelector<HTMLTextAreaElement>('.composer textarea[name="text"]')?.value ?? ''
  if (headline.trim() === '' && text.trim() === '') return null
  try {
    return { headline, blocks: blocksFromText(text) }
  } catch {
    return { headline, blocks: [{ type: 'paragraph', text: [{ text }] }] }
  }
}

begin().catch((error: unknown) => {
  // The page is whole without the program.
  console.warn('The live desk could not begin; the plain forms stay.', error)
})
