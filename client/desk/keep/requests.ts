// An act on a text as the requests that do it, one after the other.
// Called by keep/outbox.ts.
// Never does more when it is sent again: every request is idempotent by the post's id, its revision and its key.

import { type Api, Refusal } from '../server/api.ts'
import type { QueuedAct, Receipt } from '../types.ts'

/** Gives the post's revision after it. Throws Refusal. */
export async function perform(api: Pick<Api, 'send'>, act: QueuedAct): Promise<number> {
  const { kind, text, release, key } = act
  const { content, keyEvent, base, note } = text
  const at = `/stories/${text.storyId}/posts/${text.postId}`
  const put = (part: string, body: unknown) => api.send<Receipt>('PUT', at + part, body)
  const post = (part: string, body: unknown) => api.send<Receipt>('POST', at + part, body, { key: `${key}${part}` })
  switch (kind) {
    case 'publish':
      return revisionOf(await put('', { content, keyEvent, ...(base === 0 ? {} : { revision: base }) }))
    case 'draft':
      return revisionOf(await put('/draft', { revision: base, content, keyEvent }))
    case 'submit': {
      const revision = revisionOf(await put('/draft', { revision: base, content, keyEvent }))
      return revisionOf(await post('/submit', { revision }))
    }
    case 'schedule': {
      const revision = revisionOf(await put('/draft', { revision: base, content, keyEvent }))
      return revisionOf(await put('/schedule', { revision, release }))
    }
    case 'revise':
    case 'correct': {
      const body = { revision: base, content, ...(kind === 'correct' ? { note } : {}) }
      const revision = revisionOf(await post(`/${kind}`, body))
      // Not touched, it stays as it is: a colleague may have set it meanwhile, and no revision tells of that.
      if (text.markWas === undefined || text.markWas?.title !== keyEvent?.title) await put('/key-event', { keyEvent })
      return revision
    }
  }
}

/** Without one it is no answer to an act on a post, and the act waits on. Throws Refusal. */
function revisionOf({ revision }: Partial<Receipt>): number {
  if (typeof revision === 'number') return revision
  throw new Refusal('away', 'The server’s answer did not come whole.')
}
