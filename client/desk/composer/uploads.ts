// The files on their way to the server: what is waiting, sent, refused, arrived. A refused file is kept for another try.
// Made by keep/files.ts for the desk; called by use-writing.ts, insert.ts and held-card.tsx.
// Never forgets a file while the page stands: an undo may bring its place back, or an act may wait for it.

const MAX_AT_ONCE = 2 // files; more would only share the same line, and the first would be there later
const LET_GO_MS = 3_000 // a text that goes into the queue asks for its photos again within this

export type Uploaded = {
  id: string
  /** Absent: a picture. */
  kind?: 'image' | 'video' | 'audio'
  width: number
  height: number
  caption?: string
  credit?: string
  agency?: string
  alt?: string
}
/** `onProgress`: the part that is sent, 0 to 1. A refusal throws; its message is shown to the author. */
export type SendFile = (
  file: File,
  onProgress: (part: number) => void,
  more: { key: string; signal: AbortSignal },
) => Promise<Uploaded>

export type UploadDeps = {
  send: SendFile
  newKey(): string
  /** Keeps it where a closed page does not lose it, before it is sent. Throws nothing. */
  keep?(key: string, file: File): Promise<void>
  /** Another try may do it. */
  mends?(error: unknown): boolean
  /** ms until then; null: not by itself. `tries` from 1. */
  wait?(tries: number): number | null
}

export type Upload = {
  readonly file: File
  readonly state: 'waiting' | 'sending' | 'failed' | 'arrived'
  readonly part: number // sent, 0 to 1
  readonly problem: string // why it failed, or why it waits; empty = no reason was given
  readonly result: Uploaded | null
}

type Asked = { promise: Promise<Uploaded>; resolve(result: Uploaded): void; reject(error: unknown): void }

export class Uploads {
  private readonly all = new Map<string, Upload>()
  private readonly listeners = new Set<() => void>()
  private readonly asked = new Map<string, Asked>()
  private readonly sending = new Map<string, AbortController>()
  private readonly deps: UploadDeps
  private wanted: ReadonlySet<string> = new Set()
  private added = new Set<string>() // here, and perhaps not yet in the text
  private tries = 0
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(deps: UploadDeps) {
    this.deps = deps
  }

  get(key: string): Upload | undefined {
    return this.all.get(key)
  }

  /** Whether it stands in a text in the place of a photo that the server has not got. */
  waits(key: string): boolean {
    const upload = this.get(key)
    return upload !== undefined && upload.state !== 'arrived'
  }

  /** Gives the key by which the text names the file. */
  add(file: File): string {
    const key = this.deps.newKey()
    this.all.set(key, { file, state: 'waiting', part: 0, problem: '', result: null })
    void this.keep(key, file)
    return key
  }

  /** One that was kept before. */
  restore(key: string, file: File, result: Uploaded | null): void {
    this.all.set(key, { file, state: result ? 'arrived' : 'waiting', part: 0, problem: '', result })
  }

  retry(key: string): void {
    if (this.get(key)?.state === 'failed') this.change(key, { state: 'waiting', part: 0, problem: '' })
    this.wake()
  }

  /** What the text at hand holds: that is sent, and nothing else that nobody asks for. */
  want(keys: ReadonlySet<string>): void {
    this.wanted = keys
    for (const key of keys) this.added.delete(key)
    setTimeout(() => {
      for (const [key, sent] of this.sending) if (!this.isWanted(key)) sent.abort()
    }, LET_GO_MS)
    this.next()
  }

  /** Sends it if need be. Rejects with what the server said. */
  arrive(key: string): Promise<Uploaded> {
    const upload = this.get(key)
    if (upload?.result) return Promise.resolve(upload.result)
    const known = this.asked.get(key)
    if (known) return known.promise
    const asked = Promise.withResolvers<Uploaded>()
    this.asked.set(key, asked)
    if (upload?.state === 'failed') this.change(key, { state: 'waiting', part: 0, problem: '' })
    this.next()
    return asked.promise
  }

  /** Tries what waits at once. */
  wake(): void {
    this.tries = 0
    clearTimeout(this.timer)
    this.timer = undefined
    this.next()
  }

  /** Gives the way to end it. */
  listen(listener: () => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  private async keep(key: string, file: File): Promise<void> {
    this.added.add(key)
    await this.deps.keep?.(key, file)
    this.next()
  }

  private isWanted(key: string): boolean {
    return this.wanted.has(key) || this.added.has(key) || this.asked.has(key)
  }

  private next(): void {
    // An act that waits for its photo is tried at once: its own queue knows when.
    const isHeld = (key: string) => this.timer !== undefined && !this.asked.has(key)
    const waiting = [...this.all].filter(
      ([key, { state }]) => state === 'waiting' && this.isWanted(key) && !isHeld(key),
    )
    waiting.sort(([one], [other]) => Number(this.asked.has(other)) - Number(this.asked.has(one)))
    for (const [key] of waiting.slice(0, Math.max(0, MAX_AT_ONCE - this.sending.size))) void this.run(key)
  }

  private async run(key: string): Promise<void> {
    const upload = this.get(key)
    if (!upload) return
    const sent = new AbortController()
    this.sending.set(key, sent)
    this.change(key, { state: 'sending', part: 0, problem: '' })
    try {
      const onProgress = (part: number) => this.change(key, { part: Math.min(1, Math.max(0, part)) })
      const result = await this.deps.send(upload.file, onProgress, { key, signal: sent.signal })
      this.tries = 0
      this.change(key, { state: 'arrived', part: 1, result })
      this.asked.get(key)?.resolve(result)
    } catch (error) {
      this.failed(key, error, sent.signal.aborted)
    }
    this.asked.delete(key)
    this.sending.delete(key)
    this.next()
  }

  private failed(key: string, error: unknown, isLeft: boolean): void {
    const problem = error instanceof Error ? error.message : ''
    const mends = isLeft || this.deps.mends?.(error) === true
    this.change(key, { state: mends ? 'waiting' : 'failed', part: 0, problem: isLeft ? '' : problem })
    if (mends && !isLeft && !this.asked.has(key)) this.later()
    this.asked.get(key)?.reject(error)
  }

  private later(): void {
    this.tries += 1
    const ms = this.deps.wait?.(this.tries) ?? null
    clearTimeout(this.timer)
    // Nothing is tried before; where nothing is tried by itself any more, wake() begins anew.
    this.timer = setTimeout(
      () => {
        this.timer = undefined
        this.next()
      },
      ms ?? 2 ** 31 - 1,
    )
  }

  private change(key: string, change: Partial<Upload>): void {
    const upload = this.get(key)
    if (upload) this.all.set(key, { ...upload, ...change })
    for (const listener of this.listeners) listener()
  }
}
