import { openSync } from 'node:fs'
import { ReadStream } from 'node:tty'
import { Box, render, Text, useInput } from 'ink'
import { createElement, type ReactNode } from 'react'

/** A few rows below the prompt that are drawn again in place. What was above them stays. */
export type Inline = {
  /** Shows these rows, which may be coloured, instead of those before. */
  show(rows: readonly string[], tooWide?: TooWide): void
  /** Gives the terminal back; the last rows stay, or go with the view. */
  close(last: 'stays' | 'goes'): Promise<void>
}

/** What becomes of rows wider than the terminal. */
export type TooWide = 'cut' | 'wrapped'

/** One row up, and nothing from there on. */
const TAKE_BACK = '\u001b[1A\r\u001b[J'

/** A key that was pressed, by its name, or what was typed. */
export type InlineKey = 'up' | 'down' | 'enter' | 'escape' | 'ctrl-c' | { readonly text: string }

/** Opens a view on this terminal. With `onKey` it takes the keys too, Ctrl-C among them; else they do what they did. */
export function openInline(stdout: NodeJS.WriteStream, onKey?: (key: InlineKey) => void): Inline {
  const view = (rows: readonly string[], tooWide: TooWide = 'cut'): ReactNode =>
    createElement(View, { rows: highest(rows, stdout.rows), tooWide, onKey })
  const keys = onKey ? openKeys() : undefined
  const { rerender, unmount, waitUntilExit } = render(view([]), {
    stdout,
    ...(keys ? { stdin: keys } : {}),
    interactive: true,
    patchConsole: false,
    exitOnCtrlC: false,
    maxFps: 10,
  })
  return {
    show: (rows, tooWide) => rerender(view(rows, tooWide)),
    async close(last) {
      // What is drawn last is drawn once more at the end: a single row, of which it is known how to take it back.
      if (last === 'goes') rerender(view([' ']))
      unmount()
      await waitUntilExit()
      if (last === 'goes') stdout.write(TAKE_BACK)
      keys?.destroy()
    },
  }
}

// The terminal by a door of its own: ink decodes what it reads, for good, and others want the bytes of standard input.
function openKeys(): ReadStream | undefined {
  try {
    return new ReadStream(openSync('/dev/tty', 'r'))
  } catch {
    return undefined // the terminal we are on is not the one we belong to: its standard input has to do
  }
}

// What is higher than the terminal cannot be drawn over.
function highest(rows: readonly string[], height: number): readonly string[] {
  return rows.length < height ? rows : [...rows.slice(0, Math.max(0, height - 2)), '…']
}

type ViewProps = {
  readonly rows: readonly string[]
  readonly tooWide: TooWide
  readonly onKey: ((key: InlineKey) => void) | undefined
}

function View({ rows, tooWide, onKey }: ViewProps): ReactNode {
  useInput(
    (input, { upArrow, downArrow, return: isEnter, escape: isEscape, ctrl }) => {
      if (ctrl && input === 'c') onKey?.('ctrl-c')
      else if (upArrow) onKey?.('up')
      else if (downArrow) onKey?.('down')
      else if (isEnter) onKey?.('enter')
      else if (isEscape) onKey?.('escape')
      else if (input !== '' && !ctrl) onKey?.({ text: input })
    },
    { isActive: onKey !== undefined },
  )
  const wrap = tooWide === 'cut' ? 'truncate-end' : 'wrap'
  const lines = rows.map((row, key) => createElement(Text, { key, wrap }, row))
  return createElement(Box, { flexDirection: 'column' }, ...lines)
}
