// The page that explains the API to people, made from the list of operations. No script, the desk's own style sheet.
// Called by documentation.ts. Pure.

import { FAVICON_PATH } from '../../domain/address.ts'
import { ERROR_CODES, type ErrorCode } from '../../domain/error.ts'
import { html, type SafeHtml } from '../../kit/html.ts'
import { STATUS } from '../errors.ts'
import { nothingBody } from './bodies.ts'
import { EXAMPLES } from './examples.ts'
import { openApiDocument, rightsOf } from './openapi.ts'
import { API_BASE, GROUPS, type Operation } from './operation.ts'
import { OPERATIONS } from './operations.ts'
import { LIMITS } from './rate-limit.ts'

type Schema = {
  $ref?: string
  type?: string | string[]
  default?: unknown
  enum?: unknown[]
  const?: unknown
  items?: Schema
  anyOf?: Schema[]
  oneOf?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
  description?: string
  maxLength?: number
  minimum?: number
  maximum?: number
}

type Content = { content: { 'application/json': { schema: Schema } } }
type Parameter = { name?: string; in?: string; required?: boolean; description?: string; schema?: Schema }
type Described = { parameters: Parameter[]; requestBody?: Content; responses: { 200: Content } }
type Document = {
  paths: Record<string, Record<string, Described>>
  components: { schemas: Record<string, Schema> }
}

const MAX_SHOWN = 1_000_000

const CURL = `curl -X PUT https://live.example.org${API_BASE}/stories/$STORY/posts/$(openssl rand -hex 10) \\
  -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" \\
  -d '{"content":{"headline":"Bridge closed","blocks":[{"type":"paragraph","text":[{"text":"Police closed it at noon."}]}]}}'`

export function docsPage(style: string): SafeHtml {
  const document = openApiDocument() as unknown as Document
  const { schemas } = document.components
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>API · Dateline</title>
<link rel="icon" href="${FAVICON_PATH}" type="image/svg+xml">
<link rel="stylesheet" href="${style}">
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="bar docs-bar"><nav aria-label="API"><a class="home" href="${API_BASE}/docs">API</a>
${GROUPS.map((group) => html`<a href="#${anchorOf(group)}">${group}</a> `)}<a href="#errors">Errors</a> <a href="#shapes">Shapes</a></nav></header>
<main id="main" class="docs">
<h1>Dateline API</h1>
<p>Every editorial act and every public read, as JSON over HTTP. Addresses stand below <code>${API_BASE}</code>. For programs: <a href="${API_BASE}/openapi.json">openapi.json</a> (OpenAPI 3.1).</p>
<pre tabindex="0" aria-label="Example">${CURL}</pre>
${manners()}
${GROUPS.map((group) => section(group, document))}
${errors()}
<section aria-labelledby="shapes"><h2 id="shapes">Shapes</h2>${Object.entries(schemas).map(shape)}</section>
</main>
</body>
</html>
`
}

function manners(): SafeHtml {
  return html`<section aria-labelledby="manners"><h2 id="manners">Manners</h2>
<ul>
<li><strong>Who calls.</strong> <code>Authorization: Bearer dl_…</code>, a token from <code>dateline token create</code>. It does what its account may do at that moment, within its scopes. A page of the desk's own origin may use its session instead; changes then need the header <code>X-CSRF-Token</code> with the value that <code>GET ${API_BASE}/me</code> tells.</li>
<li><strong>Ids are yours.</strong> Stories and posts are made with <code>PUT</code> under an id of 16 to 32 lower-case letters and digits that you choose at random. Sending it again is the same act.</li>
<li><strong>Sending again.</strong> A <code>POST</code> may carry <code>Idempotency-Key</code>: the same key and request get the same answer for 30 days, the same key with another request is a <code>conflict</code>.</li>
<li><strong>Revisions.</strong> A change names the revision it was made from. A stale one is a <code>conflict</code> with the current state; nothing is overwritten.</li>
<li><strong>Times</strong> are milliseconds since 1970 UTC. <strong>Text</strong> is a typed tree, never HTML. Unknown fields are refused; ignore those you do not know.</li>
<li><strong>Caches.</strong> Answers to <code>GET</code> have an <code>ETag</code>; <code>If-None-Match</code> gets 304. Public reads may be read from any origin.</li>
<li><strong>Rates.</strong> ${LIMITS.token} requests a minute for a token, ${LIMITS.account} for an account, ${LIMITS.address} for an address. <code>RateLimit-Remaining</code> tells what is left; after a 429 wait as long as <code>Retry-After</code> says.</li>
</ul></section>`
}

function section(group: Operation['group'], document: Document): SafeHtml {
  const operations = OPERATIONS.filter((one) => one.group === group)
  return html`<section aria-labelledby="${anchorOf(group)}"><h2 id="${anchorOf(group)}">${group}</h2>
<ul class="rows">${operations.map((one) => operationRow(one, document))}</ul></section>`
}

function operationRow(one: Operation, document: Document): SafeHtml {
  return html`<li id="${one.name}"><h3 class="row-title"><code>${one.method} ${one.path}</code></h3>
<p>${one.does}</p>
<p class="facts"><span>${one.name}</span> <span>${withCode(rightsOf(one))}</span></p>
${query(one, document)}
<p class="facts">${takes(one, document)} <span>Answers ${shapeLink(refNameOf(one, 'answer', document))}</span></p>
${example(one)}</li>`
}

function example({ name }: Operation): SafeHtml | '' {
  if (EXAMPLES[name] === undefined) return ''
  const label = `Example: ${name}`
  return html`<pre tabindex="0" aria-label="${label}">${JSON.stringify(EXAMPLES[name])}</pre>`
}

function query(one: Operation, { paths }: Document): SafeHtml | '' {
  const parameters = paths[one.path]?.[one.method.toLowerCase()]?.parameters ?? []
  const asked = parameters.filter((parameter) => parameter.in === 'query')
  if (asked.length === 0) return ''
  const fields = asked.map(({ name = '', required, description, schema = {} }) =>
    field(name, { ...schema, description }, required),
  )
  return html`<p class="facts"><span>Query:</span></p><dl class="signs">${fields}</dl>`
}

function takes(one: Operation, document: Document): SafeHtml | '' {
  if (one.body === undefined || one.body === nothingBody) return ''
  if (one.body === 'media') return html`<span>Takes the file’s bytes</span>`
  return html`<span>Takes ${shapeLink(refNameOf(one, 'body', document))}</span>`
}

function errors(): SafeHtml {
  const codes = Object.keys(ERROR_CODES) as ErrorCode[]
  return html`<section aria-labelledby="errors"><h2 id="errors">Errors</h2>
<p>A refusal is <code>application/problem+json</code> (RFC 9457): <code>type</code>, <code>title</code>, <code>status</code>, <code>code</code>, <code>detail</code>; for input also <code>errors</code>, each with a <code>pointer</code> to the field; on a conflict <code>details</code>, the state of now.</p>
<dl class="signs">${codes.map((code) => html`<dt id="${code}">${STATUS[code]} ${code}</dt><dd>${ERROR_CODES[code]}</dd>`)}</dl></section>`
}

function shape([name, schema]: [string, Schema]): SafeHtml {
  const properties = Object.entries(schema.properties ?? {})
  return html`<h3 id="shape-${name}">${name}</h3>
${
  properties.length === 0
    ? html`<p>${typeOf(schema)}</p>`
    : html`<dl class="signs">${properties.map(([name, of]) => field(name, of, schema.required?.includes(name)))}</dl>`
}`
}

function field(name: string, of: Schema, required = false): SafeHtml {
  const words = of.description ?? of.anyOf?.find((one) => one.description)?.description
  const hint = words ? html` <span class="hint">${withCode(words)}</span>` : ''
  const preset = of.default === undefined ? '' : `, if left out ${JSON.stringify(of.default)}`
  return html`<dt>${name}${required ? '' : '?'}</dt><dd>${typeOf(of)}${preset}${hint}</dd>`
}

function typeOf(schema: Schema): SafeHtml {
  if (schema.$ref) return shapeLink(schema.$ref.split('/').at(-1) ?? '')
  const choices = schema.anyOf ?? schema.oneOf
  if (choices) return html`${choices.map((one, at) => html`${at === 0 ? '' : ' or '}${typeOf(one)}`)}`
  if (schema.enum) return html`${schema.enum.map((one) => JSON.stringify(one)).join(' | ')}`
  if (schema.const !== undefined) return html`${JSON.stringify(schema.const)}`
  if (schema.type === 'array') return html`list of ${typeOf(schema.items ?? {})}`
  if (schema.properties) {
    const fields = Object.entries(schema.properties).map(
      ([name, of], at) =>
        html`${at === 0 ? '' : ', '}${name}${schema.required?.includes(name) ? '' : '?'}: ${typeOf(of)}`,
    )
    return html`{ ${fields} }`
  }
  const type = [schema.type ?? 'any'].flat().join(' or ')
  return html`${type}${schema.maxLength === undefined ? '' : ` of at most ${schema.maxLength}`}${boundsOf(schema)}`
}

/** Only bounds that somebody may meet: those of every integer and of the calendar say nothing. */
function boundsOf({ minimum = 0, maximum = Number.POSITIVE_INFINITY }: Schema): string {
  if (maximum <= MAX_SHOWN) return ` from ${minimum} to ${maximum}`
  return minimum > 0 ? ` from ${minimum}` : ''
}

function shapeLink(name: string): SafeHtml {
  return html`<a href="#shape-${name}">${name}</a>`
}

/** As openapi.ts names it. */
function refNameOf(one: Operation, part: 'body' | 'answer', { paths }: Document): string {
  const described = paths[one.path]?.[one.method.toLowerCase()]
  const found = part === 'body' ? described?.requestBody : described?.responses[200]
  return found?.content['application/json'].schema.$ref?.split('/').at(-1) ?? ''
}

function anchorOf(group: string): string {
  return group.toLowerCase().replaceAll(' ', '-')
}

/** `Words` between backticks stand as code. */
function withCode(text: string): SafeHtml {
  return html`${text.split('`').map((part, at) => (at % 2 === 0 ? part : html`<code>${part}</code>`))}`
}
