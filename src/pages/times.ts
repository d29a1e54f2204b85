// Times as elements: absolute in the story's zone, readable by the reader's program, which adds the rest.
// Called by the pages' parts.
// Never relative: a fragment does not know when it is read (law 5).

import { html, type SafeHtml } from '../kit/html.ts'
import { clockTime, dateTime, dayTime, isSameDay, type Locale, machineTime, zoneName } from '../kit/time.ts'
import { phrase, word, wordsLanguage } from './words.ts'

/** The time of a thing on the page: "14:32". The reader's program follows it while it is young. */
export function clockElement(ms: number, locale: Locale): SafeHtml {
  return html`<time datetime="${machineTime(ms)}" data-clock>${clockTime(ms, locale)}</time>`
}

/** "31 Jan"; the style sheet hides it while a story is one day old. */
export function dayElement(ms: number, locale: Locale): SafeHtml {
  return html`<span class="day">${dayTime(ms, locale)}</span>`
}

// The rest stands within words, so it is written in the language of the words.

/** "14:41" on the day of `near`, "1 Feb, 09:10" on another. */
export function nearbyElement(ms: number, near: number, locale: Locale): SafeHtml {
  const spoken = spokenLocale(locale)
  const time = clockTime(ms, spoken)
  const text = isSameDay(ms, near, locale) ? time : word(locale.language, 'moment', { day: dayTime(ms, spoken), time })
  return html`<time datetime="${machineTime(ms)}">${text}</time>`
}

/** "31 January 2026" */
export function dateElement(ms: number, locale: Locale): SafeHtml {
  return html`<time datetime="${machineTime(ms)}">${dateTime(ms, spokenLocale(locale))}</time>`
}

/** "31 January 2026, 14:32" */
export function momentElement(ms: number, locale: Locale): SafeHtml {
  const spoken = spokenLocale(locale)
  const values = { day: dateTime(ms, spoken), time: clockTime(ms, spoken) }
  return html`<time datetime="${machineTime(ms)}">${word(locale.language, 'moment', values)}</time>`
}

/** "31 January 2026, 14:32 CET" */
export function zonedElement(ms: number, locale: Locale): SafeHtml {
  const spoken = spokenLocale(locale)
  const values = { day: dateTime(ms, spoken), time: clockTime(ms, spoken), zone: zoneName(ms, spoken) }
  return html`<time datetime="${machineTime(ms)}">${word(locale.language, 'moment-zone', values)}</time>`
}

/** The time of the story's last change, which the reader's program keeps up to date. */
export function updatedElement(ms: number, locale: Locale): SafeHtml {
  const spoken = spokenLocale(locale)
  return html`${dayElement(ms, spoken)} <time datetime="${machineTime(ms)}" data-updated data-clock>${clockTime(ms, spoken)}</time>`
}

export function zoneWords(ms: number, locale: Locale): SafeHtml {
  return phrase(locale.language, 'zone', { zone: zoneName(ms, spokenLocale(locale)) })
}

function spokenLocale({ language, timeZone }: Locale): Locale {
  return { language: wordsLanguage(language), timeZone }
}
