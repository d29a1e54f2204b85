// What is wrong with a form, in sentences that name its fields and limits.
// Called by web/desk where a form becomes an act. Pure.
// Never shows a path of our data, nor a sentence of the schema where there is a better one.

import { AppError, isAppError } from '../../domain/error.ts'
import { isSaidHere } from '../../domain/issue-words.ts'
import { type Problem, problemsIn, valueAt } from '../../domain/problem.ts'
import { labelOf } from './labels.ts'

/** Name of a field → the sentence that stands at it. */
export type FieldProblems = Readonly<Record<string, string>>

const BEGINNING = 30 // characters of a long text by which it is found again

/** Which field a problem belongs to, and the sentence where the usual one does not fit. */
export type FieldOf = (problem: Problem) => { field: string; what?: string; sentence?: string }

/** What `work` throws, told by the form's fields. Other errors pass. */
export function tellFields<T>(input: unknown, fieldOf: FieldOf, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw isAppError(error, 'invalid') ? told(error, input, fieldOf) : error
  }
}

/** `work` is about one field: so is what it throws. */
export function tellField<T>(field: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw isAppError(error) ? aboutField(field, error) : error
  }
}

export function aboutField(field: string, error: AppError): AppError {
  return new AppError(error.code, error.message, { cause: error, details: { fields: { [field]: error.message } } })
}

/** {} for an error that is about no field. */
export function fieldsOf(error: AppError): FieldProblems {
  return (error.details as { fields?: FieldProblems } | undefined)?.fields ?? {}
}

function told(error: AppError, input: unknown, fieldOf: FieldOf): AppError {
  const problems = problemsIn(error)
  if (problems.length === 0) return error
  const fields: Record<string, string> = {}
  for (const problem of problems) {
    const { field, what = labelOf(field), sentence } = fieldOf(problem)
    fields[field] ??= sentence ?? sentenceOf(problem, what, valueAt(input, problem.path))
  }
  return new AppError('invalid', [...new Set(Object.values(fields))].join(' '), { cause: error, details: { fields } })
}

function sentenceOf({ limit, message }: Problem, what: string, value: unknown): string {
  if (limit === null) return isSaidHere(message) ? `${what}: this cannot be used.` : message
  if (Array.isArray(value)) return `${what}: at most ${count(limit)}; here are ${count(value.length)}.`
  if (typeof value !== 'string') return `${what}: this is too much.`
  const which = value.length > 2 * BEGINNING && limit > 1_000 ? ` (“${value.slice(0, BEGINNING).toWellFormed()}…”)` : ''
  return `${what}: at most ${count(limit)} characters; this${which} has ${count(value.length)}.`
}

function count(number: number): string {
  return number.toLocaleString('en-GB')
}
