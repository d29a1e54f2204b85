// What waits to be sent, what asks, and what was refused: each with the way on.
// Called by writing.tsx.

import { nameOf } from '../text.ts'
import type { QueuedAct } from '../types.ts'
import { ACT_WORDS, NOT_DONE_WORDS } from '../words.ts'
import { Compare } from './compare.tsx'
import { useDesk, useShown } from './use-desk.ts'

const MAX_SHOWN = 5 // acts; a long queue must not push the composer away

export function Queue() {
  const { outbox } = useDesk()
  const { queue, sending, held } = useShown((state) => state.outbox)
  const storyId = useShown((state) => state.story.id)
  if (queue.length === 0) return null
  const here = queue.filter(({ text }) => text.storyId === storyId)
  const elsewhere = queue.length - here.length
  // What needs somebody comes first.
  const shown = [...here.filter(({ state }) => state !== 'waiting'), ...here.filter(({ state }) => state === 'waiting')]
  return (
    <section class="queue" aria-labelledby="queue-title">
      <h3 id="queue-title">{held === null ? 'On its way' : 'Queued'}</h3>
      <ul class="rows">
        {shown.slice(0, MAX_SHOWN).map((act) => (
          <li key={act.n} data-queued={act.state}>
            <Waiting act={act} sending={sending === act.n} held={held} />
          </li>
        ))}
      </ul>
      {shown.length > MAX_SHOWN && <p class="hint">and {shown.length - MAX_SHOWN} more, sent in order.</p>}
      {elsewhere > 0 && <p class="hint">{elsewhere} more for other stories.</p>}
      {held === 'away' && (
        <button type="button" onClick={() => void outbox.drain(true)}>
          Try now
        </button>
      )}
    </section>
  )
}

type Props = { act: QueuedAct; sending: boolean; held: 'away' | 'signed-out' | null }

function Waiting({ act, sending, held }: Props) {
  const { writing } = useDesk()
  const { text, state, said, theirs } = act
  if (state === 'asks' && theirs)
    return (
      <Compare
        heading="Somebody changed this post meanwhile"
        theirs={theirs}
        mine={text.content}
        choices={[
          { words: 'Send mine, on top of theirs', act: () => writing.decide(act, 'mine') },
          { words: 'Leave theirs', act: () => writing.decide(act, 'theirs') },
          { words: 'Bring them together', act: () => writing.decide(act, 'together') },
        ]}
      />
    )
  if (state !== 'waiting')
    return (
      <>
        <p class="message bad" role="alert">
          <strong>
            {NOT_DONE_WORDS[act.kind]}: {nameOf(text.content)}.
          </strong>{' '}
          {said} The text is kept.
        </p>
        <div class="acts small">
          <button type="button" onClick={() => void writing.takeBack(act)}>
            Open the text
          </button>
          <button type="button" onClick={() => void writing.again(act)}>
            Send again
          </button>
          <button type="button" class="quiet" onClick={() => void writing.drop(act)}>
            Give up
          </button>
        </div>
      </>
    )
  return (
    <>
      <p class="row-title">{nameOf(text.content)}</p>
      <p class="facts">
        <span class="chip" data-state={sending ? 'sending' : 'queued'}>
          {sending
            ? 'Sending'
            : held === 'away'
              ? 'Queued, no connection'
              : held === 'signed-out'
                ? 'Queued, signed out'
                : 'Queued'}
        </span>
        <span>{ACT_WORDS[act.kind]}. Kept in this browser.</span>
        {!sending && (
          <button type="button" class="quiet small-button" onClick={() => void writing.takeBack(act)}>
            Take back
          </button>
        )}
      </p>
    </>
  )
}
