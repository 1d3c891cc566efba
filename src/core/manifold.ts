import { type Dyno, stateWord } from './dyno.ts'
import type { Effect } from './effect.ts'
import type { Formation } from './formation.ts'
import type { Patience } from './patience.ts'
import type { Release } from './release.ts'

/** All that the manifold knows. */
export type Manifold = {
  readonly dynos: readonly Dyno[]
  /** What is wanted of the formation; null until somebody starts it, and when its last dyno is gone. */
  readonly formed: Formed | null
  readonly nextOneOff: number
  readonly nextLife: number
  readonly patience: Patience
  /** Makes ids of dynos this manifold's own. */
  readonly seed: string
}

/** A formation that somebody started. */
export type Formed = {
  readonly release: Release
  readonly wanted: Formation
  /** Whether anybody still wants it at all. */
  readonly held: boolean
  /** The exit status of the first dyno that failed; null while none has. */
  readonly status: number | null
}

/** A manifold with what must be done about it. */
export type Step = readonly [manifold: Manifold, effects: readonly Effect[]]

/** An empty manifold; `nextOneOff` goes on where an earlier one stopped. */
export function emptyManifold(nextOneOff: number, patience: Patience, seed: string): Manifold {
  return { dynos: [], formed: null, nextOneOff, nextLife: 1, patience, seed }
}

/** The manifold with this dyno as it is now, or without it; an age counts from when the word for its state changed. */
export function replaced(manifold: Manifold, dyno: Dyno, becomes: Dyno | 'over', now: number): Manifold {
  if (becomes === dyno) return manifold
  const dynos = manifold.dynos.flatMap((other) => {
    if (other.life !== dyno.life) return [other]
    if (becomes === 'over') return []
    return [{ ...becomes, since: stateWord(becomes.state) === stateWord(dyno.state) ? dyno.since : now }]
  })
  return { ...manifold, dynos }
}

/** One step after another: the effects of both. */
export function joined([manifold, effects]: Step, next: (manifold: Manifold) => Step): Step {
  const [after, more] = next(manifold)
  return [after, [...effects, ...more]]
}
