// `dateline replay <story|file>`: publishes a story again with its original rhythm, as a new story.

import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../../domain/error.ts'
import { makeId } from '../../domain/id.ts'
import { counted } from '../../kit/counted.ts'
import { systemActor } from '../../store/accounts.ts'
import type { PublicReads } from '../../store/contract.ts'
import { replayStory, type Score, scoreOfStory } from '../../wires/replay-story.ts'
import type { Parsed } from '../options.ts'
import { openStoreAt, placeOf, sayPlace } from '../place.ts'
import { placeOfStory, plainForTerminal, readStoryWords, type StoryWords } from '../story-words.ts'
import { readImported } from './import.ts'

export async function replay({ options, rest }: Parsed): Promise<void> {
  const own = { speed: { type: 'string' }, rush: { type: 'boolean' } } as const
  // A rehearsal is nothing for the front page.
  const { words, values } = readStoryWords(rest, { name: 'replay', own, visibility: 'unlisted' })
  const speed = speedOf(values)
  const file = existsSync(words.source) ? await scoreOfFile(words.source) : null // before an engine or a folder is made
  const place = placeOf(options)
  sayPlace(place)
  const store = await openStoreAt(place, options, file ? 'may found' : 'must exist')
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
  try {
    const score = await scoreOf(file, store.reads, words)
    const storyId = makeId(randomBytes)
    const { title } = score.settings
    const posts = counted(score.posts.length, 'post')
    await replayStory(
      {
        acts: store.acts,
        actor: systemActor('replay'),
        newId: () => makeId(randomBytes),
        now: Date.now,
        sleep: (ms) => sleep(ms, undefined, { signal: stop.signal }),
        onStory: async () => {
          const where = await placeOfStory(store.reads, storyId, options.publicUrl)
          const who = score.settings.visibility
          process.stdout.write(`Replaying "${plainForTerminal(title)}": ${posts} at ${where}, ${who}\n`)
        },
        onPost: (done, of) => process.stderr.isTTY && process.stderr.write(`\r${done} of ${of} posts`),
      },
      score,
      speed,
      storyId,
    )
    process.stdout.write(`\nDone: ${posts}\n`)
  } catch (error) {
    if (!stop.signal.aborted) throw error
    process.stdout.write('\nStopped. What was published stays, and the story has ended.\n')
  } finally {
    await store.close()
  }
}

async function scoreOf(file: Score | null, reads: PublicReads, { source, ...choice }: StoryWords): Promise<Score> {
  const found = file ?? (await scoreOfStory(reads, source.replace(/^\//, '')))
  if (!found) throw new AppError('not_found', `There is neither a file nor a public story named ${source}.`)
  const { settings, posts } = found
  const timeZone = settings.timeZone ?? choice.timeZone
  return { posts, settings: { ...settings, ...choice, timeZone, title: `${settings.title} (replay)` } }
}

async function scoreOfFile(file: string): Promise<Score> {
  const { title, standfirst, language, posts } = await readImported(file)
  return {
    settings: { title: title || 'Live', standfirst, language: language ?? 'en' },
    posts: posts.map(({ content, keyEvent, publishedAt }) => ({ content, keyEvent, at: publishedAt })),
  }
}

function speedOf(values: { speed?: string | boolean; rush?: string | boolean }): number {
  const speed = values.rush ? Number.POSITIVE_INFINITY : Number(values.speed ?? 1)
  if (!(speed > 0)) throw new AppError('invalid', '--speed takes a number above 0, as --speed 60.')
  return speed
}
