// Times as the reader lives them: how long ago while young, and their own zone on hover or focus.
// Called by main.ts for the page and for every part put in later.
// Never touches the absolute time that the server wrote in the story's zone.

const YOUNG_MS = 60 * 60_000
export const REFRESH_MS = 30_000

/** `words`: the language of the words around a clock, which may have no table in the story's. `zone`: IANA; absent = the reader's own. */
export type TimesOptions = {
  now(): number
  language: string | undefined
  words: string | undefined
  zone: string | undefined
}

export type Times = {
  /** Writes how long ago into every young time of this part. */
  refresh(root: ParentNode): void
  /** A new time, ms UTC, into an element, and its day into the one before it: as src/pages/times.ts writes them. */
  setClock(element: Element, ms: number): void
  clock(ms: number): string
  isSameDay(a: number, b: number): boolean
  /** "Monday, 2 March" */
  weekday(ms: number): string
  /** The reader's own zone, as a title, on what is hovered or focused. */
  watch(root: HTMLElement): void
}

export function createTimes(options: TimesOptions): Times {
  const { now, language, words, zone } = options
  const ago = agoFormat(language)
  const agoInWords = agoFormat(words)
  const clockFormat = formatOr(zone, (timeZone) => {
    return new Intl.DateTimeFormat(words, { hour: '2-digit', minute: '2-digit', timeZone })
  })
  const dayFormat = formatOr(zone, (timeZone) => {
    return new Intl.DateTimeFormat(words, { day: 'numeric', month: 'short', timeZone })
  })
  const weekdayFormat = formatOr(zone, (timeZone) => {
    return new Intl.DateTimeFormat(language, { weekday: 'long', day: 'numeric', month: 'long', timeZone })
  })
  const own = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'long' })

  const refreshOne = (time: HTMLTimeElement): void => {
    const text = agoText('updated' in time.dataset ? agoInWords : ago, now() - Date.parse(time.dateTime))
    let mark = time.querySelector('.ago')
    if (!mark && text) {
      time.append(' ')
      mark = time.appendChild(document.createElement('span'))
      mark.className = 'ago'
    }
    if (mark && mark.textContent !== text) mark.textContent = text
  }

  const refresh = (root: ParentNode): void => {
    for (const time of root.querySelectorAll<HTMLTimeElement>('time[data-clock],time[data-updated]')) refreshOne(time)
  }

  return {
    refresh,
    clock: (ms) => clockFormat.format(ms),
    weekday: (ms) => weekdayFormat.format(ms),
    isSameDay: (a, b) => dayFormat.format(a || 0) === dayFormat.format(b || 0),
    setClock(element, ms) {
      const time = element as HTMLTimeElement
      time.dateTime = new Date(ms).toISOString()
      time.textContent = clockFormat.format(ms)
      const day = time.previousElementSibling
      if (day?.matches('.day')) day.textContent = dayFormat.format(ms)
      refreshOne(time)
    },
    watch(root) {
      const name = (event: Event): void => {
        const at = event.target as Element
        const time = at.closest('time') ?? (event.type === 'focusin' ? at.querySelector('a > time') : null)
        if (time?.dateTime) time.title = own.format(Date.parse(time.dateTime))
      }
      root.addEventListener('pointerover', name)
      root.addEventListener('focusin', name)
    },
  }
}

/** The narrow style is a bare "-1 min" in some languages; in Hebrew only the long one reads as a sentence. */
export function agoFormat(language: string | undefined): Intl.RelativeTimeFormat {
  return new Intl.RelativeTimeFormat(language, {
    numeric: 'auto',
    style: language?.startsWith('he') ? 'long' : 'short',
  })
}

/** Empty when it is not young any more, or lies ahead by more than clocks differ. */
export function agoText(format: Intl.RelativeTimeFormat, ageMs: number): string {
  if (!(ageMs > -60_000 && ageMs < YOUNG_MS)) return ''
  const minutes = Math.max(0, Math.floor(ageMs / 60_000))
  const text = minutes === 0 ? format.format(0, 'second') : format.format(-minutes, 'minute')
  return text.replace(/ \(1\)/, '') // Hebrew says "a minute ago (1)"
}

/** A zone that this browser does not know gives the reader's own. */
function formatOr<T>(zone: string | undefined, make: (zone: string | undefined) => T): T {
  try {
    return make(zone)
  } catch {
    return make(undefined)
  }
}
