import { cutLines, type LineCutter } from '../core/log/line-cutter.ts'
import {
  apiLine,
  formatLogLine,
  type LogFilter,
  type LogLine,
  type LogLines,
  linePrefix,
  passesFilter,
} from '../core/log/log.ts'
import { linesOf, openRing } from '../core/log/log-ring.ts'
import type { Edges } from './edges.ts'
import { watchUnfinished } from './unfinished.ts'

/** Where all lines meet and part again. */
export type Logplex = {
  /** Notes a line of our own, of which there may be thousands a second: it is written with those that come soon after, … */
  note(line: Omit<LogLine, 'at'>): void
  /** … or when this returns. */
  writeNotes(): void
  /** Writes a line of our own; it is in the file when this returns. */
  write(line: Omit<LogLine, 'at'>): void
  /** The same for a line `app[api]: …`. */
  tell(message: string): void
  /** Takes what a dyno writes on its two outputs from now on. */
  openOutput(ps: string): Output
  /** The newest lines of all. */
  recent(count: number): string[]
  /** Reports new lines that pass, as many at a time as came; the answer ends it. */
  follow(filter: LogFilter, read: (lines: readonly string[]) => void): () => void
}

/** Where a dyno's output goes. */
export type Output = {
  take(stream: Stream, chunk: Uint8Array): void
  /** It is over: its last line has no line end, and all its lines are in the file when this returns. */
  end(): void
}

/** How long notes are gathered, in milliseconds: a write for each line would cost a busy router a third of its time. */
const SOON = 3

type Stream = 'stdout' | 'stderr'

type LogEdges = Pick<Edges, 'now' | 'wake' | 'appendLog' | 'flushLog' | 'readLog' | 'tellUnfinished'>

export function openLogplex(edges: LogEdges): Logplex {
  const ring = openRing()
  const unfinished = watchUnfinished(edges)
  const readers = new Set<(lines: readonly string[]) => void>()

  const publish = (lines: LogLines): void => {
    if (lines.count === 0) return
    edges.appendLog(lines)
    ring.push(lines)
    if (readers.size === 0) return
    const texts = linesOf(lines).map(decoded)
    for (const read of readers) read(texts)
  }

  let noted = { text: '', count: 0 }
  const writeNotes = (): void => {
    const lines = noted
    noted = { text: '', count: 0 }
    publish(lines)
  }

  const write = (line: Omit<LogLine, 'at'>): void => {
    writeNotes()
    publish({ text: encoded(`${formatLogLine({ ...line, at: edges.now() })}\n`), count: 1 })
    edges.flushLog()
  }

  return {
    note(line) {
      if (noted.count === 0) edges.wake(SOON, writeNotes)
      const text = encoded(`${formatLogLine({ ...line, at: edges.now() })}\n`)
      noted = { text: noted.text + text, count: noted.count + 1 }
    },
    writeNotes,
    write,
    tell: (message) => write(apiLine(message)),
    openOutput(ps) {
      const streams = { stdout: openStream(ps), stderr: openStream(ps) }
      return {
        take: (stream, chunk) => streams[stream].take(chunk),
        end() {
          for (const stream of Object.values(streams)) stream.end()
          edges.flushLog()
        },
      }
    },
    recent(count) {
      const lines = ring.last(count)
      return (lines.length < count ? edges.readLog(count) : lines).map(decoded)
    },
    follow(filter, read) {
      const reader = (lines: readonly string[]): void => {
        const passed = lines.filter((line) => passesFilter(line, filter))
        if (passed.length > 0) read(passed)
      }
      readers.add(reader)
      return () => readers.delete(reader)
    },
  }

  function openStream(ps: string) {
    const cutter: LineCutter = cutLines()
    const tail = unfinished.open(ps)
    return {
      take(chunk: Uint8Array): void {
        const at = edges.now()
        const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1')
        const lines = cutter.cut(bytes, linePrefix({ at, source: 'app', ps }))
        // First this: a reader that has seen the whole line must not be shown its beginning.
        tail.saw(cutter.tail(), { at, isNew: lines.count > 0 })
        publish(lines)
      },
      end(): void {
        const at = edges.now()
        const lines = cutter.rest(linePrefix({ at, source: 'app', ps }))
        tail.saw('', { at, isNew: true })
        publish(lines)
      },
    }
  }
}

// In the log, text is UTF-8, a character a byte.
function encoded(text: string): string {
  return Buffer.from(text).toString('latin1')
}

function decoded(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString()
}
