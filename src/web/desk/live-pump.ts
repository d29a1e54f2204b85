// The desk's pump of a node: bell or poll → what the desks look like → hub; and whether each stream may still be open.
// Made by cli/desk-live.ts. Knows no request.
// Never believes the bell: a ring is a reason to look, nothing more (law 4).

import type { Log } from '../../base/log.ts'
import { type Actor, may } from '../../domain/permission.ts'
import { CHANGES_KEPT, createDeskHub, type DeskHub, type DeskStream } from '../../live/desk-hub.ts'
import type { Sink } from '../../live/types.ts'
import type { Accounts } from '../../store/accounts.ts'
import type { DeskDoorbell } from '../../store/contract.ts'
import { COUNT_EVERY_MS, type StoryLook, type Together } from '../../store/together.ts'

const POLL_MS = 1_000 // the longest a lost ring delays an editor, and how late a presence is seen to end
const STANDING_EVERY_MS = 2_000 // how soon a stream ends whose session, role or account did
const GOODBYE_MS = 1_000 // a database that hangs must not hold a node that ends; other nodes forget its readers by themselves
const DEAF_MS = 5_000 // without an answer for so long nothing is promised any more

export type DeskPumpOptions = {
  together: Together
  doorbell: DeskDoorbell
  accounts: Pick<Accounts, 'sessionStanding'>
  /** Readers of this node: of a story; and of all that have any. */
  readersOf(storyId: string): number
  readers(): Record<string, number>
  /** A name of this process. */
  node: string
  now: () => number // ms, a clock that nobody sets
  log: Log
}

export type SignedInAt = { actor: Actor; token: string }
export type DeskPump = {
  join(storyId: string, who: SignedInAt, sink: Sink): { drained(): void; leave(): void } | 'full'
  streams(): number
  /** Sends everybody elsewhere; takes nobody in any more. */
  drain(): void
  stop(): Promise<void>
}

export function createDeskPump(options: DeskPumpOptions): DeskPump {
  return new Pump(options)
}

class Pump implements DeskPump {
  private readonly options: DeskPumpOptions
  private readonly hub: DeskHub
  private readonly tokens = new WeakMap<DeskStream, string>()
  private readonly wanted = new Set<string>()
  private readonly stopHearing: () => void
  private readonly timers: NodeJS.Timeout[]
  private looking: Promise<void> | null = null
  private asking = false
  private toldReaders = false
  private heardAt = 0
  private stopped = false

  constructor(options: DeskPumpOptions) {
    this.options = options
    this.heardAt = options.now()
    this.hub = createDeskHub({
      now: options.now,
      setTimer,
      random: Math.random,
      isHearing: () => options.now() - this.heardAt < DEAF_MS,
      opened: (storyId) => this.want([storyId]),
      closed: (storyId) => void this.wanted.delete(storyId),
    })
    this.stopHearing = options.doorbell.listenDesk((storyId) => this.want([storyId]))
    this.timers = [
      setInterval(() => this.want(this.hub.stories()), POLL_MS),
      setInterval(() => void this.askStanding(), STANDING_EVERY_MS),
      setInterval(() => void this.tellReaders(), COUNT_EVERY_MS),
    ]
  }

  join(storyId: string, { actor, token }: SignedInAt, sink: Sink) {
    const stream = this.hub.join(storyId, actor, sink)
    if (stream === 'full') return 'full'
    this.tokens.set(stream, token)
    return { drained: () => this.hub.drained(stream), leave: () => this.hub.leave(stream) }
  }

  streams(): number {
    return this.hub.streams().length
  }

  drain(): void {
    this.hub.drain()
  }

  async stop(): Promise<void> {
    this.stopped = true
    this.stopHearing()
    for (const timer of this.timers) clearInterval(timer)
    this.hub.stop()
    if (!this.toldReaders) return
    const gone = this.options.together.count(this.options.node, {}).catch(() => undefined)
    await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, GOODBYE_MS).unref())])
  }

  private want(storyIds: readonly string[]): void {
    const open = new Set(this.hub.stories())
    for (const id of storyIds) if (open.has(id)) this.wanted.add(id)
    if (this.wanted.size === 0 || this.looking || this.stopped) return
    this.looking = this.look().finally(() => {
      this.looking = null
    })
  }

  /** Until nothing more is wanted; never two at once. What fails is wanted again by the poll. */
  private async look(): Promise<void> {
    while (this.wanted.size > 0 && !this.stopped) {
      const ids = [...this.wanted]
      this.wanted.clear()
      try {
        const { epoch, now: at, stories } = await this.options.together.look(ids, this.options.node)
        this.heardAt = this.options.now()
        for (const id of ids) {
          const story = stories.get(id)
          if (story) await this.publish(id, epoch, at, story)
        }
      } catch (error) {
        this.options.log.debug(
          { err: (error as Error).message },
          'the desks could not be looked at; the poll tries again',
        )
        return
      }
    }
  }

  private async publish(storyId: string, epoch: string, at: number, story: StoryLook): Promise<void> {
    const { head, presence, readers } = story
    const before = this.hub.headOf(storyId)
    const isNew = !before || before.epoch !== epoch || head < before.head
    const behind = isNew ? 0 : head - before.head
    const found =
      behind > 0 && behind <= CHANGES_KEPT
        ? await this.options.together.changes(storyId, before?.head ?? 0, behind)
        : []
    const changes = isNew || found.length !== behind ? null : found
    const node = this.options.readersOf(storyId)
    this.hub.publish(storyId, { epoch, at, head, changes, presence, readers: { node, all: node + readers } })
  }

  private async askStanding(): Promise<void> {
    if (this.asking) return
    this.asking = true
    try {
      for (const stream of this.hub.streams()) await this.askOne(stream)
    } catch (error) {
      // Without the database nothing new can be told either.
      this.options.log.debug({ err: (error as Error).message }, 'the sessions of desk streams could not be asked for')
    }
    this.asking = false
  }

  private async askOne(stream: DeskStream): Promise<void> {
    const session = await this.options.accounts.sessionStanding(this.tokens.get(stream) ?? '', stream.storyId)
    if (!session) this.hub.dismiss(stream, 'unauthorized')
    else if (!may(session.actor, 'desk:read')) this.hub.dismiss(stream, 'forbidden')
    else this.hub.renew(stream, session.actor)
  }

  private async tellReaders(): Promise<void> {
    const counts = this.options.readers()
    const any = Object.keys(counts).length > 0
    if (!any && !this.toldReaders) return // a node without readers writes nothing
    await this.options.together.count(this.options.node, counts).catch((error: Error) => {
      this.options.log.debug({ err: error.message }, 'the readers of this node could not be told')
    })
    this.toldReaders = any
  }
}

function setTimer(ms: number, work: () => void): () => void {
  const timer = setTimeout(work, ms)
  return () => clearTimeout(timer)
}
