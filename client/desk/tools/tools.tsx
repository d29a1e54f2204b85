// The tools of the desk that are loaded when they are first opened: the first load stays small.
// Loaded by views/later.tsx alone.

import type { Tool } from '../state.ts'
import { Find } from './find.tsx'
import { History } from './history.tsx'
import { Notes } from './notes.tsx'
import { Preview } from './preview.tsx'
import { Snippets } from './snippets.tsx'

export { BulkBar } from './bulk-bar.tsx'

export function ToolDialog({ open }: { open: Tool }) {
  switch (open.tool) {
    case 'find':
      return <Find />
    case 'history':
      return <History postId={open.postId} />
    case 'notes':
      return <Notes postId={open.postId} />
    case 'preview':
      return <Preview postId={open.postId} />
    case 'snippets':
      return <Snippets />
  }
}
