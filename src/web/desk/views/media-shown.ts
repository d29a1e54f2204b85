// A photo, a video or a sound, small, on a page of the desk.
// Called by the views that show what is to be withdrawn or recorded. Pure.

import { clipPath, mediaPath } from '../../../domain/address.ts'
import type { MediaKind } from '../../../domain/content.ts'
import { attributes, html, type SafeHtml } from '../../../kit/html.ts'

export const KIND_WORDS: Record<MediaKind, string> = { image: 'photo', video: 'video', audio: 'audio' }

/** `name`: what it is called where it cannot be seen; '' = it stands beside its name. */
export function mediaShown({ id, kind }: { id: string; kind: MediaKind }, name: string, width: 96 | 192): SafeHtml {
  if (kind === 'image')
    return html`<img src="${mediaPath(id, 400, 'jpg')}" alt="${name}" width="${width}" loading="lazy">`
  const own = attributes({ src: clipPath(id), preload: 'metadata', 'aria-label': name || KIND_WORDS[kind] })
  return kind === 'video'
    ? html`<video controls width="${width * 2}" ${own}></video>`
    : html`<audio controls ${own}></audio>`
}
