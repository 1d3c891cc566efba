import type { Typed } from './command.ts'

/** Whether a dyno gets a terminal like ours, and what the manifold is told about it. */
export type OurTerminal = {
  readonly tty: boolean
  readonly terminal:
    | { readonly terminal: { readonly columns: number; readonly rows: number } }
    | { readonly force_no_tty: true }
}

/** Whether there is a terminal that a picture can be drawn on: one of no size was never told how large it is. */
export function canDraw(): boolean {
  const { stdin, stdout, env } = process
  return stdin.isTTY && stdout.isTTY && env['TERM'] !== 'dumb' && stdout.columns > 0 && stdout.rows > 0
}

/** Whether what was written there may be drawn over: on a terminal that can, and where no CI keeps every byte. */
export function drawsInPlace(stream: NodeJS.WriteStream): boolean {
  const { CI, TERM } = process.env
  return stream.isTTY && TERM !== 'dumb' && !CI
}

/** Our terminal, when both input and output are one and nobody said `--no-tty`. */
export function ourTerminal(flags: Typed['flags']): OurTerminal {
  const { stdin, stdout } = process
  const tty = stdin.isTTY && stdout.isTTY && !flags.has('no-tty')
  if (!tty) return { tty: false, terminal: { force_no_tty: true } }
  return { tty, terminal: { terminal: { columns: stdout.columns, rows: stdout.rows } } }
}

/**
 * Whether what is said there is coloured, unless the person does not want it: on a terminal that can, and with
 * FORCE_COLOR anywhere.
 */
export function wantsColours(flags: Typed['flags'], stream: NodeJS.WriteStream): boolean {
  const { NO_COLOR, HEROKU_LOGS_COLOR, HEROKU_COLOR, FORCE_COLOR, TERM } = process.env
  if (flags.has('no-color') || NO_COLOR || HEROKU_LOGS_COLOR === '0' || HEROKU_COLOR === '0') return false
  if (FORCE_COLOR) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false'
  return stream.isTTY && TERM !== 'dumb'
}
