/** The tests of the rooms that touch nothing of the world, in one process: a process for each costs more than they do. */
import { globSync } from 'node:fs'

const here = import.meta.dirname
for (const file of globSync('{core,manifold,tui}/**/*.test.ts', { cwd: here }).sort())
  await import(`${here}/${file}`)
