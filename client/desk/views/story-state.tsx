// The state of the story, small: how many posts there are of each state, what goes out next, what is pinned, the key events.
// Called by app.tsx.

import { storyPath } from '../../../src/domain/address.ts'
import { POST_STATES } from '../../../src/domain/post.ts'
import { nameOf } from '../text.ts'
import { countsOf, keyEventsIn, pinnedIn, scheduledIn } from '../timeline.ts'
import type { DeskPost, DeskStory } from '../types.ts'
import { countWords, momentWords, STATE_WORDS } from '../words.ts'
import { Countdown } from './post-row.tsx'
import { useDesk, useShown } from './use-desk.ts'

const MAX_SHOWN = 8 // of a list; the timeline holds the rest

export function StoryState() {
  const story = useShown((state) => state.story)
  const posts = useShown((state) => state.posts)
  const counts = countsOf(posts)
  const scheduled = scheduledIn(posts)
  return (
    <>
      <h2 id="story-title">The story</h2>
      <dl class="counts">
        <div>
          <dt>Published</dt>
          <dd>{story.posts}</dd>
        </div>
        {POST_STATES.filter((one) => one !== 'published' && one !== 'withdrawn' && counts[one] > 0).map((one) => (
          <div key={one}>
            <dt>{STATE_WORDS[one]}</dt>
            <dd>{counts[one]}</dd>
          </div>
        ))}
      </dl>
      <p class="hint">
        Times in {story.timeZone}.{' '}
        {story.lastPostAt !== null && `Last post ${momentWords(story.lastPostAt, story.timeZone)}.`}
      </p>
      <Shift />
      {scheduled.length > 0 && (
        <section aria-labelledby="next-title">
          <h3 id="next-title">Goes out next</h3>
          {scheduled.slice(0, MAX_SHOWN).map((post) => (
            <div key={post.id}>
              <PostLink post={post} words={nameOf(post.content)} />
              {post.release && <Countdown at={post.release.at} story={story} />}
            </div>
          ))}
        </section>
      )}
      <Listed title="Pinned" id="pinned-title" posts={pinnedIn(posts)} words={(post) => nameOf(post.content)} />
      <Listed
        title="Key events"
        id="events-title"
        posts={keyEventsIn(posts)}
        words={(post) => post.keyEvent?.title ?? ''}
      />
      <Links />
    </>
  )
}

/** What the editor before wants this one to know; changed on a page of its own. */
function Shift() {
  const { may, start } = useDesk()
  const shift = useShown((state) => state.shift)
  const { timeZone } = useShown((state) => state.story)
  const mayWrite = may('post:draft', start.actor.id)
  if (!shift?.text && !mayWrite) return null
  return (
    <section aria-labelledby="shift-title">
      <h3 id="shift-title">For the next shift</h3>
      {shift?.text && (
        <>
          <p class="pre" dir="auto">
            {shift.text}
          </p>
          <p class="hint">
            {shift.by.name}, {momentWords(shift.at, timeZone)}
          </p>
        </>
      )}
      {mayWrite && (
        <a href={`/desk/stories/${start.storyId}/shift-note`}>{shift?.text ? 'Change it' : 'Write a note'}</a>
      )}
    </section>
  )
}

type ListedProps = { title: string; id: string; posts: readonly DeskPost[]; words(post: DeskPost): string }

function Listed({ title, id, posts, words }: ListedProps) {
  if (posts.length === 0) return null
  return (
    <section aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      <ul class="plain-list">
        {posts.slice(0, MAX_SHOWN).map((post) => (
          <li key={post.id}>
            <PostLink post={post} words={words(post)} />
          </li>
        ))}
      </ul>
      {posts.length > MAX_SHOWN && (
        <p class="hint">and {countWords(posts.length - MAX_SHOWN, 'more', 'more')} in the timeline</p>
      )}
    </section>
  )
}

function PostLink({ post, words }: { post: DeskPost; words: string }) {
  const { state } = useDesk()
  const { language, direction } = useShown((now) => now.story)
  return (
    <a
      href={`#post-${post.id}`}
      lang={language}
      dir={direction}
      onClick={() => state.set({ tab: 'timeline', shown: 'all', find: '' })}
    >
      {words}
    </a>
  )
}

/** What is seldom done has pages of its own. */
function Links() {
  const { may, start } = useDesk()
  const story = useShown((state) => state.story)
  const at = `/desk/stories/${start.storyId}`
  return (
    <nav class="links" aria-label="Pages of this story">
      {story.visibility !== 'private' && story.withdrawnAt === null && (
        <a href={storyPath(story.slug ?? story.id)} target="_blank" rel="noopener">
          See the page
        </a>
      )}
      {may('story:summary') && <a href={`${at}/summary`}>Summary</a>}
      {may('story:settings') && <a href={`${at}/settings`}>Settings</a>}
      {may('story:settings') && <a href={`${at}/visibility`}>Visibility</a>}
      {may('roles:assign') && <a href={`${at}/people`}>People</a>}
      {may('story:continue') && story.state !== 'planned' && <a href={`${at}/continue`}>Next part…</a>}
      {may('story:withdraw') && story.withdrawnAt === null && <a href={`${at}/withdraw`}>Withdraw the story…</a>}
      <div class="acts small">
        <RunStory />
        <form method="post" action={`${at}/look`}>
          <input type="hidden" name="csrf" value={start.csrf} />
          <button class="quiet" name="look" value="plain">
            Plain forms
          </button>
        </form>
      </div>
    </nav>
  )
}

/** Part of its address, and its name. */
export function runActs({ state, continuedBy }: DeskStory): readonly [string, string][] {
  if (state === 'live') return [['pause', 'Pause']]
  if (state === 'paused') return [['resume', 'Resume']]
  return continuedBy === null ? [['start', state === 'ended' ? 'Go live again' : 'Go live']] : []
}

/** Plain forms of the server: each of them comes back to this page. */
function RunStory() {
  const { may, start } = useDesk()
  const story = useShown((now) => now.story)
  const { state } = story
  if (!may('story:run') || story.withdrawnAt !== null) return null
  const acts = runActs(story)
  return (
    <>
      {acts.map(([part, words]) => (
        <form key={part} method="post" action={`/desk/stories/${start.storyId}/${part}`}>
          <input type="hidden" name="csrf" value={start.csrf} />
          <button class={part === 'start' || part === 'resume' ? 'main' : ''}>{words}</button>
        </form>
      ))}
      {(state === 'live' || state === 'paused') && (
        <details class="confirm">
          <summary>End the story…</summary>
          <form method="post" action={`/desk/stories/${start.storyId}/end`}>
            <input type="hidden" name="csrf" value={start.csrf} />
            <p class="hint">Readers will see that it has ended. No new posts after that.</p>
            <button class="danger">End it now</button>
          </form>
        </details>
      )}
    </>
  )
}
