// Holds docs/api.md and docs/security.md to the tables, and the OpenAPI document to its standard.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { it } from 'node:test'
import { Validator } from '@seriousme/openapi-schema-validator'
import type { z } from 'zod'
import { ERROR_CODES } from '../../domain/error.ts'
import { ACTIONS, may, ROLES, scopeOf } from '../../domain/permission.ts'
import { cookieNameOf } from '../auth/session.ts'
import { nothingBody } from './bodies.ts'
import { docsPage } from './docs-page.ts'
import { EXAMPLES } from './examples.ts'
import { openApiDocument } from './openapi.ts'
import { OPERATIONS } from './operations.ts'
import { LIMITS } from './rate-limit.ts'

const read = (name: string) => readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8')
const rowsOf = (text: string) =>
  text
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    )

it('docs/api.md lists every operation with its address, its right and its scope, and no other', () => {
  const expected = OPERATIONS.map(({ name, method, path, does, access }) => {
    const scope = access === 'public' ? '–' : access === 'session' ? 'any' : (scopeOf(access) ?? 'none')
    return [`\`${name}\``, `\`${method} ${path}\``, does, access === 'public' ? '–' : `\`${access}\``, scope]
  })
  const byName = (a: string[], b: string[]) => String(a[0]).localeCompare(String(b[0]))
  assert.deepEqual(rowsOf(read('api.md')).sort(byName), expected.sort(byName))
})

it('docs/api.md tells the rates as they are', () => {
  const said = [LIMITS.token, LIMITS.account, LIMITS.address].map((n) => n.toLocaleString('en'))
  assert.ok(
    read('api.md').includes(
      `${said[0]} requests a minute for a token, ${said[1]} for an account, ${said[2]} for an address`,
    ),
  )
})

it('docs/security.md shows the table of rights', () => {
  const expected = ACTIONS.map((action) => {
    const rules = ROLES.map((role) => {
      if (may({ id: 'me', role }, action)) return 'yes'
      return may({ id: 'me', role }, action, 'me') ? 'own' : '–'
    })
    return [`\`${action}\``, ...rules, scopeOf(action) ?? 'none']
  })
  assert.deepEqual(rowsOf(read('security.md')), expected)
})

it('the document is OpenAPI 3.1, names every operation once, and leaves no reference open', async () => {
  const document = openApiDocument()
  const { valid, errors } = await new Validator().validate(document as never)
  assert.ok(valid, JSON.stringify(errors))
  const text = JSON.stringify(document)
  const names = [...text.matchAll(/"operationId":"(\w+)"/g)].map(([, name]) => name)
  assert.deepEqual(names.sort(), OPERATIONS.map((one) => one.name).sort())
  const { components } = document as { components: Record<string, Record<string, unknown>> }
  for (const [, part = '', name = ''] of text.matchAll(/"#\/components\/(\w+)\/(\w+)"/g))
    assert.ok(components[part]?.[name], `${part}/${name}`)
})

it('every body has an example that its own schema takes, and no other thing has one', () => {
  const withBody = OPERATIONS.filter((one) => one.body && one.body !== 'media' && one.body !== nothingBody)
  assert.deepEqual(Object.keys(EXAMPLES).sort(), withBody.map((one) => one.name).sort())
  for (const { name, body } of withBody) {
    const { error } = (body as z.ZodType).safeParse(EXAMPLES[name])
    assert.equal(error, undefined, `${name}: ${error?.message}`)
  }
  const shown = [...JSON.stringify(openApiDocument()).matchAll(/"example":/g)]
  assert.equal(shown.length, withBody.length)
})

it('every number says what it counts, and what shared things are is said once', () => {
  const document = openApiDocument()
  const bare: string[] = []
  const look = (value: unknown, at: string, said = false): void => {
    if (typeof value !== 'object' || value === null) return
    const { type, description, ...rest } = value as { type?: unknown; description?: unknown; const?: unknown }
    const isSaid = said || description !== undefined
    if ((type === 'integer' || type === 'number') && rest.const === undefined && !isSaid) bare.push(at)
    // The words of a field stand beside its choices, those of a parameter beside its schema.
    for (const [name, inner] of Object.entries(rest))
      look(inner, `${at}/${name}`, isSaid && /^(anyOf|schema|\d+)$/.test(name))
  }
  look(document, '')
  assert.deepEqual(bare, [])
  const text = JSON.stringify(document)
  assert.equal([...text.matchAll(/"story-opened"/g)].length, 1)
  const { schemas } = document.components as { schemas: Record<string, { oneOf?: unknown[]; properties?: object }> }
  assert.ok(schemas.Block?.oneOf?.every((one) => '$ref' in (one as object)))
  assert.ok(schemas.ParagraphBlock?.properties && schemas.DataBlock?.properties)
  assert.deepEqual((schemas.Problem?.properties as { code: { enum: string[] } }).code.enum, Object.keys(ERROR_CODES))
})

it('the cookie of a session is named as the installation names it', () => {
  const nameAt = (publicUrl: string | null) => JSON.stringify(openApiDocument(cookieNameOf(publicUrl)))
  assert.match(nameAt('https://live.example.org'), /"name":"__Host-dateline"/)
  assert.match(nameAt(null), /"name":"dateline-session"/)
})

it('the page for people shows types, choices, defaults and bounds as words', () => {
  const page = String(docsPage('/assets/desk.css'))
  assert.doesNotMatch(page, /stringnull|integernull|\[object/)
  const settings = /id="shape-StorySettings".*?<\/dl>/s.exec(page)?.[0] ?? ''
  assert.match(settings, /visibility\?<\/dt><dd>.*?, if left out &quot;public&quot;/)
  assert.match(page, /limit\?<\/dt><dd>integer from 1 to 50, if left out 50/)
  assert.match(page, /href="#shape-HeadingBlock"/)
})

it('refuses unknown fields in every body that it describes', () => {
  const { components } = openApiDocument() as {
    components: { schemas: Record<string, { additionalProperties?: boolean }> }
  }
  const bodies = Object.entries(components.schemas).filter(([name]) => name.endsWith('Body'))
  assert.ok(bodies.length > 15)
  for (const [name, schema] of bodies) assert.equal(schema.additionalProperties, false, name)
})

it('the page for people names every operation and error, and its links lead somewhere', () => {
  const page = String(docsPage('/assets/desk.css'))
  for (const one of OPERATIONS) assert.ok(page.includes(`id="${one.name}"`), one.name)
  for (const code of Object.keys(ERROR_CODES)) assert.ok(page.includes(`id="${code}"`), code)
  const ids = new Set([...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id))
  for (const [, anchor] of page.matchAll(/href="#([^"]+)"/g)) assert.ok(ids.has(anchor), anchor)
  assert.equal(ids.size, [...page.matchAll(/ id="/g)].length, 'an id stands once')
  assert.ok(
    !/<script|https?:\/\/(?!live\.example\.org)/.test(page.replace(/<dd>.*?<\/dd>/gs, '')),
    'nothing from elsewhere',
  )
})
