// Two texts of one post, side by side, and the choice between them.
// Called by writing.tsx and queue.tsx.
// Never chooses: nothing is overwritten before somebody pressed.

import type { PostContent } from '../../../src/domain/content.ts'
import { textFromBlocks } from '../../../src/domain/plain-text.ts'
import { useShown } from './use-desk.ts'

export type Choice = { words: string; act(): Promise<void> }

type Props = {
  heading: string
  theirs: { revision: number; content: PostContent }
  /** Where theirs stands; absent = on the server. */
  theirName?: string
  /** null: mine is the text in the composer. */
  mine?: PostContent
  choices: readonly Choice[]
}

export function Compare({ heading, theirs, theirName, mine, choices }: Props) {
  const typed = useShown((state) => state.text.content)
  const sides: readonly [string, PostContent][] = [
    ['Yours', mine ?? typed],
    [theirName ?? `On the server now (revision ${theirs.revision})`, theirs.content],
  ]
  return (
    <section class="theirs" role="group" aria-label={heading}>
      <p role="alert">
        <strong>{heading}.</strong> Nothing was overwritten. Choose which text is to stand.
      </p>
      <div class="sides">
        {sides.map(([name, content]) => (
          <Side key={name} name={name} content={content} />
        ))}
      </div>
      <div class="acts">
        {choices.map(({ words, act }) => (
          <button type="button" key={words} onClick={() => void act()}>
            {words}
          </button>
        ))}
      </div>
    </section>
  )
}

function Side({ name, content }: { name: string; content: PostContent }) {
  const { language, direction } = useShown((state) => state.story)
  const words = { lang: language, dir: direction }
  return (
    <div class="side">
      <h3>{name}</h3>
      {content.headline !== '' && (
        <p class="row-title" {...words}>
          {content.headline}
        </p>
      )}
      <p class="pre" {...words}>
        {textFromBlocks(content.blocks)}
      </p>
    </div>
  )
}
