// Talks to /api/v1 with the session's cookie: one request, one answer, or a Refusal that says what kind of no it is.
// Called by everything in client/desk that needs the server.
// Never repeats a request by itself but for a form token that a new sign-in replaced.

const BASE = '/api/v1'
const READ_MS = 15_000 // a list of fifty posts over a slow line
const SEND_MS = 20_000 // the server has its own patience; beyond this the line is gone
const STALLED_MS = 60_000 // of a photo not a byte more was taken
const SLOWEST = 10 // bytes per ms; what a browser says is sent may still lie in the machine's own store for as long as this line takes

/**
 * away: no answer, or none that settles anything. signed-out: the session ended. conflict: the world changed.
 * busy: wait. no: it will not be done as it is.
 */
export type RefusalKind = 'away' | 'signed-out' | 'conflict' | 'busy' | 'no'

export class Refusal extends Error {
  readonly kind: RefusalKind
  readonly details: unknown
  /** s; 0 = not said. */
  readonly retryAfter: number

  constructor(kind: RefusalKind, words: string, more: { details?: unknown; retryAfter?: number } = {}) {
    super(words)
    this.name = 'Refusal'
    this.kind = kind
    this.details = more.details
    this.retryAfter = more.retryAfter ?? 0
  }
}

export type Api = {
  /** The same object again where nothing changed, for addresses that are asked often. Throws Refusal. */
  follow<T>(path: string): Promise<T>
  get<T>(path: string): Promise<T>
  /** `key`: of an act that may be sent again. `last`: the page is closing. Throws Refusal. */
  send<T>(method: 'POST' | 'PUT', path: string, body: unknown, more?: { key?: string; last?: boolean }): Promise<T>
  /** `onProgress`: the part that is sent, 0 to 1. `key`: as of `send`. Throws Refusal. */
  upload<T>(path: string, file: Blob, more: Sending): Promise<T>
  /** Takes over the form token of the session of now; false: nobody is signed in. Throws Refusal, `signed-out` for another person. */
  renew(): Promise<boolean>
  /** ms that the server's clock is ahead of this one's, to the second. */
  skew(): number
}

type Sending = { key: string; onProgress(part: number): void; signal: AbortSignal }
type Kept = { etag: string; value: unknown }
type Asking = {
  method: string
  path: string
  headers?: Record<string, string>
  body?: BodyInit
  ms: number
  last?: boolean
}

export function createApi(me: { id: string; csrf: string }, now: () => number): Api {
  const kept = new Map<string, Kept>()
  let csrf = me.csrf
  let skew = 0

  const ask = async ({ method, path, headers = {}, body, ms, last = false }: Asking): Promise<Response> => {
    const own: Record<string, string> = { accept: 'application/json', ...headers }
    if (method !== 'GET') own['x-csrf-token'] = csrf
    const answer = await fetch(BASE + path, {
      ...{ method, headers: own, cache: 'no-store', credentials: 'same-origin', redirect: 'error' },
      ...(body === undefined ? {} : { body }),
      ...(last ? { keepalive: true } : { signal: AbortSignal.timeout(ms) }),
    }).catch((cause: unknown) => {
      throw new Refusal('away', 'The server did not answer.', { details: String(cause) })
    })
    const date = Date.parse(answer.headers.get('date') ?? '')
    if (!Number.isNaN(date)) skew = Math.abs(date - now()) < 2_000 ? 0 : date - now()
    return answer
  }

  const renew = async (): Promise<boolean> => {
    const answer = await ask({ method: 'GET', path: '/me', ms: READ_MS })
    if (answer.status === 401) return false
    if (!answer.ok) throw await refusalOf(answer)
    const { id, csrf: fresh } = await read<{ id: string; csrf: string | null }>(answer)
    // Not a no: what waits is sent once its own person is back.
    if (id !== me.id) throw new Refusal('signed-out', 'Somebody else is signed in now. Open the page anew.')
    csrf = fresh ?? csrf
    return true
  }

  const change = async <T>(asking: Asking): Promise<T> => {
    const before = csrf
    const answer = await ask(asking)
    if (answer.ok) return read<T>(answer)
    const refusal = await refusalOf(answer)
    // A conflict that tells nothing of the thing itself may be the token of a session before this one.
    if (refusal.kind !== 'conflict' || refusal.details !== undefined || asking.last) throw refusal
    if (!(await renew()) || csrf === before) throw refusal
    const again = await ask(asking)
    if (!again.ok) throw await refusalOf(again)
    return read<T>(again)
  }

  return {
    renew,
    skew: () => skew,
    async get<T>(path: string) {
      const answer = await ask({ method: 'GET', path, ms: READ_MS })
      if (!answer.ok) throw await refusalOf(answer)
      return read<T>(answer)
    },
    async follow<T>(path: string) {
      const before = kept.get(path)
      const headers: Record<string, string> = before ? { 'if-none-match': before.etag } : {}
      const answer = await ask({ method: 'GET', path, headers, ms: READ_MS })
      if (answer.status === 304 && before) return before.value as T
      if (!answer.ok) throw await refusalOf(answer)
      const value = await read<T>(answer)
      const etag = answer.headers.get('etag')
      if (etag) kept.set(path, { etag, value })
      return value
    },
    send: (method, path, body, { key, last = false } = {}) =>
      change({
        ...{ method, path, last, ms: SEND_MS, body: JSON.stringify(body) },
        headers: { 'content-type': 'application/json', ...(key === undefined ? {} : { 'idempotency-key': key }) },
      }),
    async upload<T>(path: string, file: Blob, more: Sending) {
      const before = csrf
      try {
        return await uploadFile<T>(BASE + path, file, csrf, more)
      } catch (thrown) {
        const refusal = asRefusal(thrown)
        if (refusal.kind !== 'conflict' || refusal.details !== undefined) throw refusal
        if (!(await renew()) || csrf === before) throw refusal
        return uploadFile<T>(BASE + path, file, csrf, more)
      }
    },
  }
}

/** The older way to ask: the newer one does not tell how much is sent. */
function uploadFile<T>(url: string, file: Blob, csrf: string, { key, onProgress, signal }: Sending): Promise<T> {
  return new Promise((resolve, reject) => {
    const asked = new XMLHttpRequest()
    let stalled: ReturnType<typeof setTimeout> | undefined
    const alive = (isGiven = false) => {
      clearTimeout(stalled)
      stalled = setTimeout(() => asked.abort(), STALLED_MS + (isGiven ? file.size / SLOWEST : 0))
    }
    asked.open('POST', url)
    asked.setRequestHeader('content-type', file.type)
    asked.setRequestHeader('x-csrf-token', csrf)
    asked.setRequestHeader('idempotency-key', key)
    asked.upload.onprogress = ({ loaded, total }) => {
      alive(loaded === total)
      onProgress(total === 0 ? 0 : loaded / total)
    }
    asked.onloadend = () => clearTimeout(stalled)
    signal.addEventListener('abort', () => asked.abort())
    alive()
    asked.onload = () => {
      const answer = new Response(asked.responseText, { status: asked.status })
      if (answer.ok) resolve(read<T>(answer))
      else void refusalOf(answer).then(reject)
    }
    asked.onerror = () => reject(new Refusal('away', 'The server did not answer.'))
    asked.onabort = asked.onerror
    asked.send(file)
  })
}

type Problem = { code?: string; detail?: string; details?: unknown }

/** An answer that broke off, or is a page of somebody between us and the server, settles nothing. Throws Refusal. */
async function read<T>(answer: Response): Promise<T> {
  const value: unknown = await answer.json().catch(() => null)
  if (typeof value === 'object' && value !== null) return value as T
  throw new Refusal('away', 'The server’s answer did not come whole.')
}

async function refusalOf(answer: Response): Promise<Refusal> {
  const problem = await read<Problem>(answer).catch((): Problem => ({}))
  const { code, detail, details } = problem
  const retryAfter = Number(answer.headers.get('retry-after') ?? 0) || 0
  const words = detail ?? `The server answered ${answer.status}.`
  return new Refusal(kindOf(answer.status, code !== undefined), words, { details, retryAfter })
}

const TOO_LARGE = 413 // who stands before the server may say so with a page of their own

/**
 * What another try may mend is away or busy; what only a person can mend is a no. `isOurs`: the server itself said it, not
 * somebody on the way to it.
 */
export function kindOf(status: number, isOurs = true): RefusalKind {
  if (status === 401) return 'signed-out'
  if (status === 429) return 'busy'
  if (status >= 500 || (!isOurs && status !== TOO_LARGE)) return 'away'
  return status === 409 ? 'conflict' : 'no'
}

/** Whatever was thrown, as a Refusal: a fault of the program is a no that says so. */
export function asRefusal(thrown: unknown): Refusal {
  if (thrown instanceof Refusal) return thrown
  return new Refusal('no', thrown instanceof Error ? thrown.message : String(thrown))
}
