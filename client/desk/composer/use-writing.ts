// The life of the composer: its editor made and ended, content read in when it is another, given out after every change.
// Called by composer.tsx.
// Never reads back what it gave out itself: an older copy on its way through the page would take words away.

import { Editor } from '@tiptap/core'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { clipPath, mediaPath } from '../../../src/domain/address.ts'
import { type Block, cleanLine, type PostContent } from '../../../src/domain/content.ts'
import { photosIn } from '../keep/photos.ts'
import type { ComposerContext, OnMedia } from './context.ts'
import { blocksFrom, documentFrom, withoutEmptyEnd } from './document.ts'
import { composerExtensions, type Direction } from './editor.ts'
import { addFiles } from './insert.ts'
import { type ComposerLabels, ENGLISH } from './labels.ts'
import { putSnippet } from './snippets.ts'
import type { Uploads } from './uploads.ts'
import { focusIn, headlineField, holds, load, pendingIn, problemsOf, settle, textAttributes } from './writing.ts'

export type ComposerHandle = {
  /** Where writing goes on: the headline while nothing is written yet, the end of the text otherwise. */
  focus(): void
  /** As if they were chosen with the tools. */
  addFiles(files: readonly File[]): void
  /** Empties headline and text; what else the content holds stays. */
  clear(): void
  /** Photos that are on their way or were refused: the content holds their key. */
  pending(): number
  /** Where the caret stands, or stood last. */
  insert(blocks: readonly Block[]): void
}
export type ComposerProps = {
  /** Read again when its blocks are others than those given out by `onChange`; its other fields pass through. */
  value: PostContent
  /** `problems`: why it cannot be saved as it is, as sentences; empty = it can. */
  onChange(content: PostContent, problems: readonly string[]): void
  uploads: Uploads
  handle?: { current: ComposerHandle | null }
  labels?: Partial<ComposerLabels>
  /** Address of a small rendition. */
  pictureOf?(mediaId: string): string
  /** null: none has this name. */
  snippet?(name: string): readonly Block[] | null
  /** Opens the tool for a photo or a clip; absent: there is none. */
  onMedia?: OnMedia
  /** MB of one video or audio file; absent = 200. */
  maxClipMb?: number
  autofocus?: boolean
  /** Of the story. */
  language?: string
  direction?: Direction
}

export type Place = { current: HTMLDivElement | null }
type Kept = {
  latest: { current: ComposerProps }
  editor: { current: Editor | null }
  headline: { current: string }
  /** Blocks given out or read in, with their headline. */
  given: { current: WeakMap<readonly Block[], string> }
}

export function useWriting(props: ComposerProps, root: Place, place: Place) {
  const { value } = props
  const latest = useRef(props)
  latest.current = props
  const [labels] = useState<ComposerLabels>(() => ({ ...ENGLISH, ...props.labels }))
  const [headline, setHeadline] = useState(value.headline)
  const [said, say] = useState<readonly string[]>([])
  const [linkOpen, setLinkOpen] = useState(false)
  const [, drawn] = useState(0)
  const [context] = useState(() => contextOf(labels, latest, { root, say, askLink: () => setLinkOpen(true) }))
  const kept: Kept = {
    latest,
    editor: useRef<Editor | null>(null),
    headline: useRef(value.headline),
    given: useRef(new WeakMap<readonly Block[], string>([[value.blocks, value.headline]])),
  }
  const { editor } = kept
  const showHeadline = (text: string) => {
    kept.headline.current = text
    setHeadline(text)
  }
  const write = (text: string) => {
    showHeadline(text)
    give(kept, context)
  }

  useLayoutEffect(() => {
    const made = openEditor(props, context, place, () => give(kept, context))
    const draw = () => drawn((n) => n + 1)
    made.on('transaction', draw)
    editor.current = made
    const stop = context.uploads.listen(() => settle(made, context) || tellProblems(kept, context))
    context.uploads.want(new Set(photosIn(value.blocks)))
    if (props.autofocus) focusIn(root.current, made)
    draw()
    return () => {
      stop()
      made.destroy()
      editor.current = null
    }
  }, [])
  useLayoutEffect(() => readIn(kept, value, showHeadline), [value])
  useHandle(props, kept, context, root, () => {
    say([])
    write('')
  })
  return { editor: editor.current, context, labels, headline, write, said, linkOpen, setLinkOpen }
}

type Page = { root: Place; say(sentences: readonly string[]): void; askLink(): void }

function contextOf(labels: ComposerLabels, latest: Kept['latest'], { root, say, askLink }: Page): ComposerContext {
  return {
    labels,
    uploads: latest.current.uploads,
    clipOf: clipPath,
    maxClip: (latest.current.maxClipMb ?? 200) * 1024 * 1024,
    pictureOf: (id) => latest.current.pictureOf?.(id) ?? mediaPath(id, 400, 'jpg'),
    say,
    toHeadline: () => headlineField(root.current)?.focus(),
    askLink,
    snippet: (name) => latest.current.snippet?.(name) ?? null,
    onMedia: latest.current.onMedia,
  }
}

function openEditor(props: ComposerProps, context: ComposerContext, place: Place, onUpdate: () => void): Editor {
  return new Editor({
    element: place.current,
    injectCSS: false, // the policy of the page allows no style but its own sheet
    enableCoreExtensions: { tabindex: false, textDirection: false },
    extensions: composerExtensions(context, props.direction ?? 'ltr'),
    content: documentFrom(props.value.blocks),
    editorProps: { attributes: textAttributes(context.labels, props.language) },
    onUpdate,
  })
}

function give({ latest, editor, headline, given }: Kept, context: ComposerContext): void {
  // An undo may bring back the place of a photo that has arrived since.
  if (!editor.current || settle(editor.current, context)) return
  const blocks = withoutEmptyEnd(blocksFrom(editor.current.getJSON()))
  const content = { ...latest.current.value, headline: cleanLine(headline.current), blocks }
  given.current.set(blocks, content.headline)
  context.uploads.want(new Set(photosIn(blocks)))
  tell(latest.current, content, context)
}

/** A photo was refused, or its refusal was mended: the text is the same. */
function tellProblems({ latest }: Kept, context: ComposerContext): void {
  const { value } = latest.current
  if (problemsOf(value, context).join() !== (told.get(context) ?? '')) tell(latest.current, value, context)
}

function tell({ onChange }: ComposerProps, content: PostContent, context: ComposerContext): void {
  const problems = problemsOf(content, context)
  told.set(context, problems.join())
  onChange(content, problems)
}

const told = new WeakMap<ComposerContext, string>()

function readIn({ editor, headline, given }: Kept, value: PostContent, showHeadline: (text: string) => void): void {
  const known = given.current.get(value.blocks)
  if (known !== value.headline && value.headline !== cleanLine(headline.current)) showHeadline(value.headline)
  if (known === undefined && editor.current && !holds(editor.current, value.blocks)) load(editor.current, value.blocks)
  given.current.set(value.blocks, value.headline)
}

function useHandle(
  { handle }: ComposerProps,
  { editor, latest }: Kept,
  context: ComposerContext,
  root: Place,
  emptied: () => void,
): void {
  useEffect(() => {
    if (!handle) return
    handle.current = {
      focus: () => editor.current && focusIn(root.current, editor.current),
      addFiles: (files) => editor.current && addFiles(editor.current.view, context, files),
      clear: () => {
        if (editor.current) load(editor.current, [])
        emptied()
      },
      pending: () => pendingIn(latest.current.value, context),
      insert: (blocks) => {
        if (!editor.current) return
        putSnippet(editor.current.view, blocks)
        editor.current.view.focus()
      },
    }
    return () => {
      handle.current = null
    }
  }, [handle])
}
