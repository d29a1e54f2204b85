// What this browser keeps of a person's work: texts being written and acts waiting to be sent, in IndexedDB.
// Called by keep/keeper.ts, keep/outbox.ts and desk.ts. One database for each account, so that nobody finds another's texts.
// Never lets a text be in neither place: it moves into the queue and out of it in one transaction.

import { type DBSchema, openDB } from 'idb'
import type { Uploaded } from '../composer/uploads.ts'
import type { QueuedAct, WrittenText } from '../types.ts'
import { goneOn } from './order.ts'
import { type KeptFile, unused, withResult } from './photos.ts'

interface Kept extends DBSchema {
  texts: { key: string; value: WrittenText; indexes: { storyId: string } }
  queue: { key: number; value: QueuedAct }
  files: { key: string; value: KeptFile }
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
  files(): Promise<KeptFile[]>
  file(key: string): Promise<KeptFile | undefined>
  keepFile(file: KeptFile): Promise<void>
  /** The server has a photo: every text and act that holds its key holds the photo from now on. */
  arrived(key: string, result: Uploaded): Promise<void>
  /** Takes away the files that stand in no text and no act. */
  sweep(now: number): Promise<void>
}

const VERSION = 2 // 1: without files

export async function openLocalStore(accountId: string): Promise<LocalStore> {
  const db = await openDB<Kept>(`dateline-desk-${accountId}`, VERSION, {
    upgrade(db, from) {
      if (from < 1) {
        db.createObjectStore('texts', { keyPath: 'postId' }).createIndex('storyId', 'storyId')
        db.createObjectStore('queue', { keyPath: 'n', autoIncrement: true })
      }
      db.createObjectStore('files', { keyPath: 'key' })
    },
    // A tab with an older program gives way to a newer one; it keeps what is typed on the server meanwhile.
    blocking: (_was, _wants, event) => (event.target as IDBDatabase).close(),
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
    async change(act) {
      const { store, done } = db.transaction('queue', 'readwrite')
      if (await store.get(act.n)) await store.put(act) // taken back in another tab, it stays taken back
      await done
    },
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
    files: () => db.getAll('files'),
    file: (key) => db.get('files', key),
    keepFile: async (file) => void (await db.put('files', file)),
    async arrived(key, result) {
      const all = db.transaction(['files', 'texts', 'queue'], 'readwrite', { durability: 'strict' })
      const [files, texts, queue] = [all.objectStore('files'), all.objectStore('texts'), all.objectStore('queue')]
      const kept = await files.get(key)
      if (kept) await files.put({ ...kept, file: null, result })
      for (const text of await texts.getAll()) await texts.put(withPhoto(text, key, result))
      for (const act of await queue.getAll()) await queue.put({ ...act, text: withPhoto(act.text, key, result) })
      await all.done
    },
    async sweep(now) {
      const all = db.transaction(['files', 'texts', 'queue'], 'readwrite')
      const files = all.objectStore('files')
      const texts = [...(await all.objectStore('texts').getAll())]
      for (const { text } of await all.objectStore('queue').getAll()) texts.push(text)
      const held = texts.map(({ content }) => content.blocks)
      for (const key of unused(await files.getAll(), held, now)) await files.delete(key)
      await all.done
    },
  }
}

function withPhoto(text: WrittenText, key: string, result: Uploaded): WrittenText {
  const blocks = withResult(text.content.blocks, key, result)
  return blocks === text.content.blocks ? text : { ...text, content: { ...text.content, blocks } }
}
