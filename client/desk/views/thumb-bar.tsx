// What one thumb needs on a phone, at the bottom and above the keyboard: a photo, more photos and clips, publish or submit, and what waits.
// Called by writing.tsx; desk.css shows it on small screens alone, in place of the main button among the acts.
// Never does more than those buttons do elsewhere.

import { useEffect, useRef } from 'preact/hooks'
import { CHOSEN_FILES } from '../composer/insert.ts'
import { ACT_NAMES, queueWords } from '../words.ts'
import { mainAct } from './acts.ts'
import { useDesk, useShown } from './use-desk.ts'

export function ThumbBar() {
  const desk = useDesk()
  const of = useShown((state) => state.text.of)
  const story = useShown((state) => state.story.state)
  const outbox = useShown((state) => state.outbox)
  const bar = useRef<HTMLDivElement>(null)
  useEffect(() => aboveKeyboard(bar.current), [])
  const main = mainAct(desk, of, story)
  const waits = queueWords(outbox)
  return (
    <div class="thumb-bar" ref={bar}>
      {waits !== '' && <p class="thumb-waits">{waits}</p>}
      {/* A finger on a button must not close the keyboard: the bar would move from under it. */}
      <div class="thumb-acts" onMouseDown={(event) => event.preventDefault()}>
        <Files words="Camera" isCamera />
        <Files words="Files" />
        {main && (
          <button type="button" class="main" onClick={() => void desk.writing.send(main)}>
            {ACT_NAMES[main]}
          </button>
        )}
      </div>
    </div>
  )
}

function Files({ words, isCamera = false }: { words: string; isCamera?: boolean }) {
  const { composer } = useDesk()
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <button type="button" onClick={() => input.current?.click()}>
        {words}
      </button>
      <input
        {...{
          ref: input,
          type: 'file',
          accept: isCamera ? 'image/*' : CHOSEN_FILES,
          hidden: true,
          multiple: !isCamera,
        }}
        {...(isCamera ? { capture: 'environment' } : {})}
        aria-label={isCamera ? 'A photo from the camera' : 'Photos, video, audio for the post'}
        onChange={({ currentTarget: at }) => {
          const files = [...(at.files ?? [])]
          at.value = '' // the same file may be chosen again
          composer.current?.addFiles(files)
        }}
      />
    </>
  )
}

/** Some browsers lay the keyboard over the page: what stands at its bottom is lifted by as much as is covered. */
function aboveKeyboard(bar: HTMLElement | null): (() => void) | undefined {
  const { visualViewport: seen } = globalThis
  if (!seen || !bar) return undefined
  const lift = () => {
    const covered = Math.max(0, Math.round(innerHeight - seen.height - seen.offsetTop))
    bar.style.setProperty('--covered', seen.scale > 1 ? '0px' : `${covered}px`)
  }
  seen.addEventListener('resize', lift)
  seen.addEventListener('scroll', lift)
  return () => {
    seen.removeEventListener('resize', lift)
    seen.removeEventListener('scroll', lift)
  }
}
