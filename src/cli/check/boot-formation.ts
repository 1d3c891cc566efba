import { readFileSync } from 'node:fs'
import { type BootRecord, isOver } from '../../core/boot/boot-record.ts'
import { type BootLimits, type DynoVerdict, judge } from '../../core/boot/boot-verdict.ts'
import { readTrace, type Trace } from '../../core/boot/watched.ts'
import { type Formation, isStartable, startFormation } from '../../core/formation.ts'
import { portOf } from '../../core/ports.ts'
import { Problem } from '../../core/problem.ts'
import { currentRelease, overlaid } from '../../core/release-record.ts'
import { readReleases } from '../../edge/keep-releases.ts'
import { endOfLog } from '../../edge/logs/find-line.ts'
import { logFolder } from '../../edge/logs/segments.ts'
import type { Typed } from '../command.ts'
import { startIfMissing } from '../dial.ts'
import { holdFormation } from '../formation/hold-formation.ts'
import { stackOptions } from '../formation/start-formation.ts'
import { checkPlace, type Place } from '../place.ts'
import { beginLine, complain, endLine } from '../print.ts'
import { prepareStack, type SentStack } from '../stack.ts'
import { type Attendance, attendDyno } from './attend-dyno.ts'
import { type Booted, dismiss, endDynos, isAtWork, startBoot } from './boot-manifold.ts'
import { type BootWatch, watchBoot } from './watch-boot.ts'

/** What came of it: every dyno's verdict, and folders in which writes were not seen. */
export type BootOutcome = { readonly verdicts: readonly DynoVerdict[]; readonly unseen: readonly string[] }

/**
 * Boots one dyno of each type, or of those that were named, on a manifold of their own, and judges them. A number is
 * the exit status of who was interrupted. In the end nothing is left of it, whoever ends first.
 */
export async function bootFormation(
  place: Place,
  { flags, words }: Typed,
  limits: BootLimits,
): Promise<BootOutcome | number> {
  const check = checkPlace(place)
  const { ready } = await startIfMissing(check, 'pipes')
  ready.catch(() => {}) // what is wrong with the app is said first
  let booted: Booted | undefined
  try {
    const stack = withSettings(place, await prepareStack(place, stackOptions(flags, false)))
    const types = stack.process_types.map(([type]) => type)
    const formation = startFormation(types, words, { herokuDefaults: false })
    const names = [...formation].filter(([, { quantity }]) => quantity > 0).map(([type]) => type)
    if (names.length === 0) throw new Problem('invalid', 'That boots no dyno; name a type, such as web.')
    beginLine(process.stdout, `Booting ${names.join(', ')} from the slug of ${place.app.name}... `)
    await ready
    const notes = `${check.state}/notes-${process.pid}`
    const folder = logFolder(check.state)
    const from = endOfLog(folder)
    booted = await startBoot(check, flags, { stack, formation, notes, limits })
    const watch = watchBoot(folder, from, recordsOf(formation, types, booted.port))
    const interrupted = await attend(check, booted, { watch, limits, notes })
    await watch.close()
    if (interrupted !== undefined) return interrupted
    endLine('done')
    return outcomeOf(watch, notes, limits)
  } finally {
    await ready.catch(() => {}) // what has not begun cannot be ended
    if (booted || !(await isAtWork(check))) await dismiss(check)
  }
}

// Config vars that were set count for the app's releases, and the check has none of those.
function withSettings(place: Place, stack: SentStack): SentStack {
  const settings = currentRelease(readReleases(place.state).records)?.settings ?? {}
  return { ...stack, config: overlaid(stack.config, settings) }
}

function recordsOf(formation: Formation, types: readonly string[], base: number): BootRecord[] {
  const plan = { types: types.filter(isStartable), base, routed: false }
  return [...formation].flatMap(([type, { quantity }]) => {
    return Array.from({ length: quantity }, (_, i) => {
      const name = { type, number: i + 1 }
      return { ...name, port: portOf(name, plan) }
    })
  })
}

// All are up together, as in a formation that runs, and all are told to end at the same time.
async function attend(
  check: Place,
  { socket }: Booted,
  { watch, ...patience }: Attendance & { readonly watch: BootWatch },
): Promise<number | undefined> {
  const held = holdFormation(socket, complain)
  const judged = async () => {
    await Promise.all(watch.names().map((name) => attendDyno(watch, name, patience)))
    await endDynos(check)
    await Promise.all(watch.names().map((name) => watch.until(name, isOver)))
  }
  const interrupted = await Promise.race([held.ended, judged()])
  if (interrupted === undefined) held.leave()
  return interrupted ?? undefined
}

function outcomeOf(watch: BootWatch, notes: string, limits: BootLimits): BootOutcome {
  const records = watch.names().map((name) => ({ ...watch.record(name), trace: traceAt(`${notes}/${name}`) }))
  const unseen = new Set(records.flatMap(({ trace }) => trace?.unseen ?? []))
  return { verdicts: records.map((record) => judge(record, limits)), unseen: [...unseen].sort() }
}

function traceAt(path: string): Trace | undefined {
  try {
    return readTrace(readFileSync(path, 'utf8'))
  } catch {
    return undefined // nothing was noted: its walls were never built
  }
}
