import { exportLines, unsetLines } from '../../core/platform/shell-lines.ts'
import { parsePort } from '../../core/ports.ts'
import { Problem } from '../../core/problem.ts'
import { APP_FLAG, type Command } from '../command.ts'
import { askIfThere } from '../dial.ts'
import { appPath, findPlace, type Place, tlsFolder } from '../place.ts'
import { beginLine, endLine } from '../print.ts'
import { shellAuthorities } from './authorities.ts'
import { openApi } from './open-api.ts'

/** How terminals of Heroku's CLI come to their dynos. */
const ATTACH_MODES = ['rendezvous', 'ssh']

export const command: Command = {
  usage: 'dyno api [--env]',
  summary: "Opens Heroku's Platform API on a port of this machine, for Heroku's own CLI and scripts.",
  flags: [
    APP_FLAG,
    { name: 'env', help: 'nothing but the lines that point this shell to it: eval "$(dyno api --env)"' },
    { name: 'port', short: 'p', value: 'PORT', help: 'where it listens (default: any free port)' },
    {
      name: 'attach',
      value: 'MODE',
      words: [{ oneOf: ATTACH_MODES }],
      help: "how 'heroku run' gets its terminal: 'rendezvous' (default), or 'ssh', in which it can change its size",
    },
    {
      name: 'close',
      help: "close it ('dyno down' does, too); with --env the line that gives the shell's heroku back",
    },
  ],
  examples: ['eval "$(dyno api --env)" && heroku ps', 'dyno api --port 5099', 'dyno api --close'],
  async run({ flags }) {
    const isLines = flags.has('env')
    try {
      if (flags.has('close')) return await close(findPlace(flags.get('app'), { anywhere: true }), isLines)
      // A folder that only --app says is one is not released by mistake: it may be a home.
      const place = findPlace(flags.get('app'), { anywhere: false })
      const { url, environment, attach } = await openApi(place, {
        port: portOf(flags.get('port')),
        attach: modeOf(flags.get('attach')),
      })
      const lines = exportLines(environment)
      process.stdout.write(isLines ? lines : `${about(place, url, attach)}${lines}`)
      return 0
    } catch (error) {
      if (isLines) process.stdout.write('false\n') // what the shell's && after the eval must see, or heroku goes to Heroku
      throw error
    }
  },
}

// Everything but the lines is a comment: all of it may be pasted.
function about({ app }: Place, url: string, attach: string): string {
  return [
    `# The Platform API of ${app.name} is open at ${url}; terminals come by ${attach}.`,
    "# Paste this into a shell, and its 'heroku' speaks to this machine. Close it with 'dyno api --close'.",
    '',
  ].join('\n')
}

async function close(place: Place, isLines: boolean): Promise<number> {
  const { stdout, stderr } = process
  beginLine(isLines ? stderr : stdout, 'Closing the Platform API... ')
  const reply = await askIfThere(place, { method: 'DELETE', path: `${appPath(place)}/api` })
  const closed = (reply?.body as { closed: boolean } | undefined)?.closed
  endLine(closed ? 'done' : 'it was not open')
  if (isLines) stdout.write(unsetLines(shellAuthorities(tlsFolder(place), process.env)))
  return 0
}

function portOf(text: string | undefined): number | undefined {
  const port = text === undefined ? undefined : parsePort(text)
  if (text === undefined || port !== undefined) return port
  throw new Problem('usage', `--port takes a number from 1 to 65535, not '${text}'.`)
}

function modeOf(text: string | undefined): string | undefined {
  if (text === undefined || ATTACH_MODES.includes(text)) return text
  throw new Problem('usage', `--attach takes ${ATTACH_MODES.join(' or ')}, not '${text}'.`)
}
