// The files on their way to the server: what is waiting, sent, refused, arrived. A refused file is kept for another try.
// Called by composer.tsx, insert.ts and held-card.tsx.
// Never forgets a file while the composer stands: an undo may bring its place back.

const MAX_AT_ONCE = 2 // files; more would only share the same line, and the first would be there later

export type Uploaded = {
  id: string
  width: number
  height: number
  caption?: string
  credit?: string
  agency?: string
  alt?: string
}
/** `onProgress`: the part that is sent, 0 to 1. A refusal throws; its message is shown to the author. */
export type UploadFile = (file: File, onProgress: (part: number) => void) => Promise<Uploaded>

export type Upload = {
  readonly file: File
  readonly state: 'waiting' | 'sending' | 'failed' | 'arrived'
  readonly part: number // sent, 0 to 1
  readonly problem: string // why it failed; empty = no reason was given
  readonly result: Uploaded | null
}

export class Uploads {
  private readonly all = new Map<string, Upload>()
  private readonly listeners = new Set<() => void>()
  private readonly send: UploadFile
  private count = 0

  constructor(send: UploadFile) {
    this.send = send
  }

  get(key: string): Upload | undefined {
    return this.all.get(key)
  }

  /** Gives the key by which the document names the file. */
  add(file: File): string {
    this.count += 1
    const key = `upload-${this.count}`
    this.all.set(key, { file, state: 'waiting', part: 0, problem: '', result: null })
    queueMicrotask(() => this.next()) // after the document holds its place
    return key
  }

  retry(key: string): void {
    if (this.get(key)?.state === 'failed') this.change(key, { state: 'waiting', part: 0, problem: '' })
    this.next()
  }

  /** Gives the way to end it. */
  listen(listener: () => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  private next(): void {
    const sending = [...this.all.values()].filter((one) => one.state === 'sending').length
    const waiting = [...this.all].filter(([, one]) => one.state === 'waiting')
    for (const [key] of waiting.slice(0, MAX_AT_ONCE - sending)) void this.run(key)
  }

  private async run(key: string): Promise<void> {
    const upload = this.get(key)
    if (!upload) return
    this.change(key, { state: 'sending' })
    try {
      const result = await this.send(upload.file, (part) => this.change(key, { part: Math.min(1, Math.max(0, part)) }))
      this.change(key, { state: 'arrived', part: 1, result })
    } catch (error) {
      this.change(key, { state: 'failed', problem: error instanceof Error ? error.message : '' })
    }
    this.next()
  }

  private change(key: string, change: Partial<Upload>): void {
    const upload = this.get(key)
    if (upload) this.all.set(key, { ...upload, ...change })
    for (const listener of this.listeners) listener()
  }
}
