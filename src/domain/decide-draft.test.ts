// Tests of what is decided before a post is public: drafts, review, schedule, embargo, release, undo.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { contentOf } from '../../test/helpers/public-story.ts'
import * as draft from './decide-draft.ts'
import { decidePublish, newPost } from './decide-post.ts'
import { decideCreateStory, decideStartStory } from './decide-story.ts'
import { isAppError } from './error.ts'
import type { Actor } from './permission.ts'
import { isDiscarded, type Post } from './post.ts'
import { parseStorySettings, type Story } from './story.ts'

const NOW = 1_800_000_000_000
const HOUR = 3_600_000
const ADA: Actor = { id: 'ada', name: 'Ada', role: 'editor', credential: 'test' }
const STORY = decideStartStory(
  decideCreateStory('s'.repeat(20), parseStorySettings({ title: 'T' }), NOW).story,
  NOW,
).story
const ID = 'p'.repeat(20)

const post = (more: Partial<Post> = {}): Post => ({
  ...newPost(ID, STORY.id, ADA.id, NOW),
  ...{ state: 'draft', content: contentOf(), revision: 1 },
  ...more,
})
const fails = (work: () => unknown, code: 'conflict' | 'invalid' | 'not_found') =>
  assert.throws(work, (error) => isAppError(error, code))

describe('a draft', () => {
  it('is made, saved again under its next revision, and never moves the public log', () => {
    const made = draft.decideSaveDraft(STORY, null, { postId: ID, revision: 0, content: contentOf() }, ADA, NOW)
    assert.deepEqual([made.public, made.post?.state, made.post?.revision], [null, 'draft', 1])
    const next = { postId: ID, revision: 1, content: contentOf({ headline: 'New' }) }
    const saved = draft.decideSaveDraft(STORY, made.post, next, ADA, NOW)
    assert.deepEqual([saved.public, saved.post?.revision, saved.post?.content.headline], [null, 2, 'New'])
    fails(() => draft.decideSaveDraft(STORY, saved.post, { ...next, content: contentOf() }, ADA, NOW), 'conflict')
    fails(() => draft.decideSaveDraft(STORY, null, next, ADA, NOW), 'not_found')
  })

  it('keeps its key-event mark until it is published with it; undone, it has it still', () => {
    const content = contentOf({ headline: 'First' })
    const mark = (keyEvent: Post['keyEvent']) => ({ postId: ID, revision: 1, content, keyEvent })
    const marked = draft.decideSaveDraft(STORY, post({ content }), mark({ title: ' ' }), ADA, NOW).post as Post
    assert.deepEqual([marked.keyEvent, marked.revision], [{ title: '' }, 2])
    const untouched = { postId: ID, revision: 2, content: contentOf({ headline: 'Second' }) }
    const saved = draft.decideSaveDraft(STORY, marked, untouched, ADA, NOW).post as Post
    const act = { postId: ID, content: saved.content, revision: 3 }
    const out = decidePublish(STORY, saved, act, ADA, NOW)
    assert.deepEqual([out.post?.keyEvent, out.public?.touches], [{ title: 'Second' }, 'both'])
    assert.deepEqual(draft.decideUndo(STORY, out.post as Post, [], NOW).post?.keyEvent, { title: '' })
    const none = decidePublish(STORY, saved, { ...act, keyEvent: null }, ADA, NOW)
    assert.equal(none.post?.keyEvent, null)
    fails(() => draft.decideSaveDraft(STORY, marked, mark({ title: 'x'.repeat(301) }), ADA, NOW), 'invalid')
    fails(() => draft.decideSubmit(STORY, { ...marked, content: contentOf({ headline: '' }) }, 2), 'invalid')
  })

  it('goes to the editors, comes back with a note, or is published as it was read', () => {
    const submitted = draft.decideSubmit(STORY, post(), 1).post as Post
    assert.equal(submitted.state, 'submitted')
    const back = draft.decideSendBack(STORY, submitted, 'Who says so?', ADA, NOW).post
    assert.deepEqual([back?.state, back?.deskNote?.text], ['draft', 'Who says so?'])
    assert.equal(draft.decideSendBack(STORY, back as Post, 'Who says so? ', ADA, NOW + 9).repeated, true)
    fails(() => draft.decideSendBack(STORY, back as Post, 'Something else', ADA, NOW), 'conflict')
    const approved = draft.decideApprove(STORY, submitted, { revision: 1 }, ADA, NOW)
    assert.deepEqual(
      [approved.kind, approved.public?.kind, approved.post?.state],
      ['approve-post', 'post-published', 'published'],
    )
    fails(() => draft.decideApprove(STORY, { ...submitted, revision: 2 }, { revision: 1 }, ADA, NOW), 'conflict')
    fails(() => draft.decideApprove(STORY, post(), { revision: 1 }, ADA, NOW), 'conflict')
    fails(() => draft.decideSubmit(STORY, post({ content: contentOf({ headline: '', blocks: [] }) }), 1), 'invalid')
  })
})

describe('a draft that leaves its story', () => {
  const there = { ...STORY, id: 't'.repeat(20) }
  const act = { from: STORY, to: there, newId: 'n'.repeat(20), moved: null, keepsTime: true }

  it('is discarded only as it was seen, and only before it is out', () => {
    fails(() => draft.decideDiscard(STORY, post(), 2, NOW), 'conflict')
    fails(() => draft.decideDiscard(STORY, post({ state: 'published', firstPublishedAt: NOW }), 1, NOW), 'conflict')
    const gone = draft.decideDiscard(STORY, post({ deskNote: { at: 1, by: 'x', text: 'y' } }), 1, NOW)
    assert.deepEqual([gone.public, gone.post?.deskNote, gone.post?.content.blocks], [null, null, []])
    assert.ok(isDiscarded(gone.post as Post))
    assert.ok(!isDiscarded(post({ state: 'withdrawn', firstPublishedAt: NOW })), 'what was out is withdrawn')
  })

  it('takes its schedule along only where whoever moves it may schedule', () => {
    const release = { at: NOW + HOUR, zone: 'UTC', by: ADA.id }
    const scheduled = post({ state: 'scheduled', release })
    assert.deepEqual(draft.decideMoveDraft(scheduled, act, NOW).arrived.post?.release, release)
    const lesser = draft.decideMoveDraft(scheduled, { ...act, keepsTime: false }, NOW).arrived.post
    assert.deepEqual([lesser?.state, lesser?.release], ['submitted', null])
    fails(() => draft.decideMoveDraft(post(), { ...act, to: { ...there, state: 'ended' } }, NOW), 'conflict')
    fails(() => draft.decideMoveDraft(post(), { ...act, to: STORY }, NOW), 'invalid')
  })
})

describe('a schedule and an embargo', () => {
  const at = (ms: number) => ({ at: ms, zone: 'Europe/Paris' })
  const until = (ms: number) => ({ until: ms, zone: 'Europe/Paris' })
  const schedule = (of: Post, release: { at: number; zone: string } | null) =>
    draft.decideSchedule(STORY, of, { revision: of.revision, release }, ADA, NOW)

  it('are apart: neither is public, and a schedule may not lie before the embargo', () => {
    const scheduled = schedule(post(), at(NOW + HOUR))
    assert.deepEqual([scheduled.public, scheduled.post?.state, scheduled.post?.release?.by], [null, 'scheduled', 'ada'])
    fails(() => schedule(post({ embargo: until(NOW + 2 * HOUR) }), at(NOW + HOUR)), 'invalid')
    fails(() => draft.decideEmbargo(STORY, scheduled.post as Post, { embargo: until(NOW + 2 * HOUR) }, NOW), 'invalid')
    assert.deepEqual(schedule(scheduled.post as Post, null).post?.state, 'draft')
  })

  it('refuse the past, more than a year ahead, and zones that are none', () => {
    for (const release of [at(NOW), at(NOW - 1), at(NOW + 400 * 24 * HOUR), { at: NOW + HOUR, zone: 'Mars/Base' }])
      fails(() => schedule(post(), release), 'invalid')
  })

  it('an embargo that holds is not published by anybody without the second confirmation', () => {
    const held = post({ embargo: until(NOW + HOUR) })
    const act = { postId: ID, content: contentOf(), revision: 1 }
    fails(() => decidePublish(STORY, held, act, ADA, NOW), 'conflict')
    assert.equal(decidePublish(STORY, held, act, ADA, NOW + HOUR).post?.state, 'published')
    const broken = decidePublish(STORY, held, { ...act, breakEmbargo: true }, ADA, NOW)
    assert.equal(broken.payload.brokenEmbargo, NOW + HOUR)
  })

  it('lifting or shortening it is breaking it; making it longer is not', () => {
    const held = post({ embargo: until(NOW + 2 * HOUR) })
    for (const embargo of [null, until(NOW + HOUR)]) {
      fails(() => draft.decideEmbargo(STORY, held, { embargo }, NOW), 'conflict')
      assert.deepEqual(draft.decideEmbargo(STORY, held, { embargo, breakEmbargo: true }, NOW).post?.embargo, embargo)
    }
    assert.ok(draft.decideEmbargo(STORY, held, { embargo: until(NOW + 3 * HOUR) }, NOW).post)
  })

  it('a due post is released once; one that is not due, never', () => {
    const due = post({ state: 'scheduled', release: { ...at(NOW + HOUR), by: 'ada' } })
    fails(() => draft.decideRelease(STORY, due, ADA, NOW + HOUR - 1), 'conflict')
    const released = draft.decideRelease(STORY, due, ADA, NOW + HOUR)
    assert.deepEqual(
      [released.public?.kind, released.post?.publishedAt, released.post?.release],
      ['post-published', NOW + HOUR, null],
    )
    assert.equal(draft.decideRelease(STORY, released.post as Post, ADA, NOW + HOUR).repeated, true)
    fails(() => draft.decideRelease(STORY, { ...due, embargo: until(NOW + 2 * HOUR) }, ADA, NOW + HOUR), 'conflict')
    const ended: Story = { ...STORY, state: 'ended' }
    fails(() => draft.decideRelease(ended, due, ADA, NOW + HOUR), 'conflict')
    assert.equal(draft.decideHoldBack(ended, due, 'It ended.', NOW).post?.state, 'submitted')
  })
})

describe('undoing', () => {
  const published = decidePublish(STORY, null, { postId: ID, content: contentOf() }, ADA, NOW).post as Post

  it('within seconds leaves a draft and takes the post from every page', () => {
    const undone = draft.decideUndo(STORY, published, [], NOW + 9_000)
    assert.deepEqual(
      [undone.post?.state, undone.post?.orderKey, undone.public?.kind],
      ['draft', null, 'post-withdrawn'],
    )
    assert.equal(draft.decideUndo(STORY, undone.post as Post, [], NOW + 9_000).repeated, true)
    const repeat = { postId: ID, content: contentOf() }
    fails(() => decidePublish(STORY, undone.post, repeat, ADA, NOW + 9_000), 'conflict')
    const again = decidePublish(STORY, undone.post, { ...repeat, revision: 1 }, ADA, NOW + 60_000).post
    assert.deepEqual([again?.state, again?.firstPublishedAt], ['published', NOW + 60_000])
  })

  it('is refused later, after a change, and when there is a copy', () => {
    fails(() => draft.decideUndo(STORY, published, [], NOW + draft.UNDO_MS + 2_001), 'conflict')
    fails(() => draft.decideUndo(STORY, { ...published, updatedAt: NOW + 1 }, [], NOW + 2), 'conflict')
    fails(() => draft.decideUndo(STORY, published, [{ ...published, id: 'copy' }], NOW), 'conflict')
  })

  it('puts the post back under the embargo that was broken', () => {
    const embargo = { until: NOW + HOUR, zone: 'Europe/Paris' }
    const waiting = post({ state: 'draft', embargo })
    const broken = { postId: ID, content: contentOf(), revision: 1, breakEmbargo: true }
    const out = decidePublish(STORY, waiting, broken, ADA, NOW).post as Post
    const back = draft.decideUndo(STORY, out, [], NOW).post as Post
    assert.deepEqual(back.embargo, embargo)
    fails(
      () => decidePublish(STORY, back, { ...broken, revision: back.revision, breakEmbargo: false }, ADA, NOW),
      'conflict',
    )
  })
})
