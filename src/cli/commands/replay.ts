// `dateline replay <story|file>`: publishes a story again with its original rhythm, as a new story.

import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../../domain/error.ts'
import { makeId } from '../../domain/id.ts'
import { systemActor } from '../../store/accounts.ts'
import type { PublicReads } from '../../store/contract.ts'
import { replayStory, type Score, scoreOfStory } from '../../wires/replay-story.ts'
import type { Parsed } from '../options.ts'
import { openStoreAt, placeOf, sayPlace } from '../place.ts'
import { readImported } from './import.ts'

export async function replay({ options, rest }: Parsed): Promise<void> {
  const { source, speed } = readWords(rest)
  const place = placeOf(options)
  sayPlace(place)
  const store = await openStoreAt(place, options)
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
  try {
    const score = await scoreOf(store.reads, source)
    const storyId = makeId(randomBytes)
    process.stdout.write(`Replaying "${score.settings.title}": ${score.posts.length} posts at /${storyId}\n`)
    await replayStory(
      {
        acts: store.acts,
        actor: systemActor('replay'),
        newId: () => makeId(randomBytes),
        now: Date.now,
        sleep: (ms) => sleep(ms, undefined, { signal: stop.signal }),
        onPost: (done, of) => process.stderr.isTTY && process.stderr.write(`\r${done} of ${of} posts`),
      },
      score,
      speed,
      storyId,
    )
    process.stdout.write(`\nDone: ${score.posts.length} posts\n`)
  } catch (error) {
    if (!stop.signal.aborted) throw error
    process.stdout.write('\nStopped. What was published stays.\n')
  } finally {
    await store.close()
  }
}

async function scoreOf(reads: PublicReads, source: string): Promise<Score> {
  if (existsSync(source)) {
    const { title, standfirst, language, posts } = await readImported(source)
    return {
      settings: { title: title || 'Replay', standfirst, language: language ?? 'en' },
      posts: posts.map(({ content, keyEvent, publishedAt }) => ({ content, keyEvent, at: publishedAt })),
    }
  }
  const score = await scoreOfStory(reads, source.replace(/^\//, ''))
  if (!score) throw new AppError('not_found', `There is neither a file nor a public story named ${source}.`)
  return { ...score, settings: { ...score.settings, title: `${score.settings.title} (replay)` } }
}

function readWords(rest: readonly string[]): { source: string; speed: number } {
  let speed = 1
  const words: string[] = []
  for (let at = 0; at < rest.length; at++) {
    const word = rest[at] as string
    if (word === '--rush') speed = Number.POSITIVE_INFINITY
    else if (word === '--speed') speed = Number(rest[++at])
    else if (word.startsWith('--speed=')) speed = Number(word.slice('--speed='.length))
    else words.push(word)
  }
  if (!(speed > 0)) throw new AppError('invalid', '--speed takes a number above 0, as --speed 60.')
  const [source, more] = words
  if (!source || more) throw new AppError('invalid', 'Usage: dateline replay <story|file> [--speed 60] [--rush]')
  return { source, speed }
}
