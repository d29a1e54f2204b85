// An AppError as HTTP: the one place where codes become status numbers.
// Called by web/app.ts. Never shows the cause of a fault of ours.

import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { Log } from '../base/log.ts'
import { AppError, type ErrorCode, isAppError } from '../domain/error.ts'

export const STATUS: Record<ErrorCode, number> = {
  invalid: 400,
  unauthorized: 401,
  forbidden: 403,
  step_up: 403,
  not_found: 404,
  wrong_method: 405,
  conflict: 409,
  too_large: 413,
  too_many: 429,
  unavailable: 503,
  internal: 500,
}

export const RETRY_AFTER_SECONDS = 5

/** The kind of problem in few words; what happened this time is the error's own message. */
const TITLES: Record<ErrorCode, string> = {
  invalid: 'Invalid input',
  unauthorized: 'Not signed in',
  forbidden: 'Not allowed',
  step_up: 'Prove that it is you',
  not_found: 'Not found',
  wrong_method: 'Wrong method',
  conflict: 'Conflict',
  too_large: 'Too large',
  too_many: 'Too many requests',
  unavailable: 'Out of reach',
  internal: 'A fault of ours',
}

/** One field that was refused. `pointer`: a JSON Pointer into the body, as a fragment; for other places a word of its own. */
export type FieldError = { pointer: string; detail: string }

/** RFC 9457. `details` is the state of now on `conflict`. */
export type Problem = {
  type: string
  title: string
  status: number
  code: ErrorCode
  detail: string
  errors?: FieldError[]
  details?: unknown
}

/** Where the kinds of problem are explained to a program's author. */
export const problemType = (code: ErrorCode): string => `/api/v1/docs#${code}`

const SAID: Readonly<Record<string, string>> = {
  FST_ERR_BAD_URL: 'This address cannot be read: what follows a % in it is no part of a text in UTF-8.',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'This address does not take content of this type.',
  FST_ERR_CTP_INVALID_JSON_BODY: 'The body is no valid JSON.',
}

/** Fastify's own refusals, in the house's words. */
export function asAppError(error: unknown): AppError {
  if (isAppError(error)) return error
  const { statusCode, message, code } = error as FastifyError
  if (statusCode === 413)
    return new AppError('too_large', 'The request is larger than this address takes.', { cause: error })
  if (statusCode === 404) return new AppError('not_found', 'There is nothing at this address.', { cause: error })
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new AppError('invalid', SAID[code] ?? (message || 'The request is malformed.'), { cause: error })
  }
  return new AppError('internal', 'Something went wrong on our side.', { cause: error })
}

export type ErrorPage = (error: AppError, request: FastifyRequest) => string

/** HTML for people, JSON for the rest; the same body whether a thing is absent or hidden. */
export function sendError(
  request: FastifyRequest,
  reply: FastifyReply,
  thrown: unknown,
  page: ErrorPage,
  log: Log,
): FastifyReply {
  const error = refuse(request, reply, thrown, log)
  if (prefersHtml(request)) return reply.type('text/html; charset=utf-8').send(page(error, request))
  return reply.type(PROBLEM).send(problemOf(error))
}

export const PROBLEM = 'application/problem+json'

/** For programs: JSON whatever they accept. */
export function sendProblem(request: FastifyRequest, reply: FastifyReply, thrown: unknown, log: Log): FastifyReply {
  return reply.type(PROBLEM).send(problemOf(refuse(request, reply, thrown, log)))
}

export function problemOf(error: AppError): Problem {
  const { code, message, details } = error
  const fields = fieldErrorsOf(details)
  return {
    type: problemType(code),
    title: TITLES[code],
    status: STATUS[code],
    code,
    detail: message,
    ...(fields ? { errors: fields } : details === undefined ? {} : { details }),
  }
}

function fieldErrorsOf(details: unknown): FieldError[] | null {
  if (typeof details !== 'object' || details === null || !('errors' in details)) return null
  return (details as { errors: FieldError[] }).errors
}

/** Status, headers and the line in the log. */
function refuse(request: FastifyRequest, reply: FastifyReply, thrown: unknown, log: Log): AppError {
  const error = asAppError(thrown)
  const status = STATUS[error.code]
  if (error.code === 'internal') log.error({ err: error.cause ?? error, request: request.id }, 'a request failed')
  // Without a cause it is our own refusal (no place at the stream): nothing is broken, and a crowd must not fill the log.
  if (error.code === 'unavailable')
    log[error.cause === undefined ? 'debug' : 'warn'](
      { err: String(error.cause ?? ''), request: request.id },
      error.message,
    )
  if ((status === 429 || status === 503) && !reply.hasHeader('retry-after'))
    reply.header('retry-after', String(RETRY_AFTER_SECONDS))
  reply.code(status).header('cache-control', 'no-store')
  return error
}

/** The API answers programs, whatever they accept. */
export function prefersHtml(request: FastifyRequest): boolean {
  return !request.url.startsWith('/api/') && (request.headers.accept ?? '').includes('text/html')
}
