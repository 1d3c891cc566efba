import { type Formation, startFormation } from '../formation.ts'
import type { Sandbox } from '../harness.ts'

export const portOf = ({ env }: Sandbox): number => Number(env['PORT'])
export const WEB = { worker: 'bin/signals', web: 'bin/serve' }

export async function started(sandbox: Sandbox, words: string[], webs = 1): Promise<Formation> {
  const start = startFormation(sandbox, ['--no-tty', ...words])
  for (let n = 1; n <= webs; n++) await start.says(`heroku[web.${n}]: State changed from starting to up\n`)
  return start
}
