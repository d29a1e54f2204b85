// Wall-clock times of a zone as moments, and back: what the date and time fields of a form mean.
// Called by web/desk.
// Never guesses: a time that the clock jumps over is no moment, one that it shows twice is two.

const DAY_MS = 24 * 3_600_000 // further from a change of the clock than any change is large

/** As the fields of a form hold it: "2026-01-31", "14:32". */
export type WallTime = { date: string; time: string }

export function wallTimeAt(ms: number, timeZone: string): WallTime {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  const parts = new Map(format.formatToParts(ms).map(({ type, value }) => [type, value]))
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? ''
  return {
    date: `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`,
    time: `${part('hour')}:${part('minute')}`,
  }
}

/** ms UTC, earliest first: none, one or two. The zone must be one that is known. */
export function momentsAt({ date, time }: WallTime, timeZone: string): number[] {
  if (!/^\d{4}-\d\d-\d\d$/.test(date) || !/^\d\d:\d\d$/.test(time)) return []
  const asUtc = Date.parse(`${date}T${time}Z`)
  if (Number.isNaN(asUtc)) return []
  const found = [asUtc - DAY_MS, asUtc + DAY_MS].map((near) => asUtc - offsetAt(near, timeZone))
  const good = found.filter((ms) => {
    const wall = wallTimeAt(ms, timeZone)
    return wall.date === date && wall.time === time
  })
  return [...new Set(good)].sort((a, b) => a - b)
}

/** ms that the zone's clock is ahead of UTC. */
function offsetAt(ms: number, timeZone: string): number {
  const { date, time } = wallTimeAt(ms, timeZone)
  return Date.parse(`${date}T${time}Z`) - Math.floor(ms / 60_000) * 60_000
}
