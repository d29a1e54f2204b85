// Seeded chance for the simulation: sfc32, and a hash of what happened.
// Called by the world. The same seed is the same run.

export type Chance = {
  /** 0 ≤ n < 1 */
  next(): number
  /** Whole, both ends included. */
  int(from: number, to: number): number
  /** True with probability `p`. */
  is(p: number): boolean
  pick<T>(from: readonly T[]): T | undefined
}

export function createChance(seed: number): Chance {
  let [a, b, c, d] = [0x9e3779b9, 0x243f6a88, 0xb7e15162, (seed ^ 0xdeadbeef) | 0]
  const next = () => {
    const t = (a + b + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + t
    c |= 0
    return (t >>> 0) / 2 ** 32
  }
  for (let n = 0; n < 15; n++) next()
  const int = (from: number, to: number) => from + Math.floor(next() * (to - from + 1))
  return { next, int, is: (p) => next() < p, pick: (from) => from[int(0, from.length - 1)] }
}

/** FNV-1a over lines, 32 bits twice: enough to tell two runs apart. */
export function createTrace(keep: boolean) {
  let [low, high] = [0x811c9dc5, 0x1b873593]
  const lines: string[] = []
  return {
    lines,
    add(line: string): void {
      if (keep) lines.push(line)
      for (let n = 0; n < line.length; n++) {
        low = Math.imul(low ^ line.charCodeAt(n), 0x01000193)
        high = Math.imul(high ^ line.charCodeAt(n), 0x5bd1e995) ^ (low >>> 13)
      }
    },
    hash: () => (low >>> 0).toString(16).padStart(8, '0') + (high >>> 0).toString(16).padStart(8, '0'),
  }
}
