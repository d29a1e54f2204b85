// The tools of the desk that are loaded when they are first opened: the first load stays small.
// Loaded by views/later.tsx alone.

import type { Tool } from '../state.ts'
import { Discard } from './discard.tsx'
import { Find } from './find.tsx'
import { Flags } from './flags.tsx'
import { History } from './history.tsx'
import { Media } from './media.tsx'
import { Notes } from './notes.tsx'
import { Place } from './place.tsx'
import { Preview } from './preview.tsx'
import { Snippets } from './snippets.tsx'
import { Embargo, Schedule } from './times.tsx'
import { Away, Copy } from './to-story.tsx'

export { BulkBar } from './bulk-bar.tsx'
export { Keys } from './keys.tsx'

export function ToolDialog({ open }: { open: Tool }) {
  switch (open.tool) {
    case 'away':
      return <Away postId={open.postId} />
    case 'copy':
      return <Copy postId={open.postId} />
    case 'discard':
      return <Discard postId={open.postId} />
    case 'embargo':
      return <Embargo postId={open.postId} />
    case 'find':
      return <Find />
    case 'flags':
      return <Flags postId={open.postId} />
    case 'history':
      return <History postId={open.postId} />
    case 'media':
      return <Media media={open.media} put={open.put} />
    case 'notes':
      return <Notes postId={open.postId} />
    case 'place':
      return <Place postId={open.postId} />
    case 'preview':
      return <Preview postId={open.postId} />
    case 'schedule':
      return <Schedule postId={open.postId} />
    case 'snippets':
      return <Snippets />
  }
}
