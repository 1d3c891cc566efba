/** What the keys are for just now. */
export type Mode =
  | { readonly is: 'look' }
  /** A line is typed. `past` counts back through what was typed before; 0 is the new one. */
  | { readonly is: 'type'; readonly what: LineKind; readonly text: string; readonly past: number }
  | { readonly is: 'ask'; readonly about: 'leave' | 'stop all' }
  /** A page of text, from which of its lines on. */
  | { readonly is: 'page'; readonly lines: readonly PageLine[]; readonly from: number }
  /** All orders, those that have the text; which of them is chosen. */
  | { readonly is: 'palette'; readonly text: string; readonly at: number }
  /** Keys are kept for a terminal that is not joined yet. */
  | { readonly is: 'joining' }
  /** Keys go to the selected dyno's terminal. */
  | { readonly is: 'terminal' }

export type LineKind = 'find' | 'run' | 'only lines with' | 'scale'

/** A line of help or of the config vars: what it is about, and what is said of it. */
export type PageLine = readonly [name: string, text: string]

export const LOOK: Mode = { is: 'look' }

export function typing(what: LineKind, text = ''): Mode {
  return { is: 'type', what, text, past: 0 }
}
