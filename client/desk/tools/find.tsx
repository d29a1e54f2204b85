// Find and revise over a story: what is looked for, every hit in its sentence with the old and the new words, and what became of each post.
// Called by tools.tsx.
// Never sends before somebody saw the hits and pressed.

import { useState } from 'preact/hooks'
import { MAX_WANTED, type Wanted } from '../../../src/domain/find-in-content.ts'
import { type FoundHit, type FoundPost, findEverywhere, type Revised, reviseAll, whyKept } from '../find-story.ts'
import { asRefusal } from '../server/api.ts'
import { nameOf } from '../text.ts'
import { useDesk, useShown } from '../views/use-desk.ts'
import { countWords, STATE_WORDS } from '../words.ts'
import { Dialog } from './dialog.tsx'
import { Outcomes } from './outcomes.tsx'

type Search = { found: readonly FoundPost[]; searched: number; words: string }

export function Find() {
  const desk = useDesk()
  const { api, start, newId, refresh } = desk
  const [wanted, setWanted] = useState<Wanted>({ words: '', whole: true, exact: true })
  const [put, setPut] = useState('')
  const [search, setSearch] = useState<Search | null>(null)
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [busy, setBusy] = useState<string | null>(null)
  const [error, setError] = useState<string | null>(null)
  const [revised, setRevised] = useState<readonly Revised[] | null>(null)

  const look = async () => {
    if (wanted.words.trim() === '') return
    setRevised(null)
    setError(null)
    setBusy('Searching…')
    try {
      let searched = 0
      const found = await findEverywhere(api, start.storyId, wanted, (count) => {
        searched = count
        setBusy(`${countWords(count, 'post', 'posts')} searched…`)
      })
      setSearch({ found, searched, words: wanted.words })
      const free = found.filter(({ post }) => whyKept(post, desk.may) === null)
      setChosen(new Set(free.flatMap(({ hits }) => hits.map(({ id }) => id))))
    } catch (thrown) {
      setSearch(null)
      setError(asRefusal(thrown).message)
    } finally {
      setBusy(null)
    }
  }
  const send = async (note: string | null) => {
    if (!search) return
    setBusy('Sending…')
    const told = (done: number) => setBusy(`${countWords(done, 'post', 'posts')} sent…`)
    const outcomes = await reviseAll({ api, storyId: start.storyId, newId, told }, search.found, chosen, put, note)
    setBusy(null)
    setRevised(outcomes)
    setSearch(null)
    refresh()
  }

  return (
    <Dialog title="Find and revise in every post">
      <Asked
        wanted={wanted}
        put={put}
        busy={busy !== null}
        onWanted={setWanted}
        onPut={setPut}
        onLook={() => void look()}
      />
      <p role="status" class="hint">
        {busy ??
          (search
            ? `${countWords(search.found.flatMap(({ hits }) => hits).length, 'place', 'places')} in ${countWords(search.found.length, 'post', 'posts')}; ${countWords(search.searched, 'post', 'posts')} searched.`
            : '')}
      </p>
      {error && (
        <p class="message bad" role="alert">
          {error} Nothing was changed.
        </p>
      )}
      {search && search.found.length > 0 && !busy && (
        <Hits search={search} put={put} chosen={chosen} onChosen={setChosen} onSend={(note) => void send(note)} />
      )}
      {revised && (
        <Outcomes
          done="Changed"
          outcomes={revised}
          left="Nothing was overwritten there. Search again to see how they stand."
        />
      )}
    </Dialog>
  )
}

type AskedProps = {
  wanted: Wanted
  put: string
  busy: boolean
  onWanted(wanted: Wanted): void
  onPut(put: string): void
  onLook(): void
}

function Asked({ wanted, put, busy, onWanted, onPut, onLook }: AskedProps) {
  const { language, direction } = useShown((state) => state.story)
  const written = { lang: language, dir: direction, maxLength: MAX_WANTED }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        onLook()
      }}
    >
      <div class="pair">
        <label>
          Find
          <input
            {...written}
            required
            value={wanted.words}
            onInput={(event) => onWanted({ ...wanted, words: event.currentTarget.value })}
          />
        </label>
        <label>
          Put in its place
          <input {...written} value={put} onInput={(event) => onPut(event.currentTarget.value)} />
        </label>
      </div>
      <div class="acts">
        <label class="choice">
          <input
            type="checkbox"
            checked={wanted.whole}
            onChange={(event) => onWanted({ ...wanted, whole: event.currentTarget.checked })}
          />
          Whole words
        </label>
        <label class="choice">
          <input
            type="checkbox"
            checked={wanted.exact}
            onChange={(event) => onWanted({ ...wanted, exact: event.currentTarget.checked })}
          />
          Capitals count
        </label>
        <button type="submit" class="main" disabled={busy}>
          Find
        </button>
        <span class="hint">Summary, title and standfirst of the story are not searched, nor addresses.</span>
      </div>
    </form>
  )
}

type HitsProps = {
  search: Search
  put: string
  chosen: ReadonlySet<string>
  onChosen(chosen: ReadonlySet<string>): void
  onSend(note: string | null): void
}

function Hits({ search, put, chosen, onChosen, onSend }: HitsProps) {
  const { language, direction } = useShown((state) => state.story)
  const [note, setNote] = useState('')
  const posts = search.found.filter(({ hits }) => hits.some(({ id }) => chosen.has(id)))
  const published = posts.filter(({ post }) => post.state === 'published').length
  const toggle = (ids: readonly string[], on: boolean) => {
    const next = new Set(chosen)
    for (const id of ids) on ? next.add(id) : next.delete(id)
    onChosen(next)
  }
  return (
    <>
      <ol class="rows found">
        {search.found.map((found) => (
          <Post key={found.post.id} found={found} put={put} chosen={chosen} onToggle={toggle} />
        ))}
      </ol>
      <div class="stack tool-foot">
        {published > 0 && (
          <label>
            What was wrong, for readers (for a correction)
            <textarea
              rows={2}
              lang={language}
              dir={direction}
              value={note}
              onInput={(event) => setNote(event.currentTarget.value)}
            />
          </label>
        )}
        <div class="acts">
          <button type="button" class="main" disabled={posts.length === 0} onClick={() => onSend(null)}>
            Revise {countWords(posts.length, 'post', 'posts')}
          </button>
          {published > 0 && (
            <button type="button" disabled={note.trim() === ''} onClick={() => onSend(note)}>
              Correct, with the note
            </button>
          )}
          <span class="hint">
            {published} published, {posts.length - published} not yet.{' '}
            {put === '' ? 'The words are taken out: nothing is put in their place.' : ''}
          </span>
        </div>
      </div>
    </>
  )
}

type PostProps = {
  found: FoundPost
  put: string
  chosen: ReadonlySet<string>
  onToggle(ids: readonly string[], on: boolean): void
}

function Post({ found: { post, hits }, put, chosen, onToggle }: PostProps) {
  const { may } = useDesk()
  const kept = whyKept(post, may)
  return (
    <li>
      <p class="facts">
        <span class="chip" data-state={post.state}>
          {STATE_WORDS[post.state]}
        </span>
        <b>{nameOf(post.content)}</b>
        {kept && <span>{kept}</span>}
      </p>
      {hits.map((hit) => (
        <Line
          key={hit.id}
          hit={hit}
          put={put}
          chosen={kept === null && chosen.has(hit.id)}
          disabled={kept !== null}
          onToggle={(on) => onToggle([hit.id], on)}
        />
      ))}
    </li>
  )
}

type LineProps = { hit: FoundHit; put: string; chosen: boolean; disabled: boolean; onToggle(on: boolean): void }

/** The sentence once, with what goes and what comes side by side in it. */
function Line({ hit, put, chosen, disabled, onToggle }: LineProps) {
  const { language } = useShown((state) => state.story)
  return (
    <label class="choice hit">
      <input
        type="checkbox"
        checked={chosen}
        disabled={disabled}
        onChange={(event) => onToggle(event.currentTarget.checked)}
      />
      <span>
        <span class="hint">{hit.place}</span>{' '}
        <span lang={language} dir="auto">
          {hit.before}
          <del>{hit.found}</del>
          {put !== '' && <ins>{put}</ins>}
          {hit.after}
        </span>
      </span>
    </label>
  )
}
