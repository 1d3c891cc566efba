import { Problem } from '../core/problem.ts'
import { upgrade } from '../edge/dial-manifold.ts'
import { endOfLog } from '../edge/logs/find-line.ts'
import { logFolder } from '../edge/logs/segments.ts'
import { APP_FLAG, type Command, type Typed } from './command.ts'
import { holdFormation } from './hold-formation.ts'
import { wantsColours } from './logs.ts'
import { findPlace, makeFolders, tlsFolder } from './place.ts'
import { complain } from './print.ts'
import { showLog } from './show-log.ts'
import { beginFormation, FORMATION_FLAGS } from './start-formation.ts'

export const command: Command = {
  usage: 'dyno start [FLAGS] [TYPE|TYPE=N …]',
  summary: 'Runs the formation: one dyno of every process type, or as many as you say.',
  flags: [
    APP_FLAG,
    ...FORMATION_FLAGS,
    { name: 'detach', short: 'd', help: 'in the background, until dyno down' },
    { name: 'no-tty', help: 'pipes instead of a terminal for every dyno' },
    { name: 'no-color', help: 'no colours on a terminal (also NO_COLOR, HEROKU_LOGS_COLOR=0)' },
  ],
  examples: [
    'dyno start',
    'dyno start web=2 worker=1',
    'dyno start web',
    'dyno start --detach && dyno logs -t',
    'dyno start --no-router',
    'dyno start -p 7000 -e .env,.env.local --grace 5',
  ],
  run,
}

function trustHint(file: string): string {
  return `To trust the certificate: curl --cacert ${file}, NODE_EXTRA_CA_CERTS=${file}, or import that file into your browser as an authority.`
}

async function run(typed: Typed): Promise<number> {
  const { flags } = typed
  const place = findPlace(flags.get('app'), { anywhere: flags.has('slug') })
  makeFolders(place)
  const { stdout } = process
  const folder = logFolder(place.state)
  const from = endOfLog(folder)
  const leased = !flags.has('detach')
  const size = stdout.isTTY ? { columns: stdout.columns, rows: stdout.rows } : { columns: 80, rows: 24 }
  const terminal = flags.has('no-tty') ? ({ force_no_tty: true } as const) : { terminal: size }
  const url = await beginFormation(place, typed, { tty: !flags.has('no-tty'), terminal, leased })
  if (flags.has('tls')) complain(trustHint(`${tlsFolder(place)}/ca.pem`))
  if (url === null) {
    stdout.write("The formation runs in the background; 'dyno ps' lists it, 'dyno down' ends it.\n")
    return 0
  }
  const socket = await upgrade(place.socket, url)
  if (!socket) throw new Problem('manifold', 'The formation ended at once; see why with dyno logs.')
  stdout.on('error', () => {}) // nobody reads us any more: the connection is what counts
  const held = holdFormation(socket) // before anything is shown: who reads it may send a signal at once
  const over = new AbortController()
  const shown = showLog(
    { folder, from, filter: {}, json: false, colours: wantsColours(flags, stdout), stdout },
    over.signal,
  )
  const status = await held
  over.abort() // what is in the log by now is still shown
  await shown
  return status
}
