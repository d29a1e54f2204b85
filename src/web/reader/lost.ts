// Law 12: the last good page, marked "connection lost, showing 14:32", while the database is out of reach.
// Called by web/reader/pages.ts. Never changes anything but the mark.

import { makeReady, type Ready } from '../ready.ts'

/** The connection line stands in every story page, hidden; here it is shown with the time the page was made. */
export function connectionLost(ready: Ready, madeAt: number): Ready {
  const time = new Date(madeAt).toISOString().slice(11, 16)
  const marked = ready.identity
    .toString()
    .replace(
      /(<p class="connection"[^>]*?) hidden([^>]*data-lost="([^"]*)"[^>]*>)/,
      (_all, before: string, after: string, words: string) => {
        return `${before}${after}${words.replace('{time}', `${time} UTC`)}`
      },
    )
  return makeReady(marked, ready.type, 'no-store')
}
