// Which requests the service worker touches, and whose beginnings are kept.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type KeptStart, tooMany } from '../keep/starts.ts'
import { storyAt, wayOf } from './ways.ts'

const SHELL = ['/assets/desk-12345678.js']
const STORY = '/desk/stories/0123456789abcdefghjk'
const way = (path: string, isPage = true, method = 'GET') => wayOf({ method, path, isPage }, SHELL)

describe('the worker', () => {
  it('answers pages of the desk and parts of the shell', () => {
    assert.deepEqual([way(STORY), way('/desk/'), way('/desk/people')], ['page', 'page', 'page'])
    assert.equal(way('/assets/desk-12345678.js', false), 'shell')
    assert.equal(way(`${STORY}/look`, true, 'POST'), 'look')
  })

  it('leaves the API, photos, streams, other assets and whatever readers see alone', () => {
    for (const path of ['/api/v1/me', '/media/abc/400.jpg', `${STORY}/live`, '/assets/reader-12345678.js', '/a-story'])
      assert.equal(way(path, false), 'leave', path)
    for (const path of ['/', '/a-story', '/desk', '/desk-of-the-town']) assert.equal(way(path), 'leave', path)
    assert.equal(way(`${STORY}/posts`, true, 'POST'), 'leave')
  })

  it('takes every address that may change who is signed in for one that did', () => {
    for (const name of [
      'sign-in',
      'sign-out',
      'setup/abc',
      'invitation/abc',
      'sso/start',
      'link/abc',
      'account',
      'new',
    ])
      for (const isPage of [true, false]) assert.equal(way(`/desk/${name}`, isPage), 'person', name)
    assert.equal(way('/desk/sign-in/passkey', false, 'POST'), 'person')
  })

  it('knows the page of a story from the pages below it', () => {
    assert.equal(storyAt(STORY), '0123456789abcdefghjk')
    assert.equal(storyAt(`${STORY}/settings`), null)
  })
})

describe('what is kept to begin with', () => {
  const start = (storyId: string, id: string, at: number) => ({ storyId, actor: { id }, at }) as KeptStart

  it('is one person’s alone', () => {
    assert.deepEqual(tooMany([start('a', 'ada', 1), start('b', 'bo', 2)], 'bo'), ['a'])
  })

  it('is bounded, and the oldest goes first', () => {
    const all = Array.from({ length: 22 }, (_, n) => start(`s${n}`, 'ada', n))
    assert.deepEqual(tooMany(all, 'ada'), ['s0', 's1'])
  })
})
