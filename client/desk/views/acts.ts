// The acts of the desk as the keys and the palette know them, and who may do which.
// Called by the views.
// Never does anything public by one plain key: those need Ctrl or Cmd.

import type { Action } from '../../../src/domain/permission.ts'
import type { PostState } from '../../../src/domain/post.ts'
import type { StoryState } from '../../../src/domain/story.ts'
import { CHOSEN_FILES } from '../composer/insert.ts'
import type { Desk } from '../desk.ts'
import { asRefusal } from '../server/api.ts'
import type { TextAct } from '../types.ts'
import { chooseAt } from './choosing.ts'
import { KEY_EVENT_FIELD } from './fields.tsx'
import { runActs } from './story-state.tsx'

const RIGHTS: Record<TextAct, Action> = {
  publish: 'post:publish',
  draft: 'post:draft',
  submit: 'post:draft',
  schedule: 'post:schedule',
  revise: 'post:change',
  correct: 'post:change',
}

/** To the text in the composer. The server asks again at the moment of effect. */
export function mayDo({ may, state, start }: Desk, kind: TextAct): boolean {
  const { text, posts, story } = state.get()
  if (story.withdrawnAt !== null) return false
  const owner = posts.find(({ id }) => id === text.postId)?.createdBy.id ?? start.actor.id
  return may(RIGHTS[kind], owner)
}

/** What Ctrl Enter does; null: nothing. */
export function mainAct(desk: Desk, of: PostState | null, story: StoryState): TextAct | null {
  if (of === 'withdrawn') return null
  if (of === 'published') return mayDo(desk, 'revise') ? 'revise' : null
  if (mayDo(desk, 'publish') && story !== 'planned' && story !== 'ended') return 'publish'
  if (!mayDo(desk, 'draft')) return null
  return of === 'submitted' || desk.may('post:review') ? 'draft' : 'submit'
}

/** `id`: where two may have one name. */
export type Command = { id?: string; name: string; key?: string; run(): void }

/** Everything that can be done now, the frequent first. */
export function commandsOf(desk: Desk): Command[] {
  const { state, writing, start } = desk
  const { text, story, undo } = state.get()
  const main = mainAct(desk, text.of, story.state)
  const send = (kind: TextAct, name: string, key?: string): Command[] =>
    mayDo(desk, kind) ? [{ name, ...(key === undefined ? {} : { key }), run: () => void writing.send(kind) }] : []
  const go = (name: string, path: string): Command => ({ name, run: () => location.assign(path) })
  const at = `/desk/stories/${start.storyId}`
  const unpublished = text.of !== 'published' && text.of !== 'withdrawn'
  return [
    ...(main ? send(main, `${MAIN_NAMES[main]} this post`, 'Enter') : []),
    ...(unpublished ? send('draft', 'Save the draft', 'S') : send('correct', 'Correct, with the note')),
    ...(unpublished && !desk.may('post:review') ? send('submit', 'Submit to the editors') : []),
    { name: text.keyEvent ? 'No key event' : 'Mark as key event', key: 'Alt K', run: () => toggleKeyEvent(desk) },
    { name: 'Photos, video, audio…', run: () => chooseFiles(desk) },
    { name: text.content.breaking ? 'Not breaking' : 'Breaking', run: () => toggleBreaking(desk) },
    ...(unpublished && mayDo(desk, 'schedule') ? [{ name: 'Schedule…', run: () => openSchedule(desk) }] : []),
    ...(unpublished && text.of !== null && mayDo(desk, 'schedule')
      ? [{ name: 'Embargo…', run: () => state.set({ open: { tool: 'embargo', postId: text.postId } }) } as const]
      : []),
    ...(undo ? [{ name: 'Undo the publication', key: 'Alt Z', run: () => void desk.rows.undo(undo.postId) }] : []),
    { name: 'Preview what readers see', run: () => state.set({ open: { tool: 'preview', postId: text.postId } }) },
    { name: 'New post', key: 'Alt N', run: () => void writing.openNew() },
    { name: 'Throw this text away', run: () => void writing.discard() },
    { name: 'Search the timeline', key: 'Alt F', run: () => findInTimeline(desk) },
    { name: 'Find and revise in every post…', run: () => state.set({ open: { tool: 'find' } }) },
    ...(desk.may('snippet:use') ? [{ name: 'Snippets…', run: () => state.set({ open: { tool: 'snippets' } }) }] : []),
    { name: 'Choose several posts', run: () => chooseAt(desk, null) },
    ...(['all', 'draft', 'submitted', 'scheduled', 'published', 'withdrawn'] as const).map((shown) => ({
      name: `Show ${shown === 'all' ? 'all posts' : `only ${shown}`}`,
      run: () => state.set({ shown, tab: 'timeline' }),
    })),
    ...(desk.may('story:run') && story.withdrawnAt === null
      ? runActs(story).map(([part, words]) => ({ name: `${words}: the story`, run: () => void runStory(desk, part) }))
      : []),
    ...(desk.may('post:draft', start.actor.id) ? [go('Note for the next shift…', `${at}/shift-note`)] : []),
    ...(desk.may('story:summary') ? [go('Summary…', `${at}/summary`)] : []),
    ...(desk.may('story:settings') ? [go('Settings…', `${at}/settings`), go('Visibility…', `${at}/visibility`)] : []),
    ...(desk.may('roles:assign') ? [go('People…', `${at}/people`)] : []),
    ...(desk.may('story:continue') ? [go('Next part…', `${at}/continue`)] : []),
    ...(desk.may('story:withdraw') ? [go('Withdraw the story…', `${at}/withdraw`)] : []),
    go('All stories', '/desk'),
    { name: 'Keys', key: '?', run: () => state.set({ open: 'keys' }) },
    ...(state.get().snippets ?? []).map(({ name, blocks }) => ({
      name: `Put in: /${name}`,
      run: () => void setTimeout(() => desk.composer.current?.insert(blocks)),
    })),
  ]
}

const MAIN_NAMES: Record<TextAct, string> = {
  publish: 'Publish',
  draft: 'Save',
  submit: 'Submit',
  schedule: 'Schedule',
  revise: 'Revise',
  correct: 'Correct',
}

function toggleKeyEvent({ state, writing }: Desk): void {
  const { text } = state.get()
  writing.change({ keyEvent: text.keyEvent ? null : { title: '' } })
  if (text.keyEvent === null) setTimeout(() => document.getElementById(KEY_EVENT_FIELD)?.focus())
}

async function runStory({ api, state, start, newId, refresh }: Desk, part: string): Promise<void> {
  const said = await api.send('POST', `/stories/${start.storyId}/${part}`, {}, { key: newId() }).then(
    () => null,
    (thrown) => `${asRefusal(thrown).message} Nothing was changed.`,
  )
  state.set({ told: { words: said ?? 'Done.', bad: said !== null } })
  refresh()
}

/** The browser opens its chooser in the press itself. */
function chooseFiles({ composer }: Desk): void {
  const input = document.createElement('input')
  Object.assign(input, { type: 'file', accept: CHOSEN_FILES, multiple: true })
  input.onchange = () => composer.current?.addFiles([...(input.files ?? [])])
  input.click()
}

function toggleBreaking({ state, writing }: Desk): void {
  const { content } = state.get().text
  writing.change({ content: { ...content, breaking: !content.breaking } })
}

function openSchedule({ state }: Desk): void {
  state.set({ tab: 'write' })
  setTimeout(() => {
    const schedule = document.querySelector<HTMLDetailsElement>('details.schedule')
    if (!schedule) return
    schedule.open = true
    schedule.querySelector('input')?.focus()
  })
}

function findInTimeline({ state }: Desk): void {
  state.set({ tab: 'timeline' })
  setTimeout(() => document.getElementById('find')?.focus())
}

/** By the physical key with Alt, where the letter may be another one. */
export function keyHandler(desk: Desk): (event: KeyboardEvent) => void {
  const { state, writing } = desk
  return (event) => {
    const control = event.ctrlKey || event.metaKey
    if (event.isComposing || event.repeat || event.defaultPrevented) return
    if (!control) {
      if (event.key === '?' && !isTyping(event.target) && state.get().open === null) {
        event.preventDefault()
        state.set({ open: 'keys' })
      }
      if (event.key === 'x' && !event.altKey && !isTyping(event.target) && state.get().open === null) {
        event.preventDefault()
        chooseAt(desk, event.target)
      }
      return
    }
    const act = state.get().open === null ? actOf(event) : null
    if (!act) return
    event.preventDefault()
    const { text, story, undo } = state.get()
    const main = mainAct(desk, text.of, story.state)
    if (act === 'main' && main) void writing.send(main)
    // Of a published post there is no draft: saving it would be public.
    if (act === 'draft' && text.of !== 'published' && mayDo(desk, 'draft')) void writing.send('draft')
    if (act === 'palette') state.set({ open: 'palette' })
    if (act === 'key-event') toggleKeyEvent(desk)
    if (act === 'new') void writing.openNew()
    if (act === 'find') findInTimeline(desk)
    if (act === 'undo' && undo) void desk.rows.undo(undo.postId)
  }
}

function actOf(event: KeyboardEvent): 'main' | 'draft' | 'palette' | 'key-event' | 'new' | 'find' | 'undo' | null {
  if (event.altKey) return ALT_KEYS[event.code] ?? null
  if (event.shiftKey) return null
  if (event.key === 'Enter') return 'main'
  const key = event.key.toLowerCase()
  return key === 's' ? 'draft' : key === 'k' ? 'palette' : null
}

const ALT_KEYS: Record<string, 'key-event' | 'new' | 'find' | 'undo'> = {
  KeyK: 'key-event',
  KeyN: 'new',
  KeyF: 'find',
  KeyZ: 'undo',
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches('input:not([type="checkbox"]), textarea, select'))
  )
}
