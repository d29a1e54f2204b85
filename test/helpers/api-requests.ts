// A request for every operation of the API that is right in form and, where rights allow it, does little or nothing.
// Called by the tests of rights and of hostile input. The compiler does not know the names: a test holds them to the list.

import type { Operation } from '../../src/web/api/operation.ts'
import { API_BASE } from '../../src/web/api/operation.ts'
import { newId, words } from './acts.ts'

export type Ids = {
  story: string
  other: string
  post: string
  account: string
  media: string
  autosave?: string
  note?: string
}

const STALE = 999 // a revision nobody has: allowed ends in a conflict, not in a change
const content = words('Asked by a test')
const settings = { title: 'Asked by a test' }

const BODIES: Record<string, (ids: Ids) => unknown> = {
  createStory: () => settings,
  changeStory: () => ({ revision: STALE, change: { title: 'Other' } }),
  setVisibility: () => ({ visibility: 'public' }),
  setSummary: () => ({ revision: STALE, blocks: [{ type: 'paragraph', text: [{ text: 'So far' }] }] }),
  giveRole: () => ({ role: 'viewer' }),
  withdrawStory: () => ({ reason: 'Asked' }),
  continueStory: () => ({ nextId: newId(), settings }),
  publishPost: () => ({ content, revision: STALE }),
  saveDraft: () => ({ content, revision: STALE }),
  autosavePost: () => ({ content, revision: 0 }),
  submitPost: () => ({ revision: STALE }),
  approvePost: () => ({ revision: STALE }),
  sendBackPost: () => ({ note: 'Asked' }),
  schedulePost: () => ({ revision: STALE, release: { at: Date.now() + 3_600_000, zone: 'UTC' } }),
  embargoPost: () => ({ embargo: null }),
  discardDraft: () => ({ revision: STALE }),
  moveDraft: ({ other }) => ({ to: { storyId: other, postId: newId() } }),
  revisePost: () => ({ revision: STALE, content }),
  correctPost: () => ({ revision: STALE, content, note: 'Asked' }),
  flagPost: () => ({ breaking: true }),
  markKeyEvent: () => ({ keyEvent: { title: 'Asked' } }),
  pinPost: () => ({ pinned: true }),
  reorderPost: () => ({ side: 'above', postId: newId() }),
  copyPost: ({ other }) => ({ to: { storyId: other, postId: newId() }, publish: true }),
  withdrawPost: () => ({ trace: 'line', reason: 'Asked', copies: 'leave' }),
  cutMedia: () => ({ x: 0, y: 0, width: 1, height: 1 }),
  editMedia: () => ({ caption: 'Asked', credit: '', agency: '', alt: '', useUntil: null, noUse: '', blocked: false }),
  withdrawPhoto: () => ({ reason: 'Asked' }),
  tellPresence: ({ post }) => ({ postId: post || null, writing: false }),
  addNote: () => ({ text: 'Asked' }),
  saveSnippet: () => ({ name: 'asked', blocks: [{ type: 'paragraph', text: [{ text: 'Asked' }] }], revision: STALE }),
  setShiftNote: () => ({ revision: STALE, text: 'Asked' }),
}
export const NAMES_WITH_BODY = Object.keys(BODIES)

export function urlOf(one: Operation, ids: Ids): string {
  const values: Record<string, string> = {
    autosave: '1',
    note: '0'.repeat(20),
    snippet: '0'.repeat(20),
    ...ids,
    revision: '1',
  }
  const query = { readChanges: '?since=a.0', findInStory: '?words=Asked' }[one.name] ?? ''
  return `${API_BASE}${one.path.replace(/\{(\w+)\}/g, (_all, name: string) => values[name] ?? '')}${query}`
}

/** `payload` is ready to send. */
export function requestOf(one: Operation, ids: Ids) {
  const url = urlOf(one, one.name === 'createStory' ? { ...ids, story: newId() } : ids)
  if (one.body === 'media') return { method: one.method, url, type: 'image/jpeg', payload: 'no picture at all' }
  const body = BODIES[one.name]?.(ids)
  return {
    method: one.method,
    url,
    type: 'application/json',
    payload: body === undefined ? undefined : JSON.stringify(body),
  }
}
