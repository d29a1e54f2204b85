// The names in a folder on the disk: a file that was renamed into it survives a power cut only after this.
// Called where a file gets its final name.

import { open } from 'node:fs/promises'

/** Throws what the system says. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
