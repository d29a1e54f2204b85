// A part that is held as a card: a picture with its fields, a clip, an embed; figures stand still.
// Called by views.tsx. What is typed goes into the block at once.
// Never changes a part it has no field for, and never asks another server for anything.

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { type Block, MAX_CAPTION, MAX_HEADLINE, MAX_SHORT } from '../../../src/domain/content.ts'
import type { ComposerContext } from './context.ts'
import { Field, type FieldLeave, onFieldKey } from './fields.tsx'
import { fill } from './labels.ts'
import type { Upload } from './uploads.ts'

const PREVIEW = 320 // pixels, the longer side of a picture that is still on its way

export type CardActs = {
  change(patch: Record<string, string>): void
  move(step: -1 | 1): void
  remove(): void
  asLink(): void
  asGallery(): void
  media(): void
  leave: FieldLeave
}
type CardProps = {
  block: Block
  context: ComposerContext
  acts: CardActs
  name: string
  /** Photos that stand together with this one, which is the first of them; 0 = none. */
  together: number
}

export function HeldCard({ block, context, acts, name, together }: CardProps) {
  const { labels } = context
  return (
    <div class="composer-card-in">
      <div class="composer-card-head">
        <span class="composer-kind">{name}</span>
        {together > 1 && (
          <button type="button" data-act="gallery" onClick={acts.asGallery}>
            {fill(labels.makeGallery, { count: together })}
          </button>
        )}
        {isThere(block, context) && context.onMedia && (
          <button type="button" data-act="media" onClick={acts.media}>
            {block.type === 'image' ? labels.photoTool : labels.clipTool}
          </button>
        )}
        <BlockButtons name={name} context={context} acts={acts} linkOf={linkOf(block)} />
      </div>
      {block.type === 'image' && <Picture block={block} context={context} />}
      {(block.type === 'video' || block.type === 'audio') && <Clip block={block} context={context} />}
      <Summary block={block} />
      <div class="composer-fields" data-fields onKeyDown={(event) => onFieldKey(event, acts.leave)}>
        <BlockFields block={block} context={context} acts={acts} />
      </div>
    </div>
  )
}

/** The server has its file. */
function isThere(block: Block, { uploads }: ComposerContext): boolean {
  return 'media' in block && block.media !== undefined && !uploads.get(block.media)
}

type ButtonsProps = {
  name: string
  context: ComposerContext
  acts: Pick<CardActs, 'move' | 'remove' | 'asLink'>
  linkOf?: string
}

export function BlockButtons({ name, context: { labels }, acts, linkOf }: ButtonsProps) {
  const word = name.toLowerCase()
  const up = fill(labels.moveUp, { name: word })
  const down = fill(labels.moveDown, { name: word })
  const away = fill(labels.remove, { name: word })
  return (
    <span class="composer-card-acts">
      {linkOf && (
        <button type="button" data-act="link" onClick={acts.asLink}>
          {labels.asLink}
        </button>
      )}
      <button type="button" data-act="-1" aria-label={up} title={up} onClick={() => acts.move(-1)}>
        ↑
      </button>
      <button type="button" data-act="1" aria-label={down} title={down} onClick={() => acts.move(1)}>
        ↓
      </button>
      <button type="button" data-act="remove" aria-label={away} title={away} onClick={acts.remove}>
        ✕
      </button>
    </span>
  )
}

/** Only what nothing of the author's stands on can become a link again. */
function linkOf(block: Block): string | undefined {
  if (block.type === 'embed') return Object.keys(block).length === 2 ? block.url : undefined
  if (block.type !== 'video' && block.type !== 'audio') return undefined
  return block.media || block.title || block.caption || block.credit ? undefined : block.source
}

function BlockFields({ block, context, acts }: Pick<CardProps, 'block' | 'context' | 'acts'>) {
  const { labels } = context
  const field = (
    key: string,
    label: string,
    max: number,
    more: { lines?: boolean; wide?: boolean; hint?: string } = {},
  ) => {
    const value = (block as Record<string, unknown>)[key]
    return (
      <Field
        {...{ label, max, labels, ...more }}
        value={typeof value === 'string' ? value : ''}
        onInput={(typed) => acts.change({ [key]: typed })}
      />
    )
  }
  switch (block.type) {
    case 'image':
      return (
        <>
          {field('caption', labels.caption, MAX_CAPTION, { lines: true })}
          {field('credit', labels.credit, MAX_SHORT)}
          {field('agency', labels.agency, MAX_SHORT)}
          {field('alt', labels.alt, MAX_CAPTION, {
            wide: true,
            hint: block.alt.trim() === '' ? labels.altMissing : undefined,
          })}
        </>
      )
    case 'video':
    case 'audio':
      return (
        <>
          {field('title', labels.title, MAX_SHORT)}
          {field('caption', labels.caption, MAX_CAPTION, { lines: true })}
          {field('credit', labels.credit, MAX_SHORT)}
        </>
      )
    case 'embed':
      return (
        <>
          {field('title', labels.title, MAX_HEADLINE)}
          {field('author', labels.author, MAX_SHORT)}
        </>
      )
  }
  return null
}

function Summary({ block }: { block: Block }) {
  switch (block.type) {
    case 'embed':
      return (
        <>
          <Address address={block.url} />
          {block.text && <p dir="auto">{block.text}</p>}
        </>
      )
    case 'video':
    case 'audio':
      return block.source ? <Address address={block.source} /> : null
    case 'data':
      return (
        <>
          {block.title && <p dir="auto">{block.title}</p>}
          <dl dir="auto">
            {block.items.map((item) => (
              <div>
                <dt>{item.label}</dt>
                <dd>
                  {item.value} {item.note}
                </dd>
              </div>
            ))}
          </dl>
        </>
      )
  }
  return null
}

function Address({ address }: { address: string }) {
  return (
    <p class="composer-address" dir="ltr">
      {address}
    </p>
  )
}

type PictureProps = { block: Extract<Block, { type: 'image' }>; context: ComposerContext }

/** What is known of a file that the server has not got; undefined: it has. */
function useSent(key = '', { uploads }: ComposerContext): Upload | undefined {
  const [, again] = useState(0)
  const sent = uploads.get(key)
  const waits = sent !== undefined
  useLayoutEffect(() => (waits ? uploads.listen(() => again((n) => n + 1)) : undefined), [waits, uploads])
  return sent
}

type ClipProps = { block: Extract<Block, { type: 'video' | 'audio' }>; context: ComposerContext }

function Clip({ block, context }: ClipProps) {
  const { labels, uploads, clipOf } = context
  const { media } = block
  const sent = useSent(media, context)
  if (media === undefined) return null
  if (sent) return <Progress sent={sent} context={context} onRetry={() => uploads.retry(media)} />
  const own = { controls: true, preload: 'metadata', src: clipOf(media), 'aria-label': labels[block.type] } as const
  return block.type === 'video' ? <video class="composer-picture" {...own} /> : <audio {...own} />
}

function Picture({ block, context }: PictureProps) {
  const { labels, uploads, pictureOf } = context
  const key = block.media ?? ''
  const sent = useSent(key, context)
  if (sent) {
    return (
      <>
        <Preview file={sent.file} />
        <Progress sent={sent} context={context} onRetry={() => uploads.retry(key)} />
      </>
    )
  }
  if (!block.media) return <p class="composer-reminder">{labels.noPicture}</p>
  return (
    <>
      <img class="composer-picture" src={pictureOf(block.media)} alt={block.alt} />
      <a class="composer-record" href={`/desk/photos/${block.media}`} target="_blank" rel="noopener">
        {labels.record}
      </a>
    </>
  )
}

function Progress({ sent, context, onRetry }: { sent: Upload; context: ComposerContext; onRetry(): void }) {
  const { labels } = context
  if (sent.state === 'failed') {
    const reason = sent.problem || labels.noReason
    return (
      <div class="composer-problem" role="alert">
        <p>{fill(labels.failed, { file: sent.file.name, reason })}</p>
        <button type="button" onClick={onRetry}>
          {labels.tryAgain}
        </button>
      </div>
    )
  }
  const percent = Math.round(sent.part * 100)
  const isRead = sent.state === 'sending' && percent === 100
  const waits = sent.problem === '' ? labels.waiting : labels.waitingAgain
  const words = sent.state === 'waiting' ? waits : isRead ? labels.reading : fill(labels.sending, { percent })
  return (
    <div class="composer-progress">
      <progress max={100} value={percent} aria-label={`${sent.file.name}: ${words}`} />
      <span>
        {sent.file.name} · {words}
      </span>
    </div>
  )
}

/** Drawn, not linked: a page that may show its own server's pictures alone shows this one too. */
function Preview({ file }: { file: File }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const [hidden, setHidden] = useState(true)
  useEffect(() => {
    createImageBitmap(file).then(
      (bitmap) => {
        const at = canvas.current
        const scale = Math.min(1, PREVIEW / Math.max(bitmap.width, bitmap.height))
        if (at) {
          at.width = Math.max(1, Math.round(bitmap.width * scale))
          at.height = Math.max(1, Math.round(bitmap.height * scale))
          at.getContext('2d')?.drawImage(bitmap, 0, 0, at.width, at.height)
        }
        bitmap.close()
        setHidden(false)
      },
      () => undefined, // this browser cannot draw it; the server may read it all the same
    )
  }, [file])
  return <canvas class="composer-picture" ref={canvas} hidden={hidden} aria-hidden="true" />
}
