// The streams of editors: for each story its newest look, and each stream told what is new to it. Heartbeat, limits, slow-stream rule, drain.
// Called by web/desk. Knows no HTTP, no SQL and no clock of its own; what it may tell to whom is domain/together.ts.
// Never keeps frames for a stream that cannot take any: it is told the newest look when it can, or is cut.

import type { Actor } from '../domain/permission.ts'
import {
  changesFor,
  type DeskFrames,
  type FoundChange,
  type FoundPresence,
  presenceFor,
  type Readers,
} from '../domain/together.ts'
import { encodeFrame } from './sse.ts'
import type { Sink } from './types.ts'

export const MAX_DESK_STREAMS = 1_000 // of a node: newsrooms are smaller, and every stream is asked after
export const MAX_DESK_STREAMS_OF_ACCOUNT = 20 // windows of one person
const MAX_QUEUED_BYTES = 64 * 1024 // as a reader's
const STALL_MS = 30_000 // as a reader's
export const DESK_BEAT_MS = 10_000 // below every proxy's idle limit, and soon enough to see that the line is dead
const BYE_RETRY_MS = 1_000 // then up to twice as long again, at random
export const CHANGES_KEPT = 200 // of a story; a window that missed more reads the story's posts again

/** What a story's desk looks like. `changes`: new since the look before, oldest first; null = not all of them are known. */
export type DeskView = {
  epoch: string
  at: number // ms UTC, the database's clock
  head: number
  changes: readonly FoundChange[] | null
  presence: readonly FoundPresence[]
  readers: Readers
}

export type DeskHubOptions = {
  now: () => number // ms, for stalls
  /** Calls back once after `ms`, unless the returned function was called before. */
  setTimer: (ms: number, work: () => void) => () => void
  random: () => number
  /** Beats are a promise that the desk log is heard; false keeps them back. */
  isHearing: () => boolean
  opened: (storyId: string) => void
  closed: (storyId: string) => void
}

export type DeskStream = {
  storyId: string
  actor: Actor
  sink: Sink
  told: { epoch: string; head: number; presence: string; readers: string } | null // null: nothing yet
  blockedAt: number | null
  ended: boolean
}

type Room = { streams: Set<DeskStream>; view: DeskView | null; kept: FoundChange[] }

export type DeskHub = {
  /** 'full': nothing was written to the sink, nor will be. The first frame comes with the story's first look. */
  join(storyId: string, actor: Actor, sink: Sink): DeskStream | 'full'
  drained(stream: DeskStream): void
  /** The connection is gone. */
  leave(stream: DeskStream): void
  /** Rights as they are now; their frames follow them from here on. */
  renew(stream: DeskStream, actor: Actor): void
  /** Says why, and ends it. */
  dismiss(stream: DeskStream, reason: DeskFrames['end']['reason']): void
  publish(storyId: string, view: DeskView): void
  headOf(storyId: string): { epoch: string; head: number } | null
  stories(): string[]
  streams(): DeskStream[]
  /** Sends everybody elsewhere. */
  drain(): void
  stop(): void
}

export function createDeskHub(options: DeskHubOptions): DeskHub {
  const rooms = new Map<string, Room>()
  let draining = false
  let cancelBeat = () => {}

  const everyStream = () => [...rooms.values()].flatMap((room) => [...room.streams])
  const end = (stream: DeskStream, reason: Parameters<Sink['end']>[0]) => {
    if (stream.ended) return
    stream.ended = true
    const room = rooms.get(stream.storyId)
    room?.streams.delete(stream)
    stream.sink.end(reason)
    if (room?.streams.size !== 0) return
    rooms.delete(stream.storyId)
    options.closed(stream.storyId)
  }
  const write = <E extends keyof DeskFrames>(stream: DeskStream, event: E, data: DeskFrames[E]) => {
    try {
      const taken = stream.sink.write(encodeFrame({ event, data: JSON.stringify(data) }))
      if (!taken) stream.blockedAt ??= options.now()
    } catch {
      end(stream, 'failed')
    }
  }
  const tell = (room: Room, stream: DeskStream) => {
    if (stream.ended || !room.view) return
    if (stream.blockedAt === null) tellNews(room.view, room.kept, stream, write)
    else if (stream.sink.bufferedBytes() > MAX_QUEUED_BYTES) end(stream, 'slow')
  }
  const beatAll = () => {
    for (const stream of everyStream()) {
      if (stream.blockedAt !== null) {
        if (options.now() - stream.blockedAt >= STALL_MS) end(stream, 'slow')
      } else if (stream.told && options.isHearing()) {
        const at = rooms.get(stream.storyId)?.view?.at ?? 0
        write(stream, 'beat', { head: stream.told.head, at })
      }
    }
    cancelBeat = options.setTimer(DESK_BEAT_MS, beatAll)
  }
  cancelBeat = options.setTimer(DESK_BEAT_MS, beatAll)

  return {
    join(storyId, actor, sink) {
      const open = everyStream()
      const own = open.filter((stream) => stream.actor.id === actor.id).length
      if (draining || open.length >= MAX_DESK_STREAMS || own >= MAX_DESK_STREAMS_OF_ACCOUNT) return 'full'
      const room = rooms.get(storyId) ?? { streams: new Set(), view: null, kept: [] }
      const isFirst = room.streams.size === 0
      const stream: DeskStream = { storyId, actor, sink, told: null, blockedAt: null, ended: false }
      room.streams.add(stream)
      rooms.set(storyId, room)
      if (isFirst) options.opened(storyId)
      else tell(room, stream)
      return stream
    },
    drained(stream) {
      stream.blockedAt = null
      const room = rooms.get(stream.storyId)
      if (room) tell(room, stream)
    },
    leave: (stream) => end(stream, 'left'),
    renew(stream, actor) {
      if (stream.actor.role === actor.role && stream.actor.name === actor.name) return
      const more = stream.actor.role !== actor.role
      stream.actor = actor
      if (more) stream.told = null // another role sees other ids: the whole state again
      const room = rooms.get(stream.storyId)
      if (room) tell(room, stream)
    },
    dismiss(stream, reason) {
      if (stream.ended) return
      write(stream, 'end', { reason })
      end(stream, 'drain')
    },
    publish(storyId, view) {
      const room = rooms.get(storyId)
      if (!room) return
      const goesOn = room.view !== null && room.view.epoch === view.epoch && view.changes !== null
      room.kept = goesOn ? [...room.kept, ...(view.changes ?? [])].slice(-CHANGES_KEPT) : []
      room.view = view
      for (const stream of [...room.streams]) tell(room, stream)
    },
    headOf(storyId) {
      const view = rooms.get(storyId)?.view
      return view ? { epoch: view.epoch, head: view.head } : null
    },
    stories: () => [...rooms.keys()],
    streams: everyStream,
    drain() {
      draining = true
      for (const stream of everyStream()) {
        write(stream, 'bye', { retry: Math.round(BYE_RETRY_MS * (1 + 2 * options.random())) })
        end(stream, 'drain')
      }
    },
    stop: () => cancelBeat(),
  }
}

type Write = <E extends keyof DeskFrames>(stream: DeskStream, event: E, data: DeskFrames[E]) => void

function tellNews(view: DeskView, kept: readonly FoundChange[], stream: DeskStream, write: Write): void {
  const { epoch, head, at } = view
  const presence = presenceFor(stream.actor, view.presence)
  const saidPresence = JSON.stringify(presence)
  const saidReaders = JSON.stringify(view.readers)
  const before = stream.told
  stream.told = { epoch, head, presence: saidPresence, readers: saidReaders }
  if (!before || before.epoch !== epoch || head < before.head)
    return write(stream, 'state', { epoch, head, at, you: { id: stream.actor.id }, presence, readers: view.readers })
  if (head > before.head) {
    const missed = kept.filter(({ seq }) => seq > before.head)
    const whole = missed.length === head - before.head // the desk log is dense
    write(stream, 'desk', { head, changes: whole ? changesFor(stream.actor, missed) : null })
  }
  if (saidPresence !== before.presence) write(stream, 'presence', { presence })
  if (saidReaders !== before.readers) write(stream, 'readers', view.readers)
}
