// The bar over the timeline while posts are being chosen: how many, what can be done to all of them, and what became of each.
// Called by tools.tsx.

import { useState } from 'preact/hooks'
import { BULK_ACTS, type BulkAct, type BulkWords, type Outcome, runBulk, whyNotIn } from '../bulk.ts'
import type { Desk } from '../desk.ts'
import { shownPosts } from '../timeline.ts'
import type { DeskPost } from '../types.ts'
import { useDesk, useShown } from '../views/use-desk.ts'
import { Outcomes } from './outcomes.tsx'

const NAMES: Record<BulkAct, string> = {
  approve: 'Approve and publish',
  'send-back': 'Send back…',
  submit: 'Submit',
  mark: 'Mark as key event',
  unmark: 'No key event',
  unpin: 'Unpin',
  unschedule: 'Take the time away',
  withdraw: 'Withdraw…',
  discard: 'Discard…',
}
const DONE: Record<BulkAct, string> = {
  approve: 'Approved and published',
  'send-back': 'Sent back',
  submit: 'Submitted',
  mark: 'Marked as key events',
  unmark: 'No longer key events',
  unpin: 'Unpinned',
  unschedule: 'No longer scheduled',
  withdraw: 'Withdrawn',
  discard: 'Discarded',
}
const NO_WORDS: BulkWords = { note: '', trace: 'line', reason: '', copies: 'ask' }

type Ran = { act: BulkAct; outcomes: readonly Outcome[] }

export function BulkBar() {
  const desk = useDesk()
  const { state } = desk
  const chosenIds = useShown((now) => now.chosen)
  const posts = useShown((now) => now.posts)
  const shown = useShown((now) => now.shown)
  const find = useShown((now) => now.find)
  const [asks, setAsks] = useState<BulkAct | null>(null)
  const [running, setRunning] = useState<{ done: number; of: number } | null>(null)
  const [ran, setRan] = useState<Ran | null>(null)
  if (!chosenIds) return null
  const chosen = posts.filter(({ id }) => chosenIds.has(id))
  const inView = shownPosts(posts, shown, find)
  const hidden = chosen.filter((post) => !inView.includes(post)).length
  const run = async (act: BulkAct, words: BulkWords) => {
    setAsks(null)
    setRan(null)
    setRunning({ done: 0, of: chosen.length })
    const outcomes = await runOver(desk, act, chosen, words, (done) => setRunning({ done, of: chosen.length }))
    setRunning(null)
    setRan({ act, outcomes })
  }
  return (
    <section class="bulk" aria-label="Several posts at once">
      <p class="facts">
        <b>{chosen.length} chosen</b>
        {hidden > 0 && <span>{hidden} of them not shown</span>}
        <button type="button" class="quiet" onClick={() => state.set({ chosen: new Set(inView.map(({ id }) => id)) })}>
          All {inView.length} shown
        </button>
        <button
          type="button"
          class="quiet"
          disabled={chosen.length === 0}
          onClick={() => state.set({ chosen: new Set() })}
        >
          None
        </button>
        <button type="button" class="quiet" onClick={() => state.set({ chosen: null })}>
          Done choosing
        </button>
      </p>
      {running ? (
        <p role="status">
          {running.done} of {running.of} sent…
        </p>
      ) : (
        !asks && <BulkActs chosen={chosen} onAct={(act) => (act in ASKS ? setAsks(act) : void run(act, NO_WORDS))} />
      )}
      {asks && !running && (
        <Asks
          key={asks}
          act={asks}
          count={chosen.filter((post) => whyNotIn(asks, post, desk.may) === null).length}
          onGo={(words) => void run(asks, words)}
          onLeave={() => setAsks(null)}
        />
      )}
      {ran && <Outcomes done={DONE[ran.act]} outcomes={ran.outcomes} left="They are still chosen." />}
    </section>
  )
}

/** What was not done stays chosen: the reason is put right, and the act pressed again. */
async function runOver(
  desk: Desk,
  act: BulkAct,
  posts: readonly DeskPost[],
  words: BulkWords,
  told: (done: number) => void,
): Promise<Outcome[]> {
  const { state, api, start } = desk
  state.set({ busy: new Set([...state.get().busy, ...posts.map(({ id }) => id)]) })
  const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
  const outcomes = await runBulk(
    { api, storyId: start.storyId, may: desk.may, newId: desk.newId, wait, told },
    act,
    posts,
    words,
  )
  const mine = new Set(posts.map(({ id }) => id))
  const left = outcomes.filter(({ why }) => why !== null).map(({ post }) => post.id)
  state.set({ busy: new Set([...state.get().busy].filter((id) => !mine.has(id))), chosen: new Set(left) })
  desk.refresh()
  return outcomes
}

function BulkActs({ chosen, onAct }: { chosen: readonly DeskPost[]; onAct(act: BulkAct): void }) {
  const { may } = useDesk()
  const fits = BULK_ACTS.map((act) => ({ act, count: chosen.filter((post) => !whyNotIn(act, post, may)).length }))
  const offered = fits.filter(({ act, count }) => count > 0 && !(act === 'submit' && may('post:review')))
  if (chosen.length === 0)
    return (
      <p class="hint">
        Tick posts below, or press <kbd>X</kbd> on one. The arrows go up and down.
      </p>
    )
  if (offered.length === 0) return <p class="hint">Nothing can be done to all of these at once.</p>
  return (
    <div class="acts small">
      {offered.map(({ act, count }) => (
        <button type="button" key={act} class={act === 'withdraw' ? 'danger' : undefined} onClick={() => onAct(act)}>
          {NAMES[act]} {count === chosen.length ? `(${count})` : `(${count} of ${chosen.length})`}
        </button>
      ))}
    </div>
  )
}

/** Acts that want words, or a second press. */
const ASKS = { 'send-back': true, withdraw: true, discard: true, approve: true } as const

type AsksProps = { act: BulkAct; count: number; onGo(words: BulkWords): void; onLeave(): void }

function Asks({ act, count, onGo, onLeave }: AsksProps) {
  const { language, direction } = useShown((state) => state.story)
  const [words, setWords] = useState(NO_WORDS)
  const set = (more: Partial<BulkWords>) => setWords({ ...words, ...more })
  const written = { lang: language, dir: direction }
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault()
        onGo(words)
      }}
    >
      <b>{NAMES[act].replace('…', '')}</b>
      {act === 'send-back' && (
        <label>
          What their authors should know
          <textarea
            rows={2}
            autofocus
            value={words.note}
            onInput={(event) => set({ note: event.currentTarget.value })}
          />
        </label>
      )}
      {act === 'withdraw' && (
        <>
          <label>
            What stays
            <select
              value={words.trace}
              onChange={(event) => set({ trace: event.currentTarget.value === 'none' ? 'none' : 'line' })}
            >
              <option value="line">One line with time and reason</option>
              <option value="none">Nothing</option>
            </select>
          </label>
          <label>
            Reason{words.trace === 'line' ? ', for readers' : ', for the desk'}
            <input {...written} value={words.reason} onInput={(event) => set({ reason: event.currentTarget.value })} />
          </label>
          <label>
            Copies in other stories
            <select
              value={words.copies}
              onChange={(event) => set({ copies: event.currentTarget.value as BulkWords['copies'] })}
            >
              <option value="ask">Tell me where there are any, and leave those posts</option>
              <option value="withdraw">Withdraw them too</option>
              <option value="leave">Leave the copies</option>
            </select>
          </label>
        </>
      )}
      {act === 'discard' && <p>They are thrown away. Readers never saw them.</p>}
      {act === 'approve' && <p>Readers see them at once, in this order.</p>}
      <div class="acts">
        <button type="submit" class={act === 'withdraw' || act === 'discard' ? 'danger' : 'main'}>
          {NAMES[act].replace('…', '')} ({count})
        </button>
        <button type="button" class="quiet" onClick={onLeave}>
          Leave it
        </button>
      </div>
    </form>
  )
}
