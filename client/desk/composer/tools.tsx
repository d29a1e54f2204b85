// The text tools of the composer: what each is called, its key, its picture, what it does.
// Called by toolbar.tsx.
// Never holds a key that editor.ts or schema.ts does not bind.

import type { Editor } from '@tiptap/core'
import { redo, undo } from '@tiptap/pm/history'
import type { ComponentChildren } from 'preact'
import { toggleHeading, toggleQuote } from './editor.ts'
import { insertTable } from './insert.ts'
import type { ComposerLabels } from './labels.ts'

export type Tool = {
  name: keyof ComposerLabels
  keys?: string // as aria-keyshortcuts writes them, with Control for Ctrl and Cmd
  icon: ComponentChildren
  active?: (editor: Editor) => boolean
  can?: (editor: Editor) => boolean
  /** The text has the caret before and after. */
  stays?: false
  run(editor: Editor): unknown
}

const HAS_TOUCH = (globalThis.navigator?.maxTouchPoints ?? 0) > 0

const mark = (name: 'bold' | 'italic' | 'strike' | 'code', keys: string, icon: ComponentChildren): Tool => ({
  name,
  keys,
  icon,
  active: (editor) => editor.isActive(name),
  run: (editor) => editor.chain().toggleMark(name).run(),
})
const list = (name: 'bulletList' | 'orderedList', keys: string, icon: ComponentChildren): Tool => ({
  name,
  keys,
  icon,
  active: (editor) => editor.isActive(name),
  run: (editor) => editor.chain().toggleList(name, 'listItem').run(),
})
const level = (name: 'heading' | 'subheading', level: 3 | 4, icon: ComponentChildren): Tool => ({
  name,
  keys: `Control+Alt+${level}`,
  icon,
  active: (editor) => editor.isActive('heading', { level }),
  run: (editor) => toggleHeading(editor, level),
})

/** What a hand holds has one. */
const camera = (run: () => void): Tool => ({
  name: 'camera',
  icon: <Icon d="M2 5h3l1-1.5h4L11 5h3v8H2zM8 11a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6" />,
  stays: false,
  run,
})

const TEXT_TOOLS: Tool[][] = [
  [
    mark('bold', 'Control+B', <b>B</b>),
    mark('italic', 'Control+I', <i>I</i>),
    mark('strike', 'Control+Shift+X', <s>S</s>),
    mark('code', 'Control+E', <Icon d="M6 5 2.5 8 6 11M10 5l3.5 3L10 11" />),
  ],
  [
    level('heading', 3, <span class="composer-letter">H</span>),
    level('subheading', 4, <small class="composer-letter">H</small>),
  ],
  [
    list('bulletList', 'Control+Shift+8', <Icon d="M6 4h8M6 8h8M6 12h8M2.5 4h.01M2.5 8h.01M2.5 12h.01" />),
    list('orderedList', 'Control+Shift+7', <Icon d="M7 4h7M7 8h7M7 12h7M2 3l1-.5V6M2 9.5c0-1 2-1 2 0S2 12 2 13h2" />),
    {
      name: 'quote',
      keys: 'Control+Shift+9',
      icon: <Icon d="M6.5 4.5C4 5.5 3 7 3 9v2.5h3.5V8H4.5M13 4.5C10.5 5.5 9.5 7 9.5 9v2.5H13V8h-2" />,
      active: (editor) => editor.isActive('quote'),
      run: (editor) => toggleQuote(editor),
    },
  ],
]

const HISTORY_TOOLS: Tool[] = [
  {
    name: 'undo',
    keys: 'Control+Z',
    icon: <Icon d="M5 3 2.5 5.5 5 8M3 5.5h6a3.5 3.5 0 0 1 0 7H6" />,
    can: (editor) => undo(editor.state),
    run: (editor) => undo(editor.state, editor.view.dispatch),
  },
  {
    name: 'redo',
    keys: 'Control+Shift+Z',
    icon: <Icon d="m11 3 2.5 2.5L11 8M13 5.5H7a3.5 3.5 0 0 0 0 7h3" />,
    can: (editor) => redo(editor.state),
    run: (editor) => redo(editor.state, editor.view.dispatch),
  },
]

export type ToolActs = { onLink(): void; linkOpen: boolean; photos(): void; camera(): void }

/** On a phone what is taken with it stands first. */
export function toolGroups(acts: ToolActs): Tool[][] {
  const insert = insertTools(acts)
  return HAS_TOUCH ? [insert, ...TEXT_TOOLS, HISTORY_TOOLS] : [...TEXT_TOOLS, insert, HISTORY_TOOLS]
}

function insertTools(acts: ToolActs): Tool[] {
  const tools: Tool[] = [
    {
      name: 'link',
      keys: 'Control+Shift+K',
      icon: (
        <Icon d="M7 9.5a2.5 2.5 0 0 0 3.5 0l2.5-2.5a2.5 2.5 0 0 0-3.5-3.5L8.5 4.5M9 6.5a2.5 2.5 0 0 0-3.5 0L3 9a2.5 2.5 0 0 0 3.5 3.5l1-1" />
      ),
      active: (editor) => editor.isActive('link') || acts.linkOpen,
      stays: false,
      run: acts.onLink,
    },
    {
      name: 'photo',
      icon: <Icon d="M2 3.5h12v9H2zM2 11l3.5-3.5L9 11l2-2 3 3M10.5 6h.01" />,
      stays: false,
      run: acts.photos,
    },
    ...(HAS_TOUCH ? [camera(acts.camera)] : []),
    {
      name: 'table',
      icon: <Icon d="M2 3h12v10H2zM2 6.5h12M2 10h12M6.5 3v10" />,
      run: (editor) => insertTable(editor.view),
    },
  ]
  return HAS_TOUCH ? [...tools.slice(1), ...tools.slice(0, 1)] : tools
}

function Icon({ d }: { d: string }) {
  return (
    <svg viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={d} />
    </svg>
  )
}
