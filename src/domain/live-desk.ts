// What the page of a story's desk tells the program that takes its place.
// Made by web/desk/live-desk.ts, read by client/desk. Pure.

import type { Role } from './permission.ts'

/** `role`: in this story. `csrf`: what X-CSRF-Token carries. */
export type LiveDeskStart = {
  storyId: string
  actor: { id: string; name: string; role: Role }
  csrf: string
  /** MB of one video or audio file. */
  maxClipMb: number
}
