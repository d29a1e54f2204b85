// The picture that stands for the whole story, under its headline: a region of its page.
// Called by pages/regions.ts and pages/story-page.ts.
// Never shows the caption of a picture that could not be had.

import type { PublicStory } from '../domain/view.ts'
import { nothing, type SafeHtml } from '../kit/html.ts'
import { previewPath, renderLeadImage } from './figures.ts'

/** Empty while there is none. */
export function renderLead({ lead, language }: PublicStory): SafeHtml {
  return lead?.media === undefined ? nothing : renderLeadImage(lead, language)
}

/** What link previews show of the story. Path, or null. */
export function leadPath({ lead }: PublicStory): string | null {
  return lead && previewPath([lead])
}
