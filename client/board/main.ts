// Keeps the board of stories current: asks every few seconds which rows look other than they did, and takes those from the server.
// Loaded by the page of the board, which is whole without it.
// Never moves or takes away what a hand, a finger or the keyboard is on: a button must not change under it.

const EVERY_MS = 4_000
const AWAY_MS = 15_000 // the line is gone
const TYPED_MS = 250

type Answer = { all: number; rows: [id: string, stamp: string, readers: number][] }

const list = document.querySelector<HTMLElement>('[data-board]')
const form = document.querySelector<HTMLFormElement>('form[data-find]')
const count = document.querySelector<HTMLElement>('[data-count]')
const moved = document.querySelector<HTMLElement>('[data-moved]')

let timer: ReturnType<typeof setTimeout> | undefined
let turn = 0 // of asking; an answer to an earlier one comes too late
let failed = false
let words = count?.textContent ?? ''

if (list) begin(list)

function begin(list: HTMLElement): void {
  const next = (ms: number) => {
    clearTimeout(timer)
    timer = setTimeout(() => void ask(list, false), ms)
  }
  const look = () => next(document.hidden ? 24 * 3600_000 : 0)
  document.addEventListener('visibilitychange', look)
  addEventListener('online', look)
  addEventListener('pageshow', look)
  moved?.querySelector('button')?.addEventListener('click', () => void ask(list, true))
  form?.addEventListener('submit', (event) => {
    event.preventDefault()
    find(0)
  })
  form?.addEventListener('input', () => find(TYPED_MS))
  const find = (ms: number) => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      const asked = new URLSearchParams(
        [...new FormData(form ?? undefined)].map(([name, value]) => [name, String(value)]),
      )
      for (const [name, value] of [...asked])
        if (value === '' || (name === 'sort' && value === 'last')) asked.delete(name)
      history.replaceState(null, '', asked.size === 0 ? '/desk' : `/desk?${asked}`)
      void ask(list, true)
    }, ms)
  }
  form?.querySelector('[data-show]')?.setAttribute('hidden', '') // what is typed is found by itself
  next(EVERY_MS)
}

/** `whole`: the person asked for it, so rows may move. */
async function ask(list: HTMLElement, whole: boolean): Promise<void> {
  const mine = ++turn
  clearTimeout(timer)
  let wait = EVERY_MS
  try {
    const answer = JSON.parse(await read(`/desk/board${location.search}`)) as Answer
    const changed = answer.rows.filter(([id, stamp]) => rowOf(list, id)?.dataset.stamp !== stamp).map(([id]) => id)
    const fresh = changed.length === 0 ? [] : await rowsOf(changed)
    if (mine !== turn) return
    show(list, answer, fresh, whole)
    failed = false
  } catch (error) {
    if (mine !== turn) return
    failed = true
    wait = AWAY_MS
    say(error instanceof SignedOut ? 'You are signed out. Load the page again.' : words)
  }
  if (!document.hidden) timer = setTimeout(() => void ask(list, false), wait)
}

class SignedOut extends Error {}

async function read(path: string): Promise<string> {
  const answer = await fetch(path, { headers: { accept: 'application/json' }, signal: AbortSignal.timeout(10_000) })
  if (answer.status === 401) throw new SignedOut()
  if (!answer.ok) throw new Error(String(answer.status))
  return answer.text()
}

async function rowsOf(ids: readonly string[]): Promise<HTMLElement[]> {
  const query = new URLSearchParams(location.search)
  query.set('ids', ids.join())
  const page = new DOMParser().parseFromString(`<ul>${await read(`/desk/board/rows?${query}`)}</ul>`, 'text/html')
  return [...page.querySelectorAll<HTMLElement>('li[data-story]')]
}

function show(list: HTMLElement, { all, rows }: Answer, fresh: readonly HTMLElement[], whole: boolean): void {
  const held = !whole && isHeld(list)
  for (const row of fresh) {
    const old = rowOf(list, row.dataset.story ?? '')
    if (!old) continue
    if (isEngaged(old)) takeFacts(old, row)
    else old.replaceWith(row)
  }
  const wanted = rows.map(([id]) => id)
  const same = wanted.join() === [...list.children].map((row) => (row as HTMLElement).dataset.story).join()
  if (!same && !held) put(list, wanted, fresh)
  if (moved) moved.hidden = same || !held
  for (const [id, , readers] of rows) {
    const place = rowOf(list, id)?.querySelector('[data-readers]')
    const said = readers === 0 ? '' : readers === 1 ? '1 reader now' : `${readers} readers now`
    if (place && place.textContent !== said) place.textContent = said
  }
  words = rows.length === all ? '' : rows.length === 0 ? 'No story is like that.' : `${rows.length} of ${all} stories`
  say(words)
}

function put(list: HTMLElement, wanted: readonly string[], fresh: readonly HTMLElement[]): void {
  const rows = wanted.flatMap((id) => rowOf(list, id) ?? fresh.find((row) => row.dataset.story === id) ?? [])
  for (const old of [...list.children]) if (!rows.includes(old as HTMLElement)) old.remove()
  for (const [at, row] of rows.entries())
    if (list.children[at] !== row) list.insertBefore(row, list.children[at] ?? null)
}

/** The acts stay as they are until the person has left them; what holds now is told above them. */
function takeFacts(old: HTMLElement, row: HTMLElement): void {
  for (const part of ['.row-title', '.facts']) {
    const [before, after] = [old.querySelector(part), row.querySelector(part)]
    if (before && after && before.innerHTML !== after.innerHTML) before.innerHTML = after.innerHTML
  }
}

function isEngaged(row: HTMLElement): boolean {
  return row.matches(':focus-within') || row.querySelector('details[open]') !== null || isHeld(row)
}

function isHeld(element: HTMLElement): boolean {
  if (element.matches(':focus-within')) return true
  return matchMedia('(hover: hover)').matches && element.matches(':hover')
}

function rowOf(list: HTMLElement, id: string): HTMLElement | null {
  return [...list.children].find((row) => (row as HTMLElement).dataset.story === id) as HTMLElement | null
}

function say(text: string): void {
  if (!count) return
  const time = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' }).format(new Date())
  const said = failed && text === words ? `No connection since about ${time}: what is shown may be old.` : text
  if (failed && count.textContent?.startsWith('No connection') && said.startsWith('No connection')) return
  if (count.textContent !== said) count.textContent = said
}
