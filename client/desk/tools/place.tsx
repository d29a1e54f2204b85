// The place of a published post in the order of its story: one step up or down, or beside any other post.
// Called by tools.tsx.
// Never changes a time: only the order is another one.

import { useRef, useState } from 'preact/hooks'
import { nameOf } from '../text.ts'
import { placedBeside, placedIn } from '../timeline.ts'
import type { DeskPost } from '../types.ts'
import { useDesk, useShown } from '../views/use-desk.ts'
import { momentWords } from '../words.ts'
import { SaidLine, usePostAct } from './post-act.tsx'
import { PostDialog } from './post-tool.tsx'

const AROUND = 2 // posts shown on either side of it

export function Place({ postId }: { postId: string }) {
  return (
    <PostDialog postId={postId} title="Move in the order" fits={({ state }) => state === 'published'}>
      {(post) => <Places post={post} />}
    </PostDialog>
  )
}

function Places({ post }: { post: DeskPost }) {
  const { api, state, loadOlder } = useDesk()
  const { said, send } = usePostAct(post)
  const published = useShown(({ posts }) => posts).filter((one) => one.state === 'published')
  const more = useShown((now) => now.more)
  const [to, setTo] = useState('')
  const at = published.findIndex(({ id }) => id === post.id)
  const moves = useRef(0)
  const move = async (side: 'above' | 'below', beside: DeskPost | undefined) => {
    if (!beside) return
    const done = `It stands directly ${side} “${nameOf(beside.content)}” now.`
    if (!(await send('POST', '/reorder', { side, postId: beside.id }, done))) return
    moves.current += 1
    const mine = moves.current
    // At once, so that the next press goes on from there.
    state.set({ posts: placedBeside(state.get().posts, post.id, side, beside.id) })
    // Far down it is in none of the posts that are asked for again by themselves.
    const fresh = await api.get<DeskPost>(`/stories/${post.storyId}/posts/${post.id}`).catch(() => null)
    if (fresh && mine === moves.current) state.set({ posts: placedIn(state.get().posts, fresh) })
  }
  const step = (side: 'above' | 'below') => {
    const now = state.get().posts.filter((one) => one.state === 'published')
    const here = now.findIndex(({ id }) => id === post.id)
    void move(side, now[side === 'above' ? here - 1 : here + 1])
  }
  const last = published.at(-1)
  return (
    <>
      <p class="hint">Its time stays as it is. The newest end is above.</p>
      <SaidLine said={said} />
      <ol class="rows places">
        {published.slice(Math.max(0, at - AROUND), at + AROUND + 1).map((one) => (
          <Line key={one.id} post={one} isIt={one.id === post.id} />
        ))}
      </ol>
      <div class="acts">
        <button type="button" autofocus aria-disabled={at <= 0} onClick={() => step('above')}>
          One up
        </button>
        <button type="button" aria-disabled={at >= published.length - 1} onClick={() => step('below')}>
          One down
        </button>
        {more && (
          <button type="button" class="quiet" onClick={() => void loadOlder()}>
            Older posts
          </button>
        )}
      </div>
      {published.length > 2 && (
        <form
          class="stack"
          onSubmit={(event) => {
            event.preventDefault()
            const [side, id] = to.split(' ')
            void move(
              side === 'below' ? 'below' : 'above',
              published.find((one) => one.id === id),
            )
          }}
        >
          <label>
            Or to another place
            <select required value={to} onChange={(event) => setTo(event.currentTarget.value)}>
              <option value="">Choose one</option>
              {published
                .filter(({ id }) => id !== post.id)
                .map((one) => (
                  <option key={one.id} value={`above ${one.id}`}>
                    Above: {nameOf(one.content)}
                  </option>
                ))}
              {last && last.id !== post.id && <option value={`below ${last.id}`}>Below: {nameOf(last.content)}</option>}
            </select>
          </label>
          <div class="acts">
            <button type="submit" class="main">
              Move there
            </button>
          </div>
        </form>
      )}
    </>
  )
}

function Line({ post, isIt }: { post: DeskPost; isIt: boolean }) {
  const { language, direction, timeZone } = useShown((state) => state.story)
  const name = (
    <span lang={language} dir={direction}>
      {nameOf(post.content)}
    </span>
  )
  return (
    <li aria-current={isIt || undefined}>
      <span class="hint">{momentWords(post.firstPublishedAt ?? post.createdAt, timeZone)}</span>{' '}
      {isIt ? <b>{name}</b> : name}
    </li>
  )
}
