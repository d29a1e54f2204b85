// What the parts of the composer share: its words, its files on the way, where pictures stand, how something is told.
// Made by composer.tsx, used by the views in the document and by what inserts into it.
// Never holds content: that is the document's.

import type { Editor } from '@tiptap/core'
import type { Block } from '../../../src/domain/content.ts'
import type { ComposerLabels } from './labels.ts'
import type { Uploads } from './uploads.ts'

export type ComposerContext = {
  readonly labels: ComposerLabels
  readonly uploads: Uploads
  /** Address of a small rendition of an uploaded picture. */
  pictureOf(mediaId: string): string
  /** Address of an uploaded video or sound. */
  clipOf(mediaId: string): string
  /** Bytes of one video or sound. */
  maxClip: number
  /** Tells the author something that happened; read out by screen readers. */
  say(sentences: readonly string[]): void
  toHeadline(): void
  askLink(): void
  /** null: none has this name. */
  snippet(name: string): readonly Block[] | null
  /** More about a file that the server has: its record, a part cut out of it. Absent: there is no such tool. */
  onMedia: OnMedia | undefined
}

/** `put`: takes what was cut out of it in its place. */
export type OnMedia = (media: string, put: (cut: CutOut) => void) => void
export type CutOut = { id: string; width: number; height: number }

export type View = Editor['view']
