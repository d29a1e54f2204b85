// What can be done to the posts of the timeline, for the palette: found by their words, so that the hands stay on the keys.
// Called by palette.tsx.
// Never withdraws or changes a text by itself: what needs words is opened.

import type { Action } from '../../../src/domain/permission.ts'
import type { Desk } from '../desk.ts'
import { nameOf } from '../text.ts'
import type { DeskPost } from '../types.ts'
import type { Command } from './acts.ts'
import { toolsOf } from './post-tools.ts'

/** Newest first, as in the timeline. */
export function postCommands(desk: Desk): Command[] {
  const { state } = desk
  if (state.get().story.withdrawnAt !== null) return []
  return state.get().posts.flatMap((post) => commandsOfPost(desk, post))
}

function commandsOfPost(desk: Desk, post: DeskPost): Command[] {
  const { writing, rows } = desk
  const named = (verb: string, run: () => void): Command => ({
    id: `${verb} ${post.id}`,
    name: `${verb}: ${nameOf(post.content)}`,
    run,
  })
  const allows = (action: Action) => desk.may(action, post.createdBy.id)
  const open = () => void writing.openPost(post)
  const go = named('Go to', () => goTo(desk, post.id))
  const withdraw = allows('post:withdraw') ? [named('Withdraw', () => goTo(desk, post.id, 'Withdraw…'))] : []
  const tools = toolsOf(post, desk.may).map(([tool, words]) =>
    named(words.replace('…', ''), () => desk.state.set({ open: { tool, postId: post.id } })),
  )
  if (post.state === 'withdrawn') return [go, ...tools]
  if (post.state === 'published') {
    if (!allows('post:change')) return [...withdraw, go, ...tools]
    const pin = named(post.pinnedAt === null ? 'Pin' : 'Unpin', () => void rows.pin(post))
    const mark = post.keyEvent
      ? named('No key event', () => void rows.mark(post, null))
      : named('Key event', () => void rows.mark(post, ''))
    return [named('Revise or correct', open), pin, mark, ...withdraw, go, ...tools]
  }
  const drafts = allows('post:draft')
  const reviews = allows('post:review')
  return [
    ...(drafts ? [named('Edit', open)] : []),
    ...(post.state === 'submitted' && reviews
      ? [
          named('Approve and publish', () => void rows.approve(post)),
          named('Send back', () => goTo(desk, post.id, 'Send back…')),
        ]
      : []),
    ...(post.state === 'draft' && drafts && !reviews ? [named('Submit', () => void rows.submit(post))] : []),
    ...(post.state === 'scheduled' && allows('post:schedule')
      ? [named('Take the time away', () => void rows.unschedule(post))]
      : []),
    go,
    ...tools,
  ]
}

/** To its first button, or to the words that `opens` asks for, whatever filter hides the row. */
function goTo({ state }: Desk, postId: string, opens?: string): void {
  state.set({ tab: 'timeline', shown: 'all', find: '' })
  setTimeout(() => {
    const row = document.getElementById(`post-${postId}`)
    row?.scrollIntoView({ block: 'center' })
    const asked = [...(row?.querySelectorAll('details') ?? [])].find(
      (details) => details.querySelector('summary')?.textContent === opens,
    )
    if (asked) asked.open = true
    const to = asked?.querySelector<HTMLElement>('input:not([type=radio]), textarea')
    const first = row?.querySelector<HTMLElement>('fieldset button, fieldset a')
    ;(to ?? first)?.focus({ preventScroll: true })
  })
}
