// The desk for the views: one value of its state at a time, and the clock.
// Called by every view.
// Never draws a view again for what it does not show.

import { createContext, type RefObject } from 'preact'
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

type WayOut = { shut(): void; closing: { onCancel(): void; onClose(event: { currentTarget: Element }): void } }

/** Out of a dialog, at once: a browser tells late that it closed one, and until then no key would open another. */
export function useWayOut(dialog: RefObject<HTMLDialogElement | null>): WayOut {
  const { state } = useDesk()
  const shut = () => {
    dialog.current?.close() // the focus goes back to where it was
    state.set({ open: null })
  }
  // By then it may have made room for another, which stays.
  const onClose: WayOut['closing']['onClose'] = ({ currentTarget }) => {
    if (currentTarget.isConnected) state.set({ open: null })
  }
  return { shut, closing: { onCancel: shut, onClose } }
}
