// How long the event loop of this process was held up while something was going on.
// Called by tests of work that must not hold up readers.

import { monitorEventLoopDelay } from 'node:perf_hooks'

const RESOLUTION_MS = 2

/** ms. `wall`: the longest time no timer could run, the machine's own pauses included. `cpu`: the longest that we computed in one go. */
export type LoopDelay = { wall: number; cpu: number }

export async function watchLoop<T>(work: () => Promise<T>): Promise<{ result: T; delay: LoopDelay }> {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  let cpu = 0
  let before = process.threadCpuUsage()
  const timer = setInterval(() => {
    const now = process.threadCpuUsage()
    cpu = Math.max(cpu, (now.user - before.user + now.system - before.system) / 1_000)
    before = now
  }, RESOLUTION_MS)
  histogram.enable()
  try {
    const result = await work()
    return { result, delay: { wall: Math.max(0, histogram.max / 1e6 - RESOLUTION_MS), cpu } }
  } finally {
    histogram.disable()
    clearInterval(timer)
  }
}
