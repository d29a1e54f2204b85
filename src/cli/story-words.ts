// The words that import and replay share: who may see the new story, and in which zone its times are shown.
// Called by cli/commands/import.ts and replay.ts.

import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { AppError } from '../domain/error.ts'
import { isTimeZone, VISIBILITIES, type Visibility } from '../domain/story.ts'

const STORY_WORDS = {
  visibility: { type: 'string', default: 'public' },
  'time-zone': { type: 'string', default: 'UTC' },
} as const

export const STORY_FLAGS = ['--visibility', '--time-zone']

export type StoryWords = { source: string; visibility: Visibility; timeZone: string }

/** One source and the flags; `own` are the command's. Throws `invalid` with `usage`. */
export function readStoryWords<T extends ParseArgsOptionsConfig>(rest: readonly string[], own: T, usage: string) {
  const options = { ...STORY_WORDS, ...own }
  const parsed = read()
  const { visibility: wanted, 'time-zone': timeZone } = parsed.values as { visibility: string; 'time-zone': string }
  const visibility = VISIBILITIES.find((one) => one === wanted)
  if (!visibility) throw new AppError('invalid', `--visibility is one of ${VISIBILITIES.join(', ')}.`)
  if (!isTimeZone(timeZone)) throw new AppError('invalid', '--time-zone is an IANA name such as Europe/Paris.')
  const [source, more] = parsed.positionals
  if (!source || more) throw new AppError('invalid', `Usage: ${usage}`)
  const words: StoryWords = { source, visibility, timeZone }
  return { words, values: parsed.values }

  function read() {
    try {
      return parseArgs({ args: [...rest], options, allowPositionals: true })
    } catch (cause) {
      throw new AppError('invalid', `${(cause as Error).message}\nUsage: ${usage}`, { cause })
    }
  }
}

/** Text of a source, as a terminal may show it: no control characters, nothing that turns the line around. */
export function plainForTerminal(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, ' ')
}
