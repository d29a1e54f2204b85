// The row of text tools: one stop of the Tab key, arrows inside, every tool with its key in its title.
// Called by composer.tsx, which draws it again after every change of the document.
// Never takes the caret out of the text on a click.

import type { Editor } from '@tiptap/core'
import { useRef, useState } from 'preact/hooks'
import { CHOSEN_FILES } from './insert.ts'
import type { ComposerLabels } from './labels.ts'
import { focusText } from './moves.ts'
import { toolGroups } from './tools.tsx'

const IS_MAC = /Mac|iP(?:hone|ad|od)/.test(globalThis.navigator?.platform ?? '')

type ToolbarProps = {
  editor: Editor
  labels: ComposerLabels
  linkOpen: boolean
  onLink(): void
  onFiles(files: File[]): void
}

export function Toolbar({ editor, labels, linkOpen, onLink, onFiles }: ToolbarProps) {
  const photos = useRef<HTMLInputElement>(null)
  const camera = useRef<HTMLInputElement>(null)
  const row = useRef<HTMLDivElement>(null)
  const [stop, setStop] = useState(0)
  const groups = toolGroups({
    onLink,
    linkOpen,
    photos: () => photos.current?.click(),
    camera: () => camera.current?.click(),
  })
  let index = -1

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') return focusText(editor.view)
    const all = [...(row.current?.querySelectorAll<HTMLElement>('button') ?? [])].filter(
      (one) => one.offsetParent !== null,
    )
    const at = all.indexOf(event.target as HTMLElement)
    const forward = getComputedStyle(event.currentTarget as Element).direction === 'rtl' ? 'ArrowLeft' : 'ArrowRight'
    const back = forward === 'ArrowLeft' ? 'ArrowRight' : 'ArrowLeft'
    const to = { [forward]: at + 1, [back]: at - 1, Home: 0, End: all.length - 1 }[event.key]
    if (to === undefined || at < 0) return
    event.preventDefault()
    const next = all[(to + all.length) % all.length]
    next?.focus()
  }

  return (
    <div
      class="composer-tools"
      role="toolbar"
      aria-label={labels.tools}
      aria-orientation="horizontal"
      ref={row}
      onKeyDown={onKeyDown}
    >
      {groups.map((tools) => (
        <span class="composer-group">
          {tools.map((tool) => {
            index += 1
            const at = index
            const isOn = tool.active?.(editor)
            const isOff = tool.can ? !tool.can(editor) : false
            const title = tool.keys ? `${labels[tool.name]} (${shown(tool.keys)})` : labels[tool.name]
            return (
              <button
                type="button"
                data-tool={tool.name}
                tabIndex={at === stop ? 0 : -1}
                title={title}
                aria-label={labels[tool.name]}
                aria-pressed={tool.active ? isOn : undefined}
                aria-disabled={isOff || undefined}
                aria-keyshortcuts={tool.keys && named(tool.keys)}
                onFocus={() => setStop(at)}
                onMouseDown={(event) => event.preventDefault()} // the caret stays in the text
                onClick={() => {
                  if (isOff) return
                  if (tool.stays !== false) focusText(editor.view)
                  tool.run(editor)
                }}
              >
                {tool.icon}
              </button>
            )
          })}
        </span>
      ))}
      <input {...fileInput(photos, onFiles, labels.photo, CHOSEN_FILES)} multiple />
      <input {...fileInput(camera, onFiles, labels.camera, 'image/*')} capture="environment" />
    </div>
  )
}

function fileInput(
  ref: { current: HTMLInputElement | null },
  onFiles: (files: File[]) => void,
  label: string,
  accept: string,
) {
  return {
    ref,
    type: 'file' as const,
    accept,
    hidden: true,
    'aria-label': label,
    onChange: (event: { currentTarget: HTMLInputElement }) => {
      const files = [...(event.currentTarget.files ?? [])]
      event.currentTarget.value = '' // the same file may be chosen again
      onFiles(files)
    },
  }
}

/** As the keyboard at hand writes it. */
function shown(keys: string): string {
  if (!IS_MAC) return keys.replace('Control', 'Ctrl')
  return keys.replace('Control', '⌘').replace('Shift', '⇧').replace('Alt', '⌥').replaceAll('+', '')
}

function named(keys: string): string {
  return IS_MAC ? keys.replace('Control', 'Meta') : keys
}
