// Headings of days in a list of posts, when the posts lie on more than one day of the story's zone.
// Called by pages/story-page.ts. client/reader/days.ts keeps them right while posts come and go; both go by the same rule.
// Never part of a post's fragment, which is the same wherever it stands (law 5).

import type { PublicItem, PublicStory } from '../domain/view.ts'
import { html, type SafeHtml } from '../kit/html.ts'
import { isSameDay, weekdayTime } from '../kit/time.ts'

/** For each item, in the order shown, the heading that stands above it, or null. */
export function dayHeadings(items: readonly PublicItem[], story: PublicStory): (SafeHtml | null)[] {
  const starts = startsOfDays(items, story)
  return items.map((_, at) => {
    const day = starts.size > 1 ? starts.get(at) : undefined
    return day === undefined ? null : html`<h2 class="date">${weekdayTime(day, story)}</h2>`
  })
}

/**
 * Where a day begins → a time in it. The first stands above everything. What is left of a withdrawn post tells when it was
 * withdrawn, not when it stood here: it begins no day.
 */
function startsOfDays(items: readonly PublicItem[], story: PublicStory): Map<number, number> {
  const starts = new Map<number, number>()
  let before: number | null = null
  for (const [at, item] of items.entries()) {
    if (item.kind !== 'post') continue
    const { publishedAt } = item.post
    if (before === null || !isSameDay(before, publishedAt, story)) starts.set(before === null ? 0 : at, publishedAt)
    before = publishedAt
  }
  return starts
}
