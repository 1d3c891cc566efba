import type { Dyno } from './dyno.ts'
import { type Effect, signal, system } from './effect.ts'
import { quotaOf } from './size.ts'

/** A dyno that uses this many times its quota is killed: R15. */
const VASTLY = 2

/** What a measurement leads to: nothing, R14, or R15 and SIGKILL. */
export type MemoryVerdict = { readonly kills: boolean; readonly effects: readonly Effect[] }

/** Holds what all processes of a dyno have in memory, in bytes, against the quota of its size. */
export function judgeMemory(dyno: Dyno, bytes: number): MemoryVerdict {
  const share = bytes / quotaOf(dyno.size)
  if (share <= 1) return { kills: false, effects: [] }
  const used = system(
    dyno,
    `Process running mem=${Math.floor(bytes / 2 ** 20)}M(${(share * 100).toFixed(1)}%)`,
  )
  if (share <= VASTLY)
    return { kills: false, effects: [used, system(dyno, 'Error R14 (Memory quota exceeded)')] }
  const error = system(dyno, 'Error R15 (Memory quota vastly exceeded)')
  const stop = system(dyno, 'Stopping process with SIGKILL')
  return { kills: true, effects: [used, error, stop, signal(dyno, 'KILL')] }
}
