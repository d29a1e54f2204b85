// The three regions of the live desk: timeline, composer, state of the story; on a phone three tabs, the composer first.
// Called by main.tsx.

import { useEffect } from 'preact/hooks'
import type { Desk } from '../desk.ts'
import type { Tab } from '../state.ts'
import { clockWords, countWords } from '../words.ts'
import { keyHandler } from './acts.ts'
import { Later } from './later.tsx'
import { Messages } from './messages.tsx'
import { Palette } from './palette.tsx'
import { StoryState } from './story-state.tsx'
import { Timeline } from './timeline.tsx'
import { DeskContext, useDesk, useShown } from './use-desk.ts'
import { Writing } from './writing.tsx'

export function App({ desk }: { desk: Desk }) {
  return (
    <DeskContext.Provider value={desk}>
      <Regions />
    </DeskContext.Provider>
  )
}

function Regions() {
  const desk = useDesk()
  const tab = useShown((state) => state.tab)
  const open = useShown((state) => state.open)
  const heard = useShown((state) => state.heardAt > 0)
  useEffect(() => {
    const handle = keyHandler(desk)
    document.addEventListener('keydown', handle)
    return () => document.removeEventListener('keydown', handle)
  }, [desk])
  return (
    <div class="live-desk" data-tab={tab}>
      <Head />
      <div class="regions">
        <section class="region timeline" aria-labelledby="timeline-title">
          <OldTimeline />
          {heard ? <Timeline /> : <NotHeard id="timeline-title" title="Timeline" />}
        </section>
        <section class="region write" aria-labelledby="write-title">
          <Messages />
          <Writing />
        </section>
        <section class="region story" aria-labelledby="story-title">
          {heard ? <StoryState /> : <NotHeard id="story-title" title="Story" />}
        </section>
      </div>
      <Tabs />
      {open === 'palette' && <Palette />}
      {open === 'keys' && <Later show={({ Keys }) => <Keys />} />}
      {open !== null && typeof open === 'object' && <Later show={({ ToolDialog }) => <ToolDialog open={open} />} />}
    </div>
  )
}

/** The page came from this browser: it knows the story by its name alone. */
function NotHeard({ id, title }: { id: string; title: string }) {
  return (
    <>
      <h2 id={id}>{title}</h2>
      <p class="empty">
        Not shown: there is no connection, and this browser keeps nothing of it. It comes by itself when the line is
        back.
      </p>
    </>
  )
}

function OldTimeline() {
  const contact = useShown((state) => state.contact)
  const heardAt = useShown((state) => state.heardAt)
  if (contact !== 'away' || heardAt === 0) return null
  return <p class="hint old">As it stood at {clockWords(heardAt)}. It may have changed since.</p>
}

function Head() {
  const { title, language, direction, state } = useShown(({ story }) => story)
  const contact = useShown((now) => now.contact)
  const readers = useShown((now) => now.readers)
  return (
    <div class="head">
      <h1 lang={language} dir={direction}>
        {title}
      </h1>
      <p class="facts">
        <span class="chip" data-state={state}>
          {STORY_WORDS[state]}
        </span>
        <span class="contact" data-contact={contact} role="status">
          {CONTACT_WORDS[contact]}
        </span>
        {readers && contact === 'ok' && <span>{countWords(readers.all, 'reader', 'readers')} now</span>}
        <Others />
      </p>
    </div>
  )
}

export const STORY_WORDS = { planned: 'Planned', live: 'Live', paused: 'Paused', ended: 'Ended' } as const
/** Who else is here, each once. */
function Others() {
  const { start } = useDesk()
  const presence = useShown((now) => now.presence)
  const names = [
    ...new Set(presence.filter(({ person }) => person.id !== start.actor.id).map(({ person }) => person.name)),
  ]
  if (names.length === 0) return null
  return <span class="others">Here too: {names.join(', ')}</span>
}

const CONTACT_WORDS = {
  ok: 'Connected',
  away: 'No connection: you can go on, everything is kept',
  'signed-out': 'Signed out: everything is kept',
  'other-person': 'Somebody else is signed in',
} as const

const TABS: readonly [Tab, string][] = [
  ['write', 'Write'],
  ['timeline', 'Timeline'],
  ['story', 'Story'],
]

function Tabs() {
  const { state } = useDesk()
  const tab = useShown((now) => now.tab)
  const waiting = useShown((now) => now.outbox.queue.length)
  return (
    <nav class="tabs" aria-label="Parts of the desk">
      {TABS.map(([name, words]) => (
        <button
          type="button"
          key={name}
          aria-current={tab === name ? 'page' : undefined}
          onClick={() => state.set({ tab: name })}
        >
          {words}
          {name === 'write' && waiting > 0 && <span class="badge">{waiting} waiting</span>}
        </button>
      ))}
    </nav>
  )
}
