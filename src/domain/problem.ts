// What a schema found wrong with an input, one problem at a time, so that a form can say it in its own words.
// Called by web/desk. Pure.

import { z } from 'zod'
import type { AppError } from './error.ts'

/**
 * `path`: where in the input. `limit`: the bound that was passed, in characters for text and in items for lists; null when it
 * is something else, and `message` tells what.
 */
export type Problem = { path: readonly (string | number)[]; limit: number | null; message: string }

/** [] for an error that no schema made. */
export function problemsIn(error: AppError): Problem[] {
  if (!(error.cause instanceof z.ZodError)) return []
  return error.cause.issues.map((issue) => ({
    path: issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part)),
    limit: issue.code === 'too_big' ? Number(issue.maximum) : null,
    message: issue.message,
  }))
}

/** What stands at a path of an input; undefined where there is nothing. */
export function valueAt(input: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((at, part) => (at as Record<string | number, unknown> | null | undefined)?.[part], input)
}
