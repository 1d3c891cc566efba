import { noFormation } from '../../core/absence.ts'
import type { Answer, Request } from '../../core/api/exchange.ts'
import type { FormationJson } from '../../core/api/formation-api.ts'
import type { PublicRoute } from '../../core/platform/public-routes.ts'
import { type Refusal, refusal } from '../../core/platform/refusal.ts'

/**
 * What strangers are answered to an order that was refused as nothing runs: on Heroku an app is always there, and so is
 * its formation, if of nothing. `formation` asks for it. All else is answered as it was.
 */
export async function answerNothing(
  refused: Answer,
  { pattern }: PublicRoute,
  { path }: Request,
  formation: () => Promise<Answer>,
): Promise<Answer> {
  switch (pattern) {
    case 'PATCH /apps/:':
      return isWithoutFormation(refused) ? refusal(422, NO_MAINTENANCE) : refused
    case 'DELETE /apps/:/dynos':
      return isWithoutFormation(refused) ? DONE : refused
    case 'DELETE /apps/:/formations/:':
    case 'POST /apps/:/formations/:/actions/stop': {
      if (!('status' in refused) || refused.status !== 404) return refused
      const listed = await formation()
      const types = 'status' in listed && listed.status === 200 ? (listed.body as FormationJson[]) : []
      return types.some(({ type }) => type === path.split('/')[4]) ? DONE : refused
    }
    default:
      return refused
  }
}

const DONE: Answer = { status: 202, body: {} }

const NO_MAINTENANCE =
  "No formation runs, and only one that does can be in maintenance mode; 'heroku ps:scale web=1' starts one."

// As its manifold says it: one that has ended says something else.
function isWithoutFormation(answer: Answer): boolean {
  return 'status' in answer && (answer.body as Refusal['body']).message === noFormation().message
}
