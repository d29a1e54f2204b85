// Has the browser keep the shell of the desk for when there is no line, and hears when a newer version of it is there.
// Called by main.tsx once the live desk stands.
// Never loads the page anew by itself: that is the person's to choose.

const WORKER = '/desk/worker.js'
const LOOK_MS = 3_600_000 // an editor's page stays open for days

type Policies = {
  createPolicy(
    name: string,
    rules: { createScriptURL(path: string): string },
  ): { createScriptURL(path: string): string }
}

/** `newer`: the server has another version than the one that runs here. */
export async function installShell(newer: () => void): Promise<void> {
  if (!('serviceWorker' in navigator)) return // told by the plain page, on http off localhost too
  const { serviceWorker } = navigator
  const mine = new URL(import.meta.url).pathname
  serviceWorker.addEventListener('message', ({ data }: MessageEvent<{ script?: string }>) => {
    if (data?.script !== undefined && data.script !== mine) newer()
  })
  const { trustedTypes } = globalThis as { trustedTypes?: Policies }
  const rules = { createScriptURL: (path: string) => path }
  const address = trustedTypes?.createPolicy('dateline-worker', rules).createScriptURL(WORKER) ?? WORKER
  const kept = await serviceWorker.register(address, { scope: '/desk/', updateViaCache: 'none' })
  const look = () => void kept.update().catch(() => undefined)
  addEventListener('online', look)
  setInterval(look, LOOK_MS)
}
