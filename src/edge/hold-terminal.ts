import type { TerminalSize } from '../core/terminal-size.ts'

/** Our terminal while a one-off has it. */
export type HeldTerminal = {
  size(): TerminalSize
  onResize(call: () => void): void
  /** Gives the terminal back as it was; safe to call twice. */
  release(): void
}

/** Puts the terminal on standard input in raw mode: every key goes to the one-off, Ctrl-C too. */
export function holdTerminal(): HeldTerminal {
  const { stdin, stdout } = process
  const release = () => {
    if (stdin.isRaw) stdin.setRawMode(false)
    process.removeListener('exit', release)
  }
  stdin.setRawMode(true)
  process.on('exit', release)
  return {
    size: () => ({ columns: stdout.columns, rows: stdout.rows }),
    onResize: (call) => void stdout.on('resize', call),
    release,
  }
}
