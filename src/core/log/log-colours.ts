import { parseLogLine } from './log.ts'

type Paint = (text: string) => string

const sgr = (on: number | string, off: number | string): Paint => {
  return (text) => `\u001b[${on}m${text}\u001b[${off}m`
}
const red = sgr(31, 39)
const green = sgr(32, 39)
const yellow = sgr(33, 39)
const magenta = sgr(35, 39)
const cyan = sgr(36, 39)
const dim = sgr(2, 22)
const bright = (colour: number) => sgr(`1;${colour}`, '22;39')

/** Colours of process types, in the order of Heroku's CLI. */
const PALETTE: readonly Paint[] = [
  ...[33, 32, 36, 35, 34].map((on) => sgr(on, 39)),
  ...[32, 36, 35, 33, 34].map(bright),
]

/** Types that always have the same colour, the first ones of the palette. */
const ASSIGNED = ['run', 'router', 'web', 'postgres', 'heroku-postgres']

/** Colours lines by their process type as Heroku's CLI does: a new type gets the next colour. */
export function lineColours(): (line: string) => string {
  const colours = new Map<string, Paint>()
  const colourOf = (ps: string): Paint => {
    const type = ps.split('.')[0]!
    const known = colours.get(type)
    if (known) return known
    const next = PALETTE[colours.size % PALETTE.length]!
    colours.set(type, next)
    return next
  }
  for (const type of ASSIGNED) colourOf(type)
  return (line) => {
    const parsed = parseLogLine(line)
    if (!parsed) return line
    const { source, ps, message } = parsed
    const head = colourOf(ps)(line.slice(0, line.indexOf(']:') + 2))
    const isOurs = source === 'heroku' || ps === 'api'
    return `${head} ${isOurs ? systemMessage(message, ps, colourOf) : message}`
  }
}

function systemMessage(message: string, ps: string, colourOf: (ps: string) => Paint): string {
  if (ps === 'router')
    return message.replace(/(\S+?)=(\S*)/g, (_, key, value) => routed(key, value, colourOf))
  if (/^(?:Stopping .* with SIG|Error )/.test(message)) return red(message)
  if (/^(?:Unidling|Restarting)$/.test(message)) return yellow(message)
  return message
    .replace(
      /^(State changed from )(\S+)( to )(\S+)$/,
      (_, from, a, to, b) => from + state(a) + to + state(b),
    )
    .replace(
      /^(Process exited with status )(\d+)$/,
      (_, said, status) => said + (status === '0' ? green : red)(status),
    )
    .replace(/^(Starting process with command )(`.+`)/, (_, said, command) => said + cyan(command))
    .replace(/( by user )(.+)$/, (_, said, user) => said + green(user))
}

function state(word: string): string {
  if (word === 'down' || word === 'crashed') return red(word)
  if (word === 'up' || word === 'complete') return green(word)
  return word === 'starting' ? yellow(word) : word
}

function routed(key: string, value: string, colourOf: (ps: string) => Paint): string {
  const painted = (): string => {
    if (key === 'dyno' && value !== '') return colourOf(value)(value)
    if (key === 'code' || (key === 'at' && value === 'error')) return red(value)
    if (key === 'status')
      return [green, green, green, cyan, yellow, red][Math.min(Number(value[0]) || 0, 5)]!(value)
    if (key === 'method') return magenta(value)
    return key === 'path' ? green(value) : dim(value)
  }
  return `${dim(`${key}=`)}${painted()}`
}
