// The one error of the house and its codes.
// Thrown by every room; turned into HTTP in one place (web/errors.ts) and documented in docs/errors.md.
// Never carries secrets: messages are shown to people.

/** Code → what it means to the person who caused it. `docs/errors.md` is held to this table by a test. */
export const ERROR_CODES = {
  invalid: 'The input is malformed or breaks a stated limit. Nothing was changed.',
  unauthorized: 'No valid sign-in. Sign in and send it again; nothing was changed.',
  forbidden: 'Signed in, but not allowed to do this.',
  step_up:
    'Signed in and allowed, but this act wants a fresh proof that it is you: password, code or passkey. Nothing was changed.',
  not_found: 'There is nothing at this address that you may see.',
  wrong_method: 'This address does not take that method; Allow names those it takes.',
  conflict:
    'The world moved on: the thing changed, or is in a state where this act makes no sense. Nothing was overwritten.',
  too_large: 'The input is larger than a stated bound.',
  too_many: 'Too many requests or readers. Wait as long as Retry-After says.',
  unavailable: 'A part we depend on is out of reach. Nothing was acknowledged; try again.',
  internal: 'A fault of ours. It was logged under the request id.',
} as const

export type ErrorCode = keyof typeof ERROR_CODES

/** `details` is safe to show: the current state on `conflict`, the list of problems on `invalid`. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly details: unknown

  constructor(code: ErrorCode, message: string, options: { cause?: unknown; details?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'AppError'
    this.code = code
    this.details = options.details
  }
}

/** A refusal of one field. `pointer`: a JSON Pointer into the request's body; `hint`: what programs are told there. */
export function wrongField(
  code: ErrorCode,
  pointer: string,
  message: string,
  { hint = message, cause }: { hint?: string; cause?: unknown } = {},
): AppError {
  return new AppError(code, message, { cause, details: { errors: [{ pointer, detail: hint }] } })
}

export function isAppError(error: unknown, code?: ErrorCode): error is AppError {
  return error instanceof AppError && (code === undefined || error.code === code)
}
