// A simulated node: the real follower and the real hub, wired as cli/serve.ts wires them.
// Called by the world. It crashes, drains, loses its database, and its clock jumps.

import type { Position } from '../../src/domain/position.ts'
import type { ChangesSince, StoryPage } from '../../src/domain/view.ts'
import { withoutPost } from '../../src/live/change-frame.ts'
import { createHub, type Hub, type ReaderHandle } from '../../src/live/hub.ts'
import type { Frame, Stub } from '../../src/live/ring.ts'
import type { Replay } from '../../src/live/types.ts'
import { createFollower, type Follower } from '../../src/store/follow.ts'
import type { VirtualClock } from '../helpers/virtual-clock.ts'
import type { Bugs } from './bugs.ts'
import type { NodeReads, SimulatedDatabase } from './database.ts'
import { makeFrames } from './frames.ts'
import type { Pipe } from './network.ts'
import type { Chance } from './random.ts'

export type Heard = { epoch: string; seq: number }

export class SimulatedNode {
  readonly name: string
  alive = true
  /** It does not reach the database, which others do. */
  cutOff = false
  clockOffset = 0 // ms
  /** By story: what its hub was told of the log. */
  readonly heard = new Map<string, Heard>()
  /** ms; since when it has reached the log without a break. */
  reachingSince = 0
  private readonly clock: VirtualClock
  private readonly chance: Chance
  private readonly bugs: Bugs
  private readonly reads: NodeReads
  private readonly hub: Hub
  private readonly follower: Follower
  private readonly archive = new Map<string, Frame>()
  private readonly pipes = new Set<Pipe>()

  constructor(name: string, clock: VirtualClock, chance: Chance, database: SimulatedDatabase, bugs: Bugs) {
    this.name = name
    this.clock = clock
    this.chance = chance
    this.bugs = bugs
    this.reachingSince = clock.now()
    const cut = () => !this.alive || this.cutOff
    this.reads = database.readsFor(cut)
    this.hub = this.openHub()
    this.follower = this.openFollower(database, cut)
  }

  page(storyId: string): Promise<StoryPage | null> {
    return this.reads.storyPage(storyId)
  }

  join(storyId: string, position: Position, pipe: Pipe, address: string): ReaderHandle | 'full' {
    if (!this.alive) return 'full'
    const handle = this.hub.join(storyId, position, pipe, address)
    if (handle !== 'full') this.pipes.add(pipe)
    return handle
  }

  left(pipe: Pipe): void {
    this.pipes.delete(pipe)
  }

  drain(ms: number): Promise<void> {
    return this.hub.drain(ms)
  }

  /** kill -9 */
  crash(): void {
    this.alive = false
    this.follower.stop()
    this.hub.stop()
    for (const pipe of this.pipes) pipe.break()
    this.pipes.clear()
  }

  total(): number {
    return this.hub.total()
  }

  private openHub(): Hub {
    const { chance } = this
    return createHub({
      now: () => this.clock.now() + this.clockOffset,
      setTimer: this.clock.setTimer,
      yieldTurn: () => this.clock.sleep(chance.int(0, 3)),
      random: chance.next,
      replay: (storyId, seq) => this.replay(storyId, seq),
      stub: this.bugs.has('ring-keeps-text') ? (_storyId, frame) => frame.bytes : this.stub(chance.is(0.3)),
      isHearing: () => this.follower.lastHealth().ok,
      opened: (storyId, seq) => this.follower.watch(storyId, seq),
      closed: (storyId) => this.follower.unwatch(storyId),
      limits: {
        slice: chance.int(1, 3),
        ringFrames: chance.int(2, 64),
        ringBytes: chance.int(1_000, 50_000),
        queuedFrames: chance.int(2, 20),
        queuedBytes: 8_000,
        perAddress: 4,
        readers: 12,
      },
    })
  }

  /** Some makers cannot mend a frame that only mentions the post: then the log is read again. */
  private stub(onlyOwn: boolean): Stub {
    return (storyId, frame, postId) => (onlyOwn && frame.postId !== postId ? null : withoutPost(storyId, frame, postId))
  }

  private openFollower(database: SimulatedDatabase, cut: () => boolean): Follower {
    const { bugs } = this
    const doorbell = database.doorbellFor(cut)
    const seen = new Map<string, number>()
    const trusting: typeof doorbell = {
      listen: () =>
        doorbell.listen((storyId, seq) => {
          this.follower.unwatch(storyId)
          this.follower.watch(storyId, seq)
        }),
    }
    const deaf: NodeReads = {
      ...this.reads,
      heads: async (ids) => new Map(ids.flatMap((id) => (seen.has(id) ? [[id, seen.get(id) ?? 0] as const] : []))),
    }
    return createFollower({
      reads: bugs.has('no-poll') ? deaf : this.reads,
      doorbell: bugs.has('trust-doorbell') ? trusting : doorbell,
      now: () => this.clock.now() + this.clockOffset,
      setTimer: this.clock.setTimer,
      onChanges: (storyId, found) => {
        seen.set(storyId, found.head)
        this.heard.set(storyId, { epoch: found.epoch, seq: found.head })
        this.hub.publish(storyId, found.epoch, this.frames(storyId, found))
      },
      onRefetch: (storyId) => this.hub.refetch(storyId),
      onHealth: ({ ok }) => {
        if (!ok) this.reachingSince = Number.POSITIVE_INFINITY
        else if (this.reachingSince === Number.POSITIVE_INFINITY) this.reachingSince = this.clock.now()
      },
    })
  }

  private async replay(storyId: string, seq: number): Promise<Replay | null> {
    const found = await this.reads.changesSince(storyId, seq)
    if (!found) return null
    const frames = this.frames(storyId, found)
    const old = (frame: Frame) => this.archive.get(`${storyId} ${found.epoch}.${frame.seq}`) ?? frame
    const sent = this.bugs.has('archive-replay') ? frames.map(old) : frames
    return { epoch: found.epoch, head: found.head, frames: sent }
  }

  private frames(storyId: string, found: ChangesSince): Frame[] {
    const frames = makeFrames(found)
    for (const frame of frames) {
      const key = `${storyId} ${found.epoch}.${frame.seq}`
      if (!this.archive.has(key)) this.archive.set(key, frame)
    }
    return frames
  }
}
