// Law 12: the last good page, marked "connection lost, showing 14:32", while the database is out of reach.
// Called by web/reader/serve-page.ts. Never changes anything but the mark.

import { html } from '../../kit/html.ts'
import { word } from '../../pages/words.ts'
import { makeReady, type Ready } from '../ready.ts'

/** Marked once, however many readers ask while the database is away. */
const marked = new WeakMap<Ready, Ready>()

export function connectionLost(ready: Ready, madeAt: number, language: string): Ready {
  const found =
    marked.get(ready) ?? makeReady(mark(ready.identity.toString(), madeAt, language), ready.type, 'no-store')
  marked.set(ready, found)
  return found
}

/** The connection line stands in every page of a story, hidden; here it is shown. Other pages get one at their top. */
function mark(page: string, madeAt: number, language: string): string {
  const time = `${new Date(madeAt).toISOString().slice(11, 16)} UTC`
  const shown = page.replace(
    /(<p class="connection"[^>]*?) hidden([^>]*data-lost="([^"]*)"[^>]*>)/,
    (_all, before: string, after: string, words: string) => `${before}${after}${words.replace('{time}', time)}`,
  )
  if (shown !== page) return shown
  const words = word(language, 'connection-lost').replace('{time}', time)
  return page.replace(/<main\b[^>]*>/, (main) => `${main}\n${html`<p class="connection" role="status">${words}</p>`}`)
}
