// Asks the API something hostile and holds every answer to the rules: never a fault of ours, a refusal changes nothing,
// a success is what the schema says.
// Called by the hostile tests of web/api.

import assert from 'node:assert/strict'
import type { InjectOptions } from 'fastify'
import { ERROR_CODES } from '../../src/domain/error.ts'
import { SCOPES } from '../../src/domain/permission.ts'
import { saveDraft } from '../../src/newsroom/save-draft.ts'
import { problem } from '../../src/web/api/answers.ts'
import type { Operation } from '../../src/web/api/operation.ts'
import { liveStory, newId, publish, words } from './acts.ts'
import { type Headers, openTestApi } from './api.ts'
import type { Ids } from './api-requests.ts'

const MAX_ECHO = 600_000 // characters: a conflict shows the text of now, and nothing more than that

export type HostileApi = Awaited<ReturnType<typeof openHostileApi>>

export async function openHostileApi() {
  const api = await openTestApi()
  const admin = await api.person('admin')
  const token: Headers = await api.tokenOf(admin, SCOPES)
  let heads = ''
  return {
    admin,
    token,
    close: api.close,
    /** A story of its own for each operation, with a draft, a published post and none: what one breaks, no other meets. */
    subjects: async (): Promise<[Ids, Ids, Ids]> => {
      const [story, other] = [await liveStory(api.store), await liveStory(api.store)]
      const ids = { story: story.id, other: other.id, account: admin.id, media: newId() }
      const draft = newId()
      const actor = { id: admin.id, name: 'A', role: 'admin' as const, credential: 'test' }
      await saveDraft(api.store, actor, story.id, { postId: draft, revision: 0, content: words('Draft') })
      const published = await publish(api.store, story.id, words('Published', 'Body'))
      heads = await api.heads()
      return [
        { ...ids, post: draft },
        { ...ids, post: published },
        { ...ids, post: newId() },
      ]
    },
    /** Returns the status. */
    ask: async (what: string, one: Operation, request: InjectOptions): Promise<number> => {
      const answer = await api.app.inject(request)
      const said = `${one.name}, ${what}: ${answer.statusCode} ${answer.body.slice(0, 400)}`
      assert.ok(answer.statusCode < 500, said)
      if (answer.statusCode >= 400) {
        assert.match(String(answer.headers['content-type']), /^application\/problem\+json/, said)
        const { status, code } = problem.parse(answer.json())
        assert.deepEqual([status, code in ERROR_CODES], [answer.statusCode, true], said)
        assert.ok(answer.body.length < MAX_ECHO, `${one.name} echoes what came in`)
        if (one.method !== 'GET') assert.equal(await api.heads(), heads, said)
      } else if (answer.statusCode !== 304) {
        const { data, error } = one.answer.safeParse(answer.json())
        assert.deepEqual(data, answer.json(), `${said}\n${error?.message}`)
        if (one.method !== 'GET') heads = await api.heads()
      }
      return answer.statusCode
    },
  }
}
