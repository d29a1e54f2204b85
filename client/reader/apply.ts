// The screen: carries out what fold.ts decided, in the page the server rendered.
// Called by main.ts.
// Never moves what is being read (law 9); never shows HTML that is not our own server's; never shows a text that was taken back.

import type { Region, WireChange } from '../../src/domain/wire.ts'
import { type DayWords, headDays, isOneDay } from './days.ts'
import type { Op } from './fold.ts'
import { type Candidate, focusOn, holdOffBrowser, isAtTop, keepFocus, keepPlace } from './place.ts'

type Upsert = Extract<Op, { op: 'upsert' }>

export type Screen = {
  apply(ops: readonly Op[]): void
  /** Brings in what waits behind the pill and goes to the first of it. */
  showWaiting(): void
}

/**
 * `painted` is told of every part that was put in; `setClock` writes a time, ms UTC, into a time element; `countText` is a
 * number in the story's language.
 */
export type ScreenHooks = DayWords & {
  painted(root: Element): void
  setClock(element: Element, ms: number): void
  countText(count: number): string
}

export function createScreen(main: HTMLElement, hooks: ScreenHooks): Screen {
  return new PageScreen(main, hooks)
}

class PageScreen implements Screen {
  private readonly main: HTMLElement
  private readonly hooks: ScreenHooks
  private readonly list: HTMLElement | null
  private readonly pill: HTMLButtonElement | null
  private readonly oldestFirst: boolean
  private readonly waiting = new Map<string, Upsert>()
  private readonly regions = new Map<string, string>()

  constructor(main: HTMLElement, hooks: ScreenHooks) {
    this.main = main
    this.hooks = hooks
    this.list = main.querySelector<HTMLElement>('[data-posts]')
    this.pill = document.querySelector<HTMLButtonElement>('[data-pill]')
    this.oldestFirst = main.dataset.order === 'oldest'
    this.pill?.addEventListener('click', () => this.showWaiting())
  }

  apply(ops: readonly Op[]): void {
    this.main.querySelector('script')?.remove() // data of the page as it was sent: it may hold what is taken back now
    const atTop = this.list !== null && (this.oldestFirst || isAtTop(this.list))
    keepPlace(this.candidates(ops), () => {
      for (const op of ops) this.carryOut(op)
      if (this.oldestFirst) this.insertWaiting()
      this.headDays()
    })
    // Outside of keepPlace: to a reader at the top the new ones are what moves in.
    if (atTop && !this.oldestFirst && ops.some((op) => op.op === 'upsert' && this.waiting.has(op.id)))
      this.insertWaiting()
    this.showPill()
  }

  showWaiting(): void {
    holdOffBrowser()
    const [first] = this.insertWaiting()
    this.showPill()
    if (!first) return
    first.scrollIntoView()
    focusOn(first)
  }

  private carryOut(op: Op): void {
    if (op.op === 'upsert') this.upsert(op)
    else if (op.op === 'remove') this.remove(op.id)
    else if (op.op === 'story') this.showStory(op.story)
    else if (op.op === 'elsewhere') this.main.querySelector('[data-later]')?.removeAttribute('hidden')
    else for (const [name, html] of Object.entries(op.regions)) this.fillRegion(name as Region, html)
  }

  private upsert(op: Upsert): void {
    const old = this.find(op.id)
    if (!old) {
      this.waiting.set(op.id, op)
      return
    }
    const fresh = parse(op.html)
    if (!fresh) return
    if (isTrace(fresh)) this.removeCopies(op.id)
    const sameKey = Number(old.dataset.key) === op.orderKey
    keepFocus(
      old,
      () => {
        if (sameKey) old.replaceWith(fresh)
        else {
          old.remove()
          this.place(fresh, op.orderKey)
        }
      },
      () => fresh,
    )
    this.hooks.painted(fresh)
  }

  private remove(id: string): void {
    this.waiting.delete(id)
    this.removeCopies(id)
    const old = this.find(id)
    if (!old) return
    const posts = this.children()
    const at = posts.indexOf(old)
    const next = posts[at + 1] ?? posts[at - 1]
    keepFocus(
      old,
      () => old.remove(),
      () => next,
    )
  }

  /** The regions that show a withdrawn post come with the same entry; this holds even if one did not. */
  private removeCopies(id: string): void {
    for (const copy of this.main.querySelectorAll<HTMLElement>('[data-post]')) {
      if (copy.dataset.post === id && copy.parentElement !== this.list) copy.remove()
    }
  }

  private fillRegion(name: Region, html: string): void {
    const region = this.main.querySelector(`[data-region="${name}"]`)
    if (!region || this.regions.get(name) === html) return
    this.regions.set(name, html)
    keepFocus(
      region,
      () => region.replaceChildren(fragment(html)),
      () => region,
    )
    this.hooks.painted(region)
  }

  private showStory(story: WireChange['story']): void {
    for (const line of this.main.querySelectorAll<HTMLElement>('[data-state]')) line.dataset.state = story.state
    for (const count of this.main.querySelectorAll('[data-count]')) count.textContent = story.count
    for (const part of this.main.querySelectorAll<HTMLElement>('.state > :is(.zone,:has([data-updated]))'))
      part.hidden = story.updatedAt === null
    if (story.updatedAt === null) return
    for (const time of this.main.querySelectorAll('[data-updated]')) this.hooks.setClock(time, story.updatedAt)
  }

  /** What was put in, in the order of the page. */
  private insertWaiting(): Element[] {
    const placed: Element[] = []
    for (const op of this.waiting.values()) {
      const post = parse(op.html)
      if (!post) continue
      this.place(post, op.orderKey)
      this.hooks.painted(post)
      placed.push(post)
    }
    this.waiting.clear()
    this.headDays()
    return placed.sort((a, b) => (a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1))
  }

  private place(post: Element, orderKey: number): void {
    const isAfter = (other: HTMLElement) =>
      this.oldestFirst ? Number(other.dataset.key) > orderKey : Number(other.dataset.key) < orderKey
    this.list?.insertBefore(post, this.children().find(isAfter) ?? null)
  }

  /** Grey lines wait too, so that nothing moves, but are no news to be told of. */
  private showPill(): void {
    if (!this.pill) return
    let count = 0
    for (const op of this.waiting.values()) if (!isTrace(parse(op.html))) count++
    const { one = '', many = '' } = this.pill.dataset
    const text = count === 1 ? one : many.replace('{n}', this.hooks.countText(count))
    // It stands in a live region: its words before it is shown, so that they are told once.
    if (count > 0 && this.pill.textContent !== text) this.pill.textContent = text
    this.pill.hidden = count === 0
  }

  /** Posts before regions, so that of two as near a post is held. */
  private candidates(ops: readonly Op[]): Candidate[] {
    const changing = new Set<string | undefined>(ops.flatMap((op) => ('id' in op ? op.id : [])))
    const keys = new Map(ops.flatMap((op) => (op.op === 'upsert' ? [[op.id, op.orderKey]] : [])))
    const replaced = ops.some((op) => op.op === 'regions')
    const posts = this.children().map((child) => {
      const id = child.dataset.post ?? ''
      const moving = keys.has(id) && keys.get(id) !== Number(child.dataset.key)
      return { find: () => (child.isConnected ? child : this.find(id)), changing: changing.has(id), moving }
    })
    const regions = [...this.main.querySelectorAll<HTMLElement>('[data-region]')].map((region) => ({
      find: () => region,
      changing: replaced,
      isBeside: region.dataset.region === 'key-events',
    }))
    return [...posts, ...regions]
  }

  private headDays(): void {
    const { list, hooks, main } = this
    if (list) headDays(list, hooks)
    if (main.dataset.days) main.dataset.days = isOneDay(main, hooks) ? 'one' : 'many'
  }

  private find(id: string): HTMLElement | null {
    return this.children().find((child) => child.dataset.post === id) ?? null
  }

  private children(): HTMLElement[] {
    return [...(this.list?.querySelectorAll<HTMLElement>('[data-post]') ?? [])]
  }
}

/** A template runs no script and loads no image until it is put in. */
function fragment(html: string): DocumentFragment {
  const template = document.createElement('template')
  template.innerHTML = html
  return template.content
}

function parse(html: string): Element | null {
  return fragment(html).firstElementChild
}

function isTrace(post: Element | null): boolean {
  return post?.classList.contains('trace') ?? false
}
