import { readdirSync, readFileSync, statSync } from 'node:fs'

/** Processes whose command line or environment speaks of this folder. */
export function processesOf(folder: string): string[] {
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return []
    try {
      const commandLine = readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ')
      const environment = readFileSync(`/proc/${pid}/environ`, 'latin1')
      const ours = commandLine.includes(folder) || environment.includes(`${folder}/`)
      return ours && isAlive(pid) ? [`${pid} ${commandLine}`] : []
    } catch {
      return [] // gone meanwhile
    }
  })
}

/** Pids of what `processesOf` finds whose command line looks like this. */
export function pidsOf(folder: string, pattern: RegExp): number[] {
  return processesOf(folder)
    .filter((line) => pattern.test(line))
    .map((line) => Number.parseInt(line, 10))
}

/** Whether a line of `processesOf` is of walls that were built ahead and still wait: nobody is let in yet. */
export function isSpare(line: string): boolean {
  const [, folder, wall] = /\/wall (\S+) (\d+) /.exec(line) ?? []
  return wall !== undefined && statSync(`${folder}/${wall}.launch`, { throwIfNoEntry: false })?.size === 0
}

/** The first process of every dyno within full walls. */
export function leadersOf(folder: string): number[] {
  const leaders = processesOf(folder).filter((line) => LEADER.test(line) && !isSpare(line))
  return leaders.map((line) => Number.parseInt(line, 10))
}

/** A client that was told this, whichever build of `dyno` it is. */
export function clientOf(words: string): RegExp {
  return new RegExp(`(?:cli\\.mjs|/dyno[\\w-]*) ${words}`)
}

/** The first process of walls, with a dyno or without. */
export const LEADER = /^\d+ \S*unshare .*\/wall /

/** Every `sleep SECONDS` of this machine, behind walls or not: an odd number of seconds tells whose it is. */
export function sleepers(seconds: number | string): number[] {
  return readdirSync('/proc').flatMap((pid) => {
    try {
      const line = readFileSync(`/proc/${pid}/cmdline`, 'latin1')
      return line === `sleep\0${seconds}\0` && isAlive(pid) ? [Number(pid)] : []
    } catch {
      return [] // no process, or gone meanwhile
    }
  })
}

function isAlive(pid: string): boolean {
  return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'))
}

/** Sends a signal to a process that may be gone by now. */
export function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
