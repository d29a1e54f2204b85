// An editor without a browser: follows the desk's plain forms as a text browser would.
// Holds a cookie; fills the hidden fields of a form from its page. Never knows an address that a page did not give.

import { setTimeout as sleep } from 'node:timers/promises'

export type Answer = { status: number; location: string; text: string }

export type DeskClient = {
  get(path: string): Promise<Answer>
  /** Sends the form of `page` whose action ends with `action`, its own fields overlaid with `fields`. */
  submit(page: string, action: string, fields: Record<string, string>): Promise<Answer>
  post(action: string, fields: Record<string, string>): Promise<Answer>
}

const REQUEST_TIMEOUT_MS = 10_000

export function createDeskClient(origin: () => string): DeskClient {
  let cookie = ''
  const send = async (path: string, init: RequestInit = {}): Promise<Answer> => {
    const headers = { accept: 'text/html', origin: origin(), cookie, ...(init.headers as Record<string, string>) }
    const url = new URL(path, origin())
    const answer = await fetch(url, {
      redirect: 'manual',
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      ...init,
      headers,
    })
    const set = answer.headers.getSetCookie().map((one) => one.split(';')[0])
    if (set.length > 0) cookie = set.join('; ')
    return { status: answer.status, location: answer.headers.get('location') ?? '', text: await answer.text() }
  }
  const post = (action: string, fields: Record<string, string>) =>
    send(action, {
      method: 'POST',
      body: new URLSearchParams(fields).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
  return {
    get: (path) => send(path),
    post,
    submit: (page, action, fields) => {
      const form = formOf(page, action)
      return post(form.action, { ...form.fields, ...fields })
    },
  }
}

/** The first form whose action ends with `action`, and the values of its fields. Throws when the page has none. */
export function formOf(page: string, action: string): { action: string; fields: Record<string, string> } {
  for (const [, attributes = '', body = ''] of page.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)) {
    const target = attribute(attributes, 'action')
    if (!target?.endsWith(action)) continue
    const fields: Record<string, string> = {}
    for (const [, input = ''] of body.matchAll(/<input\b([^>]*)>/g)) {
      const name = attribute(input, 'name')
      const type = attribute(input, 'type')
      const off = (type === 'checkbox' || type === 'radio') && !/\bchecked\b/.test(input)
      if (name && type !== 'file' && type !== 'submit' && !off) fields[name] = attribute(input, 'value') ?? ''
    }
    for (const [, area = '', text = ''] of body.matchAll(/<textarea\b([^>]*)>([\s\S]*?)<\/textarea>/g)) {
      const name = attribute(area, 'name')
      if (name) fields[name] = unescape(text.replace(/^\n/, ''))
    }
    for (const [, select = '', options = ''] of body.matchAll(/<select\b([^>]*)>([\s\S]*?)<\/select>/g)) {
      const name = attribute(select, 'name')
      const all = [...options.matchAll(/<option\b([^>]*)>/g)].map(([, option = '']) => option)
      const chosen = all.find((option) => /\bselected\b/.test(option)) ?? all[0] ?? ''
      if (name) fields[name] = attribute(chosen, 'value') ?? ''
    }
    return { action: target, fields }
  }
  throw new Error(`The page has no form for ${action}:\n${page.slice(0, 2_000)}`)
}

function attribute(text: string, name: string): string | undefined {
  const value = new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(text)?.[1]
  return value === undefined ? undefined : unescape(value)
}

function unescape(text: string): string {
  return text
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&')
}

/** Repeats until it answers truthily, for at most `ms`. Throws what the last try threw, or says what it waited for. */
export async function until<T>(what: string, ms: number, ask: () => Promise<T | null | undefined | false>): Promise<T> {
  const end = Date.now() + ms
  let last: unknown = new Error(`${what}: not within ${ms} ms`)
  while (Date.now() < end) {
    try {
      const answer = await ask()
      if (answer) return answer
    } catch (error) {
      last = error
    }
    await sleep(25)
  }
  throw last
}
