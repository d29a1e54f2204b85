// What readers see of a post, now and with the text at hand, at the width of a phone and of a desk: the server's own page, in a frame without scripts.
// Called by tools.tsx.
// Never turns a string into markup: the browser reads the answer as a document, and its nodes are moved into the frame.

import { useEffect, useRef, useState } from 'preact/hooks'
import { type Api, asRefusal, Refusal } from '../server/api.ts'
import { textOfPost } from '../text.ts'
import type { WrittenText } from '../types.ts'
import { useDesk, useShown } from '../views/use-desk.ts'
import { Dialog } from './dialog.tsx'

const ASK_MS = 15_000

type Side = { name: string; page: Document | null; said: string | null }

export function Preview({ postId }: { postId: string }) {
  const { api, start, state, now } = useDesk()
  const [wide, setWide] = useState(false)
  const [sides, setSides] = useState<readonly Side[] | null>(null)
  useEffect(() => {
    const { text, posts } = state.get()
    const post = posts.find(({ id }) => id === postId)
    const given = text.postId === postId ? text : post ? textOfPost(post, now()) : null
    const url = `/desk/stories/${start.storyId}/posts/${postId}/preview`
    const written = given && (post?.state !== 'published' || given === text) ? given : null
    void Promise.all([
      ...(post?.state === 'published' ? [sideOf('Readers see now', ask(api, url, null))] : []),
      ...(written
        ? [sideOf(post?.state === 'published' ? 'With your text' : 'Once it is published', ask(api, url, written))]
        : []),
    ]).then(setSides)
  }, [postId])
  return (
    <Dialog title="What readers see">
      <div class="filter" role="group" aria-label="Width">
        <button type="button" aria-pressed={!wide} onClick={() => setWide(false)}>
          Phone, 390
        </button>
        <button type="button" aria-pressed={wide} onClick={() => setWide(true)}>
          Desktop, 1100
        </button>
      </div>
      {sides === null ? (
        <p role="status" class="hint">
          Asking the server…
        </p>
      ) : (
        <div class={wide ? 'previews wide' : 'previews'}>
          {sides.map(({ name, page, said }) => (
            <section key={name} aria-label={name}>
              <h3>{name}</h3>
              {said && (
                <p class="message bad" role="alert">
                  {said}
                </p>
              )}
              {page && <Frame name={name} page={page} />}
            </section>
          ))}
          {sides.length === 0 && <p class="empty">There is nothing to show of this post.</p>}
        </div>
      )}
    </Dialog>
  )
}

function Frame({ name, page }: { name: string; page: Document }) {
  const frame = useRef<HTMLIFrameElement>(null)
  const { direction } = useShown((state) => state.story)
  const fill = () => {
    const inside = frame.current?.contentDocument
    if (!inside) return
    const root = inside.importNode(page.documentElement, true)
    inside.replaceChild(root, inside.documentElement)
    // Nothing leads anywhere from here.
    inside.onclick = (event) => event.preventDefault()
  }
  useEffect(fill, [page])
  // Some browsers make the empty page of a frame anew once it has loaded.
  return <iframe ref={frame} title={name} sandbox="allow-same-origin" dir={direction} onLoad={fill} />
}

async function sideOf(name: string, asked: Promise<Document>): Promise<Side> {
  try {
    return { name, page: await asked, said: null }
  } catch (thrown) {
    return { name, page: null, said: asRefusal(thrown).message }
  }
}

/** `text` null: what readers have. Throws Refusal. */
async function ask(api: Api, url: string, text: WrittenText | null): Promise<Document> {
  const { csrf } = await api.get<{ csrf: string | null }>('/me')
  const form = new FormData()
  form.set('csrf', csrf ?? '')
  if (text) {
    form.set('content', JSON.stringify(text.content))
    if (text.keyEvent) form.set('keyEvent', JSON.stringify(text.keyEvent))
    form.set('note', text.note)
  }
  return sendForm(url, form)
}

/** The older way to ask: it alone reads an answer as a document. */
function sendForm(url: string, form: FormData): Promise<Document> {
  return new Promise((resolve, reject) => {
    const asked = new XMLHttpRequest()
    asked.open('POST', url)
    asked.responseType = 'document'
    asked.timeout = ASK_MS
    asked.onload = () => {
      const page = asked.response as Document | null
      if (asked.status === 200 && page) return resolve(page)
      const said = page?.querySelector('.message')?.textContent?.trim()
      reject(new Refusal(asked.status >= 500 ? 'away' : 'no', said || `The server answered ${asked.status}.`))
    }
    asked.onerror = () => reject(new Refusal('away', 'The server did not answer.'))
    asked.ontimeout = asked.onerror
    asked.send(form)
  })
}
