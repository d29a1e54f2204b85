// A page with nothing but the composer: what it gives out stands on `window`, its files go to the server of the helper.
// Built by composer-server.ts for journeys and hand runs.
// Never part of the desk's program.

import { render } from 'preact'
import { useState } from 'preact/hooks'
import { Composer, type ComposerHandle } from '../../client/desk/composer/composer.tsx'
import { type SendFile, Uploads } from '../../client/desk/composer/uploads.ts'
import { type PostContent, parseContent } from '../../src/domain/content.ts'

type Harness = {
  content: PostContent
  problems: readonly string[]
  changes: number
  violations: string[]
  handle: { current: ComposerHandle | null }
  load(content: PostContent): void
}

const query = new URLSearchParams(location.search)
const direction = query.get('dir') === 'rtl' ? 'rtl' : 'ltr'
const state: Harness = {
  content: parseContent({ headline: '', blocks: [] }),
  problems: [],
  changes: 0,
  violations: [],
  handle: { current: null },
  load: () => undefined,
}
Object.assign(window, { harness: state })
document.addEventListener('securitypolicyviolation', (event) => {
  state.violations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`)
})

const send: SendFile = (file, onProgress) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', `/upload?name=${encodeURIComponent(file.name)}`)
    request.upload.onprogress = (event) => onProgress(event.loaded / event.total)
    request.onload = () =>
      request.status === 200 ? resolve(JSON.parse(request.responseText)) : reject(new Error(request.responseText))
    request.onerror = () => reject(new Error('The server cannot be reached.'))
    request.send(file)
  })

let count = 0
const newKey = () => `waiting${String((count += 1)).padStart(13, '0')}`
const uploads = new Uploads({ send, newKey })

function Page() {
  const [value, setValue] = useState(state.content)
  state.load = setValue
  const onChange = (content: PostContent, problems: readonly string[]) => {
    Object.assign(state, { content, problems, changes: state.changes + 1 })
    setValue(content)
  }
  return (
    <main>
      <h1>Story</h1>
      <h2>New post</h2>
      <Composer
        {...{ value, onChange, uploads, direction }}
        maxClipMb={1}
        handle={state.handle}
        language={direction === 'rtl' ? 'ar' : 'en'}
        pictureOf={(id) => `/picture/${id}`}
        autofocus
      />
      <button type="button">After</button>
    </main>
  )
}

const place = document.querySelector('#place')
if (place) render(<Page />, place)
