// Where a reader is in a story's public log: `epoch.seq`.
// Called by store, live, web and the reader's client. Never looks at a clock.

import { AppError } from './error.ts'

/** `seq` is dense from 1; 0 = before the first entry. `epoch` changes when history may differ (after a restore). */
export type Position = { epoch: string; seq: number }

const POSITION = /^([a-z0-9]{1,16})\.(0|[1-9][0-9]{0,14})$/

export function formatPosition(position: Position): string {
  return `${position.epoch}.${position.seq}`
}

/** Throws `invalid` unless the text is exactly what formatPosition writes. */
export function parsePosition(text: string): Position {
  const match = POSITION.exec(text)
  if (!match?.[1] || !match[2]) throw new AppError('invalid', 'A position looks like "epoch.seq".')
  return { epoch: match[1], seq: Number(match[2]) }
}
