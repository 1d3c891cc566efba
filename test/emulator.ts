import xterm from '@xterm/headless'
import { GIVE_UP, type Sandbox } from './harness.ts'
import { type Person, sitDown } from './person.ts'

/** What a person sees: the picture on the screen, not what was sent to make it. */
export type Emulator = {
  /** The rows of the screen, without the blanks they end in. */
  rows(): Promise<readonly string[]>
  /** Waits until the picture, as one text, matches. */
  shows(pattern: RegExp): Promise<string>
  resize(columns: number, rows: number): void
}

/** A person at a terminal of this size, and what is to be seen on it. */
export function lookAt(sandbox: Sandbox, args: string[], size: { columns: number; rows: number }) {
  const person = sitDown(sandbox, args, size)
  return { person, screen: emulate(person, size.columns, size.rows) }
}

/** A terminal emulator at the other end of a person's terminal. */
export function emulate(person: Person, columns: number, rows: number): Emulator {
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 0 })
  let read = 0
  const picture = async (): Promise<string[]> => {
    const text = person.raw()
    const more = text.slice(read)
    read = text.length
    await new Promise<void>((resolve) => terminal.write(more, resolve))
    const { active } = terminal.buffer
    return Array.from(
      { length: terminal.rows },
      (_, y) => active.getLine(active.viewportY + y)?.translateToString(true) ?? '',
    )
  }
  return {
    rows: picture,
    async shows(pattern) {
      const giveUp = Date.now() + GIVE_UP
      for (;;) {
        const text = (await picture()).join('\n')
        if (pattern.test(text)) return text
        if (Date.now() > giveUp) throw new Error(`never showed ${pattern}:\n${text}`)
        await new Promise((resolve) => setTimeout(resolve, 30))
      }
    },
    resize(wide, high) {
      terminal.resize(wide, high)
      person.resize(wide, high)
    },
  }
}
