// The store contract on PostgreSQL: the embedded engine, or the server of TEST_DATABASE_URL.
// Run by node --test.

import { openTestStore } from '../helpers/database.ts'
import { storeContract } from './store.ts'

storeContract('on PostgreSQL', () => openTestStore())
