// A clock that moves only when told: timers, turns and waits in virtual milliseconds.
// Called by unit tests and the simulation.
// Never looks at the real time, so that the same run is the same run.

export type VirtualClock = {
  /** ms since the start of the run. */
  now(): number
  /** Calls back once after `ms`, unless the returned function was called before. */
  setTimer(ms: number, work: () => void): () => void
  /** Runs everything due until `now() + ms`, in order of time, then of asking. */
  advance(ms: number): Promise<void>
  /** Lets everything that waits for promises only go on. */
  settle(): Promise<void>
  sleep(ms: number): Promise<void>
}

type Timer = { at: number; order: number; work: (() => void) | null }

export function createVirtualClock(start = 0): VirtualClock {
  const timers: Timer[] = [] // a binary heap: earliest first
  let time = start
  let order = 0

  const setTimer: VirtualClock['setTimer'] = (ms, work) => {
    const timer: Timer = { at: time + Math.max(0, ms), order: order++, work }
    push(timers, timer)
    return () => {
      timer.work = null
    }
  }
  return {
    now: () => time,
    setTimer,
    settle,
    sleep: (ms) => new Promise((resolve) => setTimer(ms, resolve)),
    async advance(ms) {
      const end = time + ms
      await settle()
      for (let next = timers[0]; next && next.at <= end; next = timers[0]) {
        pop(timers)
        if (!next.work) continue
        time = next.at
        next.work()
        await settle()
      }
      time = end
    },
  }
}

/** An immediate comes after every promise that can go on. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

function isBefore(a: Timer | undefined, b: Timer | undefined): boolean {
  return a !== undefined && (b === undefined || a.at < b.at || (a.at === b.at && a.order < b.order))
}

function push(heap: Timer[], timer: Timer): void {
  heap.push(timer)
  for (let at = heap.length - 1; at > 0; ) {
    const parent = (at - 1) >> 1
    if (!isBefore(heap[at], heap[parent])) return
    swap(heap, at, parent)
    at = parent
  }
}

function pop(heap: Timer[]): void {
  swap(heap, 0, heap.length - 1)
  heap.pop()
  for (let at = 0; ; ) {
    const left = 2 * at + 1
    const child = isBefore(heap[left + 1], heap[left]) ? left + 1 : left
    if (!isBefore(heap[child], heap[at])) return
    swap(heap, at, child)
    at = child
  }
}

function swap(heap: Timer[], a: number, b: number): void {
  const [first, second] = [heap[a], heap[b]]
  if (first && second) [heap[a], heap[b]] = [second, first]
}
