// One rendition for each width of ours.
// Called by the child programs of this room. Never lets a picture be enlarged.

import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MEDIA_WIDTHS, type MediaFormat, type MediaWidth } from '../domain/address.ts'
import { partOf } from './parts.ts'

/** `width`: of the original. A small one gives its own size under every width it does not reach: made once, then copied. */
export async function eachWidth(
  width: number,
  formats: readonly MediaFormat[],
  folder: string,
  make: (wanted: MediaWidth) => Promise<void>,
): Promise<void> {
  let own: MediaWidth | null = null
  for (const wanted of MEDIA_WIDTHS) {
    if (own === null) await make(wanted)
    else
      for (const format of formats)
        await copyFile(join(folder, partOf(own, format)), join(folder, partOf(wanted, format)))
    if (wanted >= width) own ??= wanted
  }
}
