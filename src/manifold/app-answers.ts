import { noFormation } from '../core/absence.ts'
import { appNow } from '../core/api/app-api.ts'
import { record } from '../core/api/fields.ts'
import { dynoMetrics, type MetricsJson } from '../core/metrics.ts'
import { PATIENCE } from '../core/patience.ts'
import { Problem } from '../core/problem.ts'
import type { Handler, Handlers } from './answer.ts'
import type { OpenManifold } from './open.ts'

/** What is asked about the app itself: where it is reached, whether it is in maintenance mode, and what its dynos use. */
export function appHandlers(manifold: OpenManifold): Handlers {
  const { app, router, logplex, metrics } = manifold

  const listed = () => appNow(app, manifold.formed(), router.isInMaintenance())

  const measured = (): MetricsJson => ({
    requests: router.answered(),
    grace: (manifold.formed()?.release.patience ?? PATIENCE).grace / 1000,
    dynos: manifold.dynos().map((dyno) => dynoMetrics(dyno, metrics.of(dyno))),
  })

  const change: Handler = ({ body, user }) => {
    const { maintenance } = record(body, 'The request')
    if (typeof maintenance !== 'boolean')
      throw new Problem(
        'invalid',
        'Nothing but maintenance mode can be changed of an app here: send {"maintenance":true}, or false.',
      )
    if (!manifold.formed()?.held) throw noFormation()
    router.setMaintenance(maintenance)
    logplex.tell(`Maintenance mode ${maintenance ? 'on' : 'off'} by user ${user}`)
    return { status: 200, body: listed() }
  }

  return [
    ['GET /apps/:', () => ({ status: 200, body: listed() })],
    ['PATCH /apps/:', change],
    ['GET /apps/:/metrics', () => ({ status: 200, body: measured() })],
  ]
}
