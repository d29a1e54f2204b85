// The snippets of the newsroom: listed for who writes in a story, changed by editors.
// Called by operations.ts.

import { z } from 'zod'
import { blockSchema } from '../../domain/content.ts'
import { idSchema } from '../../domain/id.ts'
import { snippetSchema } from '../../domain/snippet.ts'
import { deleteSnippet } from '../../newsroom/delete-snippet.ts'
import { saveSnippet } from '../../newsroom/save-snippet.ts'
import { nothingBody } from './bodies.ts'
import { actorOf, type Operation, operation } from './operation.ts'

const snippet = z.object({
  id: idSchema,
  name: z.string(),
  blocks: z.array(blockSchema),
  revision: z.int().describe('From 1'),
  updatedAt: z.int().describe('Milliseconds since 1970 UTC'),
  updatedBy: z.object({ id: z.string(), name: z.string() }),
})
const ONE = '/snippets/{snippet}'

export const saveSnippetBody = snippetSchema.extend({
  revision: z
    .int()
    .min(0)
    .describe('The revision you saw; 0 for a new one. A stale one is refused with the current one.'),
})

export const SNIPPETS: readonly Operation[] = [
  operation({
    ...{ name: 'listSnippets', group: 'Desk reads', method: 'GET', path: '/stories/{story}/snippets' },
    ...{ access: 'snippet:use', object: 'story' },
    does: 'The snippets of the newsroom, by name, for who writes in this story.',
    answer: z.object({ snippets: z.array(snippet) }),
    run: async ({ snippets }) => ({ snippets: await snippets.list() }),
  }),
  operation({
    ...{ name: 'saveSnippet', group: 'Together', method: 'PUT', path: ONE },
    ...{ access: 'snippet:change', object: 'site' },
    does: 'Save a piece of content for many posts under an id made by you: a new one, or its next revision.',
    body: saveSnippetBody,
    answer: snippet,
    run: ({ snippets }, call) => saveSnippet(snippets, actorOf(call), call.params.snippet, call.body),
  }),
  operation({
    ...{ name: 'deleteSnippet', group: 'Together', method: 'POST', path: `${ONE}/delete` },
    ...{ access: 'snippet:change', object: 'site' },
    does: 'Delete a snippet. Posts it was put into keep their words.',
    body: nothingBody,
    answer: z.object({ id: idSchema, gone: z.literal(true) }),
    run: async ({ snippets }, call) => {
      await deleteSnippet(snippets, actorOf(call), call.params.snippet)
      return { id: call.params.snippet, gone: true }
    },
  }),
]
