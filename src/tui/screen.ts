import blessed from 'blessed'
import type { Painted, PaneSize } from './paint.ts'

/** Below this there is nothing sensible to see. */
const LEAST = { columns: 40, rows: 10 }
/** From here on the list stands beside the log and not above it. */
const WIDE = 90
const LIST_WIDTH = 32
const LIST_ROWS = 6

/** blessed has no name for these. */
const NAMED_BY_WHAT_THEY_TYPE = new Set('/?+-=')

/** The terminal as a picture with panes. */
export type Screen = {
  sizes(): { readonly list: PaneSize; readonly lines: PaneSize }
  draw(painted: Painted): void
  /** Gives the terminal to another program until that has ended. */
  lend(file: string, args: readonly string[]): Promise<void>
  /** Gives the terminal back. */
  close(): void
}

/** What a person does. */
export type Person = {
  /** A key by its name, and what it types: `S-n`, `N`. */
  key(name: string, typed: string): void
  wheel(by: number): void
  resized(): void
}

/** Takes the terminal over; the door of blessed. */
export function openScreen(person: Person): Screen {
  // Other terminals' descriptions have 8 colours, or none: what we send all of them understand.
  const screen = blessed.screen({
    terminal: 'xterm-256color',
    smartCSR: true,
    fullUnicode: true,
    title: 'dyno',
  })
  const box = () => blessed.box({ parent: screen, wrap: false })
  const panes = {
    head: box(),
    list: box(),
    line: box(),
    log: box(),
    detail: box(),
    foot: box(),
    small: box(),
  }

  const layout = () => {
    const { columns, rows } = sizeOf(screen)
    const isWide = columns >= WIDE
    const listRows = isWide ? rows - 3 : Math.min(LIST_ROWS, Math.floor((rows - 3) / 3))
    const left = isWide ? LIST_WIDTH + 1 : 0
    const top = isWide ? 1 : listRows + 2
    return {
      isWide,
      head: { top: 0, left: 0, width: columns, height: 1 },
      list: { top: 1, left: 0, width: isWide ? LIST_WIDTH : columns, height: listRows },
      line: isWide
        ? { top: 1, left: LIST_WIDTH, width: 1, height: rows - 3 }
        : { top: listRows + 1, left: 0, width: columns, height: 1 },
      log: { top, left, width: columns - left, height: rows - top - 2 },
      detail: { top: rows - 2, left: 0, width: columns, height: 1 },
      foot: { top: rows - 1, left: 0, width: columns, height: 1 },
    }
  }

  screen.on('keypress', (typed: string | undefined, key: { full: string; name?: string }) => {
    person.key(typed && NAMED_BY_WHAT_THEY_TYPE.has(typed) ? typed : key.full, typed ?? '')
  })
  screen.on('resize', () => {
    screen.alloc()
    person.resized()
  })
  panes.log.on('wheelup', () => person.wheel(3))
  panes.log.on('wheeldown', () => person.wheel(-3))
  screen.program.hideCursor()

  return {
    sizes() {
      const { list, log } = layout()
      return {
        list: { columns: list.width, rows: list.height },
        lines: { columns: log.width, rows: log.height },
      }
    },
    draw(painted) {
      const { columns, rows } = sizeOf(screen)
      const isSmall = columns < LEAST.columns || rows < LEAST.rows
      const places = layout()
      for (const [name, pane] of Object.entries(panes)) pane.hidden = (name === 'small') !== isSmall
      if (isSmall) {
        Object.assign(panes.small, { top: 0, left: 0, width: columns, height: rows })
        panes.small.setContent(`dyno needs ${LEAST.columns}×${LEAST.rows}\nq leaves`)
        screen.render()
        return
      }
      for (const name of ['head', 'list', 'line', 'log', 'detail', 'foot'] as const)
        Object.assign(panes[name], places[name])
      const rule = places.isWide ? Array(places.line.height).fill('│').join('\n') : '─'.repeat(columns)
      panes.line.setContent(`\u001b[2m${rule}\u001b[22m`)
      panes.head.setContent(painted.head)
      panes.list.setContent(painted.list.join('\n'))
      panes.log.setContent(painted.log.join('\n'))
      panes.detail.setContent(painted.detail)
      panes.foot.setContent(painted.foot)
      screen.render()
    },
    lend(file, args) {
      return new Promise((resolve) => {
        screen.exec(file, [...args], { stdio: 'inherit' }, () => {
          screen.program.hideCursor()
          resolve()
        })
      })
    },
    close() {
      screen.destroy()
    },
  }
}

function sizeOf({ width, height }: blessed.Widgets.Screen): PaneSize {
  return { columns: Number(width), rows: Number(height) }
}
