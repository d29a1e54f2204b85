// Days in the list of posts: their headings by the rule of src/pages/day.ts, and whether times need their date beside them by
// that of src/pages/story-page.ts, for posts that came, moved or went.
// Called by apply.ts after each change of the list.
// Never looks into a post further than its own time.

export type DayWords = { isSameDay(a: number, b: number): boolean; weekday(ms: number): string }

/** Whether all posts and the last update lie on the story's first day, which the state line tells once it has started. */
export function isOneDay(main: HTMLElement, { isSameDay }: DayWords): boolean {
  const start = main.querySelector<HTMLElement>('[data-start]')?.dataset.start
  const parts = [...main.querySelectorAll('[data-posts] > [data-post],.state:has([data-updated])')]
  return start !== undefined && parts.every((part) => isSameDay(Number(start), timeOf(part)))
}

/** Of its first time element. */
function timeOf(part: Element): number {
  return Date.parse(part.querySelector('time')?.dateTime ?? '')
}

/** Headings that are there already stay, so that nothing is painted anew. */
export function headDays(list: HTMLElement, { isSameDay, weekday }: DayWords): void {
  const starts: [Element, number][] = []
  let before: number | null = null
  for (const post of list.querySelectorAll<HTMLElement>('[data-post]:not(.trace)')) {
    const at = timeOf(post)
    // The first one stands above everything, a withdrawn post's line too.
    if (before === null || !isSameDay(before, at))
      starts.push([(before === null && list.querySelector('[data-post]')) || post, at])
    before = at
  }
  if (starts.length < 2) starts.length = 0
  const kept = new Set<Element>()
  for (const [post, at] of starts) {
    let heading = post.previousElementSibling
    if (!heading?.matches('.date')) {
      heading = document.createElement('h2')
      heading.className = 'date'
      post.before(heading)
    }
    kept.add(heading)
    const text = weekday(at)
    if (heading.textContent !== text) heading.textContent = text
  }
  for (const heading of list.querySelectorAll('.date')) if (!kept.has(heading)) heading.remove()
}
