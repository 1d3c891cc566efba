import { type Formation, openMisfits, startFormation } from '../formation.ts'
import type { Sandbox } from '../harness.ts'

const HURRY = [
  '--no-tty',
  '--grace',
  '1',
  '--request-timeout',
  '0.5',
  '--idle-timeout',
  '1',
  '--connect-timeout',
  '0.5',
  '--queue-timeout',
  '1.5',
]

/** A formation of misbehaving web dynos, its router's port, and the log of that. */
export async function serving(
  command: string,
  flags: string[],
  body: (port: number, formation: Formation, sandbox: Sandbox) => Promise<void>,
): Promise<void> {
  const sandbox = openMisfits({ web: command, worker: 'bin/signals' })
  const port = Number(sandbox.env['PORT'])
  const start = startFormation(sandbox, ['web', ...HURRY, ...flags])
  try {
    await start.says('heroku[router]: Listening on')
    await body(port, start, sandbox)
  } finally {
    start.child.kill('SIGINT')
    await start.ended
    await sandbox.close()
  }
}

export const up = (start: Formation) => start.says('heroku[web.1]: State changed from starting to up\n')

/** Waits for the router's line about this path; what differs from run to run is made alike. */
export async function lineOf(start: Formation, path: string): Promise<string> {
  await start.says(new RegExp(`heroku\\[router\\]: .*path="${path.replace('?', '\\?')}" .*\\n`))
  const found = start.lines('router').filter((line) => line.includes(`path="${path}" `))
  return found
    .at(-1)!
    .replace('heroku[router]: ', '')
    .replace(/request_id=[0-9a-f-]{36} /, 'request_id=ID ')
    .replace(/host=\S+:\d+ /, 'host=HOST ')
    .replace(/connect=\d+ms/, 'connect=Nms')
    .replace(/service=\d+ms/, 'service=Nms')
}

export const WEB = 'dyno=web.1 connect=Nms service=Nms'
export const NOBODY = 'dyno= connect= service='
export const said = (how: string, path: string, parts: string, method = 'GET') =>
  `${how} method=${method} path="${path}" host=HOST request_id=ID fwd="127.0.0.1" ${parts} protocol=http`
export const error = (code: string, desc: string) => `at=error code=${code} desc="${desc}"`
