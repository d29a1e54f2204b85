// JSON of unknown origin, looked at one field at a time.
// Called by the manifests of backups and of stories' archives. Pure; never throws.

export type JsonRecord = { [key: string]: unknown }

/** What is no JSON object is an empty one: it lacks whatever is looked for. */
export function parseRecord(text: string): JsonRecord {
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : {}
  } catch {
    return {}
  }
}

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A whole number from 0. */
export function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}
