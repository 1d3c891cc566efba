import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ENDED_NOTE, survivorsNote } from '../../core/boot/watched.ts'
import { markedProcesses } from './list-processes.ts'
import { statusOf } from './signal-masks.ts'

/** What was told to end at the same time as its first process may take so many looks and milliseconds: as within full walls. */
const [LOOKS, MOMENT] = [6, 200]

// A dyno's end is told twice, and the second time must not come between.
const noted = new Map<string, Promise<void>>()

/** Notes in a file, once, which processes with this mark are still there a moment after the dyno's first has ended. */
export function noteSurvivors(mark: string, file: string): Promise<void> {
  const noting = noted.get(file) ?? note(mark, file)
  noted.set(file, noting)
  return noting
}

async function note(mark: string, file: string): Promise<void> {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  writeFileSync(file, ENDED_NOTE)
  for (let looks = 0; looks < LOOKS && living(mark).length > 0; looks++) await sleep(MOMENT)
  appendFileSync(file, survivorsNote(living(mark)))
}

function living(mark: string): string[] {
  return markedProcesses(mark).flatMap((pid) => {
    const status = statusOf(pid)
    const [name, state] = ['Name', 'State'].map((key) => new RegExp(`^${key}:\\t(.*)`, 'm').exec(status)?.[1])
    return name === undefined || /^[ZX]/.test(state ?? 'X') ? [] : [name]
  })
}
