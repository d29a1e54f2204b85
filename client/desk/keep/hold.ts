// Which tab has a text open: two tabs at one text would overwrite each other's words.
// Called by desk.ts.
// Never waits: a text that is open elsewhere is told as such.

/** Gives the way to let it go again; null: another tab has it. It is let go by itself when the tab ends, however it ends. */
export function holdText(postId: string): Promise<(() => void) | null> {
  return new Promise((resolve) => {
    void navigator.locks.request(`dateline-desk-text-${postId}`, { ifAvailable: true }, (lock) => {
      if (!lock) return resolve(null)
      return new Promise<void>((release) => resolve(() => release()))
    })
  })
}

/** Of these, the ones that no tab has open. */
export async function nowhereOpen(postIds: readonly string[]): Promise<Set<string>> {
  const { held = [] } = await navigator.locks.query()
  const open = new Set(held.map(({ name }) => name))
  return new Set(postIds.filter((id) => !open.has(`dateline-desk-text-${id}`)))
}
