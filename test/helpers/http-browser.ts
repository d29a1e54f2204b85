// A browser without a screen over real HTTP: keeps cookies per host, follows redirects where it is told to, sends forms.
// Called by the tests of single sign-on.
// Never sends a cookie to a host (with its port) that did not set it.

export type Page = { status: number; url: string; body: string; location: string | null; headers: Headers }

export type HttpBrowser = ReturnType<typeof openHttpBrowser>

const MAX_STEPS = 20

export function openHttpBrowser() {
  const jars = new Map<string, Map<string, string>>()
  const jarOf = (url: string) => {
    const { host } = new URL(url)
    const jar = jars.get(host) ?? new Map<string, string>()
    jars.set(host, jar)
    return jar
  }
  const send = async (url: string, form?: Record<string, string>): Promise<Page> => {
    const jar = jarOf(url)
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(url, {
      method: form ? 'POST' : 'GET',
      redirect: 'manual',
      headers: {
        accept: 'text/html',
        connection: 'close', // servers of the tests stop and start at one address
        ...(cookie ? { cookie } : {}),
        ...(form ? { origin: new URL(url).origin, 'content-type': 'application/x-www-form-urlencoded' } : {}),
      },
      ...(form ? { body: new URLSearchParams(form).toString() } : {}),
    })
    for (const set of answer.headers.getSetCookie()) {
      const [pair = '', ...rest] = set.split(';')
      const [name = '', value = ''] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]
      const gone = value === '' || rest.some((one) => /max-age=0|expires=Thu, 01 Jan 1970/i.test(one))
      if (gone) jar.delete(name)
      else jar.set(name, value)
    }
    const location = answer.headers.get('location')
    return {
      status: answer.status,
      url,
      body: await answer.text(),
      location: location && new URL(location, url).href,
      headers: answer.headers,
    }
  }
  return {
    send,
    cookies: (url: string) => jarOf(url),
    /** Goes from redirect to redirect until a page comes, or until one leads to where `stop` says. */
    follow: async (page: Page, stop: (url: string) => boolean = () => false): Promise<Page> => {
      let at = page
      for (let step = 0; at.location !== null && !stop(at.location); step++) {
        if (step > MAX_STEPS) throw new Error(`from one redirect to the next: ${at.location}`)
        at = await send(at.location)
      }
      return at
    },
  }
}
