// An example body for every act that takes one, by the name of its operation.
// Called by openapi.ts and docs-page.ts, which show them; a test holds each to the schema that validates.

import type { PostContentInput } from '../../domain/content.ts'

const ID = '7h3k9m2p5r8t1v4x6z0b'
const OTHER_ID = 'c4d8f2g6h0j3k7m1n5p9'
const AT = Date.UTC(2030, 0, 1, 18)

const content: PostContentInput = {
  headline: 'Bridge closed',
  place: 'PORT SAID',
  blocks: [
    { type: 'paragraph', text: [{ text: 'Police closed it ' }, { text: 'at noon', bold: true }, { text: '.' }] },
    { type: 'image', media: OTHER_ID, alt: 'A bridge with barriers', caption: 'The bridge today', credit: 'Ada' },
  ],
}
const corrected: PostContentInput = {
  headline: 'Bridge closed',
  blocks: [{ type: 'paragraph', text: [{ text: 'Police closed it at 12:10.' }] }],
}
const lead = { type: 'image', media: OTHER_ID, alt: 'The port from above', caption: '', credit: 'Ada' }

export const EXAMPLES: Readonly<Record<string, unknown>> = {
  createStory: {
    title: 'Flood in the port',
    timeZone: 'Africa/Cairo',
    visibility: 'public',
    slug: 'flood-in-the-port',
  },
  changeStory: { revision: 1, change: { standfirst: 'What is known.', startsAt: AT, lead } },
  setVisibility: { visibility: 'public', slug: 'flood-in-the-port' },
  setSummary: { revision: 2, blocks: [{ type: 'paragraph', text: [{ text: 'The bridge is closed.' }] }] },
  giveRole: { role: 'reporter' },
  withdrawStory: { reason: 'Opened by mistake' },
  continueStory: { nextId: OTHER_ID, settings: { title: 'Flood in the port: day two', timeZone: 'Africa/Cairo' } },
  publishPost: { content, keyEvent: { title: 'Bridge closed' } },
  saveDraft: { revision: 0, content },
  autosavePost: { revision: 0, content: { headline: 'Bridge clo', blocks: [] } },
  submitPost: { revision: 1 },
  approvePost: { revision: 1 },
  discardDraft: { revision: 1 },
  moveDraft: { to: { storyId: OTHER_ID, postId: ID } },
  sendBackPost: { note: 'Who says so?' },
  schedulePost: { revision: 1, release: { at: AT, zone: 'Africa/Cairo' } },
  embargoPost: { embargo: { until: AT, zone: 'Africa/Cairo' } },
  revisePost: { revision: 1, content: corrected },
  correctPost: { revision: 1, content: corrected, note: 'The bridge was closed at 12:10, not at noon.' },
  flagPost: { verification: 'confirmed', breaking: false },
  markKeyEvent: { keyEvent: { title: 'Bridge closed' } },
  pinPost: { pinned: true },
  reorderPost: { side: 'above', postId: OTHER_ID },
  copyPost: { to: { storyId: OTHER_ID, postId: ID }, publish: false },
  withdrawPost: { trace: 'line', reason: 'Not confirmed', copies: 'withdraw' },
  tellPresence: { postId: ID, writing: true, tab: 'k3x9' },
  addNote: { text: 'The harbour master calls back at four.' },
  setShiftNote: { revision: 0, text: 'The mayor speaks at six; Ada is there.' },
  saveSnippet: {
    ...{ revision: 0, name: 'emergency-lines' },
    blocks: [{ type: 'paragraph', text: [{ text: 'In danger, call 112.' }] }],
  },
  cutMedia: { x: 0.1, y: 0, width: 0.5, height: 0.75 },
  editMedia: {
    ...{ caption: 'The bridge today', credit: 'Ada', agency: '', alt: 'A bridge with barriers' },
    ...{ useUntil: AT, noUse: 'No use in print', blocked: false },
  },
  withdrawPhoto: { reason: 'The agency took it back' },
}
