// Four requests to one bucket of S3-compatible storage: put, get, remove, list. Signed, bounded in time and size.
// Called by media/s3-blobs.ts.
// Never follows a redirect, never reaches another host than the configured one, and never takes a damaged answer for a photo.

import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { AwsV4Signer } from 'aws4fetch'
import { type Fetched, guardedFetch } from '../base/fetch.ts'
import { AppError } from '../domain/error.ts'

export const READ_MS = 5_000 // a reader's picture answers 503 after that at the latest
const WRITE_FILE_MS = 300_000 // each attempt; a clip of 250 MB over a slow line
export const WRITE_MS = 30_000 // each attempt; the lossless master of a large photo over a slow line
const LARGE_BYTES = 32 * 1024 * 1024 // more than any rendition has
const CONNECT_MS = 2_000
const ATTEMPTS = 2 // a storage that is busy for a moment says 500 or 503
const MAX_LIST_BYTES = 1024 * 1024 // a picture has about ten parts

/** `endpoint`: an origin. `prefix`: '' or ending in a slash. */
export type S3Settings = {
  endpoint: string
  bucket: string
  region: string
  keyId: string
  secret: string
  pathStyle: boolean
  prefix: string
}
export type S3Times = { readMs?: number; writeMs?: number }

/** Keys are without the prefix. All throw `unavailable`. */
export type S3Client = {
  put(key: string, bytes: Uint8Array): Promise<void>
  /** As `put`, without holding it: `open` gives the same bytes each time. */
  putFile(key: string, open: () => Readable): Promise<void>
  /** A part of an object, and how large the whole is; its last byte may lie past the end. null: there is no such object. */
  getRange(key: string, range: { start: number; end: number }): Promise<{ bytes: Buffer; size: number } | null>
  /** null: there is no such object. */
  get(key: string, maxBytes: number): Promise<Buffer | null>
  /** Of a missing one it is done. */
  remove(key: string): Promise<void>
  /** Keys that begin with it, a thousand at most. */
  list(start: string): Promise<string[]>
  /** Why the last request failed, in a sentence; null: it did not. */
  trouble(): string | null
}

type Wanted = {
  method: 'GET' | 'PUT' | 'DELETE'
  url: URL
  headers?: { [name: string]: string }
  body?: Uint8Array | FileBody
  maxBytes: number
}
type FileBody = { open(): Readable; size: number; sha256: string }

export function createS3Client(settings: S3Settings, times: S3Times = {}): S3Client {
  const base = baseOf(settings)
  let trouble: string | null = null
  const urlOf = (key: string) => new URL(`${base.pathname}${settings.prefix}${key}`, base)
  const readMs = times.readMs ?? READ_MS
  const send = async (wanted: Wanted, totalMs: number, signal?: AbortSignal): Promise<Fetched> => {
    try {
      const answer = await attempts(settings, wanted, totalMs, signal)
      trouble = null
      return answer
    } catch (error) {
      trouble = (error as Error).message
      throw error
    }
  }
  return {
    put: async (key, bytes) => {
      const headers = { 'content-type': 'application/octet-stream', 'x-amz-meta-sha256': sha256(bytes) }
      const ms = times.writeMs ?? (bytes.length > LARGE_BYTES ? WRITE_FILE_MS : WRITE_MS)
      await send({ method: 'PUT', url: urlOf(key), headers, body: bytes, maxBytes: 64_000 }, ms)
    },
    putFile: async (key, open) => {
      const body = { open, ...(await sumOf(open())) }
      const headers = {
        ...{ 'content-type': 'application/octet-stream', 'x-amz-meta-sha256': body.sha256 },
        'content-length': String(body.size),
      }
      await send({ method: 'PUT', url: urlOf(key), headers, body, maxBytes: 64_000 }, times.writeMs ?? WRITE_FILE_MS)
    },
    getRange: async (key, { start, end }) => {
      const headers = { range: `bytes=${start}-${end}` }
      const wanted = { method: 'GET' as const, url: urlOf(key), headers, maxBytes: end - start + 1 }
      const answer = await send(wanted, readMs, AbortSignal.timeout(readMs))
      return answer.status === 404 ? null : partIn(answer, start)
    },
    get: async (key, maxBytes) => {
      const wanted = { method: 'GET' as const, url: urlOf(key), maxBytes }
      const answer = await send(wanted, readMs, AbortSignal.timeout(readMs))
      return answer.status === 404 ? null : answer.body
    },
    remove: async (key) => {
      await send({ method: 'DELETE', url: urlOf(key), maxBytes: 64_000 }, times.writeMs ?? WRITE_MS)
    },
    list: async (start) => {
      const url = new URL(base)
      url.searchParams.set('list-type', '2')
      url.searchParams.set('prefix', `${settings.prefix}${start}`)
      const { status, body } = await send({ method: 'GET', url, maxBytes: MAX_LIST_BYTES }, times.writeMs ?? WRITE_MS)
      if (status === 404) throw refused(404, 'the list of a bucket')
      return keysIn(body.toString(), settings.prefix)
    },
    trouble: () => trouble,
  }
}

/** With the bucket, ending in a slash. */
function baseOf({ endpoint, bucket, pathStyle }: S3Settings): URL {
  const url = new URL(endpoint)
  if (pathStyle) url.pathname = `/${bucket}/`
  else url.hostname = `${bucket}.${url.hostname}`
  return url
}

async function attempts(settings: S3Settings, wanted: Wanted, totalMs: number, signal?: AbortSignal): Promise<Fetched> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await once(settings, wanted, totalMs, signal)
    } catch (error) {
      const passing = !(error as { final?: boolean }).final
      if (attempt >= ATTEMPTS || !passing || signal?.aborted) throw error
    }
  }
}

async function once(settings: S3Settings, wanted: Wanted, totalMs: number, signal?: AbortSignal): Promise<Fetched> {
  const { url, headers } = await signed(settings, wanted)
  const answer = await guardedFetch(url.href, {
    ...{ method: wanted.method, headers, body: bodyOf(wanted.body), maxBytes: wanted.maxBytes },
    ...{ totalMs, connectMs: Math.min(CONNECT_MS, totalMs), redirects: 0, allowHosts: [hostAndPort(url)] },
    ...(signal ? { signal } : {}),
  }).catch((cause: unknown) => {
    throw away(cause)
  })
  const { status, body } = answer
  if (status === 404 && wanted.method !== 'PUT' && !body.includes('NoSuchBucket')) return answer
  if (status === 206 && wanted.headers?.range) return answer
  if (status < 200 || status > 204) throw refused(status, body.toString('latin1', 0, 2_000))
  if (wanted.method === 'GET') requireWhole(answer)
  return answer
}

/** The one host that may be private: the configured one. */
function hostAndPort(url: URL): string {
  return `${url.hostname}:${url.port || (url.protocol === 'https:' ? '443' : '80')}`
}

async function signed({ region, keyId, secret }: S3Settings, { method, url, headers, body }: Wanted) {
  const signer = new AwsV4Signer({
    ...{ method, url: url.href, service: 's3', region, accessKeyId: keyId, secretAccessKey: secret },
    headers: { ...headers, 'accept-encoding': 'identity', 'x-amz-content-sha256': bodySum(body) },
  })
  const done = await signer.sign()
  return { url: done.url, headers: Object.fromEntries(done.headers) }
}

/** What was written by us says its own sum. An object that another tool copied may have none: then its length speaks. */
function requireWhole({ headers, body, status }: Fetched): void {
  const said = headers['x-amz-meta-sha256']
  const length = headers['content-length']
  const wrong = status !== 200 || (length !== undefined && Number(length) !== body.length)
  if (wrong || (typeof said === 'string' && said !== sha256(body)))
    throw new AppError('unavailable', 'The photo storage sent a damaged file.')
}

// Names of ours hold no character that XML would write otherwise.
function keysIn(xml: string, prefix: string): string[] {
  const keys = [...xml.matchAll(/<Key>([^<&]{1,1024})<\/Key>/g)].map(([, key = '']) => key)
  return keys.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length))
}

function away(cause: unknown): AppError {
  return new AppError('unavailable', 'The photo storage is out of reach.', { cause })
}

/** What was refused for its key or its bucket is refused again. */
function refused(status: number, said: string): AppError {
  const why = status === 401 || status === 403 ? ' Check its key.' : status === 404 ? ' Check its bucket.' : ''
  const code = /<Code>(\w{1,60})<\/Code>/.exec(said)?.[1] ?? 'no code'
  const cause = new Error(`${status}, ${code}`)
  const error = new AppError('unavailable', `The photo storage answered ${status}.${why}`, { cause })
  return status < 500 ? Object.assign(error, { final: true }) : error
}

/** Without a range it is whole; with one it says which part of how much it is. */
function partIn({ status, headers, body }: Fetched, start: number): { bytes: Buffer; size: number } {
  const [, from, to, size] = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(headers['content-range'] ?? '') ?? []
  if (status === 200 && start === 0) return { bytes: body, size: body.length }
  const isRight = status === 206 && Number(from) === start && Number(to) - start + 1 === body.length && body.length > 0
  if (!isRight) throw new AppError('unavailable', 'The photo storage sent a damaged file.')
  return { bytes: body, size: Number(size) }
}

function bodyOf(body: Wanted['body']): Uint8Array | Readable | undefined {
  return body === undefined || body instanceof Uint8Array ? body : body.open()
}

function bodySum(body: Wanted['body']): string {
  return body === undefined || body instanceof Uint8Array ? sha256(body ?? new Uint8Array()) : body.sha256
}

async function sumOf(file: Readable): Promise<{ size: number; sha256: string }> {
  const hash = createHash('sha256')
  let size = 0
  for await (const chunk of file as AsyncIterable<Buffer>) {
    hash.update(chunk)
    size += chunk.length
  }
  return { size, sha256: hash.digest('hex') }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
