// One act on one post from a tool: sent at once, and what came of it told in the tool itself.
// Called by the tools that change a post.
// Never queues, and never says that something was done before the server did.

import { useRef, useState } from 'preact/hooks'
import { proofPath } from '../proof.ts'
import { asRefusal } from '../server/api.ts'
import type { DeskPost, Receipt } from '../types.ts'
import { ProveLink } from '../views/prove-link.tsx'
import { useDesk } from '../views/use-desk.ts'

/** `prove`: where a fresh proof of who somebody is is given. */
export type Said = { words: string; bad: boolean; prove?: string | null } | null

export function usePostAct({ storyId, id }: DeskPost) {
  const { api, newId, refresh } = useDesk()
  const [said, say] = useState<Said>(null)
  const isSending = useRef(false)
  /** True when it was done; `done` is told then. */
  const send = async (method: 'POST' | 'PUT', part: string, body: unknown, done: string): Promise<boolean> => {
    if (isSending.current) return false
    isSending.current = true
    say(null) // the same words once more are told once more
    try {
      await api.send<Receipt>(method, `/stories/${storyId}/posts/${id}${part}`, body, { key: newId() })
      say({ words: done, bad: false })
      return true
    } catch (thrown) {
      const refusal = asRefusal(thrown)
      const kept = refusal.kind === 'away' ? 'Press it again when the line is back.' : 'Nothing was changed.'
      say({ words: `${refusal.message} ${kept}`, bad: true, prove: proofPath(refusal) })
      return false
    } finally {
      isSending.current = false
      refresh()
    }
  }
  return { said, say, send }
}

export function SaidLine({ said }: { said: Said }) {
  return (
    <>
      <div role="status" class="told">
        {said && !said.bad && <p class="message good">{said.words}</p>}
      </div>
      {said?.bad && (
        <p class="message bad" role="alert">
          {said.words}
        </p>
      )}
      {said?.prove && <ProveLink path={said.prove} />}
    </>
  )
}
