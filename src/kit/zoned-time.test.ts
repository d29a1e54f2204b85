// Checks wall-clock times against the changes of the clock, east and west of Greenwich.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { momentsAt, wallTimeAt } from './zoned-time.ts'

const moments = (date: string, time: string, zone: string) =>
  momentsAt({ date, time }, zone).map((ms) => new Date(ms).toISOString())

test('an ordinary time is one moment, in every zone', () => {
  assert.deepEqual(moments('2026-01-31', '14:32', 'Europe/Paris'), ['2026-01-31T13:32:00.000Z'])
  assert.deepEqual(moments('2026-01-01', '00:00', 'Pacific/Kiritimati'), ['2025-12-31T10:00:00.000Z'])
  assert.deepEqual(moments('2026-07-01', '23:59', 'America/Los_Angeles'), ['2026-07-02T06:59:00.000Z'])
  assert.deepEqual(moments('2026-07-01', '12:00', 'Asia/Kathmandu'), ['2026-07-01T06:15:00.000Z'])
})

test('a time that the clock jumps over is no moment', () => {
  assert.deepEqual(moments('2026-03-29', '02:30', 'Europe/Paris'), [])
  assert.deepEqual(moments('2026-03-08', '02:30', 'America/New_York'), [])
})

test('a time that the clock shows twice is two moments, the earlier one first', () => {
  assert.deepEqual(moments('2026-10-25', '02:30', 'Europe/Paris'), [
    '2026-10-25T00:30:00.000Z',
    '2026-10-25T01:30:00.000Z',
  ])
  assert.deepEqual(moments('2026-04-05', '01:45', 'Australia/Lord_Howe'), [
    '2026-04-04T14:45:00.000Z',
    '2026-04-04T15:15:00.000Z',
  ])
})

test('what is no date or time is no moment', () => {
  for (const [date, time] of [
    ['2026-02-30', '10:00'],
    ['2026-13-01', '10:00'],
    ['', '10:00'],
    ['2026-01-01', ''],
    ['2026-01-01', '24:00'],
    ['2026-01-01', '10:61'],
  ] as const)
    assert.deepEqual(moments(date, time, 'UTC'), [], `${date} ${time}`)
})

test('a moment reads back as it was written', () => {
  for (const zone of ['UTC', 'Asia/Jerusalem', 'America/St_Johns', 'Pacific/Apia']) {
    const [ms = 0] = momentsAt({ date: '2026-11-25', time: '06:07' }, zone)
    assert.deepEqual(wallTimeAt(ms, zone), { date: '2026-11-25', time: '06:07' })
  }
})
