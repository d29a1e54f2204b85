// The store contract on the store in memory.
// Run by node --test.

import { createMemoryStore } from '../../src/store/memory.ts'
import { storeContract } from './store.ts'

storeContract('in memory', async () => {
  const { acts, reads, doorbell } = createMemoryStore({ now: Date.now })
  return { acts, reads, doorbell, close: async () => undefined }
})
