import { constants } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Walled } from '../../core/walls.ts'
import { holdShell } from './hold-shell.ts'
import { descendants, markedIfSeen, markedProcesses, readProc } from './list-processes.ts'
import { sendSignal } from './send-signal.ts'
import { hasSignal, statusOf } from './signal-masks.ts'

const { SIGCONT, SIGHUP, SIGKILL, SIGTERM } = constants.signals

/**
 * Sends a signal, by number, to every process of the dyno whose first process is `leader`; false when there is
 * none yet, because its walls are still being built.
 */
export function signalDyno(walled: Walled, leader: number, signal: number): boolean {
  if (signal === SIGKILL && walled.mark === null) {
    // The kernel ends all that is within walls as soon as the leader is gone; what entered another's has no such end.
    for (const pid of descendants(leader, 0)) sendSignal(pid, SIGKILL)
    return true
  }
  if (walled.mark === null && walled.ours > 0 && isEntering(walled, leader, signal)) return false
  const held = signal === SIGTERM ? holdShell(walled, leader) : undefined
  const marked = walled.mark === null ? [] : markedProcesses(walled.mark)
  const pids = new Set([...descendants(leader, walled.ours), ...marked])
  for (const pid of pids) if (pid !== held) sendSignal(pid, signal)
  // A stopped process acts on nothing but SIGKILL until it goes on.
  if (signal === SIGHUP) for (const pid of pids) sendSignal(pid, SIGCONT)
  return pids.size > 0
}

// The process that will be the dyno's first is a fork of ours until it runs the dyno's own words, and at its beginning
// it ignores signals as we do: one that came then would be lost.
function isEntering(walled: Walled, leader: number, signal: number): boolean {
  const [ours] = descendants(leader, walled.ours - 1)
  const [first] = descendants(leader, walled.ours)
  if (ours === undefined || first === undefined) return false
  const isIgnored = hasSignal(statusOf(first), 'SigIgn', signal) === true
  return isIgnored && readProc(`${first}/cmdline`) === readProc(`${ours}/cmdline`)
}

/** Ends whatever of a dyno outlived its first process, where the kernel does not; resolves when none is left. */
export async function endSurvivors({ mark }: Pick<Walled, 'mark'>): Promise<void> {
  if (mark === null) return // the kernel has
  for (;;) {
    await nextLook()
    const pids = markedIfSeen(mark)
    if (pids?.length === 0) return
    for (const pid of pids ?? []) sendSignal(pid, SIGKILL)
  }
}

/** How long a killed process may take to go before it is looked for again, in milliseconds. */
const MOMENT = 5

// Of a formation that ends many dynos are looked for at a time: they all look in the same turn, where one look serves all.
let look: Promise<void> | undefined

function nextLook(): Promise<void> {
  look ??= sleep(MOMENT).finally(() => (look = undefined))
  return look
}
