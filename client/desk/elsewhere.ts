// A text that its author went on with on another device: what stands there, where it is newer than what this one knows.
// Called by writing.ts before this device's words go to the server again.
// Never chooses between the two.

import type { PostContent } from '../../src/domain/content.ts'
import type { Api } from './server/api.ts'
import { sameWords } from './text.ts'
import type { WrittenText } from './types.ts'

/** `id`: of the autosave; later is higher. */
export type Elsewhere = { postId: string; id: number; at: number; revision: number; content: PostContent }
type Line = { id: number; at: number; by: { id: string }; revision: number }

/** `text`: as the server can be sent it. null: nothing newer, nothing other, or it cannot be known now. */
export async function newerElsewhere(api: Pick<Api, 'get'>, me: string, text: WrittenText): Promise<Elsewhere | null> {
  const { postId, storyId, there = 0, base } = text
  if (there === 0 && base === 0) return null // nobody else has heard of it
  const path = `/stories/${storyId}/posts/${postId}/autosaves`
  try {
    const { autosaves } = await api.get<{ autosaves: Line[] }>(path)
    const last = autosaves.find(({ by }) => by.id === me)
    if (!last || last.id <= there || last.revision !== base) return null
    const { content } = await api.get<{ content: PostContent }>(`${path}/${last.id}`)
    return sameWords(content, text.content) ? null : { postId, content, ...last }
  } catch {
    return null
  }
}
