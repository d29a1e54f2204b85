// The moment at which a post is to go out, in a zone that the editor chooses.
// Called by writing.tsx.
// Never guesses: a time that the clock jumps over is refused, and of two the later one is taken.

import { useState } from 'preact/hooks'
import { momentsAt, wallTimeAt } from '../../../src/kit/zoned-time.ts'
import { useDesk, useShown } from './use-desk.ts'

const AHEAD_MS = 30 * 60_000 // offered at first: soon, and not by accident at once

export function Schedule() {
  const { writing, state, now } = useDesk()
  const { timeZone } = useShown((shown) => shown.story)
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone
  const zones = [...new Set([timeZone, own, 'UTC'])]
  const [zone, setZone] = useState(timeZone)
  const [wall, setWall] = useState(() => wallTimeAt(now() + AHEAD_MS, timeZone))
  const send = () => {
    const at = momentsAt(wall, zone).at(-1)
    if (at === undefined)
      return state.set({ told: { words: `There is no ${wall.time} on ${wall.date} in ${zone}.`, bad: true } })
    if (at <= now()) return state.set({ told: { words: 'This time has passed.', bad: true } })
    void writing.send('schedule', { at, zone })
  }
  return (
    <details class="confirm schedule">
      <summary>Schedule…</summary>
      <div class="when">
        <label>
          Date
          <input
            type="date"
            value={wall.date}
            onInput={(event) => setWall({ ...wall, date: event.currentTarget.value })}
          />
        </label>
        <label>
          Time
          <input
            type="time"
            value={wall.time}
            onInput={(event) => setWall({ ...wall, time: event.currentTarget.value })}
          />
        </label>
        <label>
          Time zone
          <select value={zone} onChange={(event) => setZone(event.currentTarget.value)}>
            {zones.map((one) => (
              <option key={one} value={one}>
                {one === timeZone ? `${one} (the story's)` : one}
              </option>
            ))}
          </select>
        </label>
      </div>
      <button type="button" onClick={send}>
        Schedule
      </button>
    </details>
  )
}
