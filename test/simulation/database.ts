// The simulated database: the store in memory behind a network that is slow, fails, and loses answers.
// Called by the world; nodes read through `readsFor`, editors write through `act`.
// Never changes what was committed, except in `restore`.

import { AppError } from '../../src/domain/error.ts'
import type { ActStore, Doorbell, PublicReads } from '../../src/store/contract.ts'
import { createMemoryStore, type MemoryStore } from '../../src/store/memory.ts'
import type { MemoryTables } from '../../src/store/memory-tables.ts'
import type { VirtualClock } from '../helpers/virtual-clock.ts'
import type { Bugs } from './bugs.ts'
import type { Chance } from './random.ts'

/** What a node may read; `followed` stands for what the follower reads by. */
export type NodeReads = Pick<PublicReads, 'changesSince' | 'heads' | 'epoch' | 'storyPage'>

export class SimulatedDatabase {
  readonly store: MemoryStore
  /** Nobody reaches it. */
  down = false
  clockOffset = 0 // ms; the database's clock jumps
  chaos = true
  private readonly clock: VirtualClock
  private readonly chance: Chance
  private readonly bugs: Bugs
  private saved: MemoryTables | null = null

  constructor(clock: VirtualClock, chance: Chance, bugs: Bugs) {
    this.clock = clock
    this.chance = chance
    this.bugs = bugs
    this.store = createMemoryStore({ now: () => 1_767_225_600_000 + clock.now() + this.clockOffset, epoch: 'a1' })
  }

  /** The act may be lost before it is done, or its answer after: both are `unavailable` to the editor. */
  readonly act: ActStore['act'] = async (storyId, work) => {
    await this.hop()
    if (this.chaos && this.chance.is(0.03)) throw lost()
    if (this.bugs.has('ack-before-commit') && this.chance.is(0.2)) return this.pretend(storyId, work)
    const result = await this.store.acts.act(storyId, work)
    if (this.bugs.has('sequence-hole') && this.chance.is(0.05)) this.skipPosition(storyId)
    await this.hop()
    if (this.chaos && this.chance.is(0.05)) throw lost()
    return result
  }

  /** One node's way to the database; `cut` tells whether it is cut off. */
  readsFor(cut: () => boolean): NodeReads {
    const far = async <T>(read: () => Promise<T>): Promise<T> => {
      await this.hop(cut)
      const found = await read()
      await this.hop(cut)
      return found
    }
    const { reads } = this.store
    return {
      changesSince: (storyId, seq, limit) => far(() => this.changes(storyId, seq, limit)),
      heads: (storyIds) => far(() => reads.heads(storyIds)),
      epoch: () => far(() => reads.epoch()),
      storyPage: (storyId, range) => far(() => this.page(storyId, range)),
    }
  }

  /** Rings are lost, doubled and late. */
  doorbellFor(cut: () => boolean): Doorbell {
    return {
      listen: (onRing) =>
        this.store.doorbell.listen((storyId, seq) => {
          if (cut() || (this.chaos && this.chance.is(0.2))) return
          for (let times = this.chaos && this.chance.is(0.2) ? 2 : 1; times > 0; times--) {
            this.clock.setTimer(this.chance.int(1, this.chaos ? 200 : 5), () => onRing(storyId, seq))
          }
        }),
    }
  }

  save(): void {
    this.saved = this.store.backup()
  }

  /** Back to what was saved, under a new epoch. False when nothing was. */
  restore(): boolean {
    if (!this.saved) return false
    const epoch = this.bugs.has('same-epoch') ? this.store.tables.epoch : `a${this.clock.now()}`
    this.store.restoreTo(this.saved, epoch)
    return true
  }

  private async hop(cut: () => boolean = () => false): Promise<void> {
    const slow = this.chaos && this.chance.is(0.05)
    await this.clock.sleep(slow ? this.chance.int(100, 2_000) : this.chance.int(0, 8))
    if (this.down || cut()) throw lost()
  }

  private async changes(storyId: string, seq: number, limit?: number): ReturnType<PublicReads['changesSince']> {
    const found = await this.store.reads.changesSince(storyId, seq, limit)
    if (!found || !this.bugs.has('fold-ignores-version')) return found
    const posts = await this.store.reads.storyPage(storyId, { from: 0, to: Number.MAX_SAFE_INTEGER })
    const changes = found.changes.map((change) => {
      if (change.outcome !== 'superseded') return change
      const item = posts?.items.find((one) => one.kind === 'post' && one.post.id === change.postId)
      return item?.kind === 'post' ? { ...change, outcome: 'post' as const, post: item.post } : change
    })
    return { ...found, changes }
  }

  private async page(storyId: string, range?: { from: number; to: number }): ReturnType<PublicReads['storyPage']> {
    const page = await this.store.reads.storyPage(storyId, range)
    if (!page || !this.bugs.has('torn-page')) return page
    await this.clock.sleep(this.chance.int(0, 300))
    const later = await this.store.reads.storyPage(storyId, range)
    return later && { ...page, face: later.face }
  }

  private async pretend<T>(storyId: string, work: Parameters<typeof this.store.acts.act<T>>[1]): Promise<T> {
    let result: T | undefined
    const rollback = new Error('rolled back')
    await this.store.acts
      .act(storyId, async (act) => {
        result = await work(act)
        throw rollback
      })
      .catch((error: unknown) => {
        if (error !== rollback) throw error
      })
    return result as T
  }

  private skipPosition(storyId: string): void {
    const story = this.store.tables.stories.get(storyId)
    if (story) this.store.tables.stories.set(storyId, { ...story, seq: story.seq + 1 })
  }
}

function lost(): AppError {
  return new AppError('unavailable', 'The database is out of reach.')
}
