// The reader's place on the page: where they read, where the keyboard is, and how both stay put (law 9).
// Called by apply.ts around every change of the page.
// Never decides what is shown.

const FOCUSABLE = 'a[href],button,input,select,textarea,summary,iframe,audio,video,[tabindex]'

/**
 * At the top: the list's upper edge is in view, and nothing below its first post is focused or selected. Nobody reads a
 * hidden tab, so there posts wait: what was on the screen is still there on coming back.
 */
export function isAtTop(list: HTMLElement): boolean {
  const first = list.querySelector('[data-post]')
  if (!first) return true
  const { top } = list.getBoundingClientRect()
  const active = document.activeElement
  if (document.hidden || top < -1 || top >= innerHeight) return false
  if (active && active !== list && list.contains(active) && !first.contains(active)) return false
  const selection = getSelection()
  return !selection || selection.isCollapsed || !selection.containsNode(list, true)
}

/**
 * `find` gives the element that now stands for a candidate; null when it is gone. `changing`: about to be replaced. `moving`:
 * about to stand elsewhere, so it is followed only when nothing else is in view.
 */
export type Candidate = { find: () => Element | null; changing: boolean; moving?: boolean }

/** Does the work and scrolls by as much as the first candidate still in view was moved by it. */
export function keepPlace(candidates: Candidate[], work: () => void): void {
  holdOffBrowser()
  const seen: { find: Candidate['find']; top: number }[] = []
  const last: typeof seen = []
  for (const { find, changing, moving } of scrollY > 0 ? candidates : []) {
    const box = find()?.getBoundingClientRect()
    if (!box || box.height === 0 || box.bottom <= 0 || box.top >= innerHeight) continue
    // Of a changing element that begins above the view only its end may stand still: hold on to what follows it.
    const into = moving || (changing && box.top < 0) ? last : seen
    into.push({ find, top: box.top })
  }
  work()
  for (const { find, top } of [...seen, ...last]) {
    const now = find()?.getBoundingClientRect().top
    if (now === undefined) continue
    if (Math.abs(now - top) > 0.1) scrollBy({ top: now - top, behavior: 'instant' })
    return
  }
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
