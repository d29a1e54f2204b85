// What this browser keeps of a person's work: texts being written and acts waiting to be sent, in IndexedDB.
// Called by keep/keeper.ts, keep/outbox.ts and desk.ts. One database for each account, so that nobody finds another's texts.
// Never lets a text be in neither place: it moves into the queue and out of it in one transaction.

import { type DBSchema, openDB } from 'idb'
import type { QueuedAct, WrittenText } from '../types.ts'
import { goneOn } from './order.ts'

interface Kept extends DBSchema {
  texts: { key: string; value: WrittenText; indexes: { storyId: string } }
  queue: { key: number; value: QueuedAct }
}

export type NewAct = Omit<QueuedAct, 'n'>

export type LocalStore = {
  texts(storyId: string): Promise<WrittenText[]>
  text(postId: string): Promise<WrittenText | undefined>
  keepText(text: WrittenText): Promise<void>
  dropText(postId: string): Promise<void>
  /** Of every story: the order counts over all of them. First to be sent first. */
  queue(): Promise<QueuedAct[]>
  /** The text leaves the texts and waits in the queue. Gives its place. */
  enqueue(act: NewAct): Promise<number>
  change(act: QueuedAct): Promise<void>
  /** It was done: what else stands here of the same text goes on from the revision that came of it. */
  settle(act: QueuedAct, revision: number): Promise<void>
  /** Given up. */
  dequeue(n: number): Promise<void>
  /** Back to the texts, to be changed by hand. False: it is not in the queue any more. */
  takeBack(act: QueuedAct): Promise<boolean>
}

const VERSION = 1

export async function openLocalStore(accountId: string): Promise<LocalStore> {
  const db = await openDB<Kept>(`dateline-desk-${accountId}`, VERSION, {
    upgrade(fresh) {
      fresh.createObjectStore('texts', { keyPath: 'postId' }).createIndex('storyId', 'storyId')
      fresh.createObjectStore('queue', { keyPath: 'n', autoIncrement: true })
    },
  })
  return {
    texts: (storyId) => db.getAllFromIndex('texts', 'storyId', storyId),
    text: (postId) => db.get('texts', postId),
    keepText: async (text) => void (await db.put('texts', text)),
    dropText: (postId) => db.delete('texts', postId),
    queue: () => db.getAll('queue'),
    async enqueue(act) {
      const both = db.transaction(['texts', 'queue'], 'readwrite', { durability: 'strict' })
      // The database gives the place: two tabs never give the same one.
      const n = await both.objectStore('queue').add(act as QueuedAct)
      await both.objectStore('texts').delete(act.text.postId)
      await both.done
      return n
    },
    change: async (act) => void (await db.put('queue', act)),
    async settle(act, revision) {
      const both = db.transaction(['texts', 'queue'], 'readwrite', { durability: 'strict' })
      const [texts, queue] = [both.objectStore('texts'), both.objectStore('queue')]
      await queue.delete(act.n)
      const text = await texts.get(act.text.postId)
      if (text) await texts.put(goneOn(text, act, revision))
      for (const other of await queue.getAll()) await queue.put({ ...other, text: goneOn(other.text, act, revision) })
      await both.done
    },
    dequeue: (n) => db.delete('queue', n),
    async takeBack(act) {
      const both = db.transaction(['texts', 'queue'], 'readwrite', { durability: 'strict' })
      const there = (await both.objectStore('queue').get(act.n)) !== undefined
      if (there) {
        await both.objectStore('texts').put(act.text)
        await both.objectStore('queue').delete(act.n)
      }
      await both.done
      return there
    },
  }
}
