import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { isSpare, kill, pidsOf, processesOf, sleepers } from './processes.ts'

export { type Person, sitDown } from './person.ts'
export { clientOf, isSpare, kill, LEADER, leadersOf, pidsOf, processesOf, sleepers } from './processes.ts'

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
/** The program under test; DYNO_BIN names another build of it. */
export const BIN = process.env['DYNO_BIN'] ?? `${ROOT}/bin/dyno`
export const FIXTURES = `${ROOT}/fixtures/apps`

/** How long anything may take before a test gives up on it, in milliseconds: no assertion, only an end. */
export const GIVE_UP = 60_000
/** … where it is many things, one after the other. */
export const GIVE_UP_LATER = 90_000

/** An app in a fresh folder, with its own place for sockets, slugs and logs. */
export type Sandbox = {
  readonly app: string
  readonly folder: string
  readonly env: Record<string, string>
  /** What comes before `dyno` to make it another user's; mostly nothing. */
  readonly prefix: readonly string[]
  /** Ends what still runs, checks that nothing is left, and removes the folder. */
  close(): Promise<void>
}

/** Somebody without any rights, where we are root; else we are ordinary enough. */
const NOBODY = 65534
const becomeNobody = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--']

/** A sandbox whose app is a fixture's copy, or made of a dictionary of files; `ordinary`: all of it another user's. */
export function openSandbox(
  files: string | Record<string, string>,
  { ordinary = false }: { ordinary?: boolean } = {},
): Sandbox {
  const folder = mkdtempSync(join(tmpdir(), 'dyno-t-'))
  const app = `${folder}/app`
  if (typeof files === 'string') cpSync(`${FIXTURES}/${files}`, app, { recursive: true })
  else writeFiles(app, files)
  mkdirSync(`${folder}/run`, { mode: 0o700 })
  const env = {
    ...ambient(),
    PORT: String(basePort()),
    XDG_RUNTIME_DIR: `${folder}/run`,
    XDG_CACHE_HOME: `${folder}/cache`,
    XDG_STATE_HOME: `${folder}/state`,
  }
  const isNobody = ordinary && process.geteuid?.() === 0
  if (isNobody) spawnSync('chown', ['-R', `${NOBODY}:${NOBODY}`, folder])
  return {
    app,
    folder,
    env: isNobody ? { ...env, HOME: folder } : env,
    prefix: isNobody ? becomeNobody : [],
    async close() {
      try {
        await quiet(folder, { hurry: true })
      } finally {
        for (const pid of pidsOf(folder, /./)) kill(pid, 'SIGKILL') // a failed test must not outlive itself
        rmSync(folder, { recursive: true, force: true })
      }
    },
  }
}

// What a test may see of the shell that runs it. All else could change what is seen, and is not there: under CI, `start`
// shows no dashboard; with NODE_EXTRA_CA_CERTS, `api` writes one file more.
const AMBIENT = /^(PATH|HOME|USER|LOGNAME|SHELL|TERM|TMPDIR|TZ|LANG|LC_\w+|NODE_V8_COVERAGE)$/

function ambient(): Record<string, string> {
  const env = process.env as Record<string, string>
  return Object.fromEntries(Object.entries(env).filter(([name]) => AMBIENT.test(name)))
}

// A base port that neither another test nor a developer's server has. Types are 100 ports apart: sandboxes of one
// process have room for ten each. Those of two test files that run at a time, which are their runner's workers, are
// never the same multiple of 100 and a little.
let sandboxes = 0
function basePort(): number {
  const little = (process.ppid + Number(process.env['NODE_TEST_WORKER_ID'] ?? 0)) % 33
  return 10_000 + ((process.pid + sandboxes++) % 20) * 1000 + little * 3
}

/** Writes files by path; a text that begins with `#!` becomes executable. */
export function writeFiles(folder: string, files: Record<string, string>): void {
  mkdirSync(folder, { recursive: true })
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(`${folder}/${path}`), { recursive: true })
    writeFileSync(`${folder}/${path}`, text)
    if (text.startsWith('#!')) chmodSync(`${folder}/${path}`, 0o755)
  }
}

export type Finished = {
  status: number | null
  signal: string | null
  stdout: string
  stderr: string
  /** Standard output as it came. */
  bytes: Buffer
}

/** Runs `dyno` to its end, on pipes. */
export async function dyno(
  sandbox: Sandbox,
  args: string[],
  options: { input?: string | Buffer; cwd?: string; env?: Record<string, string>; giveUp?: number } = {},
): Promise<Finished> {
  return finish(startDyno(sandbox, args, options), options)
}

/** Runs a bash script in the app's folder, with `$BIN` for the program and pipefail. */
export function script(sandbox: Sandbox, text: string): Promise<Finished> {
  const env = { ...sandbox.env, BIN }
  const args = [...sandbox.prefix, 'bash', '-o', 'pipefail', '-c', text]
  return finish(spawn(args[0]!, args.slice(1), { cwd: sandbox.app, env, stdio: 'pipe' }))
}

async function finish(
  child: ChildProcess,
  { input = '', giveUp }: { input?: string | Buffer | undefined; giveUp?: number | undefined } = {},
): Promise<Finished> {
  const out: Buffer[] = []
  const err: Buffer[] = []
  child.stdout!.on('data', (chunk: Buffer) => out.push(chunk))
  child.stderr!.on('data', (chunk: Buffer) => err.push(chunk))
  child.stdin!.on('error', () => {}) // it may end without reading us
  child.stdin!.end(input)
  const [status, signal] = await ended(child, giveUp)
  const bytes = Buffer.concat(out)
  return { status, signal, stdout: bytes.toString(), stderr: Buffer.concat(err).toString(), bytes }
}

/** Starts `dyno` on pipes. */
export function startDyno(
  sandbox: Sandbox,
  args: string[],
  options: { cwd?: string; env?: Record<string, string> } = {},
): ChildProcess {
  const [file, ...words] = [...sandbox.prefix, BIN, ...args]
  return spawn(file!, words, {
    cwd: options.cwd ?? sandbox.app,
    env: { ...sandbox.env, ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
}

/** Waits until this can be read on a child's output; answers with all that was read of it until then. */
export function reads(child: ChildProcess, wanted: string | RegExp, from: 'stdout' | 'stderr' = 'stdout') {
  return new Promise<string>((resolve, reject) => {
    let text = ''
    const giveUp = () => reject(new Error(`never read ${wanted} in:\n${text}`))
    const timer = setTimeout(giveUp, GIVE_UP)
    const look = (chunk: Buffer) => {
      text += chunk
      if (typeof wanted === 'string' ? !text.includes(wanted) : !wanted.test(text)) return
      clearTimeout(timer)
      child[from]!.off('data', look)
      resolve(text)
    }
    child[from]!.on('data', look)
  })
}

/** A child's status and signal, when it has ended and all its output is read. */
export function ended(child: ChildProcess, giveUp = GIVE_UP): Promise<[number | null, string | null]> {
  for (const output of [child.stdout, child.stderr]) output?.resume() // what nobody reads must not hold it up
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`${child.spawnargs.join(' ')} never ended`))
      child.kill('SIGKILL')
    }, giveUp)
    child.once('close', (status, signal) => {
      clearTimeout(timer)
      resolve([status, signal])
    })
  })
}

/** Waits until nothing of this sandbox runs or is mounted, and its manifold's socket and folders are gone. */
export async function quiet(folder: string, { hurry = false } = {}): Promise<void> {
  // Nothing but a manifold that lingers for the next client, and its spare walls, may be there: it need not linger
  // for us, and takes them along.
  const isManifolds = /__manifold|dyno-keeper/
  if (hurry) {
    const dynos = () => processesOf(folder).filter((line) => !isManifolds.test(line) && !isSpare(line))
    await until(
      () => dynos().length === 0,
      () => `still running:\n${dynos().join('\n')}`,
    )
    // One that is still starting would not know what to do about it yet.
    const serves = read(`${folder}/run/dyno`).some((name) => name.endsWith('.sock'))
    if (serves) for (const pid of pidsOf(folder, /__manifold/)) kill(pid, 'SIGTERM')
  }
  const left = () => [
    ...processesOf(folder),
    ...readFileSync('/proc/self/mountinfo', 'latin1')
      .split('\n')
      .filter((line) => line.includes(folder)),
    ...read(`${folder}/run/dyno`).filter((name) => !/^walls\.json$|\.lock$/.test(name)),
    ...read(`${folder}/cache/dyno/copies`),
  ]
  await until(
    () => left().length === 0,
    () => `left behind:\n${left().join('\n')}`,
  )
}

/** Waits until something is so. */
export async function until(isSo: () => boolean, otherwise: () => string): Promise<void> {
  const giveUp = Date.now() + GIVE_UP
  for (let pause = 10; !isSo(); pause = Math.min(100, pause * 1.5)) {
    if (Date.now() > giveUp) throw new Error(otherwise())
    await sleep(pause) // longer and longer: looking at every process of the machine is work
  }
}

/** Waits until no process of this machine sleeps for so many seconds. */
export function nobodySleeps(seconds: number | string): Promise<void> {
  return until(
    () => sleepers(seconds).length === 0,
    () => `still asleep for ${seconds} s: ${sleepers(seconds)}`,
  )
}

function read(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return [] // not there: nothing is left in it
  }
}
