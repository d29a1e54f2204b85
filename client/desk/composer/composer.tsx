// The composer of a post: headline and text, written as they will be read, kept as the typed tree of domain/content.ts.
// Called by the desk's program wherever a post is written.
// Never loses or changes a part that it cannot edit, never cuts what is typed, never takes text back that it gave out itself.

import './jitless.ts'
import { useRef } from 'preact/hooks'
import { Headline } from './headline.tsx'
import { addFiles } from './insert.ts'
import { LinkBar } from './link-bar.tsx'
import { focusText } from './moves.ts'
import { Toolbar } from './toolbar.tsx'
import { type ComposerProps, useWriting } from './use-writing.ts'

export type { ComposerHandle, ComposerProps } from './use-writing.ts'

export function Composer(props: ComposerProps) {
  const { language, direction = 'ltr' } = props
  const root = useRef<HTMLDivElement>(null)
  const place = useRef<HTMLDivElement>(null)
  const {
    editor: current,
    context,
    labels,
    headline,
    write,
    said,
    linkOpen,
    setLinkOpen,
  } = useWriting(props, root, place)
  return (
    <div class="composer-root" ref={root} dir={direction}>
      <Headline
        value={headline}
        labels={labels}
        language={language}
        onInput={write}
        onLeave={() => current && focusText(current.view, 'start')}
      />
      {current && (
        <Toolbar
          editor={current}
          labels={labels}
          linkOpen={linkOpen}
          onLink={() => setLinkOpen(true)}
          onFiles={(files) => addFiles(current.view, context, files)}
        />
      )}
      {current && linkOpen && <LinkBar editor={current} labels={labels} onClose={() => setLinkOpen(false)} />}
      <div class="composer-text" ref={place} onKeyDown={(event) => toTools(event, root.current)} />
      <div class="composer-said" role="status">
        {said.map((sentence) => (
          <p>{sentence}</p>
        ))}
      </div>
    </div>
  )
}

/** Alt+F10, as other editors have it. */
function toTools(event: KeyboardEvent, root: HTMLElement | null): void {
  if (event.key !== 'F10' || !event.altKey) return
  event.preventDefault()
  root?.querySelector<HTMLElement>('.composer-tools [tabindex="0"]')?.focus()
}
