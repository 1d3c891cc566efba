import type { Edges } from './edges.ts'
import type { Life } from './live.ts'

/** How often memory is measured, in milliseconds, as on Heroku. */
const INTERVAL = 20_000

/** Measures every life of the map from time to time; the answer ends it. */
export function watchMemory(
  { wake, memoryOf }: Pick<Edges, 'wake' | 'memoryOf'>,
  lives: ReadonlyMap<number, Life>,
  report: (life: number, bytes: number) => void,
): () => void {
  let sleep = wake(INTERVAL, measure)
  function measure(): void {
    sleep = wake(INTERVAL, measure)
    for (const [life, { inside }] of lives) {
      const there = inside()
      const bytes = there && memoryOf(there.walled, there.leader)
      if (bytes !== undefined) report(life, bytes)
    }
  }
  return () => sleep()
}
