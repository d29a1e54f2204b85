// One simulated world: a database, nodes, editors and readers in one process, on one virtual clock, from one seed.
// Called by simulation.test.ts and run.ts.
// Never looks at the real clock, at real chance, or at anything outside itself.

import type { EndReason } from '../../src/live/types.ts'
import { createVirtualClock, type VirtualClock } from '../helpers/virtual-clock.ts'
import type { Bug, Bugs } from './bugs.ts'
import { SimulatedDatabase } from './database.ts'
import { SimulatedEditors } from './editor.ts'
import { CLEAR, type Weather } from './network.ts'
import { SimulatedNode } from './node.ts'
import { Oracle, type Violation } from './oracle.ts'
import { type Chance, createChance, createTrace } from './random.ts'
import { SimulatedReader } from './reader.ts'

const STORY = 'story000000000000001'
const HEAL_MS = 75_000 // two watchdogs: every silent connection has been noticed, everybody has come back

export type Run = {
  seed: number
  hash: string
  violations: Violation[]
  trace: string[]
  acts: number
  deliveries: number
  refetches: number
  /** Faults that were injected and ways in which streams were ended, counted. */
  faults: Record<string, number>
  virtualMs: number
}

const PROMPT_MS = 2_500 // a poll, the reads and the way to the reader

export const FAULTS = ['database', 'cutOff', 'crash', 'drain', 'stall', 'clock', 'save', 'restore', 'burst'] as const

/** The same seed and bugs are the same run, to the byte of its trace. */
export async function runWorld(
  seed: number,
  options: { bugs?: readonly Bug[]; keepTrace?: boolean } = {},
): Promise<Run> {
  const world = new World(seed, new Set(options.bugs ?? []), options.keepTrace ?? false)
  return world.run()
}

class World {
  private readonly seed: number
  private readonly bugs: Bugs
  private readonly clock: VirtualClock = createVirtualClock()
  private readonly chance: Chance
  private readonly trace: ReturnType<typeof createTrace>
  private readonly database: SimulatedDatabase
  private readonly oracle: Oracle
  private readonly editors: SimulatedEditors
  private readonly faults: Record<string, number> = {}
  private nodes: SimulatedNode[] = []
  private readers: SimulatedReader[] = []
  private readonly weathers: Weather[] = []
  private nodesMade = 0
  private acts = 0
  private working = 0

  constructor(seed: number, bugs: Bugs, keepTrace: boolean) {
    this.seed = seed
    this.bugs = bugs
    this.chance = createChance(seed)
    this.trace = createTrace(keepTrace)
    this.database = new SimulatedDatabase(this.clock, this.chance, bugs)
    const { tables } = this.database.store
    this.oracle = new Oracle(this.clock, tables, STORY)
    this.editors = new SimulatedEditors({ acts: this.database }, this.clock, this.chance, STORY, () => [
      ...tables.posts.values(),
    ])
    this.database.store.doorbell.listen((_storyId, seq) => {
      const line = tables.log.get(STORY)?.at(-1)
      this.say(`commit ${tables.epoch}.${seq} ${line?.kind} ${line?.postId ?? ''}`)
      this.oracle.committed(seq)
    })
  }

  async run(): Promise<Run> {
    const { chance, clock } = this
    await this.editors.open({ acts: this.database.store.acts }, chance.is(0.2) ? chance.int(19, 45) : 0)
    this.database.save()
    for (let n = chance.int(1, 3); n > 0; n--) this.bootNode()
    this.startReaders(chance.int(1, 4))
    this.planActs(chance.int(5, 25), 15_000)
    this.planFaults(chance.int(0, 5), 15_000)
    await clock.advance(18_000)
    await this.heal()
    this.oracle.judge(this.readers)
    return this.report()
  }

  private bootNode(): void {
    const node = new SimulatedNode(`n${++this.nodesMade}`, this.clock, this.chance, this.database, this.bugs)
    this.nodes.push(node)
    this.say(`${node.name} starts`)
  }

  private startReaders(count: number): void {
    const around = {
      clock: this.clock,
      chance: this.chance,
      storyId: STORY,
      nodes: () => this.nodes.filter((node) => node.alive),
      cache: new Map(),
      weather: () => this.weather(),
      trace: (line: string) => this.say(line),
      broken: (rule: string, detail: string) => this.oracle.broken(rule, detail),
      ended: (who: string, reason: EndReason) => {
        this.count(`ended ${reason}`)
        this.say(`${who} is ended: ${reason}`)
      },
      sent: (node: SimulatedNode, bytes: Uint8Array) => this.oracle.sent(node, bytes),
    }
    for (let n = 1; n <= count; n++) {
      const reader = new SimulatedReader(`r${n}`, around)
      this.readers.push(reader)
      this.clock.setTimer(this.chance.int(0, 6_000), () => reader.start())
    }
  }

  private planActs(count: number, within: number): void {
    for (let n = 0; n < count; n++) {
      this.clock.setTimer(this.chance.int(0, within), () => void this.act())
    }
  }

  private async act(): Promise<void> {
    const request = this.editors.next()
    this.acts++
    this.working++
    const outcome = await this.editors.send(request, (receipt) => this.oracle.acknowledged(receipt, request.what))
    this.working--
    if (outcome === 'refused') this.oracle.wasRefused(request.token)
    this.say(`editor ${request.what} ${request.token} ${outcome}`)
  }

  private planFaults(count: number, within: number): void {
    for (let n = 0; n < count; n++) {
      const kind = this.chance.pick(FAULTS)
      const at = this.chance.int(0, within)
      if (kind) this.clock.setTimer(at, () => this.fault(kind, this.chance.int(200, 8_000)))
    }
  }

  private fault(kind: (typeof FAULTS)[number], ms: number): void {
    const { chance, clock, database } = this
    const node = chance.pick(this.nodes.filter((one) => one.alive))
    this.say(`fault ${kind} ${ms} ${node?.name ?? ''}`)
    this.count(kind)
    if (kind === 'database') {
      database.down = true
      clock.setTimer(ms, () => {
        database.down = false
      })
    } else if (kind === 'cutOff' && node) {
      node.cutOff = true
      clock.setTimer(ms, () => {
        node.cutOff = false
      })
    } else if (kind === 'crash' && node) this.restart(node, ms)
    else if (kind === 'drain' && node) void node.drain(ms).then(() => this.restart(node, 100))
    else if (kind === 'stall') chance.pick(this.readers)?.stall(ms)
    else if (kind === 'clock') this.jump(node, chance.int(-3_600_000, 3_600_000))
    else if (kind === 'burst') this.planActs(chance.int(3, 12), 100)
    else if (kind === 'save') database.save()
    else if (kind === 'restore' && database.restore()) this.oracle.restored()
  }

  private count(what: string): void {
    this.faults[what] = (this.faults[what] ?? 0) + 1
  }

  private restart(node: SimulatedNode, ms: number): void {
    if (!node.alive) return
    node.crash()
    this.nodes = this.nodes.filter((one) => one !== node)
    this.clock.setTimer(ms, () => this.bootNode())
  }

  private jump(node: SimulatedNode | undefined, ms: number): void {
    if (node && this.chance.is(0.5)) node.clockOffset += ms
    else this.database.clockOffset += ms
  }

  private weather(): Weather {
    const { chance, database } = this
    if (!database.chaos) return CLEAR
    const cutAt = chance.is(0.4) ? chance.int(0, chance.is(0.5) ? 300 : 6_000) : null
    const slow = chance.is(0.1)
    const line = slow ? { latency: chance.int(300, 1_500), room: 100 } : { latency: chance.int(1, 80), room: 2_000 }
    const weather = { ...line, cutAt, silent: chance.is(0.1) }
    this.weathers.push(weather)
    return weather
  }

  /** All faults end. */
  private async heal(): Promise<void> {
    this.database.chaos = false
    this.database.down = false
    for (const node of this.nodes) node.cutOff = false
    for (const weather of this.weathers) Object.assign(weather, { cutAt: null, latency: CLEAR.latency })
    this.say('healing')
    await this.clock.advance(HEAL_MS)
    for (let n = 0; this.working > 0 && n < 20; n++) await this.clock.advance(1_000)
    // With all at peace, what is published now must be everywhere at once: not by a reconnect or a watchdog.
    this.say('last acts')
    for (let n = 0; n < 3; n++) void this.act()
    await this.clock.advance(PROMPT_MS)
  }

  private say(line: string): void {
    this.trace.add(`${this.clock.now()} ${line}`)
  }

  private report(): Run {
    for (const reader of this.readers) this.say(`${reader.name} ends at ${reader.state?.epoch}.${reader.state?.seq}`)
    for (const node of this.nodes) node.crash()
    return {
      seed: this.seed,
      hash: this.trace.hash(),
      violations: this.oracle.violations,
      trace: this.trace.lines,
      acts: this.acts,
      deliveries: this.readers.reduce((sum, reader) => sum + reader.deliveries, 0),
      refetches: this.readers.reduce((sum, reader) => sum + reader.refetches, 0),
      faults: this.faults,
      virtualMs: this.clock.now(),
    }
  }
}
