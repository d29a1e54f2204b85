// A labelled field under a block, with its counter, and the keys that lead from field to field and back into the text.
// Called by the views of the document.
// Never cuts what is typed: past its bound a field says by how much.

import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { type ComposerLabels, fill } from './labels.ts'

const NEAR = 0.8 // of a bound: from here on the counter shows

export type FieldProps = {
  label: string
  value: string
  max: number
  labels: ComposerLabels
  lines?: boolean
  /** Takes the whole line, as one of several lines does. */
  wide?: boolean
  hint?: ComponentChildren
  onInput(value: string): void
}

/** Preact numbers the ids of each root by itself, and every card is a root of its own: two labels would name one field. */
const nextId = () => {
  ids += 1
  return `composer-field-${ids}`
}
let ids = 0

export function Field({ label, value, max, labels, lines, wide, hint, onInput }: FieldProps) {
  const [id] = useState(nextId)
  const counted = counterOf(value.length, max, labels)
  const described = [hint && `${id}-hint`, counted && `${id}-count`].filter(Boolean).join(' ') || undefined
  const shared = {
    id,
    value,
    dir: 'auto' as const,
    'aria-describedby': described,
    'aria-invalid': value.length > max || undefined,
    onInput: (event: { currentTarget: { value: string } }) => onInput(event.currentTarget.value),
  }
  return (
    <div class="composer-field" data-wide={wide || lines || undefined}>
      <label for={id}>{label}</label>
      {lines ? (
        <textarea rows={Math.min(6, value.split('\n').length)} {...shared} />
      ) : (
        <input type="text" {...shared} />
      )}
      {hint && (
        <p class="composer-reminder" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {counted && (
        <p class="composer-count" id={`${id}-count`} data-over={value.length > max || undefined}>
          {counted}
        </p>
      )}
    </div>
  )
}

/** Empty while the bound is far. */
export function counterOf(length: number, max: number, labels: ComposerLabels): string {
  if (length > max) return fill(labels.over, { count: length - max })
  return length >= max * NEAR ? fill(labels.left, { count: length, max }) : ''
}

/** What a key in a field means. `leave`: past the first or last field; `select`: the block itself. */
export type FieldLeave = (how: 'before' | 'after' | 'select') => void

export function onFieldKey(event: KeyboardEvent, leave: FieldLeave): void {
  const field = event.target
  if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) || isInputMethod(event)) return
  if (field.type === 'checkbox') return
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return
  const step = stepOf(event.key, field)
  if (event.key !== 'Escape' && step === 0) return
  event.preventDefault()
  if (event.key === 'Escape') return leave('select')
  const all = [...(field.closest('[data-fields]')?.querySelectorAll<HTMLElement>('input, textarea') ?? [])]
  const next = all[all.indexOf(field) + step]
  if (next) next.focus()
  else leave(step < 0 ? 'before' : 'after')
}

/** Safari ends a composition before its last key. */
export function isInputMethod(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229
}

function stepOf(key: string, field: HTMLInputElement | HTMLTextAreaElement): -1 | 0 | 1 {
  const { selectionStart: start, selectionEnd: end, value } = field
  const isLine = field instanceof HTMLInputElement
  if (key === 'Enter') return 1
  if (key === 'ArrowDown' && (isLine || (start === value.length && end === start))) return 1
  return key === 'ArrowUp' && (isLine || (start === 0 && end === 0)) ? -1 : 0
}
