import { constants } from 'node:os'
import type { Walled } from '../../core/walls.ts'
import { descendants } from './list-processes.ts'
import { sendSignal } from './send-signal.ts'
import { hasSignal, statusOf } from './signal-masks.ts'

const { SIGCONT, SIGSTOP, SIGTERM } = constants.signals

/** How often to look whether a shell is alone, in milliseconds. */
const LOOK = 20

/**
 * Stops the shell that stays in front of its program (`cd bin && ./server`) while everything else in its dyno is sent
 * SIGTERM: it would die of it at once, and with the dyno's first process everything ends, the program in the midst of
 * its clean-up. When it is alone it is sent SIGTERM and goes on to die, without a step further. Answers with the shell.
 * A program that heeds or ignores SIGTERM, and one that has started nothing, is not held; nor is any without /proc.
 */
export function holdShell(walled: Walled, leader: number): number | undefined {
  const [first, ...others] = descendants(leader, walled.ours).filter(isAlive)
  if (first === undefined || others.length === 0 || !diesOfTerm(first)) return undefined
  sendSignal(first, SIGSTOP)
  const told = new Set(others)
  let hasStopped = false
  // Of two signals that wait the lower number is served first: until the shell has stopped, SIGTERM would kill it.
  const look = () => {
    const living = descendants(leader, walled.ours).filter((pid) => pid !== first && isAlive(pid))
    const wasStopped = hasStopped
    hasStopped = isStopped(first)
    // A busy machine may not have stopped it yet; whoever let it go on since wants it to.
    if (living.length > 0 && (hasStopped || (!wasStopped && isAlive(first)))) {
      // What it started after everything was listed and before it had stopped has heard nothing yet.
      for (const pid of living.filter((each) => !told.has(each))) sendSignal(pid, SIGTERM)
      for (const pid of living) told.add(pid)
      setTimeout(look, LOOK)
      return
    }
    sendSignal(first, SIGTERM)
    sendSignal(first, SIGCONT)
  }
  setTimeout(look, LOOK)
  return first
}

function diesOfTerm(pid: number): boolean {
  const status = statusOf(pid)
  return (['SigCgt', 'SigIgn'] as const).every((mask) => hasSignal(status, mask, SIGTERM) === false)
}

function isStopped(pid: number): boolean {
  return /^State:\s+T/m.test(statusOf(pid))
}

// A child that its stopped parent has not yet waited for is a zombie.
function isAlive(pid: number): boolean {
  return /^State:\s+[^ZX\s]/m.test(statusOf(pid))
}
