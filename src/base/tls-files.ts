// A certificate and its key from files, read again while the server runs, so that a renewal needs no restart.
// Called by cli/serve.ts.
// Never lets a broken pair take the place of a good one, and never writes a word of a key anywhere.

import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { AppError } from '../domain/error.ts'
import type { Log } from './log.ts'

export const TLS_CHECK_MS = 10_000 // files of some kilobytes; watching would miss links that are turned, as certbot does
const WARN_BEFORE_MS = 14 * 24 * 3_600_000 // what renews by itself has done so by then

/** `ends`: ms UTC. */
export type TlsPair = { cert: Buffer; key: Buffer; ends: number }
export type TlsFiles = { cert: string; key: string }

/** Throws `invalid`, in one sentence. */
export function readTlsPair(files: TlsFiles): TlsPair {
  const cert = read(files.cert, 'certificate')
  const key = read(files.key, 'key')
  const certificate = parsed(() => new X509Certificate(cert), `${files.cert} is not a certificate in PEM form.`)
  const secret = parsed(
    () => createPrivateKey({ key, format: 'pem' }),
    `${files.key} is not a private key in PEM form without a passphrase.`,
  )
  if (!certificate.checkPrivateKey(secret))
    throw new AppError('invalid', `The key in ${files.key} is not the one of the certificate in ${files.cert}.`)
  parsed(() => createSecureContext({ cert, key }), `The chain in ${files.cert} cannot be used.`)
  return { cert, key, ends: certificate.validToDate.getTime() }
}

type Server = { setSecureContext(pair: { cert: Buffer; key: Buffer }): void }

export type TlsWatch = { check(): void; stop(): void }

/** Connections that are open keep what they began with. */
export function watchTlsFiles(
  server: Server,
  files: TlsFiles,
  first: TlsPair,
  log: Log,
  everyMs = TLS_CHECK_MS,
): TlsWatch {
  let current = first
  let told = '' // each trouble once, until it is another one
  const trouble = (words: string) => {
    if (words !== told) log.error({ reason: words }, 'The certificate was not renewed: the one before stays in use')
    told = words
  }
  const check = () => {
    try {
      const pair = readTlsPair(files)
      if (told !== '') log.info('The certificate can be read again')
      told = ''
      if (pair.cert.equals(current.cert) && pair.key.equals(current.key)) return
      server.setSecureContext(pair)
      current = pair
      log.info({ ends: new Date(pair.ends).toISOString() }, 'A renewed certificate is in use')
    } catch (error) {
      trouble((error as Error).message)
    }
  }
  warnOfEnd(first, log)
  const timer = setInterval(check, everyMs).unref()
  return { check, stop: () => clearInterval(timer) }
}

function warnOfEnd({ ends }: TlsPair, log: Log): void {
  const left = ends - Date.now()
  if (left < WARN_BEFORE_MS)
    log.warn(
      { ends: new Date(ends).toISOString() },
      left < 0 ? 'The certificate has ended' : 'The certificate ends soon',
    )
}

function read(path: string, what: string): Buffer {
  try {
    return readFileSync(path)
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    throw new AppError('invalid', `The ${what} ${path} cannot be read (${code ?? 'error'}).`, { cause })
  }
}

function parsed<T>(work: () => T, otherwise: string): T {
  try {
    return work()
  } catch (cause) {
    throw new AppError('invalid', otherwise, { cause })
  }
}
