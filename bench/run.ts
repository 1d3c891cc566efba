import { makeBenchApp } from './bench-app.ts'
import { benchCheck } from './check.ts'
import { benchDashboard } from './dashboard.ts'
import { benchFormation } from './formation/formation.ts'
import { benchLogs } from './logs.ts'
import { benchOneOffs } from './one-offs.ts'
import { benchReleases } from './releases.ts'
import { benchRouter } from './router.ts'
import { benchSlugs } from './slugs.ts'
import { benchSoak } from './soak.ts'
import { benchThroughput } from './throughput.ts'
import { benchWalls } from './walls.ts'

// Everything is a ratio to a baseline of the same run: machines differ, and so do their moments.
const PARTS = {
  walls: benchWalls,
  'one-offs': benchOneOffs,
  slugs: benchSlugs,
  throughput: benchThroughput,
  formation: benchFormation,
  logs: benchLogs,
  router: benchRouter,
  releases: benchReleases,
  dashboard: benchDashboard,
  check: benchCheck,
  soak: benchSoak,
}

const wanted = process.argv.slice(2)
const app = makeBenchApp()
try {
  for (const [name, bench] of Object.entries(PARTS)) {
    if (wanted.length === 0 || wanted.includes(name)) await bench(app)
  }
} finally {
  app.remove()
}
