import { apiError } from '../core/api/api-error.ts'
import type { Answer } from '../core/api/exchange.ts'
import { refusal } from '../core/platform/refusal.ts'
import { Problem } from '../core/problem.ts'
import type { Logplex } from './logplex.ts'

/** The answer to a request that went wrong: a Problem is its sentence; our own mistake is a line of the log, and no reason for dynos to end. */
export function faultAnswer({ tell }: Pick<Logplex, 'tell'>, error: unknown): Answer {
  if (error instanceof Problem) return apiError(error)
  const said = (error instanceof Error ? error.stack : undefined) ?? String(error)
  tell(`This should not happen: ${said.replaceAll(/\s*\n\s*/g, ' ')}`)
  return refusal(500, "That should not have happened; 'dyno logs' says what did.")
}
