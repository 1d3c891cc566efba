import { makeBenchApp } from './bench-app.ts'
import { benchOneOffs } from './one-offs.ts'
import { benchSlugs } from './slugs.ts'
import { benchThroughput } from './throughput.ts'
import { benchWalls } from './walls.ts'

// Everything is a ratio to a baseline of the same run: machines differ, and so do their moments.
const app = makeBenchApp()
try {
  benchWalls(app)
  await benchOneOffs(app)
  benchSlugs(app)
  await benchThroughput(app)
} finally {
  app.remove()
}
