// The words that import and replay share: who may see the new story, in which zone its times are shown, where it is then.
// Called by cli/commands/import.ts and replay.ts.

import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { AppError } from '../domain/error.ts'
import { isTimeZone, VISIBILITIES, type Visibility } from '../domain/story.ts'
import type { PublicReads } from '../store/contract.ts'
import { type CommandName, misused } from './usage.ts'

export type StoryWords = { source: string; visibility: Visibility; timeZone: string }

type Kind<T> = { name: CommandName; own: T; visibility: Visibility }

/** One source and the flags; `own` are the command's, `visibility` holds where none is given. Throws `invalid` with the usage. */
export function readStoryWords<T extends ParseArgsOptionsConfig>(rest: readonly string[], kind: Kind<T>) {
  const shared = {
    visibility: { type: 'string', default: kind.visibility },
    'time-zone': { type: 'string', default: 'UTC' },
  } as const
  const options = { ...shared, ...kind.own }
  const parsed = read()
  const { visibility: wanted, 'time-zone': timeZone } = parsed.values as { visibility: string; 'time-zone': string }
  const visibility = VISIBILITIES.find((one) => one === wanted)
  if (!visibility) throw new AppError('invalid', `--visibility is one of ${VISIBILITIES.join(', ')}.`)
  if (!isTimeZone(timeZone)) throw new AppError('invalid', '--time-zone is an IANA name such as Europe/Paris.')
  const [source, more] = parsed.positionals
  if (!source || more) throw misused(kind.name)
  const words: StoryWords = { source, visibility, timeZone }
  return { words, values: parsed.values }

  function read() {
    try {
      return parseArgs({ args: [...rest], options, allowPositionals: true })
    } catch (cause) {
      throw misused(kind.name, (cause as Error).message, cause)
    }
  }
}

/** Where it is read: its page, or the desk's of a private one. `publicUrl` null: the path alone. */
export async function placeOfStory(reads: PublicReads, storyId: string, publicUrl: string | null): Promise<string> {
  const story = await reads.storyNamed(storyId)
  return `${publicUrl ?? ''}${story ? `/${story.name}` : `/desk/stories/${storyId}`}`
}

/** Text of a source, as a terminal may show it: no control characters, nothing that turns the line around. */
export function plainForTerminal(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, ' ')
}
