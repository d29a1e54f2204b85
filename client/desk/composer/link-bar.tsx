// The address of a link: one field under the tools, opened by its key, left by Enter or Escape.
// Called by composer.tsx.
// Never sets an address that domain/content.ts refuses.

import type { Editor } from '@tiptap/core'
import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { isSafeLink, MAX_URL } from '../../../src/domain/content.ts'
import { isInputMethod } from './fields.tsx'
import type { ComposerLabels } from './labels.ts'
import { focusText } from './moves.ts'

export function LinkBar({ editor, labels, onClose }: { editor: Editor; labels: ComposerLabels; onClose(): void }) {
  const id = useId()
  const before = String(editor.getAttributes('link').href ?? '')
  const [address, setAddress] = useState(before)
  const [bad, setBad] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.select(), [])

  const close = () => {
    onClose()
    focusText(editor.view)
  }
  const set = () => {
    const link = withScheme(address.trim())
    if (link === '') return remove()
    if (!isSafeLink(link) || link.length > MAX_URL) return setBad(true)
    setLink(editor, link)
    close()
  }
  const remove = () => {
    editor.chain().extendMarkRange('link').unsetMark('link').run()
    close()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (isInputMethod(event)) return
    if (event.key === 'Escape') close()
    else if (event.key === 'Enter' && event.target === field.current) set()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <div class="composer-link" onKeyDown={onKeyDown}>
      <label for={id}>{labels.linkAddress}</label>
      <input
        {...{
          id,
          ref: field,
          type: 'text',
          inputMode: 'url',
          dir: 'ltr',
          value: address,
          autocomplete: 'off',
          spellcheck: false,
        }}
        aria-invalid={bad || undefined}
        aria-describedby={bad ? `${id}-bad` : undefined}
        onInput={(event) => {
          setAddress(event.currentTarget.value)
          setBad(false)
        }}
      />
      <button type="button" onClick={set}>
        {labels.linkSet}
      </button>
      {before !== '' && (
        <button type="button" onClick={remove}>
          {labels.linkRemove}
        </button>
      )}
      <button type="button" onClick={close}>
        {labels.linkCancel}
      </button>
      {bad && (
        <p class="composer-problem" id={`${id}-bad`} role="alert">
          {labels.linkBad}
        </p>
      )}
    </div>
  )
}

/** Over the selection, over the link that holds the caret, or as its own words. */
function setLink(editor: Editor, href: string): void {
  const mark = { type: 'link', attrs: { href } }
  if (editor.isActive('link')) editor.chain().extendMarkRange('link').setMark('link', { href }).run()
  else if (editor.state.selection.empty) editor.commands.insertContent({ type: 'text', text: href, marks: [mark] })
  else editor.commands.setMark('link', { href })
}

/** People leave https:// away, and write mail addresses bare. */
function withScheme(address: string): string {
  if (/^[^\s@/:]+@[^\s@/]+\.[a-z]{2,}$/i.test(address)) return `mailto:${address}`
  return /^(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?(?:[/?#]|$)/i.test(address) ? `https://${address}` : address
}
