import assert from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import { test } from 'node:test'
import { dyno, GIVE_UP, openSandbox, pidsOf, type Sandbox, startDyno, writeFiles } from './harness.ts'
import { kill } from './processes.ts'

/** A formation that a client on pipes holds, and all it has said. */
export type Formation = {
  readonly child: ChildProcess
  /** Waits until this has been said, so many times. */
  says(wanted: string | RegExp, times?: number): Promise<void>
  /** What was said on standard output, without time stamps: of one dyno or of all. */
  lines(ps?: string): string[]
  stderr(): string
  /** Status and signal of the client. */
  readonly ended: Promise<[status: number | null, signal: string | null]>
}

/** Starts `dyno start` on pipes. */
export function startFormation(sandbox: Sandbox, words: string[]): Formation {
  const child = startDyno(sandbox, ['start', ...words])
  const text = { stdout: '', stderr: '' }
  let wake = () => {}
  const over = new Promise<[number | null, string | null]>((resolve) => {
    child.once('close', (status, signal) => resolve([status, signal]))
  })
  for (const from of ['stdout', 'stderr'] as const) {
    child[from]!.on('data', (chunk: Buffer) => {
      text[from] += chunk
      wake()
    })
  }
  return {
    child,
    async says(wanted, times = 1) {
      const giveUp = Date.now() + GIVE_UP
      while (occurrences(text.stdout + text.stderr, wanted) < times) {
        const all = `${text.stdout}${text.stderr}`
        if (Date.now() > giveUp) throw new Error(`never said ${times} times ${wanted} in:\n${all}`)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, 200)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
    },
    lines: (ps = '') => unstamped(text.stdout).filter((line) => line.includes(`[${ps}`)),
    stderr: () => text.stderr,
    get ended() {
      return soon(over, () => `${words.join(' ')} never ended:\n${text.stdout}${text.stderr}`)
    },
  }
}

// A formation that several tests share lives longer than any of them waits.
function soon<T>(promise: Promise<T>, otherwise: () => string): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(otherwise())), GIVE_UP)
    void promise.then((value) => {
      clearTimeout(timer)
      resolve(value)
    })
  })
}

function occurrences(text: string, wanted: string | RegExp): number {
  if (typeof wanted === 'string') return text.split(wanted).length - 1
  return [...text.matchAll(new RegExp(wanted, 'g'))].length
}

const STAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00 /

/** The lines of a log without their time stamps, which they all must have. */
export function unstamped(text: string): string[] {
  const lines = text.split('\n').slice(0, -1)
  for (const line of lines) assert.match(line, STAMP)
  return lines.map((line) => line.replace(STAMP, ''))
}

/** All of the log, or one dyno's, as it is in the file. */
export async function logOf(sandbox: Sandbox, ps?: string): Promise<string[]> {
  const only = ps === undefined ? [] : ['-p', ps]
  return unstamped((await dyno(sandbox, ['logs', '-n', '1000000', ...only])).stdout)
}

export function manifoldOf({ folder }: Sandbox): number {
  return pidsOf(folder, /__manifold/)[0]!
}

/** The misbehaving programs, with these types and no others in the Procfile. */
export function openMisfits(types: Record<string, string>, options: { ordinary?: boolean } = {}): Sandbox {
  const sandbox = openSandbox('misbehaving', options)
  const lines = Object.entries(types).map(([type, command]) => `${type}: ${command}\n`)
  writeFiles(sandbox.app, { Procfile: lines.join('') })
  return sandbox
}

/** A test of an app of its own, which in the end has left nothing. */
export function testApp(
  sentence: string,
  types: Record<string, string>,
  body: (sandbox: Sandbox) => Promise<void>,
  options: { ordinary?: boolean } = {},
): void {
  test(sentence, async () => {
    const sandbox = openMisfits(types, options)
    try {
      await body(sandbox)
    } catch (error) {
      // What it has left is not what went wrong.
      for (const pid of pidsOf(sandbox.folder, /./)) kill(pid, 'SIGKILL')
      await sandbox.close().catch(() => {})
      throw error
    }
    await sandbox.close()
  })
}
