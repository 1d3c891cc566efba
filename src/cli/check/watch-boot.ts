import { type BootRecord, recorded } from '../../core/boot/boot-record.ts'
import { parseLogLine, textLines } from '../../core/log/log.ts'
import { dynoName } from '../../core/name.ts'
import { followLog } from '../../edge/logs/follow-log.ts'
import type { Position } from '../../edge/logs/segments.ts'

/** What the log tells of dynos that are judged, as it comes. */
export type BootWatch = {
  names(): readonly string[]
  record(name: string): BootRecord
  note(name: string, facts: Partial<BootRecord>): void
  /** Resolves when this is so of the dyno. */
  until(name: string, isSo: (record: BootRecord) => boolean): Promise<void>
  /** Reads what is there, and no more. */
  close(): Promise<void>
}

/** Watches the log in this folder from a place on. */
export function watchBoot(folder: string, from: Position, begun: readonly BootRecord[]): BootWatch {
  const records = new Map(begun.map((record) => [dynoName(record.type, record.number), record]))
  const waiting = new Set<() => boolean>()
  const over = new AbortController()
  const look = (): void => {
    for (const isDone of waiting) if (isDone()) waiting.delete(isDone)
  }
  const reader = {
    lines(bytes: Uint8Array) {
      for (const text of textLines(bytes)) {
        const line = parseLogLine(text)
        const record = line && records.get(line.ps)
        if (record) records.set(line.ps, recorded(record, line))
      }
      look()
    },
    missed() {},
  }
  const followed = followLog(folder, from, { reader, signal: over.signal })
  return {
    names: () => [...records.keys()],
    record: (name) => records.get(name)!,
    note(name, facts) {
      records.set(name, { ...records.get(name)!, ...facts })
    },
    until(name, isSo) {
      return new Promise((resolve) => {
        waiting.add(() => {
          const isDone = isSo(records.get(name)!)
          if (isDone) resolve()
          return isDone
        })
        look()
      })
    },
    async close() {
      over.abort()
      await followed
    },
  }
}
