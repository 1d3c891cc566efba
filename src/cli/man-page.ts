import { roffBold, roffItalic, roffText } from '../core/roff.ts'
import type { Command, Flag } from './command.ts'

/** What the page is of. It is handed over: what two pieces of dist/ import becomes a third, which costs a millisecond. */
export type Manual = {
  readonly version: string
  readonly about: string
  readonly commands: ReadonlyMap<string, Command>
  /** Other names of a command. */
  otherNames(name: string): readonly string[]
}

/** The manual page dyno(1), in roff, from the same table as help. */
export function manPage({ version, about, commands, otherNames }: Manual): string {
  const lines = [
    // Without a date, so that two builds of one checkout are the same bytes.
    `.TH DYNO 1 "" "dyno ${roffText(version)}" "User Commands"`,
    '.SH NAME',
    `dyno \\- ${roffText(about)}`,
    '.SH SYNOPSIS',
    `${roffBold('dyno')} ${roffItalic('COMMAND')} [${roffItalic('FLAGS')}] [${roffItalic('WORDS')}]`,
    '.SH DESCRIPTION',
    ...DESCRIPTION.flatMap((paragraph) => ['.PP', roffText(paragraph)]),
    '.SH COMMANDS',
    ...[...commands].flatMap(([name, command]) => commandLines(command, otherNames(name))),
    '.SH "EXIT STATUS"',
    ...EXIT_STATUS.flatMap(([status, text]) => item(roffBold(status), text)),
    '.SH ENVIRONMENT',
    ...ENVIRONMENT.flatMap(([name, text]) => item(roffBold(name), text)),
    '.SH FILES',
    ...FILES.flatMap(([path, text]) => item(roffItalic(path), text)),
  ]
  return `${lines.join('\n')}\n`
}

function commandLines({ usage, summary, flags, examples }: Command, others: readonly string[]): string[] {
  return [
    `.SS ${quoted(usage)}`,
    roffText(summary),
    ...(others.length > 0
      ? ['.PP', `Also: ${others.map((other) => roffBold(`dyno ${other}`)).join(', ')}.`]
      : []),
    ...flags.flatMap((flag) => item(flagText(flag), flag.help)),
    '.PP',
    examples.length > 1 ? 'Examples:' : 'Example:',
    '.PP',
    '.in +4n',
    '.EX',
    ...examples.flatMap((example) => `$ ${example}`.split('\n')).map(roffText),
    '.EE',
    '.in',
  ]
}

// An argument of a macro: roffText leaves no quote in it that could end it.
function quoted(text: string): string {
  return `"${roffText(text)}"`
}

function flagText({ name, short, value }: Flag): string {
  const names = [...(short ? [`-${short}`] : []), `--${name}`].map(roffBold).join(', ')
  return value ? `${names} ${roffItalic(value)}` : names
}

function item(term: string, text: string): string[] {
  return ['.TP', term, roffText(text)]
}

const DESCRIPTION = [
  'Every command runs in a dyno of its own, on a fresh copy of the app: what it writes and deletes ends with it. There is one manifold for each app folder. The first command that needs it starts it in the background, and it goes away two seconds after its last dyno.',
  'The app is the nearest folder with a Procfile, from the current one upwards, or the one that --app names.',
]

const EXIT_STATUS = [
  ['0', 'It is done.'],
  ['1', 'It could not be done; one sentence on standard error says what to do.'],
  ['1', 'Of check: it found errors; with --boot, a dyno is bad. Of slug:diff: the slugs differ.'],
  ['2', 'The words on the command line are wrong.'],
  ['N', "Of run, ps:exec and attach: the command's own status, or 128 + the signal that ended it."],
  ['N', 'Of start: the status of the first dyno that failed, or else 128 + the signal that ended it.'],
] as const

const ENVIRONMENT = [
  ['PORT', 'The base port of dyno start, where neither -p nor .env names one; 5000 otherwise.'],
  ['DYNO_CONNECT_TIMEOUT', 'How long dyno run waits for its one-off to be up, in seconds (120).'],
  ['NO_COLOR, HEROKU_LOGS_COLOR=0, HEROKU_COLOR=0', 'No colours in the log, the dashboard and dyno check.'],
  [
    'FORCE_COLOR',
    'Colours of the log and dyno check where there is no terminal as well; with 0 none anywhere.',
  ],
  [
    'COLORFGBG',
    "Which colours the terminal's background wants: its last number is 7 or 15 where that is light.",
  ],
  ['VISUAL, EDITOR', 'What config:edit opens; vi otherwise.'],
  ['CI', 'Set: nothing is drawn over, and dyno start shows the plain log.'],
  ['XDG_RUNTIME_DIR, XDG_CACHE_HOME, XDG_STATE_HOME', 'Where sockets, slugs and logs are kept.'],
  ['TMPDIR', 'Where sockets are kept without XDG_RUNTIME_DIR, and what config:edit opens; /tmp otherwise.'],
] as const

const FILES = [
  ['Procfile', 'The process types of the app, one NAME: COMMAND a line.'],
  ['.env', 'Config vars, one NAME=VALUE a line.'],
  ['.slugignore', 'What is left out of the slug.'],
  ['~/.cache/dyno', 'Slugs; they can be made again.'],
  ['~/.local/state/dyno', 'Logs and releases, in a folder APP-KEY for each app.'],
  ['~/.local/state/dyno/APP-KEY/crashes', 'What a manifold ended of that should never happen.'],
  ['~/.local/state/dyno/tls', "This machine's certificate for --tls, and ca.pem, which is to be trusted."],
  ['$XDG_RUNTIME_DIR/dyno or $TMPDIR/dyno-UID', 'Sockets; nobody else can open them.'],
] as const
