// kill -9 of the server or of its PostgreSQL at random moments while an editor publishes through the desk.
// Oracle: what was acknowledged. Invariants: every acknowledged post is there once, positions are dense, readers get them all.
// Run by kill.test.ts (a few trials) and alone: `npm run torture -- kill --trials 100 --seed 7`.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { createDeskClient, type DeskClient, until } from '../helpers/desk-client.ts'
import { type NodeProcess, startNodeProcess, temporaryFolder } from '../helpers/node.ts'
import { createRandom } from '../helpers/random.ts'

export type Target = 'server' | 'postgres'
export type Report = {
  target: Target
  seed: number
  acknowledged: number
  refused: number
  lost: string[]
  doubled: string[]
  dense: boolean
  missing: string[]
  backAfterMs: number
}

const WRITERS = 3

/** One data folder, any number of trials on it. */
export async function openField() {
  const folder = temporaryFolder()
  let node: NodeProcess = await startNodeProcess(folder.path)
  const desk = createDeskClient(() => node.origin)
  await becomeAdmin(desk, node).catch(async (error) => {
    await node.kill('SIGKILL')
    throw error
  })
  return {
    trial: async (target: Target, seed: number): Promise<Report> => {
      const random = createRandom(seed)
      const storyPage = await newStory(desk, `Trial ${target} ${seed}`)
      const acknowledged: string[] = []
      let refused = 0
      let going = true
      const killAt = 3 + Math.floor(random() * 25)
      const writers = Array.from({ length: WRITERS }, async (_, writer) => {
        for (let n = 0; going; n++) {
          const headline = `${target} ${seed} ${writer}-${n}`
          try {
            const page = await desk.get(storyPage)
            const answer = await desk.submit(page.text, '/posts', { headline })
            if (answer.status === 303) acknowledged.push(headline)
            else refused += 1
          } catch {
            refused += 1
            await new Promise((resolve) => setTimeout(resolve, 20))
          }
        }
      })
      await until('enough posts before the kill', 30_000, async () => acknowledged.length >= killAt)
      await new Promise((resolve) => setTimeout(resolve, random() * 30))
      const killedAt = Date.now()
      const before = acknowledged.length
      if (target === 'server') {
        await node.kill('SIGKILL')
        node = await startNodeProcess(folder.path)
      } else process.kill(postmasterOf(folder.path), 'SIGKILL')
      await until('publishing again', 40_000, async () => acknowledged.length > before + WRITERS)
      const backAfterMs = Date.now() - killedAt
      going = false
      await Promise.all(writers)
      return {
        target,
        seed,
        acknowledged: acknowledged.length,
        refused,
        backAfterMs,
        ...(await check(folder.path, node, storyPage, acknowledged)),
      }
    },
    close: async () => {
      await node.kill('SIGTERM')
      folder.remove()
    },
  }
}

export async function becomeAdmin(desk: DeskClient, node: NodeProcess): Promise<void> {
  if (!node.setupLink) throw new Error(`No first-admin link was printed:\n${node.lines.join('\n')}`)
  const answer = await desk.post(new URL(node.setupLink).pathname, {
    name: 'Ada Editor',
    email: 'ada@example.org',
    password: 'correct horse battery',
  })
  if (answer.status !== 303)
    throw new Error(`The first admin was not made: ${answer.status} ${answer.text.slice(0, 500)}`)
}

/** Returns the path of the story's desk page. The story is live. */
export async function newStory(desk: DeskClient, title: string): Promise<string> {
  const form = await desk.get('/desk/stories/new')
  const created = await desk.submit(form.text, '/desk/stories', { title })
  if (created.status !== 303) throw new Error(`The story was not made: ${created.status} ${created.text.slice(0, 500)}`)
  const page = await desk.get(created.location)
  await desk.submit(page.text, '/start', {})
  return created.location
}

async function check(dataDir: string, node: NodeProcess, storyPage: string, acknowledged: string[]) {
  const storyId = /stories\/([0-9a-z]+)/.exec(storyPage)?.[1] ?? ''
  const client = new pg.Client({
    host: join(dataDir, 'run'),
    port: 5432,
    user: 'dateline',
    database: 'dateline',
    password: '',
    ssl: false,
  })
  await client.connect()
  try {
    const posts = await client.query<{ headline: string; n: number }>(
      `SELECT content ->> 'headline' AS headline, count(*)::int AS n FROM post p WHERE story_id = $1 AND state = 'published'
       AND EXISTS (SELECT 1 FROM public_entry e WHERE e.post_id = p.id AND e.kind = 'post-published') GROUP BY 1`,
      [storyId],
    )
    const seqs = await client.query<{ seq: number }>(
      'SELECT seq::int AS seq FROM public_entry WHERE story_id = $1 ORDER BY seq',
      [storyId],
    )
    const head = await client.query<{ seq: number }>('SELECT seq::int AS seq FROM story WHERE id = $1', [storyId])
    const kept = new Map(posts.rows.map((row) => [row.headline, row.n]))
    return {
      lost: acknowledged.filter((headline) => !kept.has(headline)),
      doubled: [...kept].filter(([, n]) => n > 1).map(([headline]) => headline),
      dense: seqs.rows.every((row, index) => row.seq === index + 1) && seqs.rows.length === head.rows[0]?.seq,
      missing: await missingForReaders(node, storyId, acknowledged),
    }
  } finally {
    await client.end()
  }
}

/** What a reader who walks through the pages does not find. */
async function missingForReaders(node: NodeProcess, storyId: string, acknowledged: string[]): Promise<string[]> {
  let text = ''
  const seen = new Set<string>()
  const ahead = [`/${storyId}`]
  for (let path = ahead.pop(); path; path = ahead.pop()) {
    if (seen.has(path)) continue
    seen.add(path)
    const page = await (await fetch(new URL(path, node.origin))).text()
    text += page
    ahead.push(...[...page.matchAll(/href="(\/[^"?#]+\/page\/\d+-\d+)"/g)].map(([, older = '']) => older))
  }
  return acknowledged.filter((headline) => !text.includes(headline))
}

function postmasterOf(dataDir: string): number {
  return Number(readFileSync(join(dataDir, 'pg/postmaster.pid'), 'utf8').split('\n')[0])
}

export function isClean(report: Report): boolean {
  return report.lost.length === 0 && report.doubled.length === 0 && report.missing.length === 0 && report.dense
}
