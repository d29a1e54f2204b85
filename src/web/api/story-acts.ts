// Every act on a story.
// Called by operations.ts. The acts are the newsroom's; here they only get an address.

import { storySettingsSchema } from '../../domain/story.ts'
import { changeStory } from '../../newsroom/change-story.ts'
import { continueStory } from '../../newsroom/continue-story.ts'
import { createStory } from '../../newsroom/create-story.ts'
import { endStory } from '../../newsroom/end-story.ts'
import { giveRole } from '../../newsroom/give-role.ts'
import { pauseStory, resumeStory } from '../../newsroom/pause-story.ts'
import { setSummary } from '../../newsroom/set-summary.ts'
import { setVisibility } from '../../newsroom/set-visibility.ts'
import { startStory } from '../../newsroom/start-story.ts'
import { withdrawStory } from '../../newsroom/withdraw-story.ts'
import { receipt } from './answers.ts'
import * as bodies from './bodies.ts'
import { actorOf, type Operation, operation } from './operation.ts'

export const STORY_ACTS: readonly Operation[] = [
  operation({
    ...act('createStory', 'PUT', '', 'story:create'),
    does: 'Create a story, planned, under an id made by you. It is public at once unless `visibility` says otherwise.',
    body: storySettingsSchema,
    creates: ({ repeated }) => !repeated,
    run: ({ desk }, call) => createStory(desk, actorOf(call), call.params.story, call.body),
  }),
  operation({
    ...act('startStory', 'POST', '/start', 'story:run'),
    does: 'Start a story: it is live. An ended one goes live again.',
    body: bodies.nothingBody,
    run: ({ desk }, call) => startStory(desk, actorOf(call), call.params.story),
  }),
  operation({
    ...act('pauseStory', 'POST', '/pause', 'story:run'),
    does: 'Pause a live story.',
    body: bodies.nothingBody,
    run: ({ desk }, call) => pauseStory(desk, actorOf(call), call.params.story),
  }),
  operation({
    ...act('resumeStory', 'POST', '/resume', 'story:run'),
    does: 'Let a paused story go on.',
    body: bodies.nothingBody,
    run: ({ desk }, call) => resumeStory(desk, actorOf(call), call.params.story),
  }),
  operation({
    ...act('endStory', 'POST', '/end', 'story:run'),
    does: 'End a story. Its posts can still be corrected and withdrawn.',
    body: bodies.nothingBody,
    run: ({ desk }, call) => endStory(desk, actorOf(call), call.params.story),
  }),
  operation({
    ...act('changeStory', 'POST', '/change', 'story:settings'),
    does: 'Change title, standfirst, language, time zone, planned start or lead picture.',
    body: bodies.changeStoryBody,
    run: ({ desk }, call) => changeStory(desk, actorOf(call), call.params.story, call.body),
  }),
  operation({
    ...act('setVisibility', 'PUT', '/visibility', 'story:settings'),
    does: 'Open a story: private → unlisted → public, or take a public one off the lists.',
    body: bodies.setVisibilityBody,
    run: ({ desk }, call) => setVisibility(desk, actorOf(call), call.params.story, call.body),
  }),
  operation({
    ...act('setSummary', 'PUT', '/summary', 'story:summary'),
    does: 'Write the summary at the top, or take it away.',
    body: bodies.setSummaryBody,
    run: ({ desk }, call) => setSummary(desk, actorOf(call), call.params.story, call.body),
  }),
  operation({
    ...act('giveRole', 'PUT', '/roles/{account}', 'roles:assign'),
    does: 'Give an account a role in this story, or take it away.',
    body: bodies.giveRoleBody,
    run: ({ desk }, call) => giveRole(desk, actorOf(call), call.params.story, call.params.account, call.body.role),
  }),
  operation({
    ...act('withdrawStory', 'POST', '/withdraw', 'story:withdraw'),
    does: 'Withdraw a whole story: from then on nothing of it is public.',
    body: bodies.withdrawStoryBody,
    run: ({ desk }, call) => withdrawStory(desk, actorOf(call), call.params.story, call.body.reason),
  }),
  operation({
    ...act('continueStory', 'POST', '/continue', 'story:continue'),
    does: 'Close this part and open the next one, under an id made by you. The receipt is the next part’s.',
    body: bodies.continueStoryBody,
    creates: ({ repeated }) => !repeated,
    run: ({ desk, newId }, call) => continueStory(desk, actorOf(call), call.params.story, { ...call.body, newId }),
  }),
]

function act(name: string, method: 'PUT' | 'POST', part: string, access: Operation['access']) {
  const group = 'Stories' as const
  return { name, group, method, path: `/stories/{story}${part}`, access, object: 'story' as const, answer: receipt }
}
