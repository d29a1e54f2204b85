// Snippets in the composer: put in where the caret stands, from outside or by a name typed after a slash.
// Called by editor.ts and use-writing.ts.
// Never takes a slash that no snippet is named after: it stays as it was typed.

import { TextSelection } from '@tiptap/pm/state'
import type { Block } from '../../../src/domain/content.ts'
import { snippetTyped } from '../../../src/domain/snippet.ts'
import type { ComposerContext, View } from './context.ts'
import { nodeOf } from './document.ts'
import { insertNodes } from './insert.ts'

/** `typed`: characters right before the caret that it takes the place of. Alone in its paragraph it takes that whole. */
export function putSnippet(view: View, blocks: readonly Block[], typed = 0): 'alone' | 'within' {
  const { state } = view
  const { $from, from } = state.selection
  const nodes = blocks.map((block) => state.schema.nodeFromJSON(nodeOf(block)))
  const alone = $from.depth === 1 && $from.parent.type.name === 'paragraph' && $from.parent.content.size === typed
  if (!alone) {
    if (typed > 0) view.dispatch(state.tr.setSelection(TextSelection.create(state.doc, from - typed, from)))
    insertNodes(view, nodes)
    return 'within'
  }
  const end = nodes.at(-1)?.isTextblock ? [] : [state.schema.node('paragraph')]
  const all = [...nodes, ...end]
  const tr = state.tr.replaceWith($from.before(1), $from.after(1), all)
  const after = $from.before(1) + all.reduce((size, node) => size + node.nodeSize, 0)
  view.dispatch(tr.setSelection(TextSelection.near(tr.doc.resolve(after), -1)).scrollIntoView())
  return 'alone'
}

/** True when a name stood before the caret and its snippet took its place. `space`: one was typed after it. */
export function takeSnippet(view: View, context: ComposerContext, space = false): boolean {
  const { $from, empty } = view.state.selection
  if (!empty || !$from.parent.isTextblock) return false
  const name = snippetTyped($from.parent.textBetween(0, $from.parentOffset, '', '\ufffc'))
  const blocks = name === null ? null : context.snippet(name)
  if (name === null || !blocks) return false
  if (putSnippet(view, blocks, name.length + 1) === 'within' && space) view.dispatch(view.state.tr.insertText(' '))
  return true
}
