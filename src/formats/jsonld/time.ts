// Times as JSON-LD writes them.
// Called by the readers of this folder. Never uses the zone of the machine.

const ISO =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ]\s{0,3}(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s{0,3}(Z|[+-]\d\d(?::?\d\d)?)?)?$/i
const NAMED_ZONE = /(?:GMT|UTC|[+-]\d{4})(?:\s*\([^)]{0,60}\))?$/

/** ms UTC. `zoned` false: the text names no offset and was read as UTC. null: not a time. */
export function readTime(value: unknown): { at: number; zoned: boolean } | null {
  if (typeof value === 'number') return readNumber(value)
  if (typeof value !== 'string') return null
  const text = value.trim()
  if (/^\d{10}(?:\d{3})?$/.test(text)) return readNumber(Number(text))
  const iso = ISO.exec(text)
  if (iso) return readIso(iso)
  const at = NAMED_ZONE.test(text) && text.length < 100 ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? null : { at, zoned: true }
}

function readNumber(value: number): { at: number; zoned: boolean } | null {
  if (!Number.isFinite(value) || value < 1e8) return null
  return { at: Math.round(value < 1e11 ? value * 1000 : value), zoned: true } // seconds or milliseconds since 1970
}

function readIso(match: RegExpExecArray): { at: number; zoned: boolean } | null {
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0)) as number[]
  const ms = Number((match[7] ?? '').padEnd(3, '0').slice(0, 3))
  const local = Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second, ms)
  const date = new Date(local)
  if (date.getUTCMonth() + 1 !== month || date.getUTCDate() < (day ?? 0) || (hour ?? 0) > 24 || (minute ?? 0) > 59)
    return null
  const zone = match[8]
  return { at: local - offsetOf(zone), zoned: zone !== undefined }
}

function offsetOf(zone: string | undefined): number {
  if (!zone || /^z$/i.test(zone)) return 0
  const digits = zone.replace(/[^\d]/g, '')
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2, 4) || 0)
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000
}
