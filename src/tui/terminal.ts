import { Unicode11Addon } from '@xterm/addon-unicode11'
import xterm from '@xterm/headless'
import type { PaneSize } from './layout.ts'
import { bracketed } from './paste.ts'

/** A terminal in a pane: takes what a program sends, and has a picture of it. */
export type Terminal = {
  /** `done` is called when they are in the picture; of 50 MB that are not yet it takes no more, and throws. */
  feed(bytes: Uint8Array | string, done?: () => void): void
  resize(size: PaneSize): void
  /** The picture, row by row, with SGR colours; the cursor as an inverted cell where keys go in. */
  rows(hasKeys: boolean): string[]
  /** What a person typed, as the program wants it. */
  typed(text: string): string
  /** … what was pasted: told as such where it asked to be told. */
  pasted(text: string): string
  /** Shows older lines, or newer ones again. */
  scroll(by: number): void
  /** Shows the newest. */
  follow(): void
  close(): void
}

/** Who is told what the terminal itself has to say to the program, and that its picture is another. */
export type TerminalOwner = { answered(text: string): void; changed(): void }

/** How far back a pane can be scrolled. */
const SCROLL_BACK = 5000

/** Opens a terminal emulator; the door of @xterm/headless. */
export function openTerminal({ columns, rows }: PaneSize, { answered, changed }: TerminalOwner): Terminal {
  const terminal = new xterm.Terminal({
    ...{ cols: columns, rows, scrollback: SCROLL_BACK, allowProposedApi: true },
  })
  terminal.loadAddon(new Unicode11Addon())
  terminal.unicode.activeVersion = '11'
  terminal.onData(answered)
  terminal.onWriteParsed(changed)
  return {
    feed: (bytes, done) => terminal.write(bytes, done),
    resize: ({ columns: cols, rows: high }) => terminal.resize(Math.max(2, cols), Math.max(1, high)),
    rows: (hasKeys) => picture(terminal, hasKeys),
    typed(text) {
      // Our own terminal sends arrow keys in application mode; a program that did not ask for it does not know them.
      if (terminal.modes.applicationCursorKeysMode) return text.replace(CURSOR_KEY, '\u001bO$1')
      return text.replace(APPLICATION_KEY, '\u001b[$1')
    },
    pasted: (text) => (terminal.modes.bracketedPasteMode ? bracketed(text) : text),
    scroll: (by) => terminal.scrollLines(-by),
    follow: () => terminal.scrollToBottom(),
    close: () => terminal.dispose(),
  }
}

// biome-ignore-start lint/suspicious/noControlCharactersInRegex: keys as terminals send them
const CURSOR_KEY = /\x1b\[([A-DFH])/g
const APPLICATION_KEY = /\x1bO([A-DFH])/g
// biome-ignore-end lint/suspicious/noControlCharactersInRegex: end of keys

type Cell = NonNullable<ReturnType<NonNullable<ReturnType<xterm.IBuffer['getLine']>>['getCell']>>

function picture(terminal: xterm.Terminal, hasKeys: boolean): string[] {
  const { active } = terminal.buffer
  const cursorRow = active.baseY + active.cursorY - active.viewportY
  const cell = active.getNullCell()
  return Array.from({ length: terminal.rows }, (_, y) => {
    const line = active.getLine(active.viewportY + y)
    let [text, look] = ['', '']
    for (let x = 0; x < terminal.cols; x++) {
      line?.getCell(x, cell)
      if (cell.getWidth() === 0) continue // the second half of a wide character
      const isCursor = hasKeys && y === cursorRow && x === active.cursorX
      const next = lookOf(cell, isCursor)
      if (next !== look) text += `\u001b[0${next}m`
      look = next
      text += cell.getChars() || ' '
    }
    return look === '' ? text : `${text}\u001b[0m`
  })
}

// Codes that follow a reset.
function lookOf(cell: Cell, isCursor: boolean): string {
  let codes = ''
  if (cell.isBold()) codes += ';1'
  if (cell.isDim()) codes += ';2'
  if (cell.isItalic()) codes += ';3'
  if (cell.isUnderline()) codes += ';4'
  if (Boolean(cell.isInverse()) !== isCursor) codes += ';7'
  if (cell.isFgPalette()) codes += `;38;5;${cell.getFgColor()}`
  if (cell.isFgRGB()) codes += `;38;5;${nearest(cell.getFgColor())}`
  if (cell.isBgPalette()) codes += `;48;5;${cell.getBgColor()}`
  if (cell.isBgRGB()) codes += `;48;5;${nearest(cell.getBgColor())}`
  return codes
}

// Of the 6×6×6 colours of the usual 256.
function nearest(rgb: number): number {
  const [red, green, blue] = [rgb >> 16, (rgb >> 8) & 255, rgb & 255].map((value) =>
    Math.round((value / 255) * 5),
  )
  return 16 + 36 * red! + 6 * green! + blue!
}
