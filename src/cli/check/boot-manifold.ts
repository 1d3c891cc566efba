import { existsSync, rmSync } from 'node:fs'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { MANIFOLD_GONE } from '../../core/absence.ts'
import type { BootLimits } from '../../core/boot/boot-verdict.ts'
import type { Formation } from '../../core/formation.ts'
import { Problem } from '../../core/problem.ts'
import { joinAt, runningFormation } from '../ask-dynos.ts'
import type { Typed } from '../command.ts'
import { askIfThere, order } from '../dial.ts'
import { wholeFormation } from '../formation/start-formation.ts'
import { appPath, type Place } from '../place.ts'
import { warn } from '../print.ts'
import type { SentStack } from '../stack.ts'

/** Longer than any check, in milliseconds: the client gives up on a dyno, and its first life is the one that counts. */
const NEVER = 7 * 24 * 3600 * 1000

/** How long the walls of a dyno that has ended may look at what it left, in milliseconds. */
const LOOKING = 2000

/** How often another base port is tried. */
const TRIES = 10

/** What is booted, and where its walls note what they see. */
export type Boot = {
  readonly stack: SentStack
  readonly formation: Formation
  readonly notes: string
  readonly limits: BootLimits
}

/** A formation that is only there to be judged: the connection that holds it, and its base port. */
export type Booted = { readonly socket: Socket; readonly port: number }

/** Starts it on a manifold of its own, at ports that are free; throws a Problem when this app is being checked already. */
export async function startBoot(check: Place, flags: Typed['flags'], boot: Boot): Promise<Booted> {
  if (await isAtWork(check)) throw new Problem('conflict', CHECKED_ALREADY)
  const { stack, formation, notes, limits } = boot
  const body = {
    stack,
    updates: wholeFormation(formation),
    ...(flags.has('walls') ? { walls: flags.get('walls') } : {}),
    watched: notes,
    patience: { grace: limits.grace + LOOKING, boot: NEVER, retry: NEVER, backoff: NEVER },
    lease: true,
  }
  const { url, port } = await startSomewhere(check, body)
  const socket = await joinAt(check, url)
  if (!socket) throw new Problem('manifold', 'The formation ended at once; run the command again.')
  return { socket, port }
}

const CHECKED_ALREADY = "Another 'dyno check --boot' is at work on this app; wait for its end and try again."

// Below the ports that a system gives to clients, and elsewhere for every check: types are 100 ports apart, so those of
// two checks at a time meet only where they begin at the same number below.
async function startSomewhere(check: Place, body: object): Promise<{ url: string; port: number }> {
  const path = `${appPath(check)}/formation`
  let port = 10_000 + (process.pid % 150) * 100 + ((process.pid * 13) % 100)
  for (let tries = 1; ; tries++) {
    try {
      const { body: started, warning } = await order(check, { method: 'POST', path, body: { ...body, port } })
      if (warning) warn(warning)
      return { url: (started as { attach_url: string }).attach_url, port }
    } catch (error) {
      if (!(error instanceof Problem && error.offer !== undefined) || tries === TRIES) throw error
      port = error.offer
    }
  }
}

/** Asks every dyno to end. */
export async function endDynos(check: Place): Promise<void> {
  const body = { updates: [{ type: 'all', quantity: 0 }] }
  await askIfThere(check, { method: 'PATCH', path: `${appPath(check)}/formation`, body })
}

/** How long a manifold may take to clear up, in milliseconds. */
const CLEARING = 10_000

/** Whether the manifold of a check runs a formation: another check's, where it is not ours. */
export async function isAtWork(check: Place): Promise<boolean> {
  return (await runningFormation(check).catch(unlessLost)) != null
}

// A manifold that was killed with our question in its hands has left as much as any that was killed.
function unlessLost(error: Error): undefined {
  if (!(error instanceof Problem && error.message === MANIFOLD_GONE)) throw error
}

/** Ends the manifold of a check, and waits until nothing is left of it; where it was killed, clears up instead. */
export async function dismiss(check: Place): Promise<void> {
  const path = `${appPath(check)}/formation`
  const told = await askIfThere(check, { method: 'DELETE', path, body: { manifold: true } }).catch(unlessLost)
  const left = () => [check.socket, check.run, check.copies].filter((each) => existsSync(each))
  for (const giveUp = Date.now() + CLEARING; told && left().length > 0 && Date.now() < giveUp; )
    await sleep(10)
  for (const each of left()) rmSync(each, { recursive: true, force: true, maxRetries: 5 })
}
