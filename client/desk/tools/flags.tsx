// Whether a published post is confirmed, and whether it is breaking: said at once, beside its text.
// Called by tools.tsx.
// Never touches the text: what is being written in it goes on.

import { useState } from 'preact/hooks'
import { VERIFICATIONS } from '../../../src/domain/content.ts'
import { VERIFICATION_WORDS } from '../../../src/domain/plain-fields.ts'
import type { DeskPost } from '../types.ts'
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
      <label>
        Verification
        <select
          autofocus
          value={verification}
          onChange={({ currentTarget: { value } }) =>
            setVerification(VERIFICATIONS.find((one) => one === value) ?? verification)
          }
        >
          {VERIFICATIONS.map((one) => (
            <option key={one} value={one}>
              {VERIFICATION_WORDS[one]}
            </option>
          ))}
        </select>
      </label>
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
