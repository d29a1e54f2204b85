// The snippets of the newsroom: put into the text at hand, made from it, and changed by editors.
// Called by tools.tsx.

import { useEffect, useState } from 'preact/hooks'
import { type Block, mediaOf } from '../../../src/domain/content.ts'
import { blocksFromText, textFromBlocks } from '../../../src/domain/plain-text.ts'
import type { Snippet } from '../../../src/domain/snippet.ts'
import { asRefusal } from '../server/api.ts'
import { excerptOf } from '../text.ts'
import { useDesk, useShown } from '../views/use-desk.ts'
import { Dialog } from './dialog.tsx'

/** `id` null: one that is not there yet. */
type Draft = {
  id: string | null
  revision: number
  name: string
  text: string
  blocks: Block[] | null
  held?: readonly Block[]
}

export function Snippets() {
  const { api, may, newId, state, loadSnippets, composer } = useDesk()
  const snippets = useShown((now) => now.snippets)
  const text = useShown((now) => now.text.content)
  const [draft, setDraft] = useState<Draft | null>(null)
  const [said, setSaid] = useState<{ words: string; bad: boolean } | null>(null)
  const load = () => loadSnippets().catch((thrown) => setSaid({ words: asRefusal(thrown).message, bad: true }))
  useEffect(() => void load(), [])
  const changes = may('snippet:change')

  const run = async (work: () => Promise<unknown>, done: string) => {
    try {
      await work()
      setDraft(null)
      setSaid({ words: done, bad: false })
    } catch (thrown) {
      const { message, details } = asRefusal(thrown)
      setSaid({ words: `${message} What you typed is still here.`, bad: true })
      // The one of now is in the list below: the next press puts what was typed in its place.
      const { snippet } = (details ?? {}) as { snippet?: Snippet | null }
      if (snippet) setDraft((mine) => mine && { ...mine, revision: snippet.revision })
    } finally {
      await load()
    }
  }
  const save = ({ id, revision, name, text: typed, blocks, held }: Draft) =>
    run(async () => {
      const words = { name, revision, blocks: blocks ?? blocksFromText(typed, held) }
      await api.send('PUT', `/snippets/${id ?? newId()}`, words)
    }, 'Saved.')
  const putIn = ({ blocks }: Snippet) => {
    state.set({ open: null, tab: 'write' })
    // The dialog gives the focus back first.
    setTimeout(() => composer.current?.insert(blocks))
  }
  const hasText = text.blocks.length > 0

  return (
    <Dialog title="Snippets">
      <p class="hint">
        In the text, type a slash and the name, then a space. A snippet that is changed later changes no post it was put
        into.
      </p>
      {said && (
        <p class={said.bad ? 'message bad' : 'message good'} role={said.bad ? 'alert' : 'status'}>
          {said.words}
        </p>
      )}
      {changes && !draft && (
        <p class="acts small">
          <button
            type="button"
            disabled={!hasText || mediaOf(text).length > 0}
            onClick={() => setDraft({ id: null, revision: 0, name: '', text: '', blocks: text.blocks })}
          >
            Make one from the text at hand
          </button>
          <button type="button" onClick={() => setDraft({ id: null, revision: 0, name: '', text: '', blocks: null })}>
            Write a new one
          </button>
          {mediaOf(text).length > 0 && <span class="hint">The text at hand has photos; a snippet holds none.</span>}
        </p>
      )}
      {draft && (
        <Edit draft={draft} onChange={setDraft} onSave={() => void save(draft)} onLeave={() => setDraft(null)} />
      )}
      {snippets !== null && snippets.length === 0 && <p class="empty">There is none yet.</p>}
      <ul class="rows">
        {(snippets ?? []).map((snippet) => (
          <li key={snippet.id}>
            <p class="row-title">/{snippet.name}</p>
            <p class="excerpt" dir="auto">
              {excerptOf(snippet.blocks)}
            </p>
            <div class="acts small">
              <button type="button" onClick={() => putIn(snippet)}>
                Put it in
              </button>
              {changes && (
                <button
                  type="button"
                  class="quiet"
                  onClick={() =>
                    setDraft({ ...snippet, text: textFromBlocks(snippet.blocks), blocks: null, held: snippet.blocks })
                  }
                >
                  Change
                </button>
              )}
              {changes && (
                <button
                  type="button"
                  class="quiet"
                  onClick={() =>
                    void run(
                      () => api.send('POST', `/snippets/${snippet.id}/delete`, {}, { key: newId() }),
                      `/${snippet.name} was deleted. Posts keep their words.`,
                    )
                  }
                >
                  Delete
                </button>
              )}
            </div>
          </li>
        ))}
      </ul>
    </Dialog>
  )
}

type EditProps = { draft: Draft; onChange(draft: Draft): void; onSave(): void; onLeave(): void }

function Edit({ draft, onChange, onSave, onLeave }: EditProps) {
  const { language, direction } = useShown((state) => state.story)
  const written = { lang: language, dir: direction }
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault()
        onSave()
      }}
    >
      <label>
        Name, as it is typed after the slash
        <input
          required
          autofocus
          maxLength={40}
          value={draft.name}
          onInput={(event) => onChange({ ...draft, name: event.currentTarget.value })}
        />
      </label>
      {draft.blocks ? (
        <p class="excerpt" {...written}>
          {excerptOf(draft.blocks)}
        </p>
      ) : (
        <label>
          Text
          <textarea
            {...written}
            required
            rows={6}
            value={draft.text}
            onInput={(event) => onChange({ ...draft, text: event.currentTarget.value })}
          />
        </label>
      )}
      <div class="acts">
        <button type="submit" class="main">
          Save the snippet
        </button>
        <button type="button" class="quiet" onClick={onLeave}>
          Leave it
        </button>
      </div>
    </form>
  )
}
