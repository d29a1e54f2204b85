// Throwing a draft away: asked first, and its words offered back afterwards.
// Called by tools.tsx.
// Never by one press, and never while something on it still waits to be sent.

import { useState } from 'preact/hooks'
import type { DeskPost, WrittenText } from '../types.ts'
import { useDesk, useShown } from '../views/use-desk.ts'
import { momentWords } from '../words.ts'
import { SaidLine, usePostAct } from './post-act.tsx'
import { PostDialog } from './post-tool.tsx'
import { leaveText, typedIn, waitsFor } from './unsent.ts'

type Kept = Pick<WrittenText, 'content' | 'keyEvent'>

export function Discard({ postId }: { postId: string }) {
  return (
    <PostDialog postId={postId} title="Discard this draft?" fits={isUnpublished}>
      {(post) => <Asked post={post} />}
    </PostDialog>
  )
}

export function isUnpublished({ state }: DeskPost): boolean {
  return state !== 'published' && state !== 'withdrawn'
}

function Asked({ post }: { post: DeskPost }) {
  const desk = useDesk()
  const { state, writing } = desk
  const { said, say, send } = usePostAct(post)
  const { timeZone } = useShown((now) => now.story)
  const [kept, setKept] = useState<Kept | null>(null)
  const discard = async () => {
    const waits = waitsFor(desk, post)
    if (waits) return say({ words: waits, bad: true })
    const typed = typedIn(desk, post)
    const words: Kept = typed ?? { content: post.content, keyEvent: post.keyEvent }
    if (!(await send('POST', '/discard', { revision: post.revision }, 'The draft is discarded.'))) return
    setKept(words)
    await leaveText(desk, post)
  }
  const bringBack = async ({ content, keyEvent }: Kept) => {
    state.set({ open: null })
    await writing.openNew()
    writing.change({ content, keyEvent })
    state.set({ told: { words: 'Its words are back in the fields, as a new post. Nothing was sent yet.', bad: false } })
  }
  if (kept)
    return (
      <>
        <SaidLine said={said} />
        <p class="acts">
          <button type="button" autofocus onClick={() => void bringBack(kept)}>
            Bring its words back
          </button>
        </p>
      </>
    )
  return (
    <>
      {post.release && <p>It is scheduled for {momentWords(post.release.at, timeZone)} and will not go out.</p>}
      <p>
        It leaves the desk for good. Readers never saw it; the log keeps that it was discarded, and by whom.
        {typedIn(desk, post) && ' What was typed in it here and not saved goes with it.'}
      </p>
      <SaidLine said={said} />
      <div class="acts">
        <button type="button" class="danger" onClick={() => void discard()}>
          Discard it
        </button>
        <button type="button" class="quiet" autofocus onClick={() => state.set({ open: null })}>
          Keep it
        </button>
      </div>
    </>
  )
}
