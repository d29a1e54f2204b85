// The reader's place on the page: where they read, where the keyboard is, and how both stay put (law 9).
// Called by apply.ts around every change of the page.
// Never decides what is shown.

const FOCUSABLE = 'a[href],button,input,select,textarea,summary,iframe,audio,video,[tabindex]'

/**
 * At the top: the list's upper edge is in view, and nothing below its first post is focused or selected. Nobody reads a
 * hidden tab, so there posts wait: what was on the screen is still there on coming back.
 */
export function isAtTop(list: HTMLElement): boolean {
  const first = list.firstElementChild
  if (!first) return true
  const { top } = list.getBoundingClientRect()
  const active = document.activeElement
  if (document.hidden || top < -1 || top >= innerHeight) return false
  if (active && active !== list && list.contains(active) && !first.contains(active)) return false
  const selection = getSelection()
  return !selection || selection.isCollapsed || !selection.containsNode(list, true)
}

/**
 * `find` gives the element that now stands for a candidate; null when it is gone. `changing`: about to be replaced.
 * `isBeside`: may stand in a column that does not scroll with the text.
 */
export type Candidate = { find: () => Element | null; changing: boolean; isBeside?: boolean }

/**
 * Nobody can see where a reader looks; it is seldom the topmost line of a screen, which is on its way out. What stands at
 * this part of the screen's height is held, and what changes above it pushes upwards, out of the way: a correction that grows
 * into view must not push down the paragraph below it (law 9).
 */
const READING_LINE = 0.4

type Hold = { find: () => Element | null | undefined; top: number; distance: number }

/** Does the work and scrolls by as much as what stood nearest to the reading line was moved by it. */
export function keepPlace(candidates: Candidate[], work: () => void): void {
  holdOffBrowser()
  const holds = scrollY > 0 ? candidates.flatMap(holdsOf).sort((a, b) => a.distance - b.distance) : []
  work()
  for (const { find, top } of holds) {
    const now = find()?.getBoundingClientRect().top
    if (now === undefined) continue
    if (Math.abs(now - top) > 0.1) scrollBy({ top: now - top, behavior: 'instant' })
    return
  }
}

/** Of an element that is about to be replaced its upper edge stays, if it is in view, and each part that says the same afterwards. */
function holdsOf({ find, changing, isBeside }: Candidate): Hold[] {
  const element = find()
  if (!element) return []
  if (!changing) return holdOf(element, find, isBeside)
  const parts = [...element.querySelectorAll('.body > *')].flatMap((part) => {
    const isSame = (other: Element) => other.tagName === part.tagName && other.textContent === part.textContent
    return holdOf(part, () => [...(find()?.querySelectorAll('.body > *') ?? [])].find(isSame))
  })
  return [...parts, ...holdOf(element, find, isBeside, true)]
}

/** `isEdge`: the upper edge alone. Nothing for what is out of view. */
function holdOf(element: Element, find: Hold['find'], isBeside = false, isEdge = false): Hold[] {
  const { top, bottom, height } = element.getBoundingClientRect()
  if (height === 0 || bottom <= 0 || top >= innerHeight || (isEdge && top < 0)) return []
  const line = innerHeight * READING_LINE
  const distance = isBeside ? innerHeight : Math.max(top - line, line - (isEdge ? top : bottom), 0)
  return [{ find, top, distance }]
}

let holds = 0

/** The browser's own scroll anchoring would move the page a second time; it rests until the change is painted. */
export function holdOffBrowser(): void {
  const { style } = document.documentElement
  const mine = ++holds
  style.overflowAnchor = 'none'
  requestAnimationFrame(() => requestAnimationFrame(() => mine === holds && (style.overflowAnchor = '')))
}

/**
 * Does `work`, which may replace or remove what is inside `root`. Focus that was inside goes to the element at the same place
 * among the focusable ones of what `after` gives, else to that itself. Opened details stay open.
 */
export function keepFocus(root: Element, work: () => void, after: () => Element | null | undefined): void {
  const active = document.activeElement
  const held = active && root.contains(active) ? active : null
  const index = held ? [...root.querySelectorAll(FOCUSABLE)].indexOf(held) : -1
  const open = [...root.querySelectorAll('details')].map((details) => details.open)
  work()
  const next = after()
  next?.querySelectorAll('details').forEach((details, nth) => {
    if (open[nth]) details.open = true
  })
  if (held && next) focusOn(next.querySelectorAll<HTMLElement>(FOCUSABLE)[index] ?? next)
}

/** Takes the keyboard there without scrolling. */
export function focusOn(element: Element): void {
  const target = element as HTMLElement
  if (!target.matches(FOCUSABLE)) target.tabIndex = -1
  target.focus({ preventScroll: true })
}
