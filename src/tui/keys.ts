/** What a key, or the palette, asks for. */
export type Intent =
  | ('up' | 'down' | 'alone' | 'page up' | 'page down' | 'oldest' | 'follow' | 'pause')
  | ('find' | 'find older' | 'find newer' | 'last error' | 'first error' | 'filter')
  | ('times' | 'wrap' | 'zoom' | 'narrower' | 'wider' | 'copy' | 'clear')
  | ('run' | 'attach' | 'restart' | 'restart all' | 'stop' | 'more' | 'fewer' | 'scale')
  | ('release' | 'rollback')
  | ('maintenance' | 'config' | 'palette' | 'help' | 'suspend' | 'leave' | 'interrupt' | 'stop all' | 'tour')

type Key = {
  readonly keys: readonly string[]
  readonly shown: string
  readonly intent: Intent
  readonly help: string
}

/** Every order of the dashboard, in the order in which help lists them; those without a key are in the palette only. */
export const KEYS: readonly Key[] = [
  { keys: ['up', 'k'], shown: '↑ k', intent: 'up', help: 'the dyno above' },
  { keys: ['down', 'j'], shown: '↓ j', intent: 'down', help: 'the dyno below' },
  { keys: ['enter'], shown: '⏎', intent: 'alone', help: 'only its log, or all again; its terminal if open' },
  { keys: ['a'], shown: 'a', intent: 'attach', help: 'its live terminal; Ctrl-] comes back' },
  { keys: ['r', 'x'], shown: 'r', intent: 'run', help: 'run a command in a one-off; ↑ for earlier ones' },
  { keys: ['S-r'], shown: 'R', intent: 'restart', help: 'restart the dyno' },
  { keys: [], shown: '', intent: 'restart all', help: 'restart every dyno of the formation' },
  { keys: ['s'], shown: 's', intent: 'stop', help: 'stop it: a one-off ends, others begin again' },
  { keys: ['+', '='], shown: '+', intent: 'more', help: 'one more of its type' },
  { keys: ['-'], shown: '-', intent: 'fewer', help: 'one fewer' },
  { keys: [], shown: '', intent: 'scale', help: 'scale: web=2 worker=1' },
  { keys: [], shown: '', intent: 'release', help: 'make the app folder the next release' },
  { keys: [], shown: '', intent: 'rollback', help: 'go back to the release before' },
  { keys: ['m'], shown: 'm', intent: 'maintenance', help: 'maintenance mode on and off' },
  { keys: ['c'], shown: 'c', intent: 'config', help: 'config vars, their values masked' },
  { keys: [':', 'p'], shown: ': p', intent: 'palette', help: 'every order by its name' },
  { keys: ['pageup'], shown: 'PgUp', intent: 'page up', help: 'older lines; the log stands still' },
  { keys: ['pagedown'], shown: 'PgDn', intent: 'page down', help: 'newer lines' },
  {
    keys: ['home', 'g'],
    shown: 'Home g',
    intent: 'oldest',
    help: 'the oldest line; again for those in the files',
  },
  { keys: ['end', 'S-g', 'f'], shown: 'End G f', intent: 'follow', help: 'the newest line, and follow' },
  { keys: ['space'], shown: 'Space', intent: 'pause', help: 'the log stands still, or follows' },
  { keys: ['/'], shown: '/', intent: 'find', help: 'find a text' },
  { keys: ['n'], shown: 'n', intent: 'find older', help: '… an older line with it' },
  { keys: ['S-n'], shown: 'N', intent: 'find newer', help: '… a newer one' },
  { keys: ['&'], shown: '&', intent: 'filter', help: 'only lines with a text, -p DYNO, -s SOURCE' },
  { keys: ['e'], shown: 'e', intent: 'last error', help: 'the last error, then the one before' },
  { keys: ['S-e'], shown: 'E', intent: 'first error', help: 'the first error' },
  { keys: ['t'], shown: 't', intent: 'times', help: 'times on and off' },
  { keys: ['w'], shown: 'w', intent: 'wrap', help: 'long lines whole, or cut' },
  { keys: ['z'], shown: 'z', intent: 'zoom', help: 'the log or the terminal alone, or the list again' },
  { keys: ['['], shown: '[', intent: 'narrower', help: 'a narrower list; or drag the line' },
  { keys: [']'], shown: ']', intent: 'wider', help: 'a wider one' },
  { keys: ['y'], shown: 'y', intent: 'copy', help: 'copy what the mouse has selected' },
  { keys: ['escape'], shown: 'Esc', intent: 'clear', help: 'nothing selected, filtered or found' },
  { keys: ['?', 'h'], shown: '?', intent: 'help', help: 'this help' },
  { keys: ['tab'], shown: 'Tab', intent: 'tour', help: 'in dyno demo: the next step' },
  { keys: ['C-z'], shown: 'Ctrl-Z', intent: 'suspend', help: 'back to the shell; fg comes back' },
  { keys: ['q'], shown: 'q', intent: 'leave', help: 'leave it running, or end everything: asks' },
  { keys: ['C-c'], shown: 'Ctrl-C', intent: 'interrupt', help: 'ends what dyno start began; leaves dyno ui' },
  { keys: ['S-q'], shown: 'Q', intent: 'stop all', help: 'end everything, and leave' },
]

/** Those that stand at the bottom, most wanted first. */
export const SHORT: readonly (readonly [keys: string, help: string])[] = [
  ['↑↓', 'select'],
  ['⏎', 'its log'],
  ['/', 'find'],
  ['r', 'run'],
  ['R', 'restart'],
  ['+ -', 'scale'],
  ['a', 'attach'],
  [':', 'orders'],
  ['?', 'help'],
  ['q', 'quit'],
]

/** What this key asks for; undefined when it is none of ours. */
export function intentOf(key: string): Intent | undefined {
  return KEYS.find(({ keys }) => keys.includes(key))?.intent
}

/** The orders whose name or description has this text, those whose name begins with it first. */
export function ordersWith(text: string): readonly Key[] {
  const wanted = text.toLowerCase()
  const begins = KEYS.filter(({ intent }) => intent.startsWith(wanted))
  const others = KEYS.filter(({ intent, help }) => `${intent} ${help}`.toLowerCase().includes(wanted))
  return [...new Set([...begins, ...others])].filter(({ intent }) => intent !== 'palette')
}
