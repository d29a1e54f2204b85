// What the service worker does with a request, told by its address alone.
// Called by worker/main.ts. Pure.
// Never answers for the API, for photos, for streams or for what readers see: those are not named here.

/**
 * page: from the server, and the shell where it does not answer. shell: a part of the shell, from what is kept.
 * person: it may change who is signed in. look: the plain forms may have been chosen. leave: not the worker's.
 */
export type Way = 'page' | 'shell' | 'person' | 'look' | 'leave'

const SCOPE = '/desk/'
/** Pages that leave the person as they are. Any other below the scope may not: what it is, the worker need not know. */
const SAME_PERSON = /^\/desk\/(?:$|worker\.js$|shell$|manifest\.webmanifest$|(?:stories|photos|people)(?:\/|$))/
const STORY = /^\/desk\/stories\/([0-9a-z]{16,32})$/

type Asked = { method: string; path: string; isPage: boolean }

export function wayOf({ method, path, isPage }: Asked, shell: readonly string[]): Way {
  if (method === 'GET' && !isPage && shell.includes(path)) return 'shell'
  if (!path.startsWith(SCOPE)) return 'leave'
  if (!SAME_PERSON.test(path)) return 'person'
  if (method === 'POST' && path.endsWith('/look')) return 'look'
  return method === 'GET' && isPage ? 'page' : 'leave'
}

/** Of the page of a story's desk; null for every other page. */
export function storyAt(path: string): string | null {
  return STORY.exec(path)?.[1] ?? null
}
