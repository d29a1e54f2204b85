// The keys of the desk.
// Loaded with the other tools; shown by app.tsx.

import { useLayoutEffect, useRef } from 'preact/hooks'
import { CONTROL } from '../views/key.tsx'
import { useWayOut } from '../views/use-desk.ts'

const KEYS: readonly [string, string][] = [
  ['Enter', 'Publish, or what the first button under the text says'],
  ['S', 'Save the draft'],
  ['K', 'Find any act'],
  ['Alt K', 'Key event, and to its short title'],
  ['Alt Z', 'Undo the publication, within ten seconds'],
  ['Alt N', 'New post'],
  ['Alt F', 'Search the timeline'],
  ['B, I', 'Bold, italic'],
  ['Shift K', 'Link'],
  ['Shift 7, 8, 9', 'Numbered list, list, quote with its speaker'],
]

export function Keys() {
  const dialog = useRef<HTMLDialogElement>(null)
  const { shut, closing } = useWayOut(dialog)
  useLayoutEffect(() => dialog.current?.showModal(), []) // the next key is meant for it
  return (
    <dialog ref={dialog} class="keys" aria-labelledby="keys-title" {...closing}>
      <h2 id="keys-title">Keys</h2>
      <dl class="signs">
        {KEYS.map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd>
                {CONTROL} {key}
              </kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
        <div>
          <dt>
            <kbd>/name</kbd>
          </dt>
          <dd>In the text, after a space: a snippet, once a space follows</dd>
        </div>
        <div>
          <dt>
            <kbd>X</kbd>
          </dt>
          <dd>Choose this post of the timeline, outside of a field; the arrows go to the next</dd>
        </div>
        <div>
          <dt>
            <kbd>?</kbd>
          </dt>
          <dd>These keys, outside of a field</dd>
        </div>
      </dl>
      <button type="button" onClick={shut}>
        Close
      </button>
    </dialog>
  )
}
