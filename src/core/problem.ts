/** Every kind of trouble a person can be told about. The list is closed: a new kind is a decision. */
export type ProblemCode =
  | 'usage' // the words on the command line are wrong
  | 'app' // no app here, or a file of it cannot be read
  | 'procfile'
  | 'config' // a .env file or an --env flag
  | 'slug'
  | 'release' // its command failed
  | 'walls'
  | 'manifold' // it cannot be started or reached
  | 'not-found' // no such dyno, app or path
  | 'invalid' // an order the manifold cannot make sense of
  | 'conflict' // it is there already
  | 'port' // somebody else has it
  | 'timeout'

/** Something a person can be told about: one sentence that says what to do next. Never our own mistake. */
export class Problem extends Error {
  readonly code: ProblemCode
  /** What would do instead, where that can be taken up at once: a port that is free. */
  readonly offer: number | undefined

  constructor(code: ProblemCode, sentence: string, offer?: number) {
    super(sentence)
    this.name = 'Problem'
    this.code = code
    this.offer = offer
  }
}

/**
 * What a person can be told of what was thrown: the Problem, or one of what the system refused (a full disk, a socket),
 * worded by `refused` from the system's own words. Anything else is our own mistake, and is thrown again.
 */
export function asProblem(error: unknown, refused: (why: string) => Problem = refusedBySystem): Problem {
  if (error instanceof Problem) return error
  if (!(error instanceof Error && 'syscall' in error)) throw error
  return refused(error.message)
}

function refusedBySystem(why: string): Problem {
  return new Problem('manifold', `The system refuses it (${why}); mend that and try again.`)
}

/** The exit status of a command that ended in this problem: 2 for wrong words, 1 for all else. */
export function exitStatusOf(problem: Problem): 1 | 2 {
  return problem.code === 'usage' ? 2 : 1
}
