// What can be opened about a post of the timeline, and by whom: one list for the row and for the palette.
// Called by row-acts.tsx and post-commands.ts. Pure.
// Never offers what the server would refuse to this role.

import type { Desk } from '../desk.ts'
import type { PostTool } from '../state.ts'
import type { DeskPost } from '../types.ts'

/** With their names, as they stand at the row. */
export function toolsOf(post: DeskPost, may: Desk['may']): [PostTool, string][] {
  const owner = post.createdBy.id
  const out = post.state === 'published'
  const gone = post.state === 'withdrawn'
  const times = !out && !gone && may('post:schedule', owner)
  const mine = !out && !gone && may('post:draft', owner) && (times || post.state !== 'scheduled')
  const all: [boolean, PostTool, string][] = [
    [!gone, 'preview', 'Preview'],
    [may('post:read-drafts', owner), 'history', 'History'],
    [true, 'notes', 'Notes'],
    [out && may('post:change', owner), 'flags', 'Verification, breaking…'],
    [out && may('post:order'), 'place', 'Move…'],
    [out && may('post:copy', owner), 'copy', 'Copy to another story…'],
    [times, 'schedule', post.release ? 'Change the time…' : 'Schedule…'],
    [times, 'embargo', post.embargo ? 'Change the embargo…' : 'Embargo…'],
    [mine, 'away', 'Move to another story…'],
    [mine, 'discard', 'Discard…'],
  ]
  return all.filter(([is]) => is).map(([, tool, words]) => [tool, words])
}
