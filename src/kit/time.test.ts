import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { clockLocale, clockTime, dateTime, dayTime, isSameDay, localeOf, machineTime, zoneName } from './time.ts'

const AT = Date.UTC(2026, 0, 31, 22, 32)
const oslo = { language: 'en', timeZone: 'Europe/Oslo' }

describe('times', () => {
  it('are written in the zone and language they are given', () => {
    assert.equal(clockTime(AT, oslo), '23:32')
    assert.equal(clockTime(AT, { language: 'en', timeZone: 'Asia/Tokyo' }), '07:32')
    assert.match(clockTime(AT, { language: 'en-US', timeZone: 'America/New_York' }), /^05:32\sPM$/)
    assert.equal(dayTime(AT, oslo), '31 Jan')
    assert.equal(dateTime(AT, oslo), '31 January 2026')
    assert.equal(dateTime(AT, { language: 'de', timeZone: 'Europe/Berlin' }), '31. Januar 2026')
    assert.equal(machineTime(AT), '2026-01-31T22:32:00.000Z')
  })

  it('know the zone at that moment, summer and winter', () => {
    assert.equal(zoneName(AT, oslo), 'CET')
    assert.equal(zoneName(Date.UTC(2026, 6, 1), oslo), 'CEST')
  })

  it('fall on a day of the zone, not of UTC', () => {
    assert.ok(!isSameDay(AT, AT + 30 * 60_000, oslo))
    assert.ok(isSameDay(AT, AT + 30 * 60_000, { language: 'en', timeZone: 'UTC' }))
  })

  it('have 24 hours unless the language names a region that has not', () => {
    const at = (language: string) => clockTime(AT, { language, timeZone: 'UTC' })
    for (const language of ['ar', 'ko', 'hi', 'he', 'en', 'fr-CA']) assert.match(at(language), /^22\D*32/, language)
    for (const language of ['en-US', 'en-AU']) assert.match(at(language), /^10:32\s[AaPp][Mm]$/, language)
  })

  it('tell another machine how to write the same', () => {
    assert.equal(clockLocale('ar'), 'ar-u-hc-h23-nu-latn')
    assert.equal(clockLocale('en'), 'en-GB-u-hc-h23-nu-latn')
    for (const language of ['ar', 'ar-EG', 'fa', 'bn', 'en-US', 'en', 'he', 'ko']) {
      const format = { hour: '2-digit', minute: '2-digit', timeZone: 'Asia/Tokyo' } as const
      const there = new Intl.DateTimeFormat(clockLocale(language), format).format(AT)
      assert.equal(there, clockTime(AT, { language, timeZone: 'Asia/Tokyo' }), language)
    }
  })

  it('take plain English as the world writes it', () => {
    assert.equal(localeOf('en'), 'en-GB')
    assert.equal(localeOf('en-US'), 'en-US')
  })
})
