// What this browser still holds of a post that is about to leave its story.
// Called by discard.tsx, times.tsx and to-story.tsx.
// Never lets words go that nobody was asked about.

import type { Desk } from '../desk.ts'
import { sameWords } from '../text.ts'
import type { DeskPost, WrittenText } from '../types.ts'

/** Typed in it and not saved as a draft; null: nothing. */
export function typedIn({ state }: Desk, { id, content }: DeskPost): WrittenText | null {
  const { text, texts } = state.get()
  const typed = text.postId === id ? text : texts.find(({ postId }) => postId === id)
  return typed && !sameWords(typed.content, content) ? typed : null
}

/** The fields begin anew where they held it: it is gone from here, and the tool has said so. */
export async function leaveText({ state, writing }: Desk, { id }: DeskPost): Promise<void> {
  if (state.get().text.postId !== id) return
  await writing.discard()
  state.set({ told: null })
}

/** Why it has to stay for now; null: nothing waits. */
export function waitsFor({ state }: Desk, { id }: DeskPost): string | null {
  const waits = state.get().outbox.queue.some(({ text }) => text.postId === id)
  return waits ? 'An act on this post still waits to be sent. Let it go out, or give it up first.' : null
}
