// The steps between the composer's document and the content it stands for: read in, given out, files settled, problems told.
// Called by use-writing.ts.
// Never writes into the history what the author did not do.

import type { Editor } from '@tiptap/core'
import { type Block, type PostContent, parseContent } from '../../../src/domain/content.ts'
import { AppError } from '../../../src/domain/error.ts'
import type { ComposerContext } from './context.ts'
import { blocksFrom, documentFrom, withoutEmptyEnd } from './document.ts'
import type { ComposerLabels } from './labels.ts'
import { focusText } from './moves.ts'

export function headlineField(root: HTMLElement | null): HTMLTextAreaElement | null {
  return root?.querySelector<HTMLTextAreaElement>('.composer-headline textarea') ?? null
}

export function focusIn(root: HTMLElement | null, editor: Editor): void {
  const field = headlineField(root)
  if (field?.value === '') field.focus()
  else focusText(editor.view, 'end')
}

export function textAttributes(labels: ComposerLabels, language: string | undefined): Record<string, string> {
  const lang: Record<string, string> = language ? { lang: language } : {}
  return {
    class: 'composer-prose',
    role: 'textbox',
    'aria-multiline': 'true',
    'aria-label': labels.text,
    'aria-keyshortcuts': 'Alt+F10',
    ...lang,
  }
}

/** The same words in another array are no other text: the caret stays. */
export function holds(editor: Editor, blocks: readonly Block[]): boolean {
  return JSON.stringify(withoutEmptyEnd(blocksFrom(editor.getJSON()))) === JSON.stringify(withoutEmptyEnd(blocks))
}

/** Another text: nothing of the one before is in the history. */
export function load(editor: Editor, blocks: readonly Block[]): void {
  const next = editor.schema.nodeFromJSON(documentFrom(blocks))
  const { tr } = editor.state
  tr.replaceWith(0, tr.doc.content.size, next.content).setMeta('addToHistory', false).setMeta('preventUpdate', true)
  editor.view.dispatch(tr)
}

/** What has arrived becomes the picture of its place; words of the author's stand before those of the file. */
export function settle(editor: Editor, { uploads }: ComposerContext): void {
  const { tr } = editor.state
  editor.state.doc.descendants((node, position) => {
    const result = node.attrs.upload ? uploads.get(node.attrs.upload)?.result : null
    if (!result) return
    const { id, width, height, ...words } = result
    const block = { ...node.attrs.block, media: id, width, height }
    for (const name of ['caption', 'credit', 'agency', 'alt'] as const)
      if (!block[name] && words[name]) block[name] = words[name]
    tr.setNodeAttribute(position, 'block', block).setNodeAttribute(position, 'upload', null)
  })
  if (tr.docChanged) editor.view.dispatch(tr.setMeta('addToHistory', false))
}

export function pendingIn(editor: Editor): number {
  let count = 0
  editor.state.doc.descendants((node) => {
    if (node.attrs.upload) count += 1
  })
  return count
}

export function problemsOf(content: PostContent, pending: number, labels: ComposerLabels): string[] {
  const waiting = pending > 0 ? [labels.pendingOne] : []
  try {
    parseContent(content)
    return waiting
  } catch (error) {
    return [...waiting, error instanceof AppError ? error.message : String(error)]
  }
}
