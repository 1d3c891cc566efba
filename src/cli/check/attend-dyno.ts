import { existsSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { type BootRecord, isOver } from '../../core/boot/boot-record.ts'
import type { BootLimits } from '../../core/boot/boot-verdict.ts'
import { endedIn } from '../../core/boot/watched.ts'
import { WEB } from '../../core/name.ts'
import { LONGEST_WAIT } from '../../core/patience.ts'
import { askWeb } from '../../edge/ask-web.ts'
import { portsOf } from '../../edge/ports/ports-of.ts'
import { descendants, markedProcesses } from '../../edge/processes/list-processes.ts'
import type { BootWatch } from './watch-boot.ts'

/** How soon the log tells of an end that a connection has felt, in milliseconds. */
const NEWS = 300

/** How often it is looked whether a dyno's walls have let it in, in milliseconds. */
const LOOK = 50

/** … and how long at the most. */
const BUILDING = 10_000

/** … and while what it has left is looked at, which is longer. */
const LEAVING = 10_000

/** How long to wait for a dyno, and the folder where its walls note what they see. */
export type Attendance = { readonly limits: BootLimits; readonly notes: string }

/** Waits for what is to be seen of a dyno while it lives: web that binds its port and answers, any other that stays. */
export async function attendDyno(
  watch: BootWatch,
  name: string,
  { limits, notes }: Attendance,
): Promise<void> {
  await live(watch, name, limits)
  if (!isOver(watch.record(name)) && hasEnded(`${notes}/${name}`)) {
    await within(LEAVING, watch.until(name, isOver))
  }
}

function hasEnded(path: string): boolean {
  return existsSync(path) && endedIn(readFileSync(path, 'utf8'))
}

async function live(watch: BootWatch, name: string, limits: BootLimits): Promise<void> {
  await watch.until(name, (record) => record.startedAt !== undefined || isOver(record))
  const { type, port } = watch.record(name)
  await entered(watch, name)
  if (type !== WEB) return within(limits.stay, watch.until(name, isOver))
  const isUp = (record: BootRecord) => record.upAt !== undefined
  await within(
    limits.bind,
    watch.until(name, (record) => isUp(record) || isOver(record)),
  )
  if (isUp(watch.record(name))) {
    const answer = await askWeb(port, limits.answer)
    if (answer.is !== 'status') await within(NEWS, watch.until(name, isOver))
    if (answer.is === 'status' || !isOver(watch.record(name))) watch.note(name, { answer })
  } else if (!isOver(watch.record(name))) {
    watch.note(name, { otherPorts: portsOf(processesWith(port)) })
  }
}

// Many walls at a time take seconds, which are not the dyno's: its time begins when its own program runs.
async function entered(watch: BootWatch, name: string): Promise<void> {
  const { type, port } = watch.record(name)
  const giveUp = Date.now() + BUILDING // it may have thrown away all that it was told
  while (markedProcesses(`PORT=${port}`).length === 0 && Date.now() < giveUp) {
    if (isOver(watch.record(name))) return
    await sleep(LOOK)
  }
  const isBound = type === WEB && watch.record(name).upAt !== undefined
  if (!isBound) watch.note(name, { startedAt: Date.now() })
}

// Nobody else was told to listen there; a program that calls itself something else has written over what it was told.
function processesWith(port: number): number[] {
  return [...new Set(markedProcesses(`PORT=${port}`).flatMap((pid) => descendants(pid, 0)))]
}

async function within(milliseconds: number, what: Promise<void>): Promise<void> {
  const over = new AbortController()
  const patience = sleep(Math.min(milliseconds, LONGEST_WAIT), undefined, { signal: over.signal })
  await Promise.race([what, patience.catch(() => {})])
  over.abort()
}
