/** What a key asks for. */
export type Intent =
  | 'up'
  | 'down'
  | 'alone'
  | 'page up'
  | 'page down'
  | 'oldest'
  | 'follow'
  | 'find'
  | 'find older'
  | 'find newer'
  | 'last error'
  | 'times'
  | 'wrap'
  | 'restart'
  | 'stop'
  | 'more'
  | 'fewer'
  | 'attach'
  | 'run'
  | 'maintenance'
  | 'help'
  | 'leave'
  | 'stop all'

type Key = {
  readonly keys: readonly string[]
  readonly shown: string
  readonly intent: Intent
  readonly help: string
}

/** Every key of the dashboard, in the order in which help lists them. */
export const KEYS: readonly Key[] = [
  { keys: ['up', 'k'], shown: '↑ k', intent: 'up', help: 'the dyno above' },
  { keys: ['down', 'j'], shown: '↓ j', intent: 'down', help: 'the dyno below' },
  { keys: ['enter'], shown: '⏎', intent: 'alone', help: 'only its log, or the whole log again' },
  { keys: ['pageup'], shown: 'PgUp', intent: 'page up', help: 'older lines; the log stands still' },
  { keys: ['pagedown'], shown: 'PgDn', intent: 'page down', help: 'newer lines' },
  { keys: ['home', 'g'], shown: 'Home g', intent: 'oldest', help: 'the oldest line at hand' },
  { keys: ['end', 'S-g', 'f'], shown: 'End G f', intent: 'follow', help: 'the newest line, and follow' },
  { keys: ['/'], shown: '/', intent: 'find', help: 'find a text' },
  { keys: ['n'], shown: 'n', intent: 'find older', help: '… an older line with it' },
  { keys: ['S-n'], shown: 'N', intent: 'find newer', help: '… a newer one' },
  { keys: ['e'], shown: 'e', intent: 'last error', help: 'the last error, then the one before' },
  { keys: ['t'], shown: 't', intent: 'times', help: 'times on and off' },
  { keys: ['w'], shown: 'w', intent: 'wrap', help: 'long lines whole, or cut' },
  { keys: ['r'], shown: 'r', intent: 'restart', help: 'restart the dyno' },
  { keys: ['s'], shown: 's', intent: 'stop', help: 'stop it: a one-off ends, others begin again' },
  { keys: ['+', '='], shown: '+', intent: 'more', help: 'one more of its type' },
  { keys: ['-'], shown: '-', intent: 'fewer', help: 'one fewer' },
  { keys: ['a'], shown: 'a', intent: 'attach', help: 'its live terminal; Ctrl-] comes back' },
  { keys: ['x'], shown: 'x', intent: 'run', help: 'run a command in a one-off' },
  { keys: ['m'], shown: 'm', intent: 'maintenance', help: 'maintenance mode on and off' },
  { keys: ['?', 'h'], shown: '?', intent: 'help', help: 'this help' },
  { keys: ['q', 'C-c', 'escape'], shown: 'q', intent: 'leave', help: 'leave; everything goes on running' },
  { keys: ['S-q'], shown: 'Q', intent: 'stop all', help: 'end everything, and leave' },
]

/** Those that stand at the bottom, most wanted first. */
export const SHORT: readonly (readonly [keys: string, help: string])[] = [
  ['↑↓', 'select'],
  ['⏎', 'its log'],
  ['/', 'find'],
  ['r', 'restart'],
  ['+ -', 'scale'],
  ['a', 'attach'],
  ['x', 'run'],
  ['?', 'help'],
  ['q', 'leave'],
]

/** What this key asks for; undefined when it is none of ours. */
export function intentOf(key: string): Intent | undefined {
  return KEYS.find(({ keys }) => keys.includes(key))?.intent
}
