import { spawnSync } from 'node:child_process'

/** A command to be timed as a whole process. */
export type Timed = {
  readonly name: string
  readonly argv: readonly [string, ...string[]]
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** Runs before each round, untimed. */
  readonly before?: () => void
}

/** Times commands in turn, round by round, so that a slow moment of the machine hits them all: medians in ms. */
export function timeInTurn(commands: readonly Timed[], rounds: number): Map<string, number> {
  const times = new Map(commands.map(({ name }) => [name, [] as number[]]))
  for (let round = -1; round < rounds; round++) {
    for (const command of commands) {
      const time = timeOnce(command)
      if (round >= 0) times.get(command.name)!.push(time) // the first round warms up
    }
  }
  return new Map([...times].map(([name, all]) => [name, median(all)]))
}

/** One run of a command to its end, in ms; a command that fails is no measurement. */
export function timeOnce({ name, argv, cwd, env, before }: Timed): number {
  before?.()
  const [file, ...args] = argv
  const began = performance.now()
  const options = { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'pipe'] as const }
  const { status, stderr, error } = spawnSync(file, args, { ...options, stdio: [...options.stdio] })
  const time = performance.now() - began
  if (status !== 0) throw new Error(`${name} failed: ${error?.message ?? stderr?.toString()}`)
  return time
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[sorted.length >> 1]!
}

/** One line of the report: what it is, its ratio, and the goal it is held against. */
export function report(what: string, ratio: number, goal: string, ok: boolean): void {
  process.stdout.write(
    `${ok ? 'ok  ' : 'MISS'}  ${what.padEnd(64)} ${ratio.toFixed(2).padStart(7)}  (goal ${goal})\n`,
  )
}
