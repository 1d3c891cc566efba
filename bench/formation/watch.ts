import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import type { Runner } from './peers.ts'

/** A runner at work. */
export type Watched = {
  readonly child: ChildProcess
  /** When it was started, by performance.now(). */
  readonly began: number
  /** Resolves with the time when so many lines that match have been read. */
  seen(pattern: RegExp, count: number): Promise<number>
  /** Sends SIGINT and resolves with the ms until it has ended. */
  interrupt(): Promise<number>
}

/** Some peers do not end when they are asked to; no longer than this is waited for one, in ms. */
const PATIENCE = 2000

/** How long anything may take before a measurement is given up, in ms. */
const GIVE_UP = 20_000

/** Starts a runner in a folder; its output is read line by line. */
export function watch(runner: Runner, folder: string, types: Readonly<Record<string, string>>): Watched {
  const [file, ...args] = runner.argv(types)
  const env = { ...process.env, ...runner.env }
  const began = performance.now()
  const child = spawn(file, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'ignore'], detached: true })
  const lines: string[] = []
  let tail = ''
  let look = () => {}
  child.stdout.setEncoding('utf8')
  child.stdout.on('data', (chunk: string) => {
    const parts = (tail + chunk).split('\n')
    tail = parts.pop()!
    lines.push(...parts)
    look()
  })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  return {
    child,
    began,
    seen(pattern, count) {
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`${runner.name}: never saw ${pattern}`)), GIVE_UP)
        look = () => {
          if (lines.filter((line) => pattern.test(line)).length < count) return
          clearTimeout(timer)
          resolve(performance.now())
        }
        look()
      })
    },
    async interrupt() {
      const from = performance.now()
      child.kill('SIGINT')
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, PATIENCE).unref())])
      const took = performance.now() - from
      killGroup(child)
      return took
    },
  }
}

/** Kills a runner and what it left: some peers never end, and some leave their processes behind. */
export function killGroup({ pid }: ChildProcess): void {
  try {
    process.kill(-pid!, 'SIGKILL')
  } catch {
    // nothing is left of its group
  }
}

/** CPU time that processes which speak of this folder in their command line have used, in ms, and their memory in MB. */
export function usageOf(isMeant: (commandLine: string, pid: number) => boolean): {
  cpu: number
  memory: number
} {
  const total = { cpu: 0, memory: 0 }
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (!isMeant(readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' '), Number(pid)))
        continue
      const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)!.split(' ')
      total.cpu += (Number(fields[11]) + Number(fields[12])) * 10
      const peak = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))
      total.memory += Number(peak?.[1] ?? 0) / 1024
    } catch {
      // gone meanwhile
    }
  }
  return total
}
