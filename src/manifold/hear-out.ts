import type { Wire } from '../core/wire/wire.ts'
import type { Edges } from './edges.ts'
import type { OpenManifold } from './open.ts'

/** How long a client may take to read what it was told last, in milliseconds: as long as Heroku leaves a silent one. */
const LONGEST = 3_600_000

/**
 * The same wire, which holds the manifold open from its end until the client has closed it: what was written last is on
 * its way for as long as a slow reader takes. One that never reads has an hour.
 */
export function heardOut(
  wire: Wire,
  { lease }: Pick<OpenManifold, 'lease'>,
  { wake }: Pick<Edges, 'wake'>,
): Wire {
  let isClosed = false
  let letGo = () => {}
  return {
    ...wire,
    end() {
      if (!isClosed) {
        const release = lease()
        const cancel = wake(LONGEST, () => letGo())
        letGo = () => {
          letGo = () => {}
          cancel()
          release()
        }
      }
      wire.end()
    },
    listen(events) {
      wire.listen({
        ...events,
        closed() {
          isClosed = true
          letGo()
          events.closed()
        },
      })
    },
  }
}
