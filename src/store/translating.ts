// Lets the database's errors leave a set of functions in the house's words: out of reach is `unavailable`, not a fault.
// Called by the makers of store/accounts.ts and store/desk-reads.ts.

import { translate } from './acts.ts'

// biome-ignore lint/suspicious/noExplicitAny: the functions' own types are kept by T
type Functions = Record<string, (...args: any[]) => Promise<unknown>>

export function translating<T extends Functions>(functions: T): T {
  const wrapped = Object.entries(functions).map(([name, run]) => [
    name,
    async (...args: unknown[]) => {
      try {
        return await run(...args)
      } catch (error) {
        throw translate(error)
      }
    },
  ])
  return Object.fromEntries(wrapped) as T
}
