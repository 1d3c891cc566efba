import { StringDecoder } from 'node:string_decoder'

/** What a mouse did, in cells from the upper left corner of the screen. */
export type MouseEvent = {
  readonly does: 'press' | 'drag' | 'release' | 'wheel up' | 'wheel down'
  readonly x: number
  readonly y: number
}

// biome-ignore-start lint/suspicious/noControlCharactersInRegex: this is how terminals tell it
const SEQUENCE = /\x1b\[<(\d+);(\d+);(\d+)([Mm])/g
const BEGUN = /\x1b\[(?:<[\d;]*|20?0?)$/ // or a paste; not an ESC alone, which is a key
// biome-ignore-end lint/suspicious/noControlCharactersInRegex: end of what terminals tell

/** Takes what the mouse did out of what a terminal sent (SGR coordinates, mode 1006); the rest is typed. */
export function takeMouse(text: string): { readonly events: MouseEvent[]; readonly typed: string } {
  const events: MouseEvent[] = []
  const typed = text.replace(SEQUENCE, (_, code, column, row, end) => {
    const does = doneBy(Number(code), end === 'm')
    if (does) events.push({ does, x: Number(column) - 1, y: Number(row) - 1 })
    return ''
  })
  return { events, typed }
}

/**
 * Puts together what a terminal sent, wherever reads have cut it: a character, what the mouse did, or the mark where a
 * paste begins, is there when it is whole. `isTorn`: one of the latter is cut at the beginning or the end of this read.
 */
export function readTerminal(): (chunk: Buffer | string) => {
  readonly text: string
  readonly isTorn: boolean
} {
  const decoder = new StringDecoder('utf8')
  let begun = ''
  return (chunk) => {
    const before = begun
    const all = before + decoder.write(chunk)
    begun = BEGUN.exec(all)?.[0] ?? ''
    return { text: all.slice(0, all.length - begun.length), isTorn: before !== '' || begun !== '' }
  }
}

// 0 is the left button, 32 a move while it is held, 64 and 65 the wheel; the other bits are modifier keys.
function doneBy(code: number, isReleased: boolean): MouseEvent['does'] | undefined {
  const button = code & ~0b11100
  if (button === 64) return 'wheel up'
  if (button === 65) return 'wheel down'
  if (isReleased) return 'release'
  if (button === 0) return 'press'
  return button === 32 ? 'drag' : undefined
}
