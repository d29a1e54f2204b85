// The moment at which a post is to go out, in a zone that the editor chooses.
// Called by writing.tsx; its fields by tools/times.tsx.
// Never guesses: a time that the clock jumps over is refused, and of two the later one is taken.

import { useState } from 'preact/hooks'
import { momentsAt, type WallTime, wallTimeAt } from '../../../src/kit/zoned-time.ts'
import { useDesk, useShown } from './use-desk.ts'

/** Those that this browser knows; older ones tell none. */
const EVERY_ZONE = Intl.supportedValuesOf?.('timeZone') ?? []
const AHEAD_MS = 30 * 60_000 // offered at first: soon, and not by accident at once

export function Schedule() {
  const { writing, state, now } = useDesk()
  const { timeZone } = useShown((shown) => shown.story)
  const [moment, setMoment] = useState(() => soon(now(), timeZone))
  const send = () => {
    const { at, wrong } = momentFrom(moment, now())
    if (wrong !== null) return state.set({ told: { words: wrong, bad: true } })
    void writing.send('schedule', { at, zone: moment.zone })
  }
  return (
    <details class="confirm schedule">
      <summary>Schedule…</summary>
      <When moment={moment} onChange={setMoment} />
      <button type="button" onClick={send}>
        Schedule
      </button>
    </details>
  )
}

/** As its fields hold it. */
export type Moment = WallTime & { zone: string }

export function soon(now: number, zone: string): Moment {
  return { ...wallTimeAt(now + AHEAD_MS, zone), zone }
}

/** ms UTC; `wrong`: why it is none, in words. */
export function momentFrom({ zone, ...wall }: Moment, now: number): { at: number; wrong: string | null } {
  const at = momentsAt(wall, zone).at(-1)
  if (at === undefined) return { at: 0, wrong: `There is no ${wall.time} on ${wall.date} in ${zone}.` }
  return { at, wrong: at <= now ? 'This time has passed.' : null }
}

export function When({ moment, onChange }: { moment: Moment; onChange(moment: Moment): void }) {
  const { timeZone } = useShown((shown) => shown.story)
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone
  const [given] = useState(moment.zone)
  const zones = [...new Set([timeZone, own, 'UTC', given, ...EVERY_ZONE])] // the likely ones first
  return (
    <div class="when">
      <label>
        Date
        <input
          type="date"
          value={moment.date}
          onInput={(event) => onChange({ ...moment, date: event.currentTarget.value })}
        />
      </label>
      <label>
        Time
        <input
          type="time"
          value={moment.time}
          onInput={(event) => onChange({ ...moment, time: event.currentTarget.value })}
        />
      </label>
      <label>
        Time zone
        <select value={moment.zone} onChange={(event) => onChange({ ...moment, zone: event.currentTarget.value })}>
          {zones.map((one) => (
            <option key={one} value={one}>
              {one === timeZone ? `${one} (the story's)` : one}
            </option>
          ))}
        </select>
      </label>
    </div>
  )
}
