import { type LogFilter, missedLine, passesFilter } from '../../core/log/log.ts'
import { lineColours } from '../../core/log/log-colours.ts'
import { jsonLine } from '../../core/log/log-json.ts'
import { hasControls, safeLine } from '../../core/log/safe-line.ts'
import { followLog } from '../../edge/logs/follow-log.ts'
import type { Position } from '../../edge/logs/segments.ts'
import { drawsInPlace } from '../our-terminal.ts'
import { openPromptRow } from './prompt-row.ts'

/** How a log is shown, and where. */
export type LogView = {
  /** The folder of the log; `logFolder` of an app's state. */
  readonly folder: string
  /** `endOfLog`, or what `findStart` finds. */
  readonly from: Position
  readonly filter: LogFilter
  readonly json: boolean
  readonly colours: boolean
  readonly stdout: NodeJS.WriteStream
}

/**
 * Shows the log as it comes; when the signal is given it shows what there is by then, and resolves. On a terminal
 * dynos share the screen: only text and colours reach it, and a prompt that waits is shown below, where it may be drawn
 * over. Into a pipe or a file every byte goes.
 */
export async function showLog(view: LogView, signal: AbortSignal): Promise<void> {
  const { folder, from, filter, stdout } = view
  const colour = view.colours ? lineColours() : undefined
  const row = drawsInPlace(stdout) && !view.json ? openPromptRow(stdout, { filter, colour }) : undefined
  const isRaw = !colour && !view.json && !stdout.isTTY
  const encoding = isRaw ? 'latin1' : 'utf8' // what is no text goes through a pipe as it is
  const isAll = isRaw && filter.ps === undefined && filter.source === undefined
  const shown = (bytes: Uint8Array): string => {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(encoding)
    const isSafe = !stdout.isTTY || !hasControls(text)
    const lines = text
      .slice(0, -1)
      .split('\n')
      .filter((line) => passesFilter(line, filter))
    if (view.json) return joined(lines.map(jsonLine))
    const safe = isSafe ? lines : lines.map(safeLine)
    return joined(colour ? safe.map(colour) : safe)
  }
  const write = (text: string): Promise<void> | void => {
    if (text !== '') return written(stdout, Buffer.from(row ? row.above(text) : text, encoding))
  }
  const reader = {
    lines: (bytes: Uint8Array) => (isAll ? written(stdout, bytes) : write(shown(bytes))),
    missed: (count: number, since: number) =>
      write(shown(Buffer.from(`${missedLine(count, { since, now: Date.now() })}\n`))),
    ...(row && { unfinished: row.show }),
  }
  await followLog(folder, from, { reader, signal })
  row?.show([])
}

function joined(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`
}

// Whoever reads us slowly holds us up, and nobody else.
function written(stdout: NodeJS.WriteStream, data: string | Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    stdout.write(data, () => resolve()) // an error is told by the stream's own event
  })
}
