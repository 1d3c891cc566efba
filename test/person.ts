import { spawn as spawnOnTerminal } from 'node-pty'
import { BIN, GIVE_UP, type Sandbox } from './harness.ts'

/** A person at a terminal. */
export type Person = {
  readonly pid: number
  type(keys: string): void
  /** Waits until this can be read on the terminal, after what was seen before. */
  sees(text: string | RegExp): Promise<RegExpExecArray>
  resize(columns: number, rows: number): void
  /** Closes the terminal, as a closed window does. */
  hangUp(): void
  readonly status: Promise<number>
  screen(): string
  /** All that the terminal was sent, control sequences included. */
  raw(): string
}

/** Sits a person down at a terminal where `dyno` (or another program) runs. */
export function sitDown(
  sandbox: Sandbox,
  args: string[],
  options: { file?: string; columns?: number; rows?: number } = {},
): Person {
  const [file, ...words] = [...sandbox.prefix, options.file ?? BIN, ...args]
  const pty = spawnOnTerminal(file!, words, {
    name: 'xterm-256color',
    cols: options.columns ?? 100,
    rows: options.rows ?? 30,
    cwd: sandbox.app,
    env: sandbox.env,
  })
  let text = ''
  let seen = 0
  let wake = () => {}
  pty.onData((data) => {
    text += data
    wake()
  })
  const status = new Promise<number>((resolve) => {
    pty.onExit(({ exitCode, signal }) => resolve(signal ? 128 + signal : exitCode))
  })
  return {
    pid: pty.pid,
    type: (keys) => pty.write(keys),
    async sees(wanted) {
      const pattern = typeof wanted === 'string' ? new RegExp(literally(wanted)) : wanted
      const giveUp = Date.now() + GIVE_UP
      for (;;) {
        const match = pattern.exec(readable(text).slice(seen))
        if (match) {
          seen += match.index + match[0].length
          return match
        }
        if (Date.now() > giveUp) throw new Error(`never saw ${wanted} in:\n${text}`)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, 200)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
    },
    resize: (columns, rows) => pty.resize(columns, rows),
    hangUp: () => (pty as unknown as { destroy(): void }).destroy(),
    status,
    screen: () => readable(text),
    raw: () => text,
  }
}

/** A text as a pattern that matches it and nothing else. */
export function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

// What a person reads: no control sequences (nor the beginning of one), and lines end in one character.
function readable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control sequences are what this is about
  return text.replace(/\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07]*\x07|\x1b(?:\[[0-?]*)?$|\r/g, '')
}
