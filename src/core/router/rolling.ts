import type { Dyno, FormationDyno } from '../dyno.ts'
import type { Manifold } from '../manifold.ts'
import { WEB } from '../name.ts'

/** Whether a new life of this dyno waits until the others of its type are up: where requests go from one to the other. */
export function rolls({ formed }: Manifold, dyno: Dyno): dyno is FormationDyno {
  if (!formed?.held || formed.release.router === null) return false
  const isWeb = dyno.kind === 'formation' && dyno.type === WEB
  return isWeb && dyno.state.is === 'up' && (formed.wanted.get(WEB)?.quantity ?? 0) > 1
}

/** Whether all others of its type are there and up, or have crashed and are not waited for. */
export function isItsTurn({ dynos, formed }: Manifold, { type }: FormationDyno): boolean {
  const settled = dynos.filter((other) => {
    return other.kind === 'formation' && other.type === type && ['up', 'crashed'].includes(other.state.is)
  })
  return settled.length >= (formed?.wanted.get(type)?.quantity ?? 0)
}
