// Choosing several posts of the timeline, by hand and by key.
// Called by acts.ts and post-row.tsx.
// Never does anything to a post.

import type { Desk } from '../desk.ts'
import type { State } from '../state.ts'

const ROWS = 'ol.posts > li'
const BOX = '.choose input'

export function choose(state: State, postId: string): void {
  const chosen = new Set(state.get().chosen)
  if (!chosen.delete(postId)) chosen.add(postId)
  state.set({ chosen })
}

/** The row the focus is in; from elsewhere it only begins, at the first row. */
export function chooseAt({ state }: Desk, target: EventTarget | null): void {
  const row = target instanceof Element ? target.closest(ROWS) : null
  if (row) choose(state, row.id.replace('post-', ''))
  else if (state.get().chosen === null) state.set({ chosen: new Set() })
  state.set({ tab: 'timeline' })
  // Drawn first: the boxes may only come now.
  setTimeout(() =>
    (row?.isConnected ? row : document).querySelector<HTMLElement>(row ? BOX : `${ROWS} ${BOX}`)?.focus(),
  )
}

export function toNextBox(event: KeyboardEvent): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
  if (step === 0) return
  event.preventDefault()
  const boxes = [...document.querySelectorAll<HTMLElement>(`${ROWS} ${BOX}`)]
  boxes[boxes.findIndex((box) => box === event.currentTarget) + step]?.focus()
}
