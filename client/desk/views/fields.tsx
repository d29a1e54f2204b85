// The fields of a post beside its text: place, byline, tags, source, verification, breaking, key event, note of a correction.
// Called by writing.tsx.

import { useState } from 'preact/hooks'
import type { PostContent } from '../../../src/domain/content.ts'
import { bylinesFrom, bylineText, tagsFrom } from '../../../src/domain/plain-fields.ts'
import { Key } from './key.tsx'
import { useDesk, useShown } from './use-desk.ts'
import { VerificationChoice } from './verification.tsx'

export const KEY_EVENT_FIELD = 'key-event-title'

export function Fields() {
  const { writing } = useDesk()
  const text = useShown((state) => state.text)
  const { language, direction } = useShown((state) => state.story)
  const { content, keyEvent } = text
  const words = { lang: language, dir: direction }
  const set = (more: Partial<PostContent>) => writing.change({ content: { ...content, ...more } })
  const used =
    content.place !== '' || content.tags.length > 0 || content.source !== '' || content.verification !== 'none'
  return (
    <>
      {text.of === 'published' && (
        <label>
          What was wrong, for readers (for a correction)
          <textarea
            {...words}
            rows={2}
            value={text.note}
            onInput={(event) => writing.change({ note: event.currentTarget.value })}
          />
        </label>
      )}
      <div class="pair marks">
        <label class="choice">
          <input
            type="checkbox"
            checked={keyEvent !== null}
            onChange={(event) => writing.change({ keyEvent: event.currentTarget.checked ? { title: '' } : null })}
          />
          Key event <Key of="Alt K" />
        </label>
        <label class="choice">
          <input
            type="checkbox"
            checked={content.breaking}
            onChange={(event) => set({ breaking: event.currentTarget.checked })}
          />
          Breaking
        </label>
      </div>
      {keyEvent !== null && (
        <label>
          Its short title
          <input
            {...words}
            id={KEY_EVENT_FIELD}
            value={keyEvent.title}
            placeholder="the headline, if left empty"
            onInput={(event) => writing.change({ keyEvent: { title: event.currentTarget.value } })}
          />
        </label>
      )}
      <details open={used}>
        <summary>
          Place, byline{content.bylines.length > 0 ? ` (${bylineText(content.bylines)})` : ''}, tags, source
        </summary>
        <div class="pair">
          <label>
            Place
            <input {...words} value={content.place} onInput={(event) => set({ place: event.currentTarget.value })} />
          </label>
          <Line
            label="Byline"
            hint="Name, role; name, role"
            first={bylineText(content.bylines)}
            words={words}
            onLine={(line) => set({ bylines: bylinesFrom(line) })}
          />
        </div>
        <Line
          label="Tags"
          hint="one, another"
          first={content.tags.join(', ')}
          words={words}
          onLine={(line) => set({ tags: tagsFrom(line) })}
        />
        <div class="pair">
          <label>
            Source
            <input {...words} value={content.source} onInput={(event) => set({ source: event.currentTarget.value })} />
          </label>
          <VerificationChoice value={content.verification} onChoose={(verification) => set({ verification })} />
        </div>
      </details>
    </>
  )
}

type LineProps = {
  label: string
  hint: string
  first: string
  words: { lang: string; dir: 'ltr' | 'rtl' }
  onLine(line: string): void
}

/** Holds the line as it is typed: what is read from it would eat the comma before the next name. */
function Line({ label, hint, first, words, onLine }: LineProps) {
  const [line, setLine] = useState(first)
  return (
    <label>
      {label}
      <input
        {...words}
        value={line}
        placeholder={hint}
        onInput={(event) => {
          setLine(event.currentTarget.value)
          onLine(event.currentTarget.value)
        }}
      />
    </label>
  )
}
