// One text for one value, whatever order its keys came in: to compare contents and to commit to payloads.
// Called by decide-post.ts, store/chain.ts and web/desk. Pure.

const NOTHING: ReadonlySet<string> = new Set()

/** JSON with sorted keys and without undefined, at every depth. Keys in `leftOut` are left out wherever they stand. */
export function canonicalJson(value: unknown, leftOut: ReadonlySet<string> = NOTHING): string {
  return JSON.stringify(value, (key, inner: unknown) => {
    if (leftOut.has(key)) return undefined
    if (inner === null || typeof inner !== 'object' || Array.isArray(inner)) return inner
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}
