// The guarded outbound fetch: the only way from this process to the open internet.
// Called by importers, link cards, webhooks, single sign-on and the photo storage. Never reaches a private address, whatever name or
// redirect leads there, but for the exact `host:port` that an administrator configured.

import { lookup as dnsLookup, type LookupAddress } from 'node:dns'
import { type ClientRequest, type IncomingHttpHeaders, type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP, type LookupFunction, type Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { AppError, isAppError } from '../domain/error.ts'
import { isMetadataAddress, isPublicAddress } from './internet-address.ts'

export const MAX_REDIRECTS = 5
export const CONNECT_MS = 5_000
export const TOTAL_MS = 10_000 // of the whole exchange, redirects and body included
export const MAX_BODY_BYTES = 5 * 1024 * 1024 // as received and as decompressed

export type FetchOptions = {
  method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE'
  headers?: { [name: string]: string }
  /** A stream is read once: its address leads to no other. */
  body?: string | Uint8Array | Readable
  maxBytes?: number
  totalMs?: number
  connectMs?: number
  signal?: AbortSignal
  /** Redirects followed; 0 gives them back as they are. Absent = MAX_REDIRECTS. */
  redirects?: number
  /** Exact `host:port` that may be private: those the operator named (single sign-on, photo storage), and tests. */
  allowHosts?: readonly string[]
  /** Replaces DNS in tests. */
  resolve?: (host: string) => Promise<LookupAddress[]>
}
/** Header names in lower case. `body` decompressed. */
export type Fetched = { status: number; headers: IncomingHttpHeaders; body: Buffer; finalUrl: string }

/** Any status is an answer. Throws `invalid` (address refused), `too_large`, `unavailable` (network, time, redirects). */
export async function guardedFetch(address: string, options: FetchOptions = {}): Promise<Fetched> {
  const limits = [AbortSignal.timeout(options.totalMs ?? TOTAL_MS), ...(options.signal ? [options.signal] : [])]
  const signal = AbortSignal.any(limits)
  let step: Step = { url: parseAddress(address), options }
  const redirects = options.redirects ?? MAX_REDIRECTS
  for (let hop = 0; hop <= redirects; hop++) {
    const answer = await exchange(step, signal)
    const next = redirects === 0 ? null : redirected(step, answer)
    if (!next) return { ...answer, finalUrl: step.url.href }
    step = next
  }
  throw new AppError('unavailable', `The address ${hostOf(step.url)} leads from one redirect to the next.`)
}

type Step = { url: URL; options: FetchOptions }
type Answer = Omit<Fetched, 'finalUrl'>

/** Throws `invalid`. */
function parseAddress(address: string, base?: URL): URL {
  const url = URL.parse(address, base?.href)
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.hostname === '') {
    throw new AppError('invalid', 'A web address starts with https: or http:.')
  }
  if (url.username || url.password)
    throw new AppError('invalid', 'A web address must not hold a user name or password.')
  return url
}

function redirected({ url, options }: Step, answer: Answer): Step | null {
  const location = answer.headers.location
  if (![301, 302, 303, 307, 308].includes(answer.status) || !location) return null
  const next = parseAddress(location, url)
  const sends = options.method !== undefined && options.method !== 'GET' && options.method !== 'HEAD'
  const keep = answer.status === 307 || answer.status === 308 || !sends
  const method = keep ? options.method : 'GET'
  const headers = next.origin === url.origin ? options.headers : withoutSecrets(options.headers)
  return { url: next, options: { ...options, method, headers, body: keep ? options.body : undefined } }
}

async function exchange(step: Step, signal: AbortSignal): Promise<Answer> {
  try {
    const addresses = await allowedAddresses(step, signal)
    const response = await send(step, addresses, signal)
    return await receive(response, step.options.maxBytes ?? MAX_BODY_BYTES, signal)
  } catch (error) {
    if (isAppError(error)) throw error
    const reason = signal.aborted ? 'did not answer in time' : 'could not be reached'
    throw new AppError('unavailable', `The address ${hostOf(step.url)} ${reason}.`, { cause: error })
  }
}

/**
 * The name is resolved once, every address it has must be public, and the connection is pinned to them: a second
 * resolution could give another answer (DNS rebinding). The URL parser has already turned 0x7f.1, 2130706433 and the like
 * into plain addresses.
 */
async function allowedAddresses({ url, options }: Step, signal: AbortSignal): Promise<LookupAddress[]> {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const literal = isIP(host)
  const found = literal
    ? [{ address: host, family: literal }]
    : await abortable((options.resolve ?? resolve)(host), signal)
  if (found.length === 0) throw new AppError('unavailable', `The address ${hostOf(url)} could not be found.`)
  if (!found.every(({ address }) => mayReach(url, options, address))) {
    throw new AppError('invalid', `The address ${hostOf(url)} leads into a private network and is not fetched.`)
  }
  return found
}

function resolve(host: string): Promise<LookupAddress[]> {
  return new Promise((done, fail) => {
    dnsLookup(host, { all: true }, (error, addresses) => (error ? fail(error) : done(addresses)))
  })
}

function send({ url, options }: Step, addresses: LookupAddress[], signal: AbortSignal): Promise<IncomingMessage> {
  const pinned = ((_host, wanted, done) => {
    const first = addresses[0]
    if (wanted.all) done(null, addresses)
    else done(null, first?.address ?? '', first?.family ?? 4)
  }) as LookupFunction
  return new Promise((done, fail) => {
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, {
      method: options.method ?? 'GET',
      headers: { 'user-agent': 'Dateline', accept: '*/*', 'accept-encoding': 'gzip, br, deflate', ...options.headers },
      agent: false, // a connection of its own: none that was opened to another address is reused
      lookup: pinned,
      signal,
    })
    request.on('response', done).on('error', fail)
    guardConnection(request, url, options, fail)
    if (!isStream(options.body)) return request.end(options.body)
    options.body.on('error', (error) => request.destroy(error))
    request.on('close', () => (options.body as Readable).destroy())
    options.body.pipe(request)
  })
}

function isStream(body: FetchOptions['body']): body is Readable {
  return typeof body === 'object' && 'pipe' in body
}

/** Time to connect, and a last look at who is really at the other end. */
function guardConnection(request: ClientRequest, url: URL, options: FetchOptions, fail: (error: Error) => void): void {
  const timer = setTimeout(() => request.destroy(new Error('connect timeout')), options.connectMs ?? CONNECT_MS)
  request.on('close', () => clearTimeout(timer))
  request.on('socket', (socket: Socket) => {
    socket.once('connect', () => {
      const peer = socket.remoteAddress ?? ''
      if (mayReach(url, options, peer)) return
      fail(new AppError('invalid', `The address ${hostOf(url)} leads into a private network and is not fetched.`))
      request.destroy()
    })
    socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => clearTimeout(timer))
  })
}

async function receive(response: IncomingMessage, maxBytes: number, signal: AbortSignal): Promise<Answer> {
  const status = response.statusCode ?? 0
  const { headers } = response
  if (Number(headers['content-length'] ?? 0) > maxBytes) {
    response.destroy()
    throw tooLarge(maxBytes)
  }
  const body = await readBounded(response, headers['content-encoding'], maxBytes, signal)
  return { status, headers, body }
}

async function readBounded(
  response: IncomingMessage,
  encoding: string | undefined,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Buffer> {
  const plain = decompressed(response, encoding)
  const stop = () => plain.destroy(new Error('time is up'))
  signal.addEventListener('abort', stop, { once: true })
  let received = 0
  response.on('data', (chunk: Buffer) => {
    received += chunk.length
    if (received > maxBytes) plain.destroy(tooLarge(maxBytes))
  })
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of plain as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > maxBytes) throw tooLarge(maxBytes)
      chunks.push(chunk)
    }
    return Buffer.concat(chunks)
  } finally {
    signal.removeEventListener('abort', stop)
    response.destroy()
  }
}

function decompressed(response: IncomingMessage, encoding: string | undefined): Readable {
  const kind = encoding?.trim().toLowerCase()
  const transform =
    kind === 'gzip' || kind === 'x-gzip'
      ? createGunzip()
      : kind === 'br'
        ? createBrotliDecompress()
        : kind === 'deflate'
          ? createInflate()
          : null
  if (!transform) return response
  response.on('error', (error) => transform.destroy(error))
  response.on('aborted', () => transform.destroy(new Error('connection lost')))
  return response.pipe(transform)
}

function mayReach(url: URL, options: FetchOptions, address: string): boolean {
  return isAllowed(url, options) ? !isMetadataAddress(address) : isPublicAddress(address)
}

function isAllowed(url: URL, options: FetchOptions): boolean {
  const port = url.port || (url.protocol === 'https:' ? '443' : '80')
  return options.allowHosts?.includes(`${url.hostname}:${port}`) ?? false
}

function withoutSecrets(headers: FetchOptions['headers']): FetchOptions['headers'] {
  const kept = Object.entries(headers ?? {}).filter(
    ([name]) => !/^(?:authorization|cookie|proxy-authorization)$|token|key|signature/i.test(name),
  )
  return Object.fromEntries(kept)
}

function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((done, fail) => {
    const stop = () => fail(new Error('time is up'))
    if (signal.aborted) return stop()
    signal.addEventListener('abort', stop, { once: true })
    work.then(done, fail).finally(() => signal.removeEventListener('abort', stop))
  })
}

function tooLarge(maxBytes: number): AppError {
  return new AppError('too_large', `The answer is larger than ${Math.round(maxBytes / 1024)} KB.`)
}

function hostOf(url: URL): string {
  return url.host
}
