// What can be done to a post of the timeline. What needs words opens under its button; what needs more opens as a tool.
// Called by post-row.tsx.

import type { ComponentChildren } from 'preact'
import { useRef, useState } from 'preact/hooks'
import { markOf } from '../../../src/domain/decide-post.ts'
import type { DeskPost } from '../types.ts'
import { toolsOf } from './post-tools.ts'
import { useDesk, useShown } from './use-desk.ts'

export function RowActs({ post }: { post: DeskPost }) {
  const { may } = useDesk()
  const busy = useShown((state) => state.busy.has(post.id))
  const owner = post.createdBy.id
  const acts =
    post.state === 'published' ? (
      <Published post={post} />
    ) : post.state === 'withdrawn' ? (
      <More post={post} />
    ) : may('post:draft', owner) ? (
      <Unpublished post={post} />
    ) : (
      <Read post={post} />
    )
  return (
    <fieldset class="acts small bare" disabled={busy}>
      <legend class="unseen">Acts on this post</legend>
      {acts}
    </fieldset>
  )
}

function Published({ post }: { post: DeskPost }) {
  const { may, rows, writing } = useDesk()
  const owner = post.createdBy.id
  const at = `/desk/stories/${post.storyId}/posts/${post.id}`
  const change = may('post:change', owner)
  return (
    <>
      {change && (
        <button type="button" onClick={() => void writing.openPost(post)}>
          Revise, correct
        </button>
      )}
      {may('post:withdraw', owner) && <Withdraw post={post} />}
      {change && (
        <button type="button" class="quiet" onClick={() => void rows.pin(post)}>
          {post.pinnedAt === null ? 'Pin' : 'Unpin'}
        </button>
      )}
      {change && <KeyEvent post={post} />}
      <More post={post} plain={change ? at : null} />
    </>
  )
}

/** Somebody else's, or one that goes out by itself: read, and talked about. */
function Read({ post }: { post: DeskPost }) {
  return (
    <>
      <a class="button" href={`/desk/stories/${post.storyId}/drafts/${post.id}`}>
        Read
      </a>
      <More post={post} />
    </>
  )
}

function Unpublished({ post }: { post: DeskPost }) {
  const { may, rows, writing } = useDesk()
  const at = `/desk/stories/${post.storyId}/drafts/${post.id}`
  const owner = post.createdBy.id
  if (post.state === 'scheduled' && !may('post:schedule', owner)) return <Read post={post} />
  return (
    <>
      <button type="button" onClick={() => void writing.openPost(post)}>
        Edit
      </button>
      {post.state === 'draft' && !may('post:review') && (
        <button type="button" onClick={() => void rows.submit(post)}>
          Submit
        </button>
      )}
      {post.state === 'submitted' && may('post:review') && (
        <>
          <button type="button" class="main" onClick={() => void rows.approve(post)}>
            Approve and publish
          </button>
          <SendBack post={post} />
        </>
      )}
      {post.state === 'scheduled' && (
        <button type="button" class="quiet" onClick={() => void rows.unschedule(post)}>
          Take the time away
        </button>
      )}
      <More post={post} plain={at} />
    </>
  )
}

/** What opens beside the timeline: nothing is done by the press itself. */
function More({ post, plain = null }: { post: DeskPost; plain?: string | null }) {
  const { state, may } = useDesk()
  return (
    <Opens words="More…">
      <p class="acts small">
        {toolsOf(post, may).map(([tool, words]) => (
          <button type="button" key={tool} onClick={() => state.set({ open: { tool, postId: post.id } })}>
            {words}
          </button>
        ))}
        {plain && <a href={plain}>Plain form</a>}
      </p>
    </Opens>
  )
}

function Withdraw({ post }: { post: DeskPost }) {
  const { rows } = useDesk()
  const { language, direction } = useShown((state) => state.story)
  const [trace, setTrace] = useState<'line' | 'none'>('line')
  const [reason, setReason] = useState('')
  return (
    <Opens words="Withdraw…">
      <div class="stack">
        <label class="choice">
          <input type="radio" name={`trace-${post.id}`} checked={trace === 'line'} onChange={() => setTrace('line')} />
          Leave one line with time and reason
        </label>
        <label class="choice">
          <input type="radio" name={`trace-${post.id}`} checked={trace === 'none'} onChange={() => setTrace('none')} />
          Leave nothing
        </label>
        <label>
          Reason{trace === 'line' ? ', for readers' : ', for the desk'}
          <input
            lang={language}
            dir={direction}
            value={reason}
            onInput={(event) => setReason(event.currentTarget.value)}
          />
        </label>
        <button type="button" class="danger" onClick={() => void rows.withdraw(post, trace, reason)}>
          Withdraw it now
        </button>
      </div>
    </Opens>
  )
}

function KeyEvent({ post }: { post: DeskPost }) {
  const { rows } = useDesk()
  const { language, direction } = useShown((state) => state.story)
  const [title, setTitle] = useState(markOf(post)?.title ?? '')
  return (
    <Opens words="Key event…">
      <div class="stack">
        <label>
          Short title
          <input
            lang={language}
            dir={direction}
            value={title}
            placeholder={post.content.headline}
            onInput={(event) => setTitle(event.currentTarget.value)}
          />
        </label>
        <div class="acts">
          <button type="button" onClick={() => void rows.mark(post, title)}>
            {post.keyEvent ? 'Change the title' : 'Mark as key event'}
          </button>
          {post.keyEvent && (
            <button type="button" class="quiet" onClick={() => void rows.mark(post, null)}>
              Not a key event
            </button>
          )}
        </div>
      </div>
    </Opens>
  )
}

function SendBack({ post }: { post: DeskPost }) {
  const { rows } = useDesk()
  const [note, setNote] = useState('')
  return (
    <Opens words="Send back…">
      <div class="stack">
        <label>
          What its author should know
          <textarea rows={2} value={note} onInput={(event) => setNote(event.currentTarget.value)} />
        </label>
        <button type="button" onClick={() => void rows.sendBack(post, note)}>
          Send back
        </button>
      </div>
    </Opens>
  )
}

/** A button that opens what is under it; Escape closes it and goes back to the button. */
function Opens({ words, children }: { words: string; children: ComponentChildren }) {
  const details = useRef<HTMLDetailsElement>(null)
  const close = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !details.current?.open) return
    details.current.open = false
    details.current.querySelector('summary')?.focus()
  }
  return (
    <details class="confirm" ref={details} onKeyDown={close}>
      <summary>{words}</summary>
      {children}
    </details>
  )
}
