// The demonstration story: one day of shuttle diplomacy, 21 March 2024, retold in our own words.
// Called by start.ts and the tests. Never quotes a real person: whoever speaks is invented and says so.

import type { DemoAct } from './build.ts'
import { AFTERNOON } from './story-afternoon.ts'
import { EVENING } from './story-evening.ts'
import { MORNING } from './story-morning.ts'

export type DemoStory = {
  title: string
  slug: string
  standfirst: string
  language: string
  timeZone: string
  acts: DemoAct[]
}

export const DEMO_STORY: DemoStory = {
  title: 'Shuttle diplomacy: a day of Gaza truce talks between Jeddah, Cairo and Doha',
  slug: 'demo-shuttle-diplomacy',
  standfirst:
    'A demonstration written for Dateline. It retells Thursday 21 March 2024 from the public record and replays it now, in minutes. Reporters, relief groups and everyone quoted are fictional; the pictures are drawn.',
  language: 'en',
  timeZone: 'Africa/Cairo',
  acts: [...MORNING, ...AFTERNOON, ...EVENING],
}
