// The composer's region: the text at hand, its fields, its acts, where it is kept, and what waits to be sent.
// Called by app.tsx.

import { Composer } from '../composer/composer.tsx'
import { isEmpty, nameOf } from '../text.ts'
import type { TextAct } from '../types.ts'
import { ACT_NAMES, keptWords, momentWords, STATE_WORDS } from '../words.ts'
import { mainAct, mayDo } from './acts.ts'
import { Compare } from './compare.tsx'
import { Fields } from './fields.tsx'
import { Key } from './key.tsx'
import { WrittenBy } from './post-row.tsx'
import { Queue } from './queue.tsx'
import { Schedule } from './schedule.tsx'
import { ThumbBar } from './thumb-bar.tsx'
import { useDesk, useShown } from './use-desk.ts'

export function Writing() {
  const opening = useShown((state) => state.opening)
  const of = useShown((state) => state.text.of)
  const overtaken = useShown((state) => state.overtaken)
  const elsewhere = useShown((state) => state.elsewhere)
  const { timeZone } = useShown((state) => state.story)
  const { writing, start } = useDesk()
  const title =
    of === null ? 'New post' : of === 'published' ? 'Revise a published post' : `Edit: ${STATE_WORDS[of].toLowerCase()}`
  if (!mayDo(useDesk(), 'draft') && of === null)
    return (
      <>
        <h2 id="write-title">Writing</h2>
        <p class="empty">Your role ({start.actor.role}) reads this story. It does not write in it.</p>
      </>
    )
  return (
    <>
      <h2 id="write-title">{title}</h2>
      <Together />
      {overtaken && (
        <Compare
          heading="Somebody changed this post meanwhile"
          theirs={overtaken}
          choices={[
            { words: 'Keep mine, on top of theirs', act: () => writing.settle('mine') },
            { words: 'Take theirs', act: () => writing.settle('theirs') },
          ]}
        />
      )}
      {elsewhere && (
        <Compare
          heading={`You went on with this text on another device, ${momentWords(elsewhere.at, timeZone)}`}
          theirs={elsewhere}
          theirName="On the other device"
          choices={[
            { words: 'Keep this one', act: () => writing.meet('mine') },
            { words: 'Take the other', act: () => writing.meet('other') },
          ]}
        />
      )}
      <Queue />
      <Text key={opening} />
      <Unfinished />
    </>
  )
}

/** Two people at one text: told, and nobody is kept out. */
function Together() {
  const postId = useShown((state) => state.text.postId)
  return (
    <p class="together">
      <WrittenBy postId={postId} />
    </p>
  )
}

function Text() {
  const { writing, uploads, state, composer, start } = useDesk()
  const text = useShown((now) => now.text)
  const { language, direction } = useShown((now) => now.story)
  return (
    <div class="writing">
      <Composer
        value={text.content}
        onChange={(content, problems) => {
          state.set({ problems })
          writing.change({ content })
        }}
        uploads={uploads}
        handle={composer}
        snippet={(name) => state.get().snippets?.find((one) => one.name === name)?.blocks ?? null}
        onMedia={(media, put) => state.set({ open: { tool: 'media', media, put } })}
        maxClipMb={start.maxClipMb}
        autofocus={matchMedia('(pointer: fine)').matches}
        language={language}
        direction={direction}
      />
      <Fields />
      <Acts />
      <ThumbBar />
    </div>
  )
}

function Acts() {
  const desk = useDesk()
  const { writing, state } = desk
  const text = useShown((now) => now.text)
  const story = useShown((state) => state.story)
  const main = mainAct(desk, text.of, story.state)
  const quiet = (['correct', 'submit', 'draft'] as const).filter(
    (kind) =>
      kind !== main && offered(kind, text.of) && mayDo(desk, kind) && !(kind === 'submit' && desk.may('post:review')),
  )
  return (
    <>
      <div class="acts write-acts">
        {main && (
          <button type="button" class="main" onClick={() => void writing.send(main)}>
            {ACT_NAMES[main]} <Key of="Enter" />
          </button>
        )}
        {quiet.map((kind) => (
          <button type="button" key={kind} onClick={() => void writing.send(kind)}>
            {ACT_NAMES[kind]} {kind === 'draft' && <Key of="S" />}
          </button>
        ))}
        {(text.of !== null || !isEmpty(text)) && (
          <>
            <button
              type="button"
              class="quiet"
              onClick={() => state.set({ open: { tool: 'preview', postId: text.postId } })}
            >
              Preview
            </button>
            {text.of !== null && (
              <button type="button" class="quiet" onClick={() => void writing.openNew()}>
                New post
              </button>
            )}
            <button type="button" class="quiet" onClick={() => void writing.discard()}>
              {text.of === null ? 'Throw away' : 'Drop my changes'}
            </button>
          </>
        )}
      </div>
      <Kept />
      {text.of !== 'published' && text.of !== 'withdrawn' && mayDo(desk, 'schedule') && <Schedule />}
    </>
  )
}

function offered(kind: TextAct, of: string | null): boolean {
  return kind === 'correct' ? of === 'published' : of !== 'published' && of !== 'withdrawn'
}

function Kept() {
  const kept = useShown((state) => state.kept)
  return <p class="hint kept-words">{keptWords(kept)}</p>
}

function Unfinished() {
  const { writing } = useDesk()
  const texts = useShown((state) => state.texts)
  const { timeZone } = useShown((state) => state.story)
  if (texts.length === 0) return null
  return (
    <section aria-labelledby="unfinished-title" class="unfinished">
      <h3 id="unfinished-title">Unfinished, kept in this browser</h3>
      <ul class="rows">
        {texts.map((text) => (
          <li key={text.postId}>
            <button type="button" onClick={() => void writing.openText(text)}>
              {nameOf(text.content)}
            </button>{' '}
            <span class="hint">{momentWords(text.changedAt, timeZone)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
