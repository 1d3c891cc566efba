import type { Child, ChildEvents } from '../../src/core/child.ts'
import type { Exit } from '../../src/core/exit.ts'
import type { TerminalSize } from '../../src/core/terminal-size.ts'
import type { Walled } from '../../src/core/walls.ts'

/** A program that does what a test says. */
export type FakeChild = {
  readonly terminal: TerminalSize | null
  readonly environment: Readonly<Record<string, string>>
  /** All input so far. */
  readonly heard: () => string
  readonly inputEnded: () => boolean
  readonly sizes: TerminalSize[]
  readonly isPaused: () => boolean
  /** Whether it takes its input; that it does again is reported. */
  readReady(ready: boolean): void
  /** Writes; held back while it is paused. */
  say(text: string | Uint8Array, stream?: 'stdout' | 'stderr'): void
  /** Ends, once all that it said is taken. */
  exit(exit: Exit): void
  /** Ends, while somebody else holds its output: its exit comes when it is abandoned. */
  leave(exit: Exit): void
}

/** One of them, and its other end. */
export function openFakeChild(
  pid: number,
  { walled, terminal, events }: { walled: Walled; terminal: TerminalSize | null; events: ChildEvents },
) {
  const decoder = new TextDecoder()
  const reports: (() => void)[] = []
  let heard = ''
  let ended = false
  let paused = false
  let ready = true
  let left: Exit | undefined
  const report = (): void => {
    while (!paused && reports.length > 0) reports.shift()!()
  }
  const child: Child = {
    pid,
    write(chunk) {
      heard += decoder.decode(chunk, { stream: true })
      return ready
    },
    end: () => {
      ended = true
    },
    resize: (size) => void fake.sizes.push(size),
    pause: () => {
      paused = true
    },
    resume() {
      paused = false
      report()
    },
    abandon() {
      if (left) reports.push(() => events.exited(left!))
      report()
    },
  }
  const fake: FakeChild = {
    terminal,
    environment: walled.environment,
    heard: () => heard,
    inputEnded: () => ended,
    sizes: [],
    isPaused: () => paused,
    readReady(isReady) {
      const was = ready
      ready = isReady
      if (!was && ready) events.drained()
    },
    say(text, stream = 'stdout') {
      const chunk = typeof text === 'string' ? new TextEncoder().encode(text) : text
      reports.push(() => events.output(stream, chunk))
      report()
    },
    exit(exit) {
      events.left()
      reports.push(() => events.exited(exit))
      report()
    },
    leave(exit) {
      left = exit
      events.left()
    },
  }
  return { child, fake }
}
