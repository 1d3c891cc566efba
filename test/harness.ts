import { type ChildProcess, spawn } from 'node:child_process'
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
import { spawn as spawnOnTerminal } from 'node-pty'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
export const BIN = `${ROOT}/bin/dyno`
export const FIXTURES = `${ROOT}/fixtures/apps`

/** How long anything may take before a test gives up on it, in milliseconds: no assertion, only an end. */
const GIVE_UP = 20_000

/** An app in a fresh folder, with its own place for sockets, slugs and logs. */
export type Sandbox = {
  readonly app: string
  readonly folder: string
  readonly env: Record<string, string>
  /** Ends what still runs, checks that nothing is left, and removes the folder. */
  close(): Promise<void>
}

/** A sandbox whose app is a fixture's copy, or made of a dictionary of files. */
export function openSandbox(files: string | Record<string, string>): Sandbox {
  const folder = mkdtempSync(join(tmpdir(), 'dyno-t-'))
  const app = `${folder}/app`
  if (typeof files === 'string') cpSync(`${FIXTURES}/${files}`, app, { recursive: true })
  else writeFiles(app, files)
  mkdirSync(`${folder}/run`, { mode: 0o700 })
  const env = {
    ...(process.env as Record<string, string>),
    XDG_RUNTIME_DIR: `${folder}/run`,
    XDG_CACHE_HOME: `${folder}/cache`,
    XDG_STATE_HOME: `${folder}/state`,
  }
  return {
    app,
    folder,
    env,
    async close() {
      await quiet(folder)
      rmSync(folder, { recursive: true, force: true })
    },
  }
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

export type Finished = { status: number | null; signal: string | null; stdout: string; stderr: string }

/** Runs `dyno` to its end, on pipes. */
export async function dyno(
  sandbox: Sandbox,
  args: string[],
  options: { input?: string | Buffer; cwd?: string; env?: Record<string, string> } = {},
): Promise<Finished> {
  const child = startDyno(sandbox, args, options)
  const out: Buffer[] = []
  const err: Buffer[] = []
  child.stdout!.on('data', (chunk: Buffer) => out.push(chunk))
  child.stderr!.on('data', (chunk: Buffer) => err.push(chunk))
  child.stdin!.on('error', () => {}) // it may end without reading us
  child.stdin!.end(options.input ?? '')
  const [status, signal] = await ended(child)
  return { status, signal, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }
}

/** Starts `dyno` on pipes. */
export function startDyno(
  sandbox: Sandbox,
  args: string[],
  options: { cwd?: string; env?: Record<string, string> } = {},
): ChildProcess {
  return spawn(BIN, args, {
    cwd: options.cwd ?? sandbox.app,
    env: { ...sandbox.env, ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
}

/** A child's status and signal, when it has ended and all its output is read. */
export function ended(child: ChildProcess): Promise<[number | null, string | null]> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${child.spawnargs.join(' ')} never ended`)), GIVE_UP)
    child.once('close', (status, signal) => {
      clearTimeout(timer)
      resolve([status, signal])
    })
  })
}

/** A person at a terminal. */
export type Person = {
  readonly pid: number
  type(keys: string): void
  /** Waits until this can be read on the terminal, after what was seen before. */
  sees(text: string | RegExp): Promise<RegExpExecArray>
  resize(columns: number, rows: number): void
  /** Closes the terminal, as a closed window does. */
  hangUp(): void
  readonly status: Promise<number>
  screen(): string
}

/** Sits a person down at a terminal where `dyno` (or another program) runs. */
export function sitDown(
  sandbox: Sandbox,
  args: string[],
  options: { file?: string; columns?: number; rows?: number } = {},
): Person {
  const pty = spawnOnTerminal(options.file ?? BIN, args, {
    name: 'xterm-256color',
    cols: options.columns ?? 100,
    rows: options.rows ?? 30,
    cwd: sandbox.app,
    env: sandbox.env,
  })
  let text = ''
  let seen = 0
  let wake = () => {}
  pty.onData((data) => {
    text += data
    wake()
  })
  const status = new Promise<number>((resolve) => {
    pty.onExit(({ exitCode, signal }) => resolve(signal ? 128 + signal : exitCode))
  })
  return {
    pid: pty.pid,
    type: (keys) => pty.write(keys),
    async sees(wanted) {
      const pattern = typeof wanted === 'string' ? new RegExp(literally(wanted)) : wanted
      const giveUp = Date.now() + GIVE_UP
      for (;;) {
        const match = pattern.exec(readable(text).slice(seen))
        if (match) {
          seen += match.index + match[0].length
          return match
        }
        if (Date.now() > giveUp) throw new Error(`never saw ${wanted} in:\n${text}`)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, 200)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
    },
    resize: (columns, rows) => pty.resize(columns, rows),
    hangUp: () => (pty as unknown as { destroy(): void }).destroy(),
    status,
    screen: () => readable(text),
  }
}

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

function isAlive(pid: string): boolean {
  return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'))
}

/** Waits until nothing of this sandbox runs or is mounted, and its manifold's socket and folders are gone. */
export async function quiet(folder: string): Promise<void> {
  const left = () => [
    ...processesOf(folder),
    ...readFileSync('/proc/self/mountinfo', 'latin1')
      .split('\n')
      .filter((line) => line.includes(folder)),
    ...read(`${folder}/run/dyno`).filter((name) => name !== 'walls.json'),
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
  while (!isSo()) {
    if (Date.now() > giveUp) throw new Error(otherwise())
    await sleep(20)
  }
}

function read(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return [] // not there: nothing is left in it
  }
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

// What a person reads: no control sequences, and lines end in one character.
function readable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control sequences are what this is about
  return text.replace(/\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07]*\x07|\r/g, '')
}
