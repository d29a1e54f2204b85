// The palette: every act of the desk, found by its words.
// Called by app.tsx.

import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { type Command, commandsOf } from './acts.ts'
import { CONTROL } from './key.tsx'
import { postCommands } from './post-commands.ts'
import { useDesk, useWayOut } from './use-desk.ts'

const MAX_SHOWN = 100 // acts; who is shown more types one letter more

export function Palette() {
  const desk = useDesk()
  const [find, setFind] = useState('')
  // Nothing is chosen before a word or an arrow: Enter alone must not publish.
  const [at, setAt] = useState(-1)
  const dialog = useRef<HTMLDialogElement>(null)
  const before = useRef(document.activeElement)
  useLayoutEffect(() => dialog.current?.showModal(), []) // the next key is meant for it
  const { shut, closing } = useWayOut(dialog)
  const close = () => {
    shut()
    if (before.current instanceof HTMLElement) before.current.focus()
  }
  const run = (command: Command | undefined) => {
    if (!command) return
    close()
    command.run()
  }
  const words = find.toLowerCase().split(/\s+/).filter(Boolean)
  // Posts come with the first word: before it they would hide the rest.
  const all = words.length === 0 ? commandsOf(desk) : [...commandsOf(desk), ...postCommands(desk)]
  const found = all.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word))).slice(0, MAX_SHOWN)
  const chosen = Math.min(at, found.length - 1)
  const steer = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step === 0 && event.key !== 'Enter') return
    event.preventDefault()
    if (event.key === 'Enter') run(found[chosen])
    else if (found.length > 0) setAt((Math.max(chosen, step < 0 ? 0 : -1) + step + found.length) % found.length)
  }
  return (
    <dialog ref={dialog} class="palette" aria-label="Find an act" {...closing} onCancel={close}>
      <input
        role="combobox"
        aria-label="Find an act"
        placeholder="Find an act, or a post by its words"
        aria-expanded="true"
        aria-controls="commands"
        aria-activedescendant={chosen >= 0 ? `command-${chosen}` : undefined}
        value={find}
        onInput={(event) => {
          setFind(event.currentTarget.value)
          setAt(event.currentTarget.value === '' ? -1 : 0)
        }}
        onKeyDown={steer}
      />
      <ul id="commands" role="listbox" aria-label="Acts">
        {found.map((command, index) => (
          // Chosen by the arrows while the focus stays in the field; a press does the same.
          <li
            key={command.id ?? command.name}
            id={`command-${index}`}
            role="option"
            aria-selected={index === chosen}
            onClick={() => run(command)}
          >
            {command.name}
            {command.key && <kbd>{command.key === '?' ? '?' : `${CONTROL} ${command.key}`}</kbd>}
          </li>
        ))}
      </ul>
      {found.length === 0 && <p class="hint">Nothing is called so.</p>}
    </dialog>
  )
}
