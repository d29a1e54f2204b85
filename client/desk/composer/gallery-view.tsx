// A gallery in the document and each photo in it: their buttons, fields and keys.
// Called by editor.ts.
// Never leaves the keyboard nowhere: what was moved or removed has the focus, or what stands in its place.

import { NodeSelection } from '@tiptap/pm/state'
import type { ComponentChild } from 'preact'
import type { ComposerContext } from './context.ts'
import type { FieldLeave } from './fields.tsx'
import { focusFirst, movePhoto, removePhoto, takeApart } from './gallery-acts.ts'
import { BlockButtons } from './held-card.tsx'
import { addFiles } from './insert.ts'
import { fill } from './labels.ts'
import { fieldsOf, leaveBlock } from './moves.ts'
import { FieldsView, HeldView, type ViewProps } from './views.tsx'

export class GalleryView extends FieldsView {
  readonly contentDOM = document.createElement('div')

  constructor(props: ViewProps, context: ComposerContext) {
    super(props, context)
    this.dom.className = 'composer-card composer-gallery'
    this.contentDOM.className = 'composer-gallery-in'
    this.dom.append(this.fields, this.contentDOM)
    this.draw()
  }

  show(): ComponentChild {
    const { labels } = this.context
    const name = fill(labels.galleryOf, { count: this.node.childCount })
    this.dom.setAttribute('role', 'group')
    this.dom.setAttribute('aria-label', name)
    return (
      <div class="composer-card-head">
        <span class="composer-kind">{name}</span>
        <button type="button" data-act="add" onClick={() => this.fields.querySelector('input')?.click()}>
          {labels.addPhotos}
        </button>
        <button type="button" data-act="apart" onClick={() => takeApart(this.view, this.position)}>
          {labels.takeApart}
        </button>
        <BlockButtons name={labels.gallery} context={this.context} acts={this.acts} />
        <input
          type="file"
          accept="image/*"
          multiple
          hidden
          aria-label={labels.addPhotos}
          onChange={({ currentTarget }) => {
            const files = [...(currentTarget.files ?? [])]
            currentTarget.value = '' // the same file may be chosen again
            addFiles(this.view, this.context, files, this.position + 1)
          }}
        />
      </div>
    )
  }
}

export class PhotoView extends HeldView {
  constructor(props: ViewProps, context: ComposerContext) {
    super(props, context)
    this.dom.classList.add('composer-photo')
    this.fields.addEventListener('keydown', (event) => this.onKey(event))
  }

  protected override get name(): string {
    const { at, count } = this.marks
    return fill(this.context.labels.galleryPhoto, { at, count })
  }

  protected override move(step: -1 | 1): number | false {
    return movePhoto(this.view, this.position, step)
  }

  protected override remove(): void {
    const next = removePhoto(this.view, this.position)
    if (next !== null) focusFirst(this.view, next)
  }

  /** From field to field over all photos, then out of the gallery. */
  protected override goFrom(how: Parameters<FieldLeave>[0]): void {
    const { view, position } = this
    if (how === 'select') {
      view.dispatch(view.state.tr.setSelection(NodeSelection.create(view.state.doc, position)))
      return view.focus()
    }
    const $photo = view.state.doc.resolve(position)
    const before = how === 'before' && $photo.nodeBefore
    const isLast = $photo.index() === $photo.parent.childCount - 1
    if (before)
      fieldsOf(view, position - before.nodeSize)
        .at(-1)
        ?.focus()
    else if (how === 'after' && !isLast) focusFirst(view, position + this.node.nodeSize)
    else leaveBlock(view, position, how === 'before' ? -1 : 1)
  }

  /** Alt with an arrow moves the photo whose field is typed in, as it moves a part of the text. */
  private onKey(event: KeyboardEvent): void {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key] as -1 | 1 | undefined
    if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || step === undefined) return
    event.preventDefault()
    const field = fieldsOf(this.view, this.position).indexOf(event.target as HTMLElement)
    const to = this.move(step)
    if (to !== false) fieldsOf(this.view, to)[Math.max(0, field)]?.focus()
  }
}
