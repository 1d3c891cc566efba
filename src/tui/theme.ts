import { lineColours } from '../core/log/log-colours.ts'
import { plainLine } from '../core/log/safe-line.ts'

/** What a piece of text is, which decides how it looks. */
export type Role = 'strong' | 'dim' | 'good' | 'warn' | 'bad' | 'accent' | 'alert' | 'mark'

export const THEMES = ['dark', 'light', 'mono'] as const
export type Theme = (typeof THEMES)[number]

/** How things look. */
export type Style = {
  as(role: Role, text: string): string
  /** A whole line of the log, in Heroku's colours where there are any. */
  line(line: string): string
}

// Of the 16 colours of every terminal, whose owner has chosen what they look like.
const CODES: Readonly<Record<Theme, Readonly<Record<Role, string>>>> = {
  dark: {
    ...{ strong: '1', dim: '2', good: '32', warn: '33', bad: '31', accent: '36' },
    ...{ alert: '30;43', mark: '7' },
  },
  light: {
    ...{ strong: '1', dim: '2', good: '32', warn: '35', bad: '31', accent: '34' },
    ...{ alert: '97;45', mark: '7' },
  },
  mono: {
    ...{ strong: '1', dim: '2', good: '', warn: '', bad: '1', accent: '4' },
    ...{ alert: '7', mark: '7' },
  },
}

/** Yellow, as text or bright: nobody can read it on white. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: colours are what it is about
const YELLOW = /\x1b\[((?:\d+;)*)(?:3|9)3m/g

export function styleOf(theme: Theme): Style {
  const codes = CODES[theme]
  const coloured = lineColours()
  const lines: Record<Theme, Style['line']> = {
    dark: coloured,
    light: (line) => coloured(line).replace(YELLOW, '\u001b[$135m'),
    mono: plainLine,
  }
  return {
    as: (role, text) => (codes[role] === '' ? text : `\u001b[${codes[role]}m${text}\u001b[0m`),
    line: lines[theme],
  }
}

/** The theme of a terminal that says so: `COLORFGBG` is `15;0`, and the last number its background. */
export function themeOf(environment: Readonly<Record<string, string | undefined>>): Theme {
  if (environment['NO_COLOR']) return 'mono'
  const background = environment['COLORFGBG']?.split(';').at(-1)
  return background === '7' || background === '15' ? 'light' : 'dark'
}

const MARKS: Readonly<Record<string, readonly [mark: string, role: Role]>> = {
  up: ['●', 'good'],
  starting: ['◐', 'warn'],
  crashed: ['✖', 'bad'],
}

/** How a dyno's state is shown where there is room for one character. */
export function stateMark(state: string): readonly [mark: string, role: Role] {
  return MARKS[state] ?? ['○', 'dim']
}
