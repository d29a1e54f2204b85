// A response as a sink for server-sent events: its head is written before the first byte, whoever comes first.
// Called by web/reader/stream.ts and web/desk/live.ts. Never frames or queues: that is the hubs' work.

import type { ServerResponse } from 'node:http'
import type { Sink } from '../live/types.ts'

export const STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no', // nginx would hold events back otherwise
  'x-content-type-options': 'nosniff',
}

/** `start` takes the response out of the framework's hands and writes its head. */
export function sinkOf(raw: ServerResponse, start: () => void): Sink & { open(): void } {
  let started = false
  const open = () => {
    if (started) return
    started = true
    start()
  }
  return {
    open,
    write(bytes) {
      open()
      return raw.write(bytes)
    },
    bufferedBytes: () => raw.writableLength,
    end(reason) {
      if (reason === 'slow') raw.destroy()
      else if (reason !== 'left') {
        open()
        raw.end()
      }
    },
  }
}
