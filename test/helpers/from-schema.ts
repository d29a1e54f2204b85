// Values made from a JSON Schema with seeded randomness: right ones, nearly right ones, and hostile ones.
// Called by the hostile tests of the API. The same seed gives the same values.

export type Schema = {
  $ref?: string
  type?: string
  enum?: unknown[]
  const?: unknown
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  anyOf?: Schema[]
  oneOf?: Schema[]
  pattern?: string
  minItems?: number
  minimum?: number
  maximum?: number
  maxLength?: number
}

type Random = () => number

/** What programs and attackers send where a word is expected. */
export const HOSTILE_TEXTS = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\ufeff',
  '\u202eabc',
  "'; DROP TABLE story; --",
  '<script>alert(1)</script>',
  '{{7*7}}${7*7}',
  '../../../../etc/passwd',
  '%00%0d%0aX-Evil: 1',
  '__proto__',
  'constructor',
  'null',
  'NaN',
  '1e999',
  'ff'.repeat(8),
  'z'.repeat(33),
  'é'.repeat(4_000),
  'javascript:alert(1)',
  '\u0645\u0631\u062d\u0628\u0627',
  '👩‍👩‍👧'.repeat(50),
]
const HOSTILE_VALUES: unknown[] = [
  ...[null, true, false, 0, -1, 1.5, 1e308, -0, 2 ** 31, 2 ** 53, Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER],
  ...[
    [],
    {},
    [[]],
    [null],
    { $ne: null },
    { length: -1 },
    { toString: 1 },
    { then: 1 },
    { constructor: { prototype: 1 } },
  ],
  ...HOSTILE_TEXTS,
]

export function createMaker(random: Random, schemas: Record<string, Schema>) {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T
  const follow = (schema: Schema): Schema =>
    schema.$ref ? (schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {}) : schema

  /** A value the schema takes, as far as a schema can tell. */
  function right(given: Schema, depth = 0): unknown {
    const schema = follow(given)
    const choices = schema.anyOf ?? schema.oneOf
    if (choices) return right(pick(choices), depth + 1)
    if (schema.enum) return pick(schema.enum)
    if (schema.const !== undefined) return schema.const
    if (schema.type === 'array') {
      const length = (schema.minItems ?? 0) + Math.floor(random() * (depth > 4 ? 1 : 3))
      return Array.from({ length }, () => right(schema.items ?? {}, depth + 1))
    }
    if (schema.properties) {
      const entries = Object.entries(schema.properties).filter(
        ([name]) => schema.required?.includes(name) || random() < 0.4,
      )
      return Object.fromEntries(entries.map(([name, of]) => [name, right(of, depth + 1)]))
    }
    return plain(schema)
  }

  function plain({ type, pattern, minimum = 0, maximum = 1_000, maxLength = 40 }: Schema): unknown {
    if (type === 'integer' || type === 'number')
      return pick([minimum, maximum, Math.floor(Math.max(minimum, 0) + random() * 3), Date.now() + 3_600_000])
    if (type === 'boolean') return random() < 0.5
    if (type === 'null') return null
    if (pattern?.includes('{16,32}')) return Array.from({ length: 20 }, () => pick([...'0123456789abcdef'])).join('')
    const words = [
      'Bridge',
      'https://example.org/a?b=c#d',
      'Europe/Paris',
      'en',
      'He said “no”.',
      'a'.repeat(maxLength),
    ]
    return pick(type === 'string' ? words : [...words, 1, null])
  }

  /** The same value with one thing in it spoilt: replaced, dropped, doubled, or joined by a stranger. */
  function spoilt(value: unknown): unknown {
    if (typeof value !== 'object' || value === null || random() < 0.15) return pick(HOSTILE_VALUES)
    if (Array.isArray(value)) {
      if (value.length === 0) return [pick(HOSTILE_VALUES)]
      const at = Math.floor(random() * value.length)
      if (random() < 0.2) return Array.from({ length: 300 }, () => value[at])
      return value.map((one, index) => (index === at ? spoilt(one) : one))
    }
    const entries = Object.entries(value)
    const roll = random()
    if (roll < 0.2 || entries.length === 0) return { ...value, [pick(HOSTILE_TEXTS)]: pick(HOSTILE_VALUES) }
    const name = pick(entries)[0]
    if (roll < 0.35) return Object.fromEntries(entries.filter(([one]) => one !== name))
    return Object.fromEntries(entries.map(([key, one]) => [key, key === name ? spoilt(one) : one]))
  }
  return { right, spoilt, pick }
}
