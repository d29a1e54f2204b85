// The headline of a post: one line of any length, shown whole.
// Called by composer.tsx.
// Never cuts what is typed; a pasted line break becomes a space.

import { useLayoutEffect, useRef } from 'preact/hooks'
import { MAX_HEADLINE } from '../../../src/domain/content.ts'
import { counterOf, isInputMethod } from './fields.tsx'
import type { ComposerLabels } from './labels.ts'

type HeadlineProps = {
  value: string
  labels: ComposerLabels
  language: string | undefined
  onInput(text: string): void
  onLeave(): void
}

/** Enter goes to the text. */
export function Headline({ value, labels, language, onInput, onLeave }: HeadlineProps) {
  const field = useRef<HTMLTextAreaElement>(null)
  useLayoutEffect(() => {
    const at = field.current
    if (!at) return
    at.style.height = 'auto'
    at.style.height = `${at.scrollHeight}px`
  }, [value])
  const counted = counterOf(value.length, MAX_HEADLINE, labels)
  return (
    <div class="composer-headline">
      <textarea
        ref={field}
        rows={1}
        dir={value === '' ? undefined : 'auto'} // empty it is the story's
        lang={language}
        value={value}
        placeholder={labels.headlineHint}
        aria-label={labels.headline}
        aria-invalid={value.length > MAX_HEADLINE || undefined}
        enterkeyhint="next"
        onInput={(event) => onInput(event.currentTarget.value.replace(/\s*[\r\n]+\s*/g, ' '))}
        onKeyDown={(event) => {
          const { selectionStart, value: text } = event.currentTarget
          const isEnd = event.key === 'ArrowDown' && selectionStart === text.length
          if (isInputMethod(event) || event.ctrlKey || event.metaKey || event.altKey) return
          if (event.key !== 'Enter' && !(isEnd && !event.shiftKey)) return
          event.preventDefault()
          onLeave()
        }}
      />
      <p class="composer-count" role="status" data-over={value.length > MAX_HEADLINE || undefined}>
        {counted}
      </p>
    </div>
  )
}
