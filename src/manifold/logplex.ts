import { cutLines } from '../core/line-cutter.ts'
import { formatLogLine, type LogLine, type LogQuery, passesFilter, selectLines } from '../core/log.ts'
import type { Edges } from './edges.ts'

/** How many lines are kept at hand, as on Heroku. */
const RING = 1500

/** A dyno's output on its way into the log. */
export type Output = { take(stream: 'stdout' | 'stderr', chunk: Uint8Array): void; end(): void }

/** Where all lines meet and part again. */
export type Logplex = {
  write(line: Omit<LogLine, 'at'>): void
  /** Output of this dyno, in chunks. */
  openOutput(ps: string): Output
  /** The newest lines that pass the query. */
  recent(query: LogQuery): Promise<string[]>
  /** Reports each new line that passes; the answer ends it. */
  follow(query: Omit<LogQuery, 'count'>, read: (line: string) => void): () => void
}

export function openLogplex(edges: Pick<Edges, 'now' | 'appendLog' | 'readLog'>): Logplex {
  const ring: string[] = []
  const readers = new Set<(line: string) => void>()
  const write = (line: Omit<LogLine, 'at'>): void => {
    const text = formatLogLine({ ...line, at: edges.now() })
    edges.appendLog(text)
    ring.push(text)
    if (ring.length > RING * 2) ring.splice(0, ring.length - RING)
    for (const read of readers) read(text)
  }
  return {
    write,
    openOutput(ps) {
      const cutters = { stdout: cutLines(), stderr: cutLines() }
      const say = (message: string) => write({ source: 'app', ps, message })
      return {
        take: (stream, chunk) => cutters[stream].cut(chunk).forEach(say),
        end() {
          for (const cutter of Object.values(cutters)) cutter.rest().forEach(say)
        },
      }
    },
    async recent(query) {
      const lines = selectLines(ring, query)
      return lines.length >= query.count ? lines : edges.readLog(query)
    },
    follow(query, read) {
      const reader = (line: string) => passesFilter(line, query) && read(line)
      readers.add(reader)
      return () => readers.delete(reader)
    },
  }
}
