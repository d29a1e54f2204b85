// The log: JSON lines on stderr, short readable lines when stderr is a terminal.
// Created once by cli/ and passed down; called by every room that touches the machine.
// Must never write a secret: known fields are censored, and credentials inside URLs are cut out of every line.

import { pino, stdSerializers } from 'pino'

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** `log.info('text')` or `log.info({ story, err }, 'text')`; an Error under `err` or `error` is written with its stack. */
export type LogLine = { (message: string): void; (fields: object, message?: string): void }
export type Log = { debug: LogLine; info: LogLine; warn: LogLine; error: LogLine; fatal: LogLine }
/** Takes one finished line, newline included. */
export type LogSink = { write(line: string): void }

const CENSORED = '[hidden]'
const SECRET_FIELDS = ['password', 'token', 'secret', 'authorization', 'cookie', 'databaseUrl', 'publicDatabaseUrl']
// user:password@ in any URL, however it got into a message: pg and DNS errors quote what they were given.
const URL_CREDENTIALS = /:\/\/[^/@\s"]+@/g

/** Writes at once (no buffer), so the last line before a crash is not lost. `sink` replaces stderr in tests. */
export function createLog(level: LogLevel, sink?: LogSink): Log {
  const out = sink ?? pino.destination({ fd: 2, sync: true })
  const readable = sink === undefined && process.stderr.isTTY === true
  const stream = { write: (line: string) => out.write(withoutCredentials(readable ? readableLine(line) : line)) }
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: stdSerializers.err, error: stdSerializers.err },
      redact: { paths: secretPaths(), censor: CENSORED },
    },
    stream,
  )
  return logger
}

/** A log that writes nothing: for tests and one-shot commands. */
export function silentLog(): Log {
  return createLog('silent', { write: () => {} })
}

/** One JSON line → `14:32:05 warn  text key=value`, the stack on lines of its own. A line that is no JSON passes as it is. */
export function readableLine(line: string): string {
  const fields = parseLine(line)
  if (fields === null) return line
  const { level, time, msg, err, error, ...others } = fields
  const clock = typeof time === 'string' ? time.slice(11, 19) : ''
  const failure = (err ?? error) as { stack?: string; message?: string } | undefined
  const extra = Object.entries(others).map(([key, value]) => ` ${key}=${plainValue(value)}`)
  const stack = failure === undefined ? '' : `\n  ${failure.stack ?? failure.message ?? JSON.stringify(failure)}`
  return `${clock} ${String(level).padEnd(5)} ${msg ?? ''}${extra.join('')}${stack}\n`
}

function withoutCredentials(line: string): string {
  return line.replace(URL_CREDENTIALS, `://${CENSORED}@`)
}

// pino's wildcard matches exactly one level, so each depth is named: a field, a field of a field, and request headers.
function secretPaths(): string[] {
  return SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`])
}

function parseLine(line: string): Record<string, unknown> | null {
  try {
    return JSON.parse(line) as Record<string, unknown>
  } catch {
    return null
  }
}

function plainValue(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
