import { closeSync, existsSync, openSync, rmSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { type BootLimits, type DynoVerdict, reason } from '../../core/boot/boot-verdict.ts'
import { junitXml } from '../../core/boot/junit.ts'
import { Problem } from '../../core/problem.ts'
import { safeText } from '../../core/safe-text.ts'
import { temporaryName, writeWhole } from '../../edge/write-whole.ts'
import type { Typed } from '../command.ts'
import { secondsOf } from '../flag-numbers.ts'
import { findPlace, makeFolders, type Place } from '../place.ts'
import { table } from '../table.ts'

/** In milliseconds; a web that does not answer keeps its visitor waiting for 30 s on Heroku (H12). */
const LIMITS: BootLimits = { bind: 60_000, stay: 5000, answer: 30_000, grace: 30_000 }

/** Boots the formation out of the way of one that runs, judges every dyno, and says how; 1 when any is bad. */
export async function checkBoot(typed: Typed): Promise<number> {
  const { flags } = typed
  const limits = limitsOf(flags)
  const report = flags.has('junit') ? resolve(flags.get('junit')!) : undefined
  if (report !== undefined) checkWritable(report)
  const place = findPlace(flags.get('app'), { anywhere: flags.has('slug') })
  makeFolders(place)
  const at = Date.now()
  const { bootFormation } = await import('./boot-formation.ts')
  const outcome = await bootFormation(place, typed, limits)
  if (typeof outcome === 'number') return outcome // interrupted: who did that wants no report
  const { verdicts, unseen } = outcome
  const bad = verdicts.filter(({ verdict }) => verdict === 'bad').length
  process.stdout.write(`\n${verdictTable(verdicts)}\n\n${summary(verdicts.length, bad)}\n`)
  if (unseen.length > 0) process.stdout.write(`Writes to ${unseen.join(', ')} could not be watched.\n`)
  if (report !== undefined) writeReport(report, place, verdicts, at)
  return bad > 0 ? 1 : 0
}

function limitsOf(flags: Typed['flags']): BootLimits {
  const { timeout, grace = LIMITS.grace } = secondsOf(flags, { timeout: 'timeout', grace: 'grace' })
  if (timeout === undefined) return { ...LIMITS, grace }
  return { bind: timeout, stay: timeout, answer: Math.min(LIMITS.answer, Math.max(timeout, 1000)), grace }
}

function verdictTable(verdicts: readonly DynoVerdict[]): string {
  const rows = verdicts.map((each) => [each.type, each.dyno, each.verdict, safeText(reason(each))])
  return table([['TYPE', 'DYNO', 'VERDICT', 'WHY'], ...rows]).join('\n')
}

function summary(all: number, bad: number): string {
  const dynos = `${all} ${all === 1 ? 'dyno' : 'dynos'}`
  return bad === 0 ? `${dynos}: all good.` : `${dynos}: ${all - bad} good, ${bad} bad.`
}

// Before a minute is spent on what could not be written.
function checkWritable(report: string): void {
  const probe = `${dirname(report)}/${temporaryName()}`
  try {
    closeSync(openSync(probe, 'wx'))
    rmSync(probe)
  } catch (error) {
    throw unwritable(report, error as NodeJS.ErrnoException)
  }
}

function writeReport(report: string, { app }: Place, verdicts: readonly DynoVerdict[], at: number): void {
  const suite = { name: 'dyno check --boot', app: app.name, at, seconds: (Date.now() - at) / 1000 }
  try {
    writeWhole(report, junitXml(verdicts, suite))
  } catch (error) {
    throw unwritable(report, error as NodeJS.ErrnoException)
  }
}

function unwritable(report: string, { message }: NodeJS.ErrnoException): Problem {
  if (!existsSync(dirname(report))) {
    return new Problem(
      'app',
      `There is no folder ${dirname(report)} for the report; make it, or name another file.`,
    )
  }
  return new Problem(
    'app',
    `The report cannot be written to ${report} (${message}); name another file with --junit.`,
  )
}
