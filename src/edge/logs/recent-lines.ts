import { endOfLog, findStart } from './find-line.ts'
import { openCursor } from './log-cursor.ts'
import { logFolder, type Position } from './segments.ts'

/** The last lines of the app with this state folder, at most so many, oldest first: as bytes, a character each. */
export function recentLines(stateFolder: string, count: number): string[] {
  const folder = logFolder(stateFolder)
  const end = endOfLog(folder)
  const cursor = openCursor(folder, findStart(folder, { count }))
  const lines: string[] = []
  const isBefore = ({ first, offset }: Position) => first < end.first || offset < end.offset
  try {
    while (isBefore(cursor.position())) {
      const bytes = cursor.nextSegment()
      if (!bytes) break
      lines.push(
        ...Buffer.from(bytes)
          .toString('latin1', 0, bytes.length - 1)
          .split('\n'),
      )
    }
  } finally {
    cursor.close()
  }
  return lines
}
