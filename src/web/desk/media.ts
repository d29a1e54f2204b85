// The files of a post's form: a photo, a clip.
// Called by what makes a post of a form: story.ts, post.ts, draft-acts.ts.
// Never loses the one because of the other: what was taken in is in the form that comes back.

import type { Actor } from '../../domain/permission.ts'
import type { FormBody } from '../form-body.ts'
import { clipOf } from './clip.ts'
import type { DeskDeps } from './deps.ts'
import { photoOf } from './photo.ts'
import type { FormMedia, PostForm } from './post-form.ts'

/** `keep`: told of the form after each file. Throws `invalid`, `too_large`. */
export async function mediaOf(
  deps: DeskDeps,
  actor: Actor,
  body: FormBody,
  form: PostForm,
  keep: (form: PostForm) => void,
): Promise<FormMedia> {
  const withPhoto = await photoOf(deps, actor, body, form)
  keep(withPhoto.form)
  const withClip = await clipOf(deps, actor, body, withPhoto.form)
  keep(withClip.form)
  return { photo: withPhoto.photo, clip: withClip.clip }
}
