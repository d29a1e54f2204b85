// Times as people read them: a moment, a language and a zone in, words out.
// Called by pages and other rooms that show times.
// Never asks what time it is.

const MAX_FORMATTERS = 400 // language × zone × kind; far more than one newsroom has
const formatters = new Map<string, Intl.DateTimeFormat>()

const KINDS = {
  clock: { hour: '2-digit', minute: '2-digit' },
  day: { day: 'numeric', month: 'short' },
  date: { day: 'numeric', month: 'long', year: 'numeric' },
  zone: { hour: '2-digit', timeZoneName: 'short' },
  key: { day: '2-digit', month: '2-digit', year: 'numeric' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>

/** Where and for whom: BCP 47 and IANA. */
export type Locale = { language: string; timeZone: string }

/** "14:32"; "02:32 PM" where the language names a region that writes so: "en-US", "ar-EG". `ms` UTC. */
export function clockTime(ms: number, locale: Locale): string {
  return formatter('clock', locale).format(ms)
}

/** "31 Jan" */
export function dayTime(ms: number, locale: Locale): string {
  return formatter('day', locale).format(ms)
}

/** "31 January 2026" */
export function dateTime(ms: number, locale: Locale): string {
  return formatter('date', locale).format(ms)
}

/** "CET", "GMT+3": the zone's short name at that moment. */
export function zoneName(ms: number, locale: Locale): string {
  const parts = formatter('zone', locale).formatToParts(ms)
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? locale.timeZone
}

/** True when both moments fall on one day in the zone. */
export function isSameDay(one: number, other: number, locale: Locale): boolean {
  const key = formatter('key', locale)
  return key.format(one) === key.format(other)
}

/** For `datetime` attributes: "2026-01-31T14:32:00.000Z". */
export function machineTime(ms: number): string {
  return new Date(ms).toISOString()
}

/** "en" alone would be American; the world's English is day before month and 24 hours. */
export function localeOf(language: string): string {
  return language === 'en' ? 'en-GB' : language
}

/**
 * The language with the hours and digits that clockTime() uses, spelled out: "ar-u-hc-h23-nu-latn". Another machine's tables
 * may have other defaults; with this tag its clocks are ours.
 */
export function clockLocale(language: string): string {
  const { hourCycle, numberingSystem } = formatter('clock', { language, timeZone: 'UTC' }).resolvedOptions()
  return new Intl.Locale(localeOf(language), { hourCycle, numberingSystem }).toString()
}

/** The number as the language writes it: "1,214". */
export function countText(value: number, language: string): string {
  return new Intl.NumberFormat(localeOf(language)).format(value)
}

function formatter(kind: keyof typeof KINDS, { language, timeZone }: Locale): Intl.DateTimeFormat {
  const name = `${kind}|${language}|${timeZone}`
  let found = formatters.get(name)
  if (!found) {
    if (formatters.size >= MAX_FORMATTERS) formatters.clear()
    const locale = localeOf(language)
    // A language alone is spoken in many places: 24 hours, which no place misreads. A region has its own way.
    const hourCycle = new Intl.Locale(locale).region ? undefined : 'h23'
    found = new Intl.DateTimeFormat(locale, { ...KINDS[kind], timeZone, hourCycle })
    formatters.set(name, found)
  }
  return found
}
