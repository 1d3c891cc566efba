import type { Command } from './command.ts'

/** Where complaints go; a picture on the terminal shows them itself. */
let say = (sentence: string): void => {
  outlastReader(process.stderr)
  process.stderr.write(` !    ${sentence}\n`)
}

let begun: { readonly stream: NodeJS.WriteStream; readonly text: string } | undefined

/** Begins a line that `endLine` ends, or else a complaint: `Running bash… ` and then `up, run.1`. */
export function beginLine(stream: NodeJS.WriteStream, text: string): void {
  outlastReader(stream)
  stream.write(text)
  begun = { stream, text }
}

export function endLine(text: string): void {
  begun?.stream.write(`${text}\n`)
  begun = undefined
}

/** Says something a person should know before what was begun goes on. */
export function warn(sentence: string): void {
  const line = begun
  complain(sentence)
  if (line) beginLine(line.stream, line.text)
}

/** Says a problem to a person, as Heroku's CLI does: ` !    sentence`. */
export function complain(sentence: string): void {
  endLine('')
  say(sentence)
}

/** From now on complaints go there; the answer undoes it. */
export function complainTo(sink: (sentence: string) => void): () => void {
  const before = say
  say = sink
  return () => {
    say = before
  }
}

let isLost = false

/** Whether something of what was said could not be written, though there was somebody to read it: that is told. */
export function hasLostOutput(): boolean {
  const { errored } = process.stdout
  if (errored) outlast(errored) // its event comes a turn later
  return isLost
}

/** Whoever reads this may go, as in `dyno down | true`: what was ordered goes on. What else goes wrong is told. */
export function outlastReader(stream: NodeJS.WriteStream): void {
  if (stream.listenerCount('error', outlast) === 0) stream.on('error', outlast)
}

function outlast({ code, message }: NodeJS.ErrnoException): void {
  if (isLost || code === 'EPIPE' || code === 'EIO') return
  isLost = true
  complain(`What is said here cannot be written (${code ?? message}).`)
}

/** A command's help, with its other names. */
export function helpText(command: Command, others: readonly string[]): string {
  const left = (flag: Command['flags'][number]) =>
    `${flag.short ? `-${flag.short}, ` : '    '}--${flag.name}${flag.value ? ` ${flag.value}` : ''}`
  const width = Math.max(0, ...command.flags.map((flag) => left(flag).length))
  const flags = command.flags.map((flag) => `  ${left(flag).padEnd(width)}  ${flag.help}`)
  const examples = command.examples
    .flatMap((example) => `$ ${example}`.split('\n'))
    .map((line) => `  ${line}`)
  return [
    `Usage: ${command.usage}`,
    '',
    command.summary,
    ...(others.length > 0 ? [`Also: ${others.map((name) => `dyno ${name}`).join(', ')}`] : []),
    ...(flags.length > 0 ? ['', 'Flags:', ...flags] : []),
    '',
    'Examples:',
    ...examples,
    '',
  ].join('\n')
}
