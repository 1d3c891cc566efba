import { type ChildProcess, spawn } from 'node:child_process'
import { chownSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { DYNO_UID } from '../../src/core/walls.ts'
import { ended, until, writeFiles } from '../harness.ts'
import { runnerFile } from './bundle-runner.ts'
import type { WalledFact, WalledOrder, WallsWay } from './run-walled.ts'

const NOBODY = 65534
const isRoot = process.geteuid?.() === 0

/** Who can be tested here: root tests both, anybody else only himself. */
export const USERS = isRoot ? (['root', 'nobody'] as const) : (['me'] as const)
export type User = (typeof USERS)[number]

/** Full walls as each of them builds them: for a dyno that is there already, and before. */
export const FULL_WALLS = USERS.flatMap((user) => [
  { user, way: 'full' as const, by: `built by ${user}` },
  { user, way: 'spare' as const, by: `built ahead by ${user}` },
])

/** Each user and each way once, for what depends on either but not on both. */
export const SOME_FULL_WALLS = FULL_WALLS.filter(
  ({ user, way }) => !isRoot || (user === 'root') === (way === 'full'),
)

/** What became of a command. */
export type Outcome = { status: number; stdout: string; stderr: string; message: string | null }

/** A command that runs within walls. */
export type Running = {
  /** Of the first of our own processes, on the host. */
  readonly pid: Promise<number>
  readonly outcome: Promise<Outcome>
  stdout(): string
  /** Waits until the output has this, and hands back the match. */
  says(pattern: RegExp): Promise<RegExpExecArray>
  /** Starts a command within the walls of this one, in the environment of this one. */
  enter(line: string, options?: Omit<RunOptions, 'tree'>): Running
  signal(number: number): void
  type(keys: string): void
  end(): void
}

export type RunOptions = {
  tree?: string
  environment?: Record<string, string>
  terminal?: { columns: number; rows: number } | null
}

/** A process of this user that builds walls, and a small slug to build them around. */
export type Place = {
  readonly user: User
  readonly folder: string
  readonly runtime: string
  readonly tree: string
  readonly runner: ChildProcess
  start(line: string, options?: RunOptions): Running
  run(line: string, options?: RunOptions): Promise<Outcome>
  /** Makes a slug's tree of files, as its user unpacks it. */
  plant(name: string, files: Record<string, string>): string
  /** Ends the runner as a manifold that is killed. */
  kill(): Promise<void>
  close(): Promise<void>
}

/** Full walls are tested where nothing is covered by chance: /tmp is a dyno's own anyway. */
export function openPlace(
  user: User,
  way: WallsWay,
  options: { within?: string; odd?: string; files?: Record<string, string> } = {},
): Place {
  const folder = mkdtempSync(`${options.within ?? (isRoot ? '/var/lib' : tmpdir())}/dyno-t-`)
  const runtime = `${folder}/runtime${options.odd ?? ''}`
  const trees = `${folder}/trees${options.odd ?? ''}`
  mkdirSync(runtime, { mode: 0o700 })
  mkdirSync(trees)
  const own = (path: string) => {
    if (user === 'nobody') chownAll(path, NOBODY)
    else if (user === 'root' && way !== 'folder' && path !== runtime && path !== folder)
      chownAll(path, DYNO_UID)
  }
  own(folder)
  own(runtime)
  own(trees)
  const as = user === 'nobody' ? ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'] : []
  const [file, ...args] = [...as, process.execPath, runnerFile(), way, runtime, trees]
  const runner = spawn(file!, args, {
    cwd: '/',
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], SECRET_OF_OURS: 'leaked' },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  runner.stdin.on('error', () => {}) // it may have been killed
  const listeners = new Map<string, (fact: WalledFact) => void>()
  createInterface({ input: runner.stdout }).on('line', (line) => {
    const fact = JSON.parse(line) as WalledFact
    listeners.get(fact.name)?.(fact)
  })
  const send = (order: WalledOrder) => void runner.stdin.write(`${JSON.stringify(order)}\n`)
  let number = 0
  const plant = (name: string, files: Record<string, string>) => {
    writeFiles(`${trees}/${name}`, files)
    own(`${trees}/${name}`)
    return `${trees}/${name}`
  }
  const tree = plant('tree', { Procfile: 'web: true\n', 'lib/deep/file': 'deep\n', ...options.files })
  const start = (line: string, { tree: at = tree, environment = {}, terminal = null }: RunOptions = {}) => {
    const name = `run.${++number}`
    const full = { PATH: process.env['PATH']!, HOME: '/app', ...environment }
    const enter: Running['enter'] = (line, { environment = {}, terminal = null } = {}) => {
      const guest = `guest.${++number}`
      const running = follow(guest, listeners, send)
      const variables = { ...full, DYNO: name, ...environment }
      send({ name: guest, dyno: name, enter: { line, environment: variables, terminal } })
      return { ...running, enter }
    }
    const running = follow(name, listeners, send)
    send({ name, run: { tree: at, line, environment: full, terminal } })
    return { ...running, enter }
  }
  return {
    user,
    folder,
    runtime,
    tree,
    runner,
    start,
    run: (line, runOptions) => start(line, runOptions).outcome,
    plant,
    async kill() {
      const end = ended(runner)
      runner.kill('SIGKILL')
      await end
    },
    async close() {
      const end = runner.exitCode === null && runner.signalCode === null ? ended(runner) : undefined
      runner.stdin.end()
      await end
      await until(
        () => traces(folder).length === 0,
        () => `left behind:\n${traces(folder).join('\n')}`,
      )
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function follow(
  name: string,
  listeners: Map<string, (fact: WalledFact) => void>,
  send: (order: WalledOrder) => void,
): Omit<Running, 'enter'> {
  const text = { stdout: '', stderr: '' }
  const { promise: pid, resolve: spawned } = Promise.withResolvers<number>()
  const { promise: outcome, resolve: finished } = Promise.withResolvers<Outcome>()
  listeners.set(name, (fact) => {
    if ('pid' in fact) spawned(fact.pid)
    else if ('stream' in fact) text[fact.stream] += fact.text
    else finished({ ...text, status: fact.status, message: fact.message })
  })
  return {
    pid,
    outcome,
    stdout: () => text.stdout,
    async says(pattern) {
      await until(
        () => pattern.test(text.stdout),
        () => `never said ${pattern}:\n${text.stdout}\n${text.stderr}`,
      )
      return pattern.exec(text.stdout)!
    },
    signal: (signal) => send({ name, signal }),
    type: (keys) => send({ name, type: keys }),
    end: () => send({ name, end: true }),
  }
}

/** Processes and mounts of the host that speak of this folder or this word. */
export function traces(word: string): string[] {
  const processes = readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return []
    const words = readProc(`${pid}/cmdline`) + readProc(`${pid}/environ`)
    return words.includes(word) && isAlive(Number(pid))
      ? [`${pid} ${words.replaceAll('\0', ' ').slice(0, 200)}`]
      : []
  })
  return [
    ...processes,
    ...readProc('self/mountinfo')
      .split('\n')
      .filter((line) => line.includes(word)),
  ]
}

/** The state of a process of the host, as `ps` shows it: `S`, `T`, `Z` …; nothing when it is gone. */
export function stateOf(pid: number): string {
  return /\) (\w) /.exec(readProc(`${pid}/stat`))?.[1] ?? ''
}

/** Whether this process of the host lives. */
export function isAlive(pid: number): boolean {
  return !['', 'Z', 'X'].includes(stateOf(pid))
}

/** A copy of a demo app as a tree of files. */
export function plantFixture(place: Place, name: string): string {
  const fixtures = fileURLToPath(new URL('../../fixtures/apps', import.meta.url))
  const tree = place.plant(name, {})
  cpSync(`${fixtures}/${name}`, tree, { recursive: true })
  return place.plant(name, {})
}

function readProc(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, 'latin1')
  } catch {
    return '' // gone meanwhile
  }
}

function chownAll(path: string, id: number): void {
  chownSync(path, id, id)
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isDirectory()) chownAll(`${path}/${entry.name}`, id)
    else if (entry.isFile()) chownSync(`${path}/${entry.name}`, id, id)
  }
}
