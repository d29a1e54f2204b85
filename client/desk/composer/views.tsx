// How quotes, tables and held parts stand in the document: their text where ProseMirror writes it, their fields beside it.
// Called by editor.ts. What is typed in a field becomes an attribute at once, so that it is saved and undone as text is.
// Never writes into the part of the DOM that ProseMirror owns.

import type { Editor } from '@tiptap/core'
import type { Node } from '@tiptap/pm/model'
import type { Decoration, NodeView, ViewMutationRecord } from '@tiptap/pm/view'
import { type ComponentChild, render } from 'preact'
import { type Block, MAX_CAPTION, MAX_SHORT, type Speaker } from '../../../src/domain/content.ts'
import type { ComposerContext } from './context.ts'
import { Field, type FieldLeave, onFieldKey } from './fields.tsx'
import { type GalleryMarks, joinGallery, marksOf } from './gallery-acts.ts'
import { BlockButtons, HeldCard } from './held-card.tsx'
import { fieldsOf, focusText, leaveBlock, moveBlock, removeBlock, selectBlock } from './moves.ts'
import { changeTable, TABLE_ACTS } from './table-acts.ts'

export type ViewProps = {
  node: Node
  editor: Editor
  getPos: () => number | undefined
  decorations: readonly Decoration[]
}

let typing = 0 // names a stay in a field: its keystrokes are undone together

export abstract class FieldsView implements NodeView {
  readonly dom: HTMLElement = document.createElement('div')
  protected readonly fields: HTMLElement = document.createElement('div')
  protected node: Node
  protected marks: GalleryMarks
  protected readonly props: ViewProps
  protected readonly context: ComposerContext

  constructor(props: ViewProps, context: ComposerContext) {
    this.props = props
    this.node = props.node
    this.marks = marksOf(props.decorations)
    this.context = context
    this.fields.contentEditable = 'false'
    this.fields.addEventListener('focusin', () => {
      typing += 1
    })
  }

  abstract show(): ComponentChild
  abstract get contentDOM(): HTMLElement | null

  protected get view() {
    return this.props.editor.view
  }

  protected get position(): number {
    return this.props.getPos() ?? 0
  }

  protected draw(): void {
    render(this.show(), this.fields)
  }

  update(node: Node, decorations: readonly Decoration[]): boolean {
    if (node.type !== this.node.type) return false
    this.node = node
    this.marks = marksOf(decorations)
    this.draw()
    return true
  }

  protected set(name: string, value: unknown): void {
    // A composition is one step of the history; so is a stay in a field.
    this.view.dispatch(this.view.state.tr.setNodeAttribute(this.position, name, value).setMeta('composition', -typing))
  }

  protected readonly leave: FieldLeave = (how) => this.goFrom(how)

  protected goFrom(how: Parameters<FieldLeave>[0]): void {
    if (how === 'select' && this.node.isAtom) selectBlock(this.view, this.position)
    else if (how === 'after') leaveBlock(this.view, this.position, 1)
    else if (this.node.isAtom) leaveBlock(this.view, this.position, -1)
    else focusText(this.view, this.position + this.node.nodeSize - 2)
  }

  protected readonly acts = {
    move: (step: -1 | 1) => {
      const to = this.move(step)
      if (to === false) return
      const dom = this.view.nodeDOM(to)
      if (dom instanceof HTMLElement) dom.querySelector<HTMLElement>(`[data-act="${step}"]`)?.focus()
    },
    remove: () => this.remove(),
    asLink: () => this.asLink(),
    asGallery: () => joinGallery(this.view, this.position),
  }

  /** Gives where it stands then; false at the edge. */
  protected move(step: -1 | 1): number | false {
    return moveBlock(this.view, this.position, step)
  }

  protected remove(): void {
    removeBlock(this.view, this.position)
  }

  protected asLink(): void {}

  stopEvent(event: Event): boolean {
    return (
      event.target instanceof globalThis.Node && this.fields.contains(event.target) && !/^drag|^drop/.test(event.type)
    )
  }

  ignoreMutation(mutation: ViewMutationRecord): boolean {
    return this.contentDOM === null || !this.contentDOM.contains(mutation.target)
  }

  selectNode(): void {
    this.dom.classList.add('is-selected')
  }

  deselectNode(): void {
    this.dom.classList.remove('is-selected')
  }

  destroy(): void {
    render(null, this.fields)
  }
}

export class HeldView extends FieldsView {
  readonly contentDOM = null

  constructor(props: ViewProps, context: ComposerContext) {
    super(props, context)
    this.dom.className = 'composer-card'
    this.dom.append(this.fields)
    this.draw()
  }

  protected get block(): Block {
    return this.node.attrs.block as Block
  }

  /** As its group and its buttons are called. */
  protected get name(): string {
    return this.context.labels[this.block.type as 'image']
  }

  show(): ComponentChild {
    this.dom.setAttribute('role', 'group')
    this.dom.setAttribute('aria-label', this.name)
    const change = (patch: Record<string, string>) => this.set('block', patched(this.block, patch))
    const acts = { ...this.acts, change, leave: this.leave, media: () => this.openMedia() }
    const { block, name, context, marks } = this
    return <HeldCard {...{ block, name, context, acts }} together={marks.together} />
  }

  private openMedia(): void {
    const { media } = this.block as { media?: string }
    if (media === undefined) return
    this.context.onMedia?.(media, ({ id, width, height }) => {
      const { block } = this
      // It may have gone, or shows another one by now.
      if (this.props.getPos() === undefined || block.type !== 'image' || block.media !== media) return
      this.set('block', { ...block, media: id, width, height })
    })
  }

  protected override asLink(): void {
    const { block } = this
    const address = block.type === 'embed' ? block.url : 'source' in block ? block.source : undefined
    const { state, dispatch } = this.view
    if (!address) return
    const link = state.schema.text(address, [state.schema.mark('link', { href: address })])
    dispatch(state.tr.replaceWith(this.position, this.position + 1, state.schema.node('paragraph', null, link)))
    this.view.focus()
  }
}

export class QuoteView extends FieldsView {
  readonly contentDOM = document.createElement('blockquote')

  constructor(props: ViewProps, context: ComposerContext) {
    super(props, context)
    this.dom.className = 'composer-quote'
    this.dom.append(this.contentDOM, this.fields)
    this.draw()
  }

  show(): ComponentChild {
    const { labels } = this.context
    const speaker = (this.node.attrs.speaker ?? { name: '' }) as Speaker
    const type = (patch: Partial<Speaker>) => this.set('speaker', speakerOf({ ...speaker, ...patch }))
    return (
      <div class="composer-fields" data-fields onKeyDown={(event) => onFieldKey(event, this.leave)}>
        <Field
          label={labels.speaker}
          value={speaker.name}
          max={MAX_SHORT}
          labels={labels}
          onInput={(name) => type({ name })}
        />
        <Field
          label={labels.role}
          value={speaker.role ?? ''}
          max={MAX_SHORT}
          labels={labels}
          onInput={(role) => type({ role })}
        />
      </div>
    )
  }
}

export class TableView extends FieldsView {
  readonly contentDOM = document.createElement('tbody')

  constructor(props: ViewProps, context: ComposerContext) {
    super(props, context)
    this.dom.className = 'composer-table'
    const scroll = document.createElement('div')
    scroll.className = 'composer-table-in'
    const table = document.createElement('table')
    table.append(this.contentDOM)
    scroll.append(table)
    this.dom.append(scroll, this.fields)
    this.draw()
  }

  show(): ComponentChild {
    const { labels } = this.context
    const hasHeader = this.node.firstChild?.attrs.header === true
    const caption = (this.node.attrs.caption ?? '') as string
    return (
      <div data-fields onKeyDown={(event) => onFieldKey(event, this.leave)}>
        <div class="composer-table-acts">
          {TABLE_ACTS.map((act) => (
            <button type="button" onMouseDown={keepFocus} onClick={() => changeTable(this.view, this.position, act)}>
              {labels[act]}
            </button>
          ))}
          <button
            type="button"
            aria-pressed={hasHeader}
            onMouseDown={keepFocus}
            onClick={() => changeTable(this.view, this.position, 'headerRow')}
          >
            {labels.headerRow}
          </button>
          <BlockButtons name={labels.table} context={this.context} acts={this.acts} />
        </div>
        <Field
          label={labels.caption}
          value={caption}
          max={MAX_CAPTION}
          labels={labels}
          onInput={(typed) => this.set('caption', typed === '' ? null : typed)}
        />
      </div>
    )
  }
}

/** The caret stays in the cell that the button is about. */
function keepFocus(event: Event): void {
  event.preventDefault()
}

/** Into the first field under the block there; false where it has none. */
export function intoFields(editor: Editor, position: number): boolean {
  const [first] = fieldsOf(editor.view, position)
  first?.focus()
  return first !== undefined
}

/** An emptied field that may be absent goes. */
function patched(block: Block, patch: Record<string, string>): Block {
  const next: Record<string, unknown> = { ...block, ...patch }
  for (const name of block.type === 'embed' ? ['title', 'author'] : ['agency']) if (next[name] === '') delete next[name]
  return next as Block
}

function speakerOf({ name, role }: Speaker): Speaker | null {
  if (name === '' && !role) return null
  return role ? { name, role } : { name }
}
