// A reader of a stream without a browser: reads server-sent events off a fetch.
// Never reconnects by itself: tests decide that.

export type StreamEvent = { id: string; event: string; data: unknown }

export type TestStream = {
  /** Resolves when the head of the answer is there. Throws when it is no 200. */
  opened(): Promise<void>
  /** The next event of that name; others are passed over. Throws after `ms`. */
  next(event: string, ms: number): Promise<StreamEvent>
  close(): void
}

export async function openStream(url: string, headers: Record<string, string> = {}): Promise<TestStream> {
  const stop = new AbortController()
  const answer = await fetch(url, { headers, signal: stop.signal })
  const events: StreamEvent[] = []
  let wake = () => {}
  let ended = false
  void read(answer, (event) => {
    events.push(event)
    wake()
  })
    .catch(() => undefined)
    .finally(() => {
      ended = true
      wake()
    })
  return {
    opened: async () => {
      if (answer.status !== 200) throw new Error(`${url}: ${answer.status}`)
    },
    next: async (name, ms) => {
      const end = Date.now() + ms
      for (;;) {
        const event = events.shift()
        if (event?.event === name) return event
        if (event) continue
        if (ended) throw new Error(`${url}: the stream ended before ${name}`)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, Math.max(0, end - Date.now()))
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
        if (events.length === 0 && Date.now() >= end) throw new Error(`${url}: no ${name} within ${ms} ms`)
      }
    },
    close: () => stop.abort(),
  }
}

async function read(answer: Response, take: (event: StreamEvent) => void): Promise<void> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const part of answer.body ?? []) {
    text += decoder.decode(part as Uint8Array, { stream: true })
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      take(parse(text.slice(0, end)))
      text = text.slice(end + 2)
    }
  }
}

function parse(block: string): StreamEvent {
  const field = (name: string) =>
    block
      .split('\n')
      .filter((line) => line.startsWith(`${name}: `))
      .map((line) => line.slice(name.length + 2))
      .join('\n')
  return { id: field('id'), event: field('event'), data: JSON.parse(field('data') || 'null') as unknown }
}
