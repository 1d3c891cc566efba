import type { ReleaseJson } from '../../core/api/release-api.ts'
import { parseLogLine, textLines } from '../../core/log/log.ts'
import { safeLine } from '../../core/log/safe-line.ts'
import { endOfLog } from '../../edge/logs/find-line.ts'
import { followLog } from '../../edge/logs/follow-log.ts'
import { logFolder } from '../../edge/logs/segments.ts'
import { order } from '../dial.ts'
import { appPath, makeFolders, type Place } from '../place.ts'
import { beginLine, endLine } from '../print.ts'
import { ourCaller } from '../stack.ts'

/**
 * Orders a release and waits until the formation begins to run on it: `Setting A... done, v8`. What its release command
 * says is shown meanwhile. Throws the Problem when that command fails.
 */
export async function makeRelease(place: Place, what: string, request: object): Promise<ReleaseJson> {
  makeFolders(place)
  const title = `${what}... `
  beginLine(process.stdout, title)
  const over = new AbortController()
  const shown = showCommand(place, over.signal)
  try {
    const body = { caller: ourCaller(), ...request }
    const reply = await order(place, { method: 'POST', path: `${appPath(place)}/releases`, body })
    over.abort()
    if (await shown) beginLine(process.stdout, title)
    const release = reply.body as ReleaseJson
    endLine(`done, v${release.version}`)
    return release
  } finally {
    over.abort()
    await shown
  }
}

// Shows what the release command says, in whole lines; answers whether it said anything.
async function showCommand(place: Place, signal: AbortSignal): Promise<boolean> {
  const folder = logFolder(place.state)
  let isBegun = false
  const reader = {
    lines(bytes: Uint8Array) {
      for (const line of textLines(bytes)) {
        const parsed = parseLogLine(line)
        if (!parsed?.ps.startsWith('release.') || parsed.source !== 'app') continue
        if (!isBegun) endLine('release command executing')
        isBegun = true
        process.stdout.write(`${safeLine(parsed.message)}\n`)
      }
    },
    missed() {},
  }
  await followLog(folder, endOfLog(folder), { reader, signal })
  return isBegun
}
