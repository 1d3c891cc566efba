import { compareNames } from './name.ts'
import { Problem } from './problem.ts'
import { named, quoted } from './safe-text.ts'

// What somebody asks for and is not there, said alike by the manifold and by clients that find none.

/** The manifold was lost while a client was joined with it. */
export const MANIFOLD_GONE = 'The manifold is gone, and its dynos with it; run the command again.'

/** The manifold takes no more orders. */
export function manifoldEnding(): Problem {
  return new Problem('manifold', 'The manifold is about to end; try again.')
}

/** There is no formation. */
export function noFormation(): Problem {
  return new Problem('not-found', "No formation runs; start it with 'dyno start'.")
}

/** There is no dyno of this name; `running` are those there are. */
export function noSuchDyno(name: string | undefined, running: readonly string[]): Problem {
  const names = [...running].sort(compareNames).join(', ')
  const known = names === '' ? 'No dyno runs.' : `These run: ${names}.`
  return new Problem('not-found', `Couldn't find that dyno: there is no ${named(name ?? '')}. ${known}`)
}

/** There is no such type; `types` are those of the Procfile. */
export function noSuchType(type: string, types: readonly string[]): Problem {
  const known = types.join(', ') || 'no types'
  return new Problem('not-found', `There is no ${quoted(type)} in the Procfile. It has ${known}.`)
}
