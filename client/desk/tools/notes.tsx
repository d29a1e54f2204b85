// The notes beside a post, for the desk only: read, added, taken away.
// Called by tools.tsx.
// Never loses what was typed: it stays in its field until the server has it.

import { useEffect, useState } from 'preact/hooks'
import { MAX_NOTE_TEXT, type PostNote } from '../../../src/domain/note.ts'
import { asRefusal } from '../server/api.ts'
import { useDesk, useShown } from '../views/use-desk.ts'
import { momentWords } from '../words.ts'
import { Dialog } from './dialog.tsx'

export function Notes({ postId }: { postId: string }) {
  const { api, start, may, newId, refresh } = useDesk()
  const { timeZone } = useShown((state) => state.story)
  const [notes, setNotes] = useState<readonly PostNote[] | null>(null)
  const [text, setText] = useState('')
  const [noteId, setNoteId] = useState(newId) // the same until it is kept: sent twice it is one note
  const [error, setError] = useState<string | null>(null)
  const at = `/stories/${start.storyId}/posts/${postId}/notes`
  const load = async () => setNotes((await api.get<{ notes: PostNote[] }>(at)).notes)
  const run = async (work: () => Promise<unknown>) => {
    setError(null)
    try {
      await work()
      await load()
      refresh()
    } catch (thrown) {
      setError(`${asRefusal(thrown).message} What you typed is still here.`)
    }
  }
  useEffect(() => void run(async () => undefined), [postId])
  const mayWrite = may('post:draft', start.actor.id)
  const add = () =>
    run(async () => {
      await api.send('PUT', `${at}/${noteId}`, { text })
      setText('')
      setNoteId(newId())
    })

  return (
    <Dialog title="Notes beside the post">
      <p class="hint">For the desk only. Readers never see them.</p>
      {error && (
        <p class="message bad" role="alert">
          {error}
        </p>
      )}
      {notes?.length === 0 && <p class="empty">None yet.</p>}
      <ol class="rows">
        {(notes ?? []).map((note) => (
          <li key={note.id}>
            <p class="facts">
              <b>{note.by.name}</b>
              <time dateTime={new Date(note.at).toISOString()}>{momentWords(note.at, timeZone)}</time>
            </p>
            {note.deleted ? (
              <p class="hint">
                Taken away by {note.deleted.by.name}, {momentWords(note.deleted.at, timeZone)}
              </p>
            ) : (
              <p class="pre" dir="auto">
                {note.text ?? 'Erased.'}
              </p>
            )}
            {!note.deleted && mayWrite && (note.by.id === start.actor.id || may('post:review')) && (
              <div class="acts small">
                <button
                  type="button"
                  class="quiet"
                  onClick={() => void run(() => api.send('POST', `${at}/${note.id}/delete`, {}, { key: newId() }))}
                >
                  Take away
                </button>
              </div>
            )}
          </li>
        ))}
      </ol>
      {mayWrite && (
        <form
          class="stack"
          onSubmit={(event) => {
            event.preventDefault()
            void add()
          }}
        >
          <label>
            A note
            <textarea
              required
              autofocus
              rows={3}
              maxLength={MAX_NOTE_TEXT}
              value={text}
              onInput={(event) => setText(event.currentTarget.value)}
            />
          </label>
          <div class="acts">
            <button type="submit" class="main">
              Add the note
            </button>
          </div>
        </form>
      )}
    </Dialog>
  )
}
