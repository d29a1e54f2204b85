// Edit the record of a photo: its words, until when it may be used, where not, whether it is blocked.
// Never touches a post: one that shows the photo keeps its words, and readers keep what they see until somebody withdraws it.

import { AppError } from '../domain/error.ts'
import { isId } from '../domain/id.ts'
import { type Actor, requireMay } from '../domain/permission.ts'
import type { PhotoRecord } from '../domain/photo-rights.ts'
import type { PhotoRecords } from '../store/photo-records.ts'

/** Acts that come after it ask the new rights; an act under way is waited for. Throws `forbidden`, `not_found`. */
export async function editPhoto(
  photos: Pick<PhotoRecords, 'edit'>,
  actor: Actor,
  mediaId: string,
  record: PhotoRecord,
): Promise<void> {
  requireMay(actor, 'media:edit')
  const known = isId(mediaId) && (await photos.edit(mediaId, record, actor))
  if (!known) throw new AppError('not_found', 'There is no such photo, or it was withdrawn.')
}
