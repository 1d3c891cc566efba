import { Problem, type ProblemCode } from '../problem.ts'

/** The error id and the HTTP status the API gives this problem. */
export function apiError(problem: Problem): { status: number; body: ErrorJson } {
  const { code, message, offer } = problem
  const [status, id] = ERRORS[code] ?? [422, 'invalid_params']
  return { status, body: { id, message, ...(offer === undefined ? {} : { offer }) } }
}

type ErrorJson = { readonly id: string; readonly message: string; readonly offer?: number }

/** The problem an API error stands for, at the client's end. */
export function problemOf(status: number, body: unknown): Problem {
  const { message, offer } = (body ?? {}) as Partial<ErrorJson>
  const text = typeof message === 'string' ? message : `The manifold answered ${status}.`
  return new Problem(status === 404 ? 'not-found' : 'invalid', text, offer)
}

const ERRORS: Partial<Record<ProblemCode, readonly [number, string]>> = {
  'not-found': [404, 'not_found'],
  manifold: [503, 'unavailable'],
  conflict: [409, 'conflict'],
}
