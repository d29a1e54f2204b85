// Runs the first walk of docs/api.md in a shell against a server, with a token of the scopes that the page names.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import { promisify } from 'node:util'
import { openTestApi } from '../../../test/helpers/api.ts'
import type { Scope } from '../../domain/permission.ts'

const MAX_WALK_MS = 60_000
const page = readFileSync(new URL('../../../docs/api.md', import.meta.url), 'utf8')
const blocks = [...page.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, text = '']) => text)

type Seen = { state: string; headline: string; note?: string; release: boolean; embargo: boolean }

it('every command of docs/api.md runs as it stands and does what it says', async () => {
  const [setUp = '', ...walk] = blocks
  const scopes = /--scope (\S+)/.exec(setUp)?.[1]?.split(',') as Scope[]
  const api = await openTestApi()
  const folder = mkdtempSync(join(tmpdir(), 'dateline-walk-'))
  try {
    copyFileSync(new URL('../../cli/demo/photos/port.jpg', import.meta.url), join(folder, 'port.jpg'))
    copyFileSync(new URL('../../../test/fixtures/clips/h264-aac.mp4', import.meta.url), join(folder, 'lock.mp4'))
    const editor = await api.person('editor')
    const { authorization = '' } = await api.tokenOf(editor, scopes)
    const host = await api.app.listen({ port: 0, host: '127.0.0.1' })
    const own = setUp
      .replace(/^dateline .*$/m, '')
      .replace(/^HOST=.*$/m, `HOST=${host}`)
      .replace(/^TOKEN=.*$/m, `TOKEN=${authorization.slice('Bearer '.length)}`)
    assert.doesNotMatch(own, /example\.org|dl_what/)
    const said = await run([own, ...walk].join('\n'), folder)
    const story = await api.store.reads.storyNamed('flood-in-the-port')
    assert.deepEqual([story?.state, story?.timeZone, story?.visibility], ['live', 'Africa/Cairo', 'public'])
    assert.deepEqual(await postsOf(api), [
      { state: 'draft', headline: 'The report in full', release: false, embargo: true },
      { state: 'published', headline: 'Bridge closed', note: noteIn(page), release: false, embargo: false },
      { state: 'published', headline: 'Bridge open again', release: false, embargo: false },
      { state: 'published', headline: 'The lock opens', release: false, embargo: false },
      { state: 'scheduled', headline: 'Minister speaks at six', release: true, embargo: false },
      { state: 'withdrawn', headline: 'The port today', release: false, embargo: false },
    ])
    const pages = said.filter((answer) => 'posts' in answer && 'next' in answer)
    assert.deepEqual(
      pages.map(({ posts, next }) => [posts.length, next === null]),
      [
        [2, false],
        [2, false],
        [1, true],
      ],
    )
    const { changes, head, next } = said.at(-1) ?? {}
    assert.deepEqual(
      changes.map((change: { post: { content: { headline: string } } }) => change.post.content.headline),
      ['Bridge open again'],
    )
    assert.ok(next.endsWith(`/changes?since=${head}`))
  } finally {
    await api.close()
    rmSync(folder, { recursive: true, force: true })
  }
})

// biome-ignore lint/suspicious/noExplicitAny: answers of many kinds, looked into by name
type Answer = Record<string, any>

/** Every answer, in order. A command that fails ends the walk. */
async function run(script: string, folder: string): Promise<Answer[]> {
  const options = { cwd: folder, timeout: MAX_WALK_MS, env: { ...process.env, no_proxy: '*' } }
  const { stdout } = await promisify(execFile)('sh', ['-euc', script], options)
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Answer)
}

async function postsOf({ store }: Awaited<ReturnType<typeof openTestApi>>): Promise<Seen[]> {
  const posts = await store.db.selectFrom('post').selectAll().execute()
  return posts
    .map(({ state, content, corrections, release_at, embargo_until }) => {
      const note = (corrections as { note: string }[])[0]?.note
      const { headline } = content as { headline: string }
      return {
        state,
        headline,
        ...(note ? { note } : {}),
        release: release_at !== null,
        embargo: embargo_until !== null,
      }
    })
    .sort((a, b) => `${a.state} ${a.headline}`.localeCompare(`${b.state} ${b.headline}`))
}

function noteIn(text: string): string {
  return /"note":"([^"]+)"/.exec(text)?.[1] ?? 'none'
}
