// The framing of server-sent events: one event as the bytes that travel.
// Called by the hub and by whoever makes frames; every frame is encoded once for all readers.
// Never lets a field break out of its line.

import { AppError } from '../domain/error.ts'

/** `data` may hold any text; `id` and `event` are one line without CR, LF or NUL, and not empty. */
export type SseFrame = { id?: string; event: string; data: string }

const encoder = new TextEncoder()
// Everything a browser ends a line at. U+2028, U+0085 and form feeds are no line breaks to the protocol.
const LINE_BREAK = /\r\n|\r|\n/
const BREAKS_FIELD = /[\r\n\u0000]/

/** Throws `invalid`. */
export function encodeFrame(frame: SseFrame): Uint8Array {
  const id = frame.id === undefined ? '' : `id: ${checkField('id', frame.id)}\n`
  const data = frame.data.split(LINE_BREAK).join('\ndata: ')
  return encoder.encode(`${id}event: ${checkField('event', frame.event)}\ndata: ${data}\n\n`)
}

function checkField(name: string, value: string): string {
  if (value === '' || BREAKS_FIELD.test(value)) {
    throw new AppError('invalid', `The ${name} of an event is one line without control characters.`)
  }
  return value
}
