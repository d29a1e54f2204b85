// Another story for a post: a copy of a published one, or a draft that goes there itself.
// Called by tools.tsx.
// Never offers a story in which this person may not write; the server asks again.

import { useEffect, useState } from 'preact/hooks'
import { type Api, asRefusal } from '../server/api.ts'
import type { DeskPost, DeskStory } from '../types.ts'
import { useDesk } from '../views/use-desk.ts'
import { isUnpublished } from './discard.tsx'
import { SaidLine, usePostAct } from './post-act.tsx'
import { PostDialog } from './post-tool.tsx'
import { leaveText, typedIn, waitsFor } from './unsent.ts'

const PAGE = 100 // stories of one answer
const MAX_STORIES = 300 // the newest; older ones are hardly written in
const FEW = 8 // stories that need no search

type Open = { stories: readonly DeskStory[]; publishIn: ReadonlySet<string> }

export function Copy({ postId }: { postId: string }) {
  return (
    <PostDialog postId={postId} title="Copy to another story" fits={({ state }) => state === 'published'}>
      {(post) => <ToStory post={post} isCopy />}
    </PostDialog>
  )
}

export function Away({ postId }: { postId: string }) {
  return (
    <PostDialog postId={postId} title="Move to another story" fits={isUnpublished}>
      {(post) => <ToStory post={post} />}
    </PostDialog>
  )
}

function ToStory({ post, isCopy = false }: { post: DeskPost; isCopy?: boolean }) {
  const desk = useDesk()
  const { api, state, newId } = desk
  const { said, say, send } = usePostAct(post)
  const [open, setOpen] = useState<Open | null>(null)
  const [to, setTo] = useState('')
  const [publish, setPublish] = useState(false)
  const [target] = useState(newId) // the same until it is there: pressed twice it is one post
  const [done, setDone] = useState<DeskStory | null>(null)
  useEffect(() => {
    openStories(api, state.get().story, isCopy).then(
      (found) => {
        setOpen(found)
        setTo(found.stories[0]?.id ?? '')
      },
      (thrown) => say({ words: asRefusal(thrown).message, bad: true }),
    )
  }, [])
  const story = open?.stories.find(({ id }) => id === to)
  const canPublish = story !== undefined && story.state !== 'planned' && open?.publishIn.has(to) === true
  const go = async () => {
    if (!story) return
    const stays = isCopy ? null : (waitsFor(desk, post) ?? (typedIn(desk, post) ? UNSAVED : null))
    if (stays) return say({ words: `${stays} Nothing was moved.`, bad: true })
    const out = publish && canPublish
    const address = { storyId: to, postId: target }
    const sent = isCopy
      ? await send(
          'POST',
          '/copy',
          { to: address, publish: out },
          out ? 'The copy is published there.' : 'Copied, as a draft there.',
        )
      : await send('POST', '/move', { to: address }, 'It stands there now.')
    if (!sent) return
    setDone(story)
    if (!isCopy) await leaveText(desk, post)
  }
  if (done)
    return (
      <>
        <SaidLine said={said} />
        <p>
          <a href={`/desk/stories/${done.id}#post-${target}`} lang={done.language} dir={done.direction}>
            {done.title}
          </a>
        </p>
      </>
    )
  return (
    <>
      <SaidLine said={said} />
      {!open && !said && <p class="hint">Asking the server…</p>}
      {open?.stories.length === 0 && (
        <p class="empty">There is no other story, planned or running, in which you may write.</p>
      )}
      {open && open.stories.length > 0 && (
        <form
          class="stack"
          onSubmit={(event) => {
            event.preventDefault()
            void go()
          }}
        >
          <Stories stories={open.stories} to={to} onTo={setTo} />
          {isCopy ? (
            <As publish={publish && canPublish} canPublish={canPublish} onPublish={setPublish} />
          ) : (
            <p class="hint">
              Its text as it was last saved, its author and its embargo go with it
              {post.release ? '; so does its time, if you may schedule there' : ''}.
            </p>
          )}
          <div class="acts">
            <button type="submit" class="main" disabled={!story}>
              {isCopy ? 'Copy it' : 'Move it'}
            </button>
          </div>
        </form>
      )}
    </>
  )
}

const UNSAVED =
  'What was typed in it here is not saved and would not go with it. Save the draft first, or drop the changes.'

type StoriesProps = { stories: readonly DeskStory[]; to: string; onTo(id: string): void }

function Stories({ stories, to, onTo }: StoriesProps) {
  const [find, setFind] = useState('')
  const words = find.toLowerCase().split(/\s+/).filter(Boolean)
  const found = stories.filter(({ title }) => words.every((word) => title.toLowerCase().includes(word)))
  useEffect(() => {
    if (!found.some(({ id }) => id === to)) onTo(found[0]?.id ?? '')
  }, [find])
  return (
    <>
      {stories.length > FEW && (
        <label>
          Find a story
          <input type="search" value={find} onInput={(event) => setFind(event.currentTarget.value)} />
        </label>
      )}
      <label>
        Story
        <select
          value={to}
          ref={(select) => {
            // The list comes after the dialog: until then only its way out could have the focus.
            if (document.activeElement?.matches('.tool-head button')) select?.focus()
          }}
          onChange={(event) => onTo(event.currentTarget.value)}
        >
          {found.map(({ id, title, state, language }) => (
            <option key={id} value={id} lang={language}>
              {title} ({state})
            </option>
          ))}
        </select>
      </label>
      {found.length === 0 && <p class="hint">No story is called so.</p>}
    </>
  )
}

function As(props: { publish: boolean; canPublish: boolean; onPublish(is: boolean): void }) {
  const { publish, canPublish, onPublish } = props
  return (
    <fieldset>
      <legend>As</legend>
      <label class="choice">
        <input type="radio" name="as" checked={!publish} onChange={() => onPublish(false)} />A draft, to be looked at
        there first
      </label>
      <label class="choice">
        <input type="radio" name="as" checked={publish} disabled={!canPublish} onChange={() => onPublish(true)} />
        Published at once
      </label>
      <p class="hint">
        The copy is a post of its own: a later correction here does not change it. When this post is withdrawn, you are
        asked about the copy.
      </p>
    </fieldset>
  )
}

/** The next part first: where a part has ended, that is where its posts go. Throws Refusal. */
async function openStories(api: Api, story: DeskStory, isCopy: boolean): Promise<Open> {
  const [drafts, publishes] = await Promise.all([
    storiesFor(api, 'post:draft'),
    isCopy ? storiesFor(api, 'post:publish') : [],
  ])
  const isNext = ({ id }: DeskStory) => Number(id === story.continuedBy)
  const open = drafts.filter(
    ({ id, state, withdrawnAt }) => id !== story.id && state !== 'ended' && withdrawnAt === null,
  )
  return {
    stories: open.sort((one, other) => isNext(other) - isNext(one)),
    publishIn: new Set(publishes.map(({ id }) => id)),
  }
}

async function storiesFor(api: Api, may: 'post:draft' | 'post:publish'): Promise<DeskStory[]> {
  const found: DeskStory[] = []
  let after = ''
  do {
    const path = `/stories?may=${may}&limit=${PAGE}${after && `&after=${after}`}`
    const { stories, next } = await api.get<{ stories: DeskStory[]; next: string | null }>(path)
    found.push(...stories)
    after = next === null ? '' : (stories.at(-1)?.id ?? '')
  } while (after !== '' && found.length < MAX_STORIES)
  return found
}
