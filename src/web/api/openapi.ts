// The OpenAPI 3.1 document, made from the same schemas that validate.
// Called by documentation.ts and tests. Pure.

import { z } from 'zod'
import {
  blockSchema,
  contentSchema,
  imageSchema,
  runSchema,
  speakerSchema,
  summarySchema,
} from '../../domain/content.ts'
import { scopeOf } from '../../domain/permission.ts'
import { storyChangeSchema, storySettingsSchema } from '../../domain/story.ts'
import { cookieNameOf } from '../auth/session.ts'
import * as answers from './answers.ts'
import { embargoBody, nothingBody, releaseBody } from './bodies.ts'
import { EXAMPLES } from './examples.ts'
import { API_BASE, type Operation } from './operation.ts'
import { OPERATIONS } from './operations.ts'

type Json = { [key: string]: unknown }

const SHARED: Record<string, z.ZodType> = {
  Run: runSchema,
  Image: imageSchema,
  Speaker: speakerSchema,
  Block: blockSchema,
  ...blocks(),
  PostContent: contentSchema,
  SummaryBlocks: summarySchema,
  StorySettings: storySettingsSchema,
  StoryChange: storyChangeSchema,
  Release: releaseBody,
  Embargo: embargoBody,
  PublicStory: answers.publicStory,
  PublicPost: answers.publicPost,
  PublicTrace: answers.publicTrace,
  PublicItem: answers.publicItem,
  PublicKind: answers.publicKind,
  PublicChange: answers.publicChange,
  StoryFace: answers.storyFace,
  DeskStory: answers.deskStory,
  DeskPost: answers.deskPost,
  Receipt: answers.receipt,
  Problem: answers.problem,
}

const PARAMETERS: Record<string, Json> = {
  story: pathParameter('story', 'Id of the story.', '^[0-9a-z]{16,32}$'),
  publicStory: pathParameter('story', 'Id or name of the story: the last part of its address.', '^[0-9a-z-]{1,80}$'),
  post: pathParameter('post', 'Id of the post.', '^[0-9a-z]{16,32}$'),
  media: pathParameter('media', 'Id of the picture or clip.', '^[0-9a-z]{16,32}$'),
  account: pathParameter('account', 'Id of the account.', '^[0-9a-z]{16,32}$'),
  revision: pathParameter('revision', 'Number of the revision, from 1.', '^[1-9][0-9]{0,9}$'),
  autosave: pathParameter('autosave', 'Number of the autosave.', '^[1-9][0-9]{0,14}$'),
  note: pathParameter('note', 'Id of the note.', '^[0-9a-z]{16,32}$'),
  snippet: pathParameter('snippet', 'Id of the snippet.', '^[0-9a-z]{16,32}$'),
}

/** ParagraphBlock and so on; a picture is an Image wherever it stands. */
function blocks(): Record<string, z.ZodType> {
  const named = blockSchema.options.map((one) => [one.shape.type.value, one] as const)
  const others = named.filter(([, one]) => one !== imageSchema)
  return Object.fromEntries(others.map(([type, one]) => [`${capital(type)}Block`, one]))
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1)
}

/** `sessionCookie`: its name at the address of this installation. */
export function openApiDocument(sessionCookie = cookieNameOf(null)): Json {
  const { names, schemas } = components()
  const paths: { [path: string]: Json } = {}
  for (const one of OPERATIONS) {
    const path = paths[one.path] ?? {}
    path[one.method.toLowerCase()] = describeOperation(one, names)
    paths[one.path] = path
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Dateline API',
      version: '1',
      description: 'Every editorial act and every public read. Clients ignore fields they do not know.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: API_BASE }],
    tags: [...new Set(OPERATIONS.map((one) => one.group))].map((name) => ({ name })),
    paths,
    components: {
      schemas,
      parameters: {
        ...PARAMETERS,
        idempotencyKey: {
          name: 'Idempotency-Key',
          in: 'header',
          description: 'The same key with the same request gets the same answer for 30 days.',
          schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,255}$' },
        },
      },
      responses: {
        Problem: {
          description: 'A refusal or a fault, as RFC 9457 has it.',
          content: { 'application/problem+json': { schema: refTo('Problem') } },
        },
      },
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'A token made by `dateline token create`.' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: sessionCookie,
          description: 'A page of the desk’s own origin; changes also need the header X-CSRF-Token.',
        },
      },
    },
  }
}

function describeOperation(one: Operation, names: Map<z.ZodType, string>): Json {
  const status = one.creates ? ['200', '201'] : ['200']
  const content = { 'application/json': { schema: refTo(nameOf(names, one.answer)) } }
  const isPublic = one.access === 'public'
  return {
    operationId: one.name,
    tags: [one.group],
    summary: one.does,
    description: rightsOf(one),
    parameters: parametersOf(one),
    ...bodyOf(one, names),
    responses: {
      ...Object.fromEntries(status.map((code) => [code, { description: code === '201' ? 'Made.' : 'Done.', content }])),
      ...(one.method === 'GET' ? { 304: { description: 'The bytes are the same.' } } : {}),
      default: { $ref: '#/components/responses/Problem' },
    },
    security: isPublic ? [] : [{ token: [] }, { session: [] }],
    'x-dateline-action': one.access,
    'x-dateline-object': one.object,
  }
}

/** In words: what it takes to call this. */
export function rightsOf({ access }: Pick<Operation, 'access'>): string {
  if (access === 'public') return 'Open to everybody, from any origin.'
  if (access === 'session') return 'Any token or session.'
  const scope = scopeOf(access)
  const token = scope === null ? 'No token can: a signed-in person only.' : `A token needs the scope \`${scope}\`.`
  return `Needs the right \`${access}\`. ${token}`
}

function parametersOf(one: Operation): Json[] {
  const inPath = [...one.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    $ref: `#/components/parameters/${name === 'story' && one.access === 'public' ? 'publicStory' : name}`,
  }))
  const shape = one.query ? Object.entries(one.query.shape) : []
  const inQuery = shape.map(([name, schema]) => {
    const { description, ...rest } = withoutIds(z.toJSONSchema(schema as z.ZodType, { io: 'input' }) as Json)
    const required = !(schema as z.ZodType).safeParse(undefined).success
    return { name, in: 'query', required, ...(description ? { description } : {}), schema: rest }
  })
  const key = one.method === 'POST' ? [{ $ref: '#/components/parameters/idempotencyKey' }] : []
  return [...inPath, ...inQuery, ...key]
}

function bodyOf(one: Operation, names: Map<z.ZodType, string>): Json {
  if (one.body === undefined || one.body === nothingBody) return {}
  if (one.body === 'media') {
    const bytes = { schema: { type: 'string', contentMediaType: 'application/octet-stream' } }
    return { requestBody: { required: true, content: { 'image/*': bytes, 'video/*': bytes, 'audio/*': bytes } } }
  }
  const example = EXAMPLES[one.name]
  const json = { schema: refTo(nameOf(names, one.body)), ...(example === undefined ? {} : { example }) }
  return { requestBody: { required: true, content: { 'application/json': json } } }
}

/** Bodies and answers without a name of their own are called after their operation. */
function components(): { names: Map<z.ZodType, string>; schemas: Json } {
  const names = new Map(Object.entries(SHARED).map(([name, schema]) => [schema, name]))
  for (const one of OPERATIONS) {
    const title = capital(one.name)
    if (one.body && one.body !== 'media' && one.body !== nothingBody && !names.has(one.body))
      names.set(one.body, `${title}Body`)
    if (!names.has(one.answer)) names.set(one.answer, `${title}Answer`)
  }
  const registry = z.registry<{ id: string }>()
  for (const [schema, id] of names) registry.add(schema, { id })
  const made = z.toJSONSchema(registry, { io: 'input', uri: (id) => `#/components/schemas/${id}` }) as {
    schemas: { [name: string]: Json }
  }
  return {
    names,
    schemas: Object.fromEntries(Object.entries(made.schemas).map(([name, schema]) => [name, withoutIds(schema)])),
  }
}

function nameOf(names: Map<z.ZodType, string>, schema: z.ZodType): string {
  const name = names.get(schema)
  if (!name) throw new TypeError('A schema has no name.')
  return name
}

function refTo(name: string): Json {
  return { $ref: `#/components/schemas/${name}` }
}

/** The document has its own dialect and its own addresses. */
function withoutIds({ $schema: _schema, $id: _id, ...rest }: Json): Json {
  return rest
}

function pathParameter(name: string, description: string, pattern: string): Json {
  return { name, in: 'path', required: true, description, schema: { type: 'string', pattern } }
}
