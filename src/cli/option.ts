// What one row of the option table is, and the checks that several rows share.
// Called by options.ts and the parts of the table that have files of their own.
// Never reads the environment.

/** `parse` throws a plain Error that says what the value must be. `shown` names a default that is not a plain value. */
export type Option<T> = {
  env: string
  flag: string
  type: string
  default: T
  shown?: string
  secret?: true
  unit?: string
  doc: string
  parse: (text: string) => T
}

export type Rows<O> = { [K in keyof O]: Option<O[K]> }

export function named<T extends string>(env: string, type: T, doc: string) {
  return { env, flag: `--${env.toLowerCase().replaceAll('_', '-')}`, type, doc }
}

export function parseBoolean(text: string): boolean {
  if (/^(true|1|yes|on)$/i.test(text)) return true
  if (/^(false|0|no|off)$/i.test(text)) return false
  throw new Error('true or false')
}

export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text.trim()) ? Number(text) : Number.NaN
    if (!(value >= least && value <= most)) throw new Error(`a whole number from ${least} to ${most}`)
    return value
  }
}

export function matching(text: string, pattern: RegExp, what: string): string {
  if (!pattern.test(text)) throw new Error(what)
  return text
}
