// The editor of a post's text: the document with its views, its keys, its directions, its history.
// Called by composer.tsx.
// Never takes a key that the desk has: Ctrl/Cmd+Enter publishes, Ctrl/Cmd+K opens the palette.

import { type Editor, Extension, type Extensions } from '@tiptap/core'
import { dropCursor } from '@tiptap/pm/dropcursor'
import { gapCursor } from '@tiptap/pm/gapcursor'
import { history, redo, undo } from '@tiptap/pm/history'
import { DOMSerializer, type Fragment, type Node, type Schema } from '@tiptap/pm/model'
import { Plugin, PluginKey } from '@tiptap/pm/state'
import { Decoration, DecorationSet } from '@tiptap/pm/view'
import type { ComposerContext, View } from './context.ts'
import { galleryMarks, moveSelected } from './gallery-acts.ts'
import { GalleryView, PhotoView } from './gallery-view.tsx'
import { OWN_MARK, takeTransfer } from './insert.ts'
import { blockAt, leaveBlock } from './moves.ts'
import { linkAddress, SCHEMA_EXTENSIONS } from './schema.ts'
import { takeSnippet } from './snippets.ts'
import { cellBelow, nextCell } from './table-acts.ts'
import { type FieldsView, HeldView, intoFields, QuoteView, TableView, type ViewProps } from './views.tsx'

export type Direction = 'ltr' | 'rtl'

const HISTORY_DEPTH = 200 // steps; beyond it the drafts kept by the desk are the way back

/** `direction` of the story: that of a paragraph without letters. */
export function composerExtensions(context: ComposerContext, direction: Direction): Extensions {
  const views: Record<string, new (props: ViewProps, context: ComposerContext) => FieldsView> = {
    held: HeldView,
    gallery: GalleryView,
    photo: PhotoView,
    quote: QuoteView,
    table: TableView,
  }
  const nodes = SCHEMA_EXTENSIONS.map((extension) => {
    const View = views[extension.name]
    if (!View) return extension
    return extension.extend({ addNodeView: () => (props: ViewProps) => new View(props, context) })
  })
  return [...nodes, historyOf(), keysOf(context), surroundings(context, direction)]
}

function historyOf(): Extension {
  return Extension.create({
    name: 'history',
    addProseMirrorPlugins: () => [history({ depth: HISTORY_DEPTH })],
    addKeyboardShortcuts() {
      const run = (command: typeof undo) => () => command(this.editor.state, this.editor.view.dispatch)
      return { 'Mod-z': run(undo), 'Mod-Shift-z': run(redo), 'Mod-y': run(redo) }
    },
  })
}

export function toggleHeading(editor: Editor, level: 3 | 4): boolean {
  return editor.commands.toggleNode('heading', 'paragraph', { level })
}

export function toggleQuote(editor: Editor): boolean {
  if (editor.isActive('quote')) return editor.commands.lift('quote')
  return editor.chain().setNode('paragraph').wrapIn('quote').run()
}

function keysOf(context: ComposerContext): Extension {
  return Extension.create({
    name: 'composerKeys',
    priority: 1_000, // before what the nodes and the editor itself do with Enter
    addKeyboardShortcuts() {
      const { editor } = this
      const move = (step: -1 | 1) => () => {
        moveSelected(editor.view, step)
        return true
      }
      return {
        'Mod-Alt-3': () => toggleHeading(editor, 3),
        'Mod-Alt-4': () => toggleHeading(editor, 4),
        'Mod-Alt-0': () => editor.commands.setNode('paragraph'),
        'Mod-Shift-7': () => editor.commands.toggleList('orderedList', 'listItem'),
        'Mod-Shift-8': () => editor.commands.toggleList('bulletList', 'listItem'),
        'Mod-Shift-9': () => toggleQuote(editor),
        'Mod-Shift-k': () => {
          context.askLink()
          return true
        },
        'Alt-ArrowUp': move(-1),
        'Alt-ArrowDown': move(1),
        Tab: () => takeSnippet(editor.view, context) || nextCell(editor.view, 1),
        'Shift-Tab': () => nextCell(editor.view, -1),
        Enter: () =>
          takeSnippet(editor.view, context) ||
          linkBefore(editor) ||
          intoCard(editor) ||
          cellBelow(editor.view) ||
          endQuote(editor) ||
          splitItem(editor),
        Backspace: () => toEndOfHeadline(editor, context) || liftFirst(editor),
        ArrowUp: () => toHeadline(editor, context),
        ArrowDown: () => downFromQuote(editor) || downFromCard(editor),
      }
    },
  })
}

/** An address right before the caret; what Enter does is left to the next. */
function linkBefore({ state, view }: Editor): false {
  const { $from, empty } = state.selection
  const before = empty && $from.parent.isTextblock ? $from.parent.textBetween(0, $from.parentOffset, '', '\ufffc') : ''
  const address = /https?:\/\/\S+$/i.exec(before)?.[0]
  const { tr } = state
  if (address && linkAddress(tr, $from.pos - address.length, address)) view.dispatch(tr)
  return false
}

/** Enter on a selected card: into its first field. */
function intoCard(editor: Editor): boolean {
  const { selection } = editor.state
  if (!isCard(editor)) return false
  return intoFields(editor, selection.from) || (leaveBlock(editor.view, selection.from, 1), true)
}

function downFromCard(editor: Editor): boolean {
  return isCard(editor) && intoFields(editor, editor.state.selection.from)
}

const CARDS = ['held', 'photo', 'gallery']

function isCard(editor: Editor): boolean {
  return editor.state.selection.toJSON().type === 'node' && CARDS.some((name) => editor.isActive(name))
}

/** Enter in an empty last line of a quote: to who said it, without the empty line. */
function endQuote(editor: Editor): boolean {
  const { $from, empty } = editor.state.selection
  const quote = $from.node(1)
  if (!empty || quote?.type.name !== 'quote' || $from.parent.childCount > 0) return false
  const isLast = $from.index(1) === quote.childCount - 1
  if (!isLast || quote.childCount === 1) return false
  const position = $from.before(1)
  editor.view.dispatch(editor.state.tr.delete($from.before(), $from.after()))
  return intoFields(editor, position)
}

function downFromQuote(editor: Editor): boolean {
  const { $from, empty } = editor.state.selection
  const quote = $from.node(1)
  if (!empty || quote?.type.name !== 'quote' || $from.index(1) < quote.childCount - 1) return false
  return editor.view.endOfTextblock('down') && intoFields(editor, $from.before(1))
}

function splitItem(editor: Editor): boolean {
  if (!editor.isActive('listItem')) return false
  const { $from, empty } = editor.state.selection
  if (empty && $from.parent.childCount === 0) return editor.commands.liftListItem('listItem')
  return editor.commands.splitListItem('listItem')
}

/** At the start of a heading, a quote or a list: out of it first. */
function liftFirst(editor: Editor): boolean {
  const { $from, empty } = editor.state.selection
  if (!empty || $from.parentOffset > 0) return false
  if ($from.parent.type.name === 'heading') return editor.commands.setNode('paragraph')
  if ($from.depth >= 3 && $from.index(-2) === 0 && $from.node(-1).type.name === 'listItem')
    return editor.commands.liftListItem('listItem')
  return false
}

function toHeadline(editor: Editor, context: ComposerContext): boolean {
  const { $from, empty } = editor.state.selection
  if (!empty || blockAt(editor.view, $from.pos).index > 0 || !editor.view.endOfTextblock('up')) return false
  if ($from.depth > 1 && $from.index(1) > 0) return false
  context.toHeadline()
  return true
}

function toEndOfHeadline(editor: Editor, context: ComposerContext): boolean {
  const { $from, empty } = editor.state.selection
  const isStart = empty && $from.depth === 1 && $from.index(0) === 0 && $from.parentOffset === 0
  if (!isStart || $from.parent.type.name !== 'paragraph') return false
  if ($from.parent.childCount > 0) return false
  context.toHeadline()
  return true
}

/** Directions and the hint of an empty text; what is pasted and dropped; the marks of what is copied. */
function surroundings(context: ComposerContext, direction: Direction): Extension {
  return Extension.create({
    name: 'composerSurroundings',
    addProseMirrorPlugins() {
      return [
        gapCursor(),
        dropCursor({ color: false, class: 'composer-drop' }),
        new Plugin({
          key: new PluginKey('composerSurroundings'),
          props: {
            decorations: ({ doc }) => decorate(doc, direction, context.labels.textHint),
            handleTextInput: (view, _from, _to, text) => text === ' ' && takeSnippet(view, context, true),
            clipboardSerializer: new MarkedSerializer(this.editor.schema),
            handleDOMEvents: {
              // ProseMirror takes every Enter; this one is the desk's.
              keydown: (_, event) => event.key === 'Enter' && (event.ctrlKey || event.metaKey),
              paste: (view, event) => takePaste(view, event, context),
              drop: (view, event) => takeDrop(view, event, context),
            },
          },
        }),
      ]
    },
  })
}

function takePaste(view: View, event: ClipboardEvent, context: ComposerContext): boolean {
  const { target, clipboardData } = event
  if (!clipboardData || isField(target) || !takeTransfer(view, context, clipboardData)) return false
  event.preventDefault()
  return true
}

function takeDrop(view: View, event: DragEvent, context: ComposerContext): boolean {
  if (view.dragging || !event.dataTransfer || isField(event.target)) return false
  const at = view.posAtCoords({ left: event.clientX, top: event.clientY })?.pos
  if (!takeTransfer(view, context, event.dataTransfer, at ?? view.state.doc.content.size)) return false
  event.preventDefault()
  return true
}

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement
}

class MarkedSerializer extends DOMSerializer {
  constructor(schema: Schema) {
    super(DOMSerializer.nodesFromSchema(schema), DOMSerializer.marksFromSchema(schema))
  }

  override serializeFragment(
    fragment: Fragment,
    options?: { document?: Document },
    target?: HTMLElement | DocumentFragment,
  ): HTMLElement | DocumentFragment {
    const made = super.serializeFragment(fragment, options, target)
    if (target === undefined) for (const child of made.children) child.setAttribute(OWN_MARK, '')
    return made
  }
}

const STRONG = /\p{L}/u
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]|[\ud802\ud803\ud83a\ud83b][\udc00-\udfff]/

/** Each part runs as its first letter does; a list is one part, so that its marks stand on one side. */
function decorate(doc: Node, direction: Direction, hint: string): DecorationSet {
  const found: Decoration[] = galleryMarks(doc)
  const first = doc.firstChild
  doc.forEach((node, offset) => {
    if (CARDS.includes(node.type.name)) return
    const attributes: Record<string, string> = { dir: directionOf(node.textContent, direction) }
    if (doc.childCount === 1 && first?.type.name === 'paragraph' && first.childCount === 0) {
      attributes['data-hint'] = hint
    }
    found.push(Decoration.node(offset, offset + node.nodeSize, attributes))
  })
  return DecorationSet.create(doc, found)
}

function directionOf(text: string, around: Direction): Direction {
  const letter = STRONG.exec(text)?.[0]
  if (letter === undefined) return around
  return RIGHT_TO_LEFT.test(letter) ? 'rtl' : 'ltr'
}
