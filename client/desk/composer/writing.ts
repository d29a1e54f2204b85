// The steps between the composer's document and the content it stands for: read in, given out, files settled, problems told.
// Called by use-writing.ts.
// Never writes into the history what the author did not do.

import type { Editor } from '@tiptap/core'
import { type Block, type PostContent, parseContent } from '../../../src/domain/content.ts'
import { AppError } from '../../../src/domain/error.ts'
import { arrived, type Holder, photosIn } from '../keep/photos.ts'
import type { ComposerContext } from './context.ts'
import { blocksFrom, documentFrom, withoutEmptyEnd } from './document.ts'
import type { ComposerLabels } from './labels.ts'
import { focusText } from './moves.ts'

export function headlineField(root: HTMLElement | null): HTMLTextAreaElement | null {
  return root?.querySelector<HTMLTextAreaElement>('.composer-headline textarea') ?? null
}

export function focusIn(root: HTMLElement | null, editor: Editor): void {
  const field = headlineField(root)
  if (field?.value === '' && editor.isEmpty) field.focus()
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

/** What has arrived becomes the picture of its place; words of the author's stand before those of the file. True: something did. */
export function settle(editor: Editor, { uploads }: ComposerContext): boolean {
  const { tr } = editor.state
  editor.state.doc.descendants((node, position) => {
    const { block } = node.attrs as { block?: Block }
    const result = block && 'media' in block && block.media ? uploads.get(block.media)?.result : null
    if (result) tr.setNodeAttribute(position, 'block', arrived(block as Holder, result))
  })
  if (tr.docChanged) editor.view.dispatch(tr.setMeta('addToHistory', false))
  return tr.docChanged
}

export function pendingIn({ blocks }: Pick<PostContent, 'blocks'>, { uploads }: ComposerContext): number {
  return photosIn(blocks).filter((key) => uploads.waits(key)).length
}

/** A photo that only waits is none: an act can wait for it. */
export function problemsOf(content: PostContent, { uploads, labels }: ComposerContext): string[] {
  const refused = photosIn(content.blocks).some((key) => uploads.get(key)?.state === 'failed')
  const waiting = refused ? [labels.pendingOne] : []
  try {
    parseContent(content)
    return waiting
  } catch (error) {
    return [...waiting, error instanceof AppError ? error.message : String(error)]
  }
}
