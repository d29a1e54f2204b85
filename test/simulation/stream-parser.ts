// The browser's side of an event stream: bytes in any pieces → events, by the rules of the HTML standard.
// Called by the simulated readers. An event that was cut before its empty line is never told.

export type StreamEvent = { id: string; name: string; data: string }

export function createStreamParser(): (bytes: Uint8Array) => StreamEvent[] {
  const decoder = new TextDecoder()
  let rest = ''
  let [id, name, data] = ['', '', '']
  return (bytes) => {
    const events: StreamEvent[] = []
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (line.startsWith('id: ')) id = line.slice(4)
      else if (line.startsWith('event: ')) name = line.slice(7)
      else if (line.startsWith('data: ')) data += line.slice(6)
      else if (line === '') {
        if (name) events.push({ id, name, data })
        ;[name, data] = ['', '']
      }
    }
    return events
  }
}
