// The history of a post: its revisions, what changed between two of them, and an earlier text brought back into the composer.
// Called by tools.tsx.
// Never sends anything: an earlier text is in the fields then, and goes out as any other.

import { useEffect, useState } from 'preact/hooks'
import type { PostContent } from '../../../src/domain/content.ts'
import { diffContent, isSameText, type PartDiff } from '../../../src/domain/content-diff.ts'
import { CHANGE_WORDS, partWords, revisionWords } from '../../../src/domain/revision-words.ts'
import { asRefusal } from '../server/api.ts'
import type { DeskPost } from '../types.ts'
import { useDesk, useShown } from '../views/use-desk.ts'
import { momentWords } from '../words.ts'
import { Dialog } from './dialog.tsx'

type Line = {
  revision: number
  kind: string
  note: string | null
  by: { id: string; name: string | null }
  at: number
}
/** `from` 0: nothing was there before. */
type Compared = { from: number; to: number; diff: readonly PartDiff[]; earlier: PostContent | null }

export function History({ postId }: { postId: string }) {
  const { api, start, state, writing, may } = useDesk()
  const { timeZone } = useShown((now) => now.story)
  const [lines, setLines] = useState<readonly Line[] | null>(null)
  const [compared, setCompared] = useState<Compared | null>(null)
  const [error, setError] = useState<string | null>(null)
  const at = `/stories/${start.storyId}/posts/${postId}`
  const post = useShown(({ posts }) => posts.find(({ id }) => id === postId))
  const contentAt = async (revision: number) =>
    revision === 0 ? null : (await api.get<{ content: PostContent }>(`${at}/revisions/${revision}`)).content

  const compare = async (from: number, to: number) => {
    setError(null)
    try {
      const [earlier, later] = await Promise.all([contentAt(from), contentAt(to)])
      if (later) setCompared({ from, to, diff: diffContent(earlier, later), earlier })
    } catch (thrown) {
      setError(asRefusal(thrown).message)
    }
  }
  useEffect(() => {
    api.get<{ revisions: Line[] }>(`${at}/revisions`).then(
      ({ revisions }) => {
        setLines(revisions.reverse())
        const last = revisions[0]?.revision ?? 0
        if (last > 0) void compare(last - 1, last)
      },
      (thrown) => setError(asRefusal(thrown).message),
    )
  }, [postId])

  const latest = lines?.[0]?.revision ?? 0
  const restore = async (revision: number, content: PostContent) => {
    const fresh = await api.get<DeskPost>(at).catch(() => null)
    if (!fresh) return setError('The server did not answer. Nothing was changed.')
    state.set({ open: null })
    await writing.openPost(fresh)
    if (state.get().text.postId !== postId) return
    writing.change({ content })
    state.set({
      told: { words: `The text of revision ${revision} is in the fields. Nothing was sent yet.`, bad: false },
    })
  }
  const mayRestore =
    post &&
    post.state !== 'withdrawn' &&
    may(post.state === 'published' ? 'post:change' : 'post:draft', post.createdBy.id)

  return (
    <Dialog title="History of the post">
      {error && (
        <p class="message bad" role="alert">
          {error}
        </p>
      )}
      {compared && (
        <section class="diff" aria-label="What changed">
          <h3>
            {compared.from === 0
              ? `Revision ${compared.to}, the first text`
              : `From revision ${compared.from} to ${compared.to}${compared.to === latest ? ', the text now' : ''}`}
          </h3>
          <Differences diff={compared.diff} />
          {mayRestore && compared.to === latest && compared.earlier && (
            <p class="acts small">
              <button type="button" onClick={() => compared.earlier && void restore(compared.from, compared.earlier)}>
                Bring revision {compared.from} into the fields
              </button>
            </p>
          )}
        </section>
      )}
      {!lines && !error && <p class="hint">Asking the server…</p>}
      <ol class="rows">
        {(lines ?? []).map((line) => (
          <li key={line.revision}>
            <p class="facts">
              <b>Revision {line.revision}</b>
              <span>{revisionWords(line.kind)}</span>
              <time dateTime={new Date(line.at).toISOString()}>{momentWords(line.at, timeZone)}</time>
              {line.by.name && <span>{line.by.name}</span>}
              {line.revision === latest && <span class="chip">Now</span>}
            </p>
            {line.note && <p dir="auto">{line.note}</p>}
            <div class="acts small">
              <button type="button" onClick={() => void compare(line.revision - 1, line.revision)}>
                What it changed
              </button>
              {line.revision !== latest && (
                <button type="button" class="quiet" onClick={() => void compare(line.revision, latest)}>
                  Compare with now
                </button>
              )}
            </div>
          </li>
        ))}
      </ol>
    </Dialog>
  )
}

function Differences({ diff }: { diff: readonly PartDiff[] }) {
  const { language } = useShown((state) => state.story)
  if (isSameText(diff)) return <p class="empty">The texts are the same.</p>
  return (
    <>
      <p class="hint">
        What was there before is <del>struck out</del>, what came is <ins>underlined</ins>.
      </p>
      <dl class="differs" lang={language}>
        {diff.map((part, index) => (
          <Part key={index} part={part} />
        ))}
      </dl>
    </>
  )
}

function Part({ part: { part, change, pieces } }: { part: PartDiff }) {
  const said = CHANGE_WORDS[change]
  const shown = (text: string) =>
    part === 'image' && /^[0-9a-z]{16,32}$/.test(text) ? (
      <img src={`/media/${text}/400.jpg`} alt="Photo" width={96} loading="lazy" />
    ) : (
      text
    )
  return (
    <>
      <dt lang="en" dir="ltr">
        {partWords(part)}
        {said && (
          <>
            {' '}
            <span class="chip" data-state={change}>
              {said}
            </span>
          </>
        )}
      </dt>
      <dd class="pre" dir="auto">
        {pieces.map(({ change: what, text }, index) =>
          what === 'kept' ? (
            <span key={index}>{shown(text)}</span>
          ) : what === 'added' ? (
            <ins key={index}>{shown(text)}</ins>
          ) : (
            <del key={index}>{shown(text)}</del>
          ),
        )}
      </dd>
    </>
  )
}
