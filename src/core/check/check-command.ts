import { type Note, noteAt, quoteForNote } from '../note.ts'
import type { TypeLine } from '../procfile/procfile-line.ts'
import type { AppFacts } from './app-facts.ts'
import { portNotes } from './check-port.ts'
import { programNotes } from './check-programs.ts'
import type { RuleId } from './rules.ts'
import { findSecrets } from './secret.ts'
import { readShellLine, type SimpleCommand } from './shell-line.ts'

/** Makes a note on the character at this index of a command. */
export type NoteOn = (at: number, rule: RuleId, message: string) => Note

/** A command of a Procfile, taken apart, and what its checks need. */
export type TypedCommand = {
  /** The name of its process type. */
  readonly type: string
  readonly text: string
  readonly commands: readonly SimpleCommand[]
  readonly noteOn: NoteOn
}

/** Finds what is wrong with the command of a process type; each kind of fault is told once. */
export function checkCommand({ name, command, line }: TypeLine, app?: AppFacts): Note[] {
  const begin = line.text.length - command.length
  const noteOn: NoteOn = (at, rule, message) => noteAt({ line, at: begin + at }, rule, message)
  const secrets = secretNotes(command, noteOn)
  const { commands, unclosed, bashOnly } = readShellLine(command)
  if (unclosed) {
    const message = `${quoteForNote(unclosed.text)} is never closed, so no shell can run this command. Close it.`
    return [noteOn(unclosed.at, 'unclosed-quote', message), ...secrets]
  }
  const typed: TypedCommand = { type: name, text: command, commands, noteOn }
  const bash = bashOnly
    ? [
        noteOn(
          bashOnly.at,
          'needs-bash',
          `${quoteForNote(bashOnly.text)} is of bash: Heroku and dyno run it, foreman, overmind and heroku local with a plain sh do not.`,
        ),
      ]
    : []
  return [
    ...secrets,
    ...bash,
    ...backgroundNotes(typed),
    ...portNotes(typed, app),
    ...(app ? programNotes(typed, app) : []),
  ]
}

function secretNotes(command: string, noteOn: NoteOn): Note[] {
  const [first] = findSecrets(command)
  if (!first) return []
  const message =
    'This looks like a secret. Move it into a config var: `dyno config:set`, or .env, and name it here as $NAME.'
  return [noteOn(first.from, 'secret', message)]
}

function backgroundNotes({ commands, noteOn }: TypedCommand): Note[] {
  const last = commands.at(-1)
  if (last?.ends === '&') {
    const message =
      'Delete this &: what it puts into the background ends with the shell, and the dyno with it.'
    return [noteOn(last.endsAt, 'backgrounded-server', message)]
  }
  const found = last && daemonFlag(last)
  if (!last || !found) return []
  const message = `${quoteForNote(found.text)} makes it go into the background, and the dyno ends. ${found.instead}`
  return [noteOn(found.at, 'daemonizes', message)]
}

// Programs whose habit, or whose flag, it is to leave the foreground.
const DAEMON_FLAGS: ReadonlyMap<string, RegExp> = new Map([
  ['puma', /^(?:-d|--daemon)$/],
  ['unicorn', /^(?:-D|--daemonize)$/],
  ['unicorn_rails', /^(?:-D|--daemonize)$/],
  ['thin', /^(?:-d|--daemonize)$/],
  ['rackup', /^(?:-D|--daemonize)$/],
  ['gunicorn', /^(?:-D|--daemon)$/],
  ['sidekiq', /^(?:-d|--daemon)$/],
  ['rails', /^(?:-d|--daemon)$/],
  ['celery', /^(?:-D|--detach)$/],
  ['httpd', /^-k$/],
])

function daemonFlag({ words }: SimpleCommand): { at: number; text: string; instead: string } | undefined {
  // How Apache is told to stay.
  if (
    words.some(
      ({ text }, i) => text === '-DFOREGROUND' || (text === 'FOREGROUND' && words[i - 1]?.text === '-D'),
    )
  )
    return undefined
  for (const [index, { text }] of words.entries()) {
    const flag = DAEMON_FLAGS.get(text)
    const found = flag && words.slice(index + 1).find((word) => flag.test(word.text))
    if (found) return { ...found, instead: 'Delete it.' }
  }
  const [first, second] = words
  if (
    first?.text === 'pm2' &&
    second?.text === 'start' &&
    !words.some(({ text }) => text === '--no-daemon')
  ) {
    return { ...first, instead: 'Write `pm2-runtime`, or start the program itself.' }
  }
  if (first?.text === 'apachectl' && second?.text === 'start') {
    return { ...second, instead: 'Write `apachectl -D FOREGROUND`.' }
  }
  return undefined
}
