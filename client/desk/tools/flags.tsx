// Whether a published post is confirmed, and whether it is breaking: said at once, beside its text.
// Called by tools.tsx.
// Never touches the text: what is being written in it goes on.

import { useState } from 'preact/hooks'
import type { DeskPost } from '../types.ts'
import { VerificationChoice } from '../views/verification.tsx'
import { SaidLine, usePostAct } from './post-act.tsx'
import { PostDialog } from './post-tool.tsx'

export function Flags({ postId }: { postId: string }) {
  return (
    <PostDialog postId={postId} title="Verification, breaking" fits={({ state }) => state === 'published'}>
      {(post) => <Both post={post} />}
    </PostDialog>
  )
}

function Both({ post }: { post: DeskPost }) {
  const { said, send } = usePostAct(post)
  const [verification, setVerification] = useState(post.content.verification)
  const [breaking, setBreaking] = useState(post.content.breaking)
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault()
        void send('POST', '/flag', { verification, breaking }, 'Readers see it so now.')
      }}
    >
      <SaidLine said={said} />
      <VerificationChoice value={verification} first onChoose={setVerification} />
      <label class="choice">
        <input type="checkbox" checked={breaking} onChange={(event) => setBreaking(event.currentTarget.checked)} />
        Breaking
      </label>
      <div class="acts">
        <button type="submit" class="main">
          Tell readers
        </button>
      </div>
    </form>
  )
}
