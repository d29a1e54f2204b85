// The frame of a tool: a dialog with its name and a way out; the focus goes back to where it was.
// Called by the tools.

import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { useWayOut } from '../views/use-desk.ts'

export function Dialog({ title, children }: { title: string; children: ComponentChildren }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const { shut, closing } = useWayOut(dialog)
  useLayoutEffect(() => {
    const before = document.activeElement
    dialog.current?.showModal()
    dialog.current?.querySelector<HTMLElement>('input:not([type=checkbox]), textarea')?.focus() // not the way out
    return () => {
      if (before instanceof HTMLElement) before.focus()
    }
  }, [])
  return (
    <dialog ref={dialog} class="tool" aria-labelledby="tool-title" {...closing}>
      <div class="tool-head">
        <h2 id="tool-title">{title}</h2>
        <button type="button" class="quiet" onClick={shut}>
          Close
        </button>
      </div>
      {children}
    </dialog>
  )
}
