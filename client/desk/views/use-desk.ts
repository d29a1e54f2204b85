// The desk for the views: one value of its state at a time, and the clock.
// Called by every view.
// Never draws a view again for what it does not show.

import { createContext } from 'preact'
import { useContext, useEffect, useState } from 'preact/hooks'
import type { Desk } from '../desk.ts'
import type { DeskState } from '../state.ts'

export const DeskContext = createContext<Desk | null>(null)

export function useDesk(): Desk {
  const desk = useContext(DeskContext)
  if (!desk) throw new TypeError('A view stands outside the desk.')
  return desk
}

/** `select` must give the same value for the same state: no new object each time. */
export function useShown<T>(select: (state: DeskState) => T): T {
  const { state } = useDesk()
  const [value, setValue] = useState<T>(() => select(state.get()))
  useEffect(() => {
    const look = () => setValue(() => select(state.get()))
    look() // it may have changed between drawing and listening
    return state.subscribe(look)
  }, [state])
  return value
}

/** ms UTC by the server's clock, anew every `everyMs`. */
export function useNow(everyMs: number): number {
  const { now } = useDesk()
  const [at, setAt] = useState(now)
  useEffect(() => {
    const timer = setInterval(() => setAt(now()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return at
}
