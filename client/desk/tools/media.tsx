// A photo or a clip of the text at hand: its rights, what its file said, a part cut out of it, the way to its record and out of every post.
// Called by tools.tsx.
// Never changes a post: what was cut takes the place of the whole in the fields, and goes out with the text.

import { useEffect, useState } from 'preact/hooks'
import type { CutOut } from '../composer/context.ts'
import { asRefusal } from '../server/api.ts'
import { useDesk, useShown } from '../views/use-desk.ts'
import { momentWords } from '../words.ts'
import { Crop, type Part } from './crop.tsx'
import { Dialog } from './dialog.tsx'
import { type Said, SaidLine } from './post-act.tsx'

type MediaRecord = {
  kind: 'image' | 'video' | 'audio'
  width: number
  height: number
  useUntil: number | null
  noUse: string
  blocked: boolean
  usable: boolean
  said: Record<string, string>
}

const SAID_NAMES: Record<string, string> = {
  headline: 'Headline',
  caption: 'Caption',
  byline: 'By',
  credit: 'Credit',
  source: 'Source',
  copyright: 'Copyright',
  terms: 'Terms',
  city: 'City',
  country: 'Country',
}

export function Media({ media, put }: { media: string; put(cut: CutOut): void }) {
  const { api, start, state, newId, may } = useDesk()
  const [record, setRecord] = useState<MediaRecord | null>(null)
  const [said, say] = useState<Said>(null)
  useEffect(() => {
    api
      .get<MediaRecord>(`/media/${media}`)
      .then(setRecord, (thrown) => say({ words: asRefusal(thrown).message, bad: true }))
  }, [media])
  const cut = async (part: Part) => {
    say(null)
    try {
      const path = `/stories/${start.storyId}/media/${media}/cut`
      put(await api.send<CutOut>('POST', path, part, { key: newId() }))
      state.set({ open: null, told: { words: 'The part is in the text. Nothing was sent yet.', bad: false } })
    } catch (thrown) {
      say({ words: `${asRefusal(thrown).message} The photo is as it was.`, bad: true })
    }
  }
  return (
    <Dialog title={record && record.kind !== 'image' ? 'This clip' : 'This photo'}>
      <SaidLine said={said} />
      {!record && !said && <p class="hint">Asking the server…</p>}
      {record && <Rights record={record} />}
      <p class="acts">
        <a href={`/desk/photos/${media}`} target="_blank" rel="noopener">
          Its words and rights, in a new window
        </a>
        {may('media:withdraw') && (
          <a href={`/desk/photos/${media}/withdraw?story=${start.storyId}`} target="_blank" rel="noopener">
            Withdraw it everywhere…
          </a>
        )}
      </p>
      {record?.kind === 'image' && may('media:upload') && <Crop media={media} size={record} onCut={cut} />}
      {record && <FileSaid said={record.said} />}
    </Dialog>
  )
}

function Rights({ record: { useUntil, noUse, blocked, usable } }: { record: MediaRecord }) {
  const { timeZone } = useShown((state) => state.story)
  return (
    <>
      {!usable && (
        <p class="message bad">
          {blocked ? 'It is blocked' : 'Its time is over'}: no post that shows it can be published.
        </p>
      )}
      <p class="facts">
        <span>
          {useUntil === null ? 'No end of use is known.' : `To be used until ${momentWords(useUntil, timeZone)}.`}
        </span>
        {noUse !== '' && <b dir="auto">{noUse}</b>}
      </p>
    </>
  )
}

function FileSaid({ said }: { said: Record<string, string> }) {
  const lines = Object.entries(SAID_NAMES).filter(([name]) => said[name])
  if (lines.length === 0) return null
  return (
    <section aria-labelledby="said-title">
      <h3 id="said-title">What its file says</h3>
      <dl class="signs">
        {lines.map(([name, words]) => (
          <>
            <dt>{words}</dt>
            <dd dir="auto">{said[name]}</dd>
          </>
        ))}
      </dl>
    </section>
  )
}
