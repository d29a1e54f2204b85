// What the desk has to say above the composer: what was done, what failed, an ended session, a publication to undo.
// Called by app.tsx.

import { secondsLeft } from '../words.ts'
import { Key } from './key.tsx'
import { ProveLink } from './prove-link.tsx'
import { useDesk, useNow, useShown } from './use-desk.ts'

export function Messages() {
  const { state } = useDesk()
  const told = useShown((now) => now.told)
  const undo = useShown((state) => state.undo)
  const contact = useShown((state) => state.contact)
  return (
    <div class="messages">
      {contact === 'signed-out' && <SignInAgain />}
      {contact === 'other-person' && (
        <p class="message bad" role="alert">
          Somebody else signed in in this browser. Your text is kept here under your own name.{' '}
          <a href={location.pathname}>Open the page anew</a>
        </p>
      )}
      <div role="status" class="told">
        {told && !told.bad && <p class="message good">{told.words}</p>}
      </div>
      {told && !told.bad && told.choices && (
        <p class="acts undo">
          {told.choices.map(({ words, run }) => (
            <button type="button" key={words} class="small-button" onClick={run}>
              {words}
            </button>
          ))}
        </p>
      )}
      {told?.bad && (
        <p class="message bad" role="alert">
          {told.words}
        </p>
      )}
      {told?.bad && told.prove && <ProveLink path={told.prove} />}
      {told?.bad && told.choices && (
        <p class="acts">
          {told.choices.map(({ words, run }) => (
            <button type="button" key={words} class="danger" onClick={run}>
              {words}
            </button>
          ))}
          <button type="button" class="quiet" onClick={() => state.set({ told: null })}>
            Leave it
          </button>
        </p>
      )}
      {undo && <Undo {...undo} />}
    </div>
  )
}

function SignInAgain() {
  return (
    <div class="message bad" role="alert">
      <p>
        <strong>Your session has ended.</strong> Everything is kept here, and you can go on writing. What is sent waits.
      </p>
      <p>
        <a href="/desk/sign-in?next=%2Fdesk%2Fsigned-in" target="_blank" rel="noopener">
          Sign in, in a new window
        </a>
      </p>
    </div>
  )
}

function Undo({ postId, until }: { postId: string; until: number }) {
  const { rows, state, writing, api, start } = useDesk()
  useNow(250)
  const left = secondsLeft(until, Date.now())
  if (left === 0) return null
  const undo = async () => {
    if (!(await rows.undo(postId))) return
    const { text, posts } = state.get()
    // The draft is where the mistake is put right; what is being written already is not pushed aside.
    if (text.content.headline !== '' || text.content.blocks.length > 0) return
    const post = posts.find(({ id }) => id === postId)
    const fresh = await api.get<NonNullable<typeof post>>(`/stories/${start.storyId}/posts/${postId}`).catch(() => post)
    if (fresh) await writing.openPost(fresh)
  }
  return (
    <p class="acts undo">
      <button type="button" class="small-button" onClick={() => void undo()}>
        Undo <Key of="Alt Z" />
      </button>{' '}
      <span class="hint">
        {left} s<span class="unseen"> left: the post becomes a draft again, without a trace.</span>
      </span>
    </p>
  )
}
