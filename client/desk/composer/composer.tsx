// The composer of a post: headline and text, written as they will be read, kept as the typed tree of domain/content.ts.
// Called by the desk's program wherever a post is written.
// Never loses or changes a part that it cannot edit, never cuts what is typed, never takes text back that it gave out itself.

import './jitless.ts'
import { Editor } from '@tiptap/core'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { mediaPath } from '../../../src/domain/address.ts'
import { type Block, cleanLine, MAX_HEADLINE, type PostContent, parseContent } from '../../../src/domain/content.ts'
import { AppError } from '../../../src/domain/error.ts'
import type { ComposerContext } from './context.ts'
import { blocksFrom, documentFrom, withoutEmptyEnd } from './document.ts'
import { composerExtensions, type Direction } from './editor.ts'
import { counterOf, isInputMethod } from './fields.tsx'
import { addFiles } from './insert.ts'
import { type ComposerLabels, ENGLISH } from './labels.ts'
import { LinkBar } from './link-bar.tsx'
import { focusText } from './moves.ts'
import { Toolbar } from './toolbar.tsx'
import { type UploadFile, Uploads } from './uploads.ts'

export type ComposerHandle = {
  /** Where writing goes on: the headline when it is empty, the text otherwise. */
  focus(): void
  /** Empties headline and text; what else the content holds stays. */
  clear(): void
  /** Files that are on their way or were refused: they are no part of the content yet. */
  pending(): number
}
export type ComposerProps = {
  /** Read again when its blocks are others than those given out by `onChange`; its other fields pass through. */
  value: PostContent
  /** `problems`: why it cannot be saved as it is, as sentences; empty = it can. */
  onChange(content: PostContent, problems: readonly string[]): void
  upload: UploadFile
  handle?: { current: ComposerHandle | null }
  labels?: Partial<ComposerLabels>
  /** Address of a small rendition. */
  pictureOf?(mediaId: string): string
  autofocus?: boolean
  /** Of the story. */
  language?: string
  direction?: Direction
}

export function Composer(props: ComposerProps) {
  const { value, autofocus, language, direction = 'ltr', handle } = props
  const latest = useRef(props)
  latest.current = props
  const root = useRef<HTMLDivElement>(null)
  const place = useRef<HTMLDivElement>(null)
  const [labels] = useState<ComposerLabels>(() => ({ ...ENGLISH, ...props.labels }))
  const [headline, setHeadline] = useState(value.headline)
  const [said, setSaid] = useState<readonly string[]>([])
  const [linkOpen, setLinkOpen] = useState(false)
  const [, drawn] = useState(0)
  const [context] = useState(() => contextOf())
  const given = useRef(new WeakMap<readonly Block[], string>([[value.blocks, value.headline]]))
  const editor = useRef<Editor | null>(null)
  const writing = useRef(value.headline)

  function contextOf(): ComposerContext {
    return {
      labels,
      uploads: new Uploads((file, onProgress) => latest.current.upload(file, onProgress)),
      pictureOf: (id) => latest.current.pictureOf?.(id) ?? mediaPath(id, 400, 'jpg'),
      say: setSaid,
      toHeadline: () => headlineField(root.current)?.focus(),
      askLink: () => setLinkOpen(true),
    }
  }

  const give = () => {
    if (!editor.current) return
    const blocks = withoutEmptyEnd(blocksFrom(editor.current.getJSON()))
    const content = { ...latest.current.value, headline: cleanLine(writing.current), blocks }
    given.current.set(blocks, content.headline)
    latest.current.onChange(content, problemsOf(content, pendingIn(editor.current), labels))
  }
  const write = (text: string) => {
    writing.current = text
    setHeadline(text)
    give()
  }

  useLayoutEffect(() => {
    const made = new Editor({
      element: place.current,
      injectCSS: false,
      enableCoreExtensions: { tabindex: false, textDirection: false },
      extensions: composerExtensions(context, direction),
      content: documentFrom(value.blocks),
      editorProps: { attributes: textAttributes(labels, language) },
      onUpdate: give,
      onTransaction: () => drawn((n) => n + 1),
    })
    editor.current = made
    const stop = context.uploads.listen(() => settle(made, context))
    if (autofocus) focusIn(root.current, made)
    drawn((n) => n + 1)
    return () => {
      stop()
      made.destroy()
      editor.current = null
    }
  }, [])

  useLayoutEffect(() => {
    const known = given.current.get(value.blocks)
    if (known !== value.headline && value.headline !== cleanLine(writing.current)) {
      writing.current = value.headline
      setHeadline(value.headline)
    }
    if (known === undefined && editor.current && !holds(editor.current, value.blocks))
      load(editor.current, value.blocks)
    given.current.set(value.blocks, value.headline)
  }, [value])

  useEffect(() => {
    if (!handle) return
    handle.current = {
      focus: () => editor.current && focusIn(root.current, editor.current),
      clear: () => {
        if (!editor.current) return
        load(editor.current, [])
        setSaid([])
        write('')
      },
      pending: () => (editor.current ? pendingIn(editor.current) : 0),
    }
    return () => {
      handle.current = null
    }
  }, [handle])

  const current = editor.current
  return (
    <div class="composer-root" ref={root} dir={direction}>
      <Headline
        value={headline}
        labels={labels}
        language={language}
        onInput={write}
        onLeave={() => current && focusText(current.view, 'start')}
      />
      {current && (
        <Toolbar
          editor={current}
          labels={labels}
          linkOpen={linkOpen}
          onLink={() => setLinkOpen(true)}
          onFiles={(files) => addFiles(current.view, context, files)}
        />
      )}
      {current && linkOpen && <LinkBar editor={current} labels={labels} onClose={() => setLinkOpen(false)} />}
      <div class="composer-text" ref={place} onKeyDown={(event) => toTools(event, root.current)} />
      <div class="composer-said" role="status">
        {said.map((sentence) => (
          <p>{sentence}</p>
        ))}
      </div>
    </div>
  )
}

type HeadlineProps = {
  value: string
  labels: ComposerLabels
  language: string | undefined
  onInput(text: string): void
  onLeave(): void
}

/** One line of any length, shown whole; Enter goes to the text. */
function Headline({ value, labels, language, onInput, onLeave }: HeadlineProps) {
  const field = useRef<HTMLTextAreaElement>(null)
  useLayoutEffect(() => {
    const at = field.current
    if (!at) return
    at.style.height = 'auto'
    at.style.height = `${at.scrollHeight}px`
  }, [value])
  const counted = counterOf(value.length, MAX_HEADLINE, labels)
  return (
    <div class="composer-headline">
      <textarea
        ref={field}
        rows={1}
        dir="auto"
        lang={language}
        value={value}
        placeholder={labels.headlineHint}
        aria-label={labels.headline}
        aria-invalid={value.length > MAX_HEADLINE || undefined}
        enterkeyhint="next"
        onInput={(event) => onInput(event.currentTarget.value.replace(/\s*[\r\n]+\s*/g, ' '))}
        onKeyDown={(event) => {
          const { selectionStart, value: text } = event.currentTarget
          const isEnd = event.key === 'ArrowDown' && selectionStart === text.length
          if (isInputMethod(event) || event.ctrlKey || event.metaKey || event.altKey) return
          if (event.key !== 'Enter' && !(isEnd && !event.shiftKey)) return
          event.preventDefault()
          onLeave()
        }}
      />
      <p class="composer-count" role="status" data-over={value.length > MAX_HEADLINE || undefined}>
        {counted}
      </p>
    </div>
  )
}

function headlineField(root: HTMLElement | null): HTMLTextAreaElement | null {
  return root?.querySelector<HTMLTextAreaElement>('.composer-headline textarea') ?? null
}

function focusIn(root: HTMLElement | null, editor: Editor): void {
  const field = headlineField(root)
  if (field?.value === '') field.focus()
  else focusText(editor.view, 'end')
}

/** Alt+F10, as other editors have it. */
function toTools(event: KeyboardEvent, root: HTMLElement | null): void {
  if (event.key !== 'F10' || !event.altKey) return
  event.preventDefault()
  root?.querySelector<HTMLElement>('.composer-tools [tabindex="0"]')?.focus()
}

function textAttributes(labels: ComposerLabels, language: string | undefined): Record<string, string> {
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
function holds(editor: Editor, blocks: readonly Block[]): boolean {
  return JSON.stringify(withoutEmptyEnd(blocksFrom(editor.getJSON()))) === JSON.stringify(withoutEmptyEnd(blocks))
}

/** Another text: nothing of the one before is in the history. */
function load(editor: Editor, blocks: readonly Block[]): void {
  const next = editor.schema.nodeFromJSON(documentFrom(blocks))
  const { tr } = editor.state
  tr.replaceWith(0, tr.doc.content.size, next.content).setMeta('addToHistory', false).setMeta('preventUpdate', true)
  editor.view.dispatch(tr)
}

/** What has arrived becomes the picture of its place; words of the author's stand before those of the file. */
function settle(editor: Editor, { uploads }: ComposerContext): void {
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

function pendingIn(editor: Editor): number {
  let count = 0
  editor.state.doc.descendants((node) => {
    if (node.attrs.upload) count += 1
  })
  return count
}

function problemsOf(content: PostContent, pending: number, labels: ComposerLabels): string[] {
  const waiting = pending > 0 ? [labels.pendingOne] : []
  try {
    parseContent(content)
    return waiting
  } catch (error) {
    return [...waiting, error instanceof AppError ? error.message : String(error)]
  }
}
