// A snippet: a piece of content with a name, written once and put into many posts.
// Called by newsroom, web/api and the desk's browser program. Pure.
// Never holds a picture: one that is withdrawn must be gone everywhere, and here nobody would look for it.

import { z } from 'zod'
import { type Block, blockSchema, cleanLine, invalidInput, mediaOf } from './content.ts'
import { AppError, wrongField } from './error.ts'
import { sayIssue } from './issue-words.ts'

export const MAX_SNIPPETS = 300 // of a newsroom; the whole list is sent to every desk
export const MAX_SNIPPET_BLOCKS = 30
export const MAX_SNIPPET_BYTES = 16 * 1024 // as JSON; longer is no piece of a post but a post
const MAX_NAME = 40 // characters; it is typed

/** As it is typed after a slash: letters and digits of any script, and hyphens. */
export const snippetNameSchema = z
  .string()
  .max(MAX_NAME)
  .transform((name) => cleanLine(name).toLowerCase())
  .refine((name) => /^[\p{L}\p{N}][\p{L}\p{M}\p{N}-]*$/u.test(name), 'A name has letters, digits and hyphens only.')

export const snippetSchema = z.strictObject({
  name: snippetNameSchema.describe('What is typed after a slash: letters, digits and hyphens; kept in small letters.'),
  blocks: z.array(blockSchema).min(1).max(MAX_SNIPPET_BLOCKS).describe('Without pictures and files.'),
})
export type SnippetInput = z.input<typeof snippetSchema>

/** `revision` from 1. Times are ms UTC. */
export type Snippet = {
  id: string
  name: string
  blocks: Block[]
  revision: number
  updatedAt: number
  updatedBy: { id: string; name: string }
}

/** Throws `invalid`, `too_large`. */
export function parseSnippet(input: SnippetInput): Pick<Snippet, 'name' | 'blocks'> {
  const parsed = snippetSchema.safeParse(input, { error: sayIssue })
  if (!parsed.success) throw invalidInput('This snippet cannot be saved', parsed.error)
  const { blocks } = parsed.data
  if (mediaOf({ blocks }).length > 0)
    throw wrongField('invalid', '#/blocks', 'A snippet holds no pictures: leave them out and put them into the post.')
  if (JSON.stringify(blocks).length > MAX_SNIPPET_BYTES)
    throw new AppError('too_large', `A snippet holds at most ${MAX_SNIPPET_BYTES / 1024} KB.`)
  return parsed.data
}

/** The name in `/name` right before the caret; null: there is none. */
export function snippetTyped(before: string): string | null {
  return /(?:^|\s)\/([\p{L}\p{N}][\p{L}\p{M}\p{N}-]*)$/u.exec(before)?.[1]?.toLowerCase() ?? null
}
