// The plain desk: server-rendered forms that work without JavaScript. It stays when the full desk comes, as its fallback.
// Called by cli, which hands the list to declareRoutes.

import type { Route } from '../routes.ts'
import { boardRoutes } from './board.ts'
import type { DeskDeps } from './deps.ts'
import { draftRoutes } from './draft-acts.ts'
import { draftAwayRoutes } from './draft-away-acts.ts'
import { historyRoutes } from './history.ts'
import { installRoutes } from './install.ts'
import { liveDeskRoutes } from './live-desk.ts'
import { noteRoutes } from './notes.ts'
import { peopleRoutes } from './people.ts'
import { photoActRoutes } from './photo-acts.ts'
import { photoRecordRoutes } from './photo-record.ts'
import { postRoutes } from './post.ts'
import { postActRoutes } from './post-acts.ts'
import { postRowRoutes } from './post-row-acts.ts'
import { previewRoutes } from './preview.ts'
import { snippetRoutes } from './snippets.ts'
import { storiesRoutes } from './stories.ts'
import { storyRoutes } from './story.ts'
import { storyActRoutes } from './story-acts.ts'
import { storySettingsRoutes } from './story-settings.ts'

export function deskRoutes(deps: DeskDeps): Route[] {
  return [
    ...boardRoutes(deps),
    ...storiesRoutes(deps),
    ...storyRoutes(deps),
    ...liveDeskRoutes(deps),
    ...installRoutes(deps),
    ...postRoutes(deps),
    ...postActRoutes(deps),
    ...photoActRoutes(deps),
    ...photoRecordRoutes(deps),
    ...draftRoutes(deps),
    ...draftAwayRoutes(deps),
    ...postRowRoutes(deps),
    ...storyActRoutes(deps),
    ...storySettingsRoutes(deps),
    ...historyRoutes(deps),
    ...noteRoutes(deps),
    ...previewRoutes(deps),
    ...snippetRoutes(deps),
    ...peopleRoutes(deps),
  ]
}
