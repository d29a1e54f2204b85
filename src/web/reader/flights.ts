// Work that many readers want at the same moment, done once for all of them.
// Called by web/reader. Never gives anybody an answer that was asked for before something moved.

export type Flights = {
  /** Joins the work under way for this key, or begins it. Whoever comes after a `turn` begins anew. */
  share<T>(key: string, work: () => Promise<T>): Promise<T>
}

/** `turn` goes up whenever something moved: an editor who publishes and looks must not get the page that was being made before. */
export function createFlights(turn: () => number): Flights {
  const flying = new Map<string, Promise<unknown>>()
  return {
    share<T>(key: string, work: () => Promise<T>): Promise<T> {
      const place = `${turn()} ${key}`
      const found = flying.get(place) as Promise<T> | undefined
      if (found) return found
      const flight = work()
      flying.set(place, flight)
      const landed = () => void flying.delete(place)
      flight.then(landed, landed)
      return flight
    },
  }
}
