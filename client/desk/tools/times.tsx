// When an unpublished post goes out by itself, and until when nobody may let it out: set, changed, taken away.
// Called by tools.tsx.
// Never lets a post out earlier than was promised by one press.

import { useState } from 'preact/hooks'
import { wallTimeAt } from '../../../src/kit/zoned-time.ts'
import type { DeskPost } from '../types.ts'
import { type Moment, momentFrom, soon, When } from '../views/schedule.tsx'
import { useDesk, useShown } from '../views/use-desk.ts'
import { momentWords } from '../words.ts'
import { isUnpublished } from './discard.tsx'
import { SaidLine, usePostAct } from './post-act.tsx'
import { PostDialog } from './post-tool.tsx'
import { typedIn } from './unsent.ts'

type Wanted = { until: number; zone: string } | null

export function Schedule({ postId }: { postId: string }) {
  return (
    <PostDialog postId={postId} title="When it goes out" fits={isUnpublished}>
      {(post) => <Release post={post} />}
    </PostDialog>
  )
}

export function Embargo({ postId }: { postId: string }) {
  return (
    <PostDialog postId={postId} title="Embargo" fits={isUnpublished}>
      {(post) => <Until post={post} />}
    </PostDialog>
  )
}

function Release({ post }: { post: DeskPost }) {
  const desk = useDesk()
  const { timeZone } = useShown((state) => state.story)
  const { said, say, send } = usePostAct(post)
  const [moment, setMoment] = useMoment(post.release && { until: post.release.at, zone: post.release.zone })
  const set = () => {
    const { at, wrong } = momentFrom(moment, desk.now())
    if (wrong !== null) return say({ words: `${wrong} Nothing was changed.`, bad: true })
    const release = { at, zone: moment.zone }
    const done = `It goes out by itself ${momentWords(at, timeZone)} (${timeZone}).`
    void send('PUT', '/schedule', { revision: post.revision, release }, done)
  }
  const takeAway = () =>
    send('PUT', '/schedule', { revision: post.revision, release: null }, 'It is a draft again and does not go out.')
  return (
    <>
      {typedIn(desk, post) && (
        <p class="message">What was typed in it here is not saved: the text goes out as it was last saved.</p>
      )}
      {post.release && (
        <p>
          It goes out {momentWords(post.release.at, timeZone)} ({timeZone}).
        </p>
      )}
      <SaidLine said={said} />
      <When moment={moment} onChange={setMoment} />
      <div class="acts">
        <button type="button" class="main" onClick={set}>
          {post.release ? 'Change the time' : 'Schedule it'}
        </button>
        {post.release && (
          <button type="button" onClick={() => void takeAway()}>
            Take the time away
          </button>
        )}
      </div>
    </>
  )
}

function Until({ post }: { post: DeskPost }) {
  const desk = useDesk()
  const { timeZone } = useShown((state) => state.story)
  const { said, say, send } = usePostAct(post)
  const { embargo } = post
  const [moment, setMoment] = useMoment(embargo)
  // Asked a second time before it is done.
  const [asks, setAsks] = useState<{ wanted: Wanted } | null>(null)
  const holds = embargo !== null && embargo.until > desk.now()
  const mayBreak = !holds || desk.may('post:break-embargo', post.createdBy.id)
  const want = (wanted: Wanted, sure = false) => {
    const breaks = embargo !== null && holds && (wanted?.until ?? 0) < embargo.until
    if (breaks && !sure) {
      say(null)
      return setAsks({ wanted })
    }
    setAsks(null)
    const body = { embargo: wanted, ...(breaks ? { breakEmbargo: true } : {}) }
    const done = wanted
      ? `Under embargo until ${momentWords(wanted.until, timeZone)} (${timeZone}).`
      : 'The embargo is lifted.'
    void send('PUT', '/embargo', body, done)
  }
  const set = () => {
    const { at, wrong } = momentFrom(moment, desk.now())
    if (wrong !== null) return say({ words: `${wrong} Nothing was changed.`, bad: true })
    want({ until: at, zone: moment.zone })
  }
  return (
    <>
      <p class="hint">
        Until then nobody publishes it by one press. To let it out at that time, schedule it as well.
        {!mayBreak && ' Only editors shorten or lift this one; it can be made longer.'}
      </p>
      {embargo && (
        <p>
          It is under embargo until {momentWords(embargo.until, timeZone)} ({timeZone}).
        </p>
      )}
      <SaidLine said={said} />
      {asks ? (
        <Sure wanted={asks.wanted} onYes={() => want(asks.wanted, true)} onNo={() => setAsks(null)} />
      ) : (
        <>
          <When moment={moment} onChange={setMoment} />
          <div class="acts">
            <button type="button" class="main" onClick={set}>
              {embargo ? 'Change the embargo' : 'Set the embargo'}
            </button>
            {embargo && mayBreak && (
              <button type="button" onClick={() => want(null)}>
                Lift it{holds ? '…' : ''}
              </button>
            )}
          </div>
        </>
      )}
    </>
  )
}

function Sure({ wanted, onYes, onNo }: { wanted: Wanted; onYes(): void; onNo(): void }) {
  return (
    <div class="message bad" role="alert">
      <p>It could then be read earlier than was promised. Nothing was changed yet.</p>
      <div class="acts">
        <button type="button" class="danger" onClick={onYes}>
          {wanted ? 'Yes, shorten the embargo' : 'Yes, lift the embargo'}
        </button>
        <button type="button" class="quiet" ref={(button) => button?.focus()} onClick={onNo}>
          Leave it
        </button>
      </div>
    </div>
  )
}

function useMoment(given: Wanted): [Moment, (moment: Moment) => void] {
  const { now } = useDesk()
  const { timeZone } = useShown((state) => state.story)
  return useState<Moment>(() =>
    given ? { ...wallTimeAt(given.until, given.zone), zone: given.zone } : soon(now(), timeZone),
  )
}
