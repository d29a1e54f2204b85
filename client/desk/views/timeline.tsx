// The timeline: what is in the story in every state, filtered and searched, newest first.
// Called by app.tsx.

import { POST_STATES } from '../../../src/domain/post.ts'
import { countsOf, shownPosts } from '../timeline.ts'
import { STATE_WORDS } from '../words.ts'
import { Later } from './later.tsx'
import { PostRow } from './post-row.tsx'
import { useDesk, useShown } from './use-desk.ts'

export function Timeline() {
  const { state, loadOlder } = useDesk()
  const posts = useShown((now) => now.posts)
  const more = useShown((now) => now.more)
  const shown = useShown((now) => now.shown)
  const find = useShown((now) => now.find)
  const choosing = useShown((now) => now.chosen !== null)
  const counts = countsOf(posts)
  const found = shownPosts(posts, shown, find)
  return (
    <>
      <div class="timeline-head">
        <h2 id="timeline-title">Timeline</h2>
        <p class="acts small timeline-tools">
          {!choosing && posts.length > 0 && (
            <button type="button" class="quiet" onClick={() => state.set({ chosen: new Set() })}>
              Choose several
            </button>
          )}
          <button type="button" class="quiet" onClick={() => state.set({ open: { tool: 'find' } })}>
            Find and revise…
          </button>
        </p>
      </div>
      <div class="timeline-find">
        <div class="filter" role="group" aria-label="Show">
          <button type="button" aria-pressed={shown === 'all'} onClick={() => state.set({ shown: 'all' })}>
            All
          </button>
          {POST_STATES.filter((one) => counts[one] > 0 || shown === one).map((one) => (
            <button type="button" key={one} aria-pressed={shown === one} onClick={() => state.set({ shown: one })}>
              {STATE_WORDS[one]} {counts[one]}
            </button>
          ))}
        </div>
        <input
          id="find"
          type="search"
          aria-label="Search the timeline"
          placeholder="Search the timeline"
          value={find}
          onInput={(event) => state.set({ find: event.currentTarget.value })}
        />
      </div>
      {choosing && <Later show={({ BulkBar }) => <BulkBar />} />}
      {found.length === 0 ? (
        <p class="empty">{posts.length === 0 ? 'Nothing yet.' : 'No post is like that.'}</p>
      ) : (
        <ol class="rows posts">
          {found.map((post) => (
            <PostRow key={post.id} post={post} />
          ))}
        </ol>
      )}
      {more && find !== '' && <p class="hint">Only the posts that are loaded here are searched.</p>}
      {more && (
        <button type="button" onClick={() => void loadOlder()}>
          Older posts
        </button>
      )}
    </>
  )
}
