import type { Problem } from './problem.ts'

/** How a life ended: by itself with a code, by a signal's number, or without ever having begun. */
export type Exit =
  | { readonly how: 'code'; readonly code: number }
  | { readonly how: 'signal'; readonly signal: number }
  | { readonly how: 'failed'; readonly problem: Problem }

/** The status a shell would give for this exit: the code, 128 + the signal, or 1 for a life that never began. */
export function exitStatus(exit: Exit): number {
  switch (exit.how) {
    case 'code':
      return exit.code
    case 'signal':
      return 128 + exit.signal
    case 'failed':
      return 1
    default:
      return exit satisfies never
  }
}
