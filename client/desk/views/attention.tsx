// What readers' browsers told of a post, beside it.
// Called by post-row.tsx.

import { ATTENTION_MEANS } from '../../../src/domain/seen.ts'
import { useShown } from './use-desk.ts'

export function Attention({ postId }: { postId: string }) {
  const words = useShown((state) => state.attention.get(postId))
  if (!words) return null
  return (
    <p class="attention" title={ATTENTION_MEANS}>
      {words}
    </p>
  )
}
