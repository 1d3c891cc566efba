import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { appendFileSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  dyno,
  ended,
  type Finished,
  openSandbox,
  type Person,
  type Sandbox,
  script,
  sitDown,
} from '../harness.ts'
import { literally } from '../person.ts'

const PROGRAMS = `${import.meta.dirname}/node_modules/.bin`
export const HEROKU = `${PROGRAMS}/heroku`

/** The longest that one command may take before a test gives up on it, in milliseconds. */
const GIVE_UP = 90_000

/** An app of three types; none of them is scaled but by words of `start`. */
export const APP = {
  Procfile: 'web: node server.js\nworker: sh worker.sh\ngreet: echo hello\n',
  'server.js': `require('http').createServer((_, response) => response.end('hi\\n')).listen(process.env.PORT, () => console.log('listening'))`,
  'worker.sh': 'echo working\nexec sleep 98871\n',
  '.env': 'COLOUR=red\nTOKEN=a b\n',
}

/** What `dyno api --env` says. */
export type Api = Readonly<{ HEROKU_HOST: string; HEROKU_API_KEY: string; NODE_EXTRA_CA_CERTS: string }>

/** A real manifold with an app called `app`, and the official CLI pointed at it. */
export type Official = {
  readonly sandbox: Sandbox
  readonly api: Api
  /** Runs a command of the official CLI to its end, on pipes. */
  heroku(words: string[], options?: Options): Promise<Finished>
  /** Starts one on pipes. */
  start(words: string[], options?: Options): ChildProcess
  /** Sits a person down at a terminal where one runs. */
  sit(words: string[], options?: { columns?: number; rows?: number; env?: Record<string, string> }): Person
  /** Runs dyno itself to its end. */
  dyno(words: string[]): Promise<Finished>
  close(): Promise<void>
}

/** `input`: all that its standard input will give; without it, standard input stays open. */
export type Options = { input?: string; env?: Record<string, string> }

/** Opens a manifold's Platform API for the official CLI; `start` are words of `dyno start`. */
export async function openOfficial({
  files = APP,
  start = [],
  attach = [],
}: {
  files?: Record<string, string>
  start?: string[]
  attach?: string[]
} = {}): Promise<Official> {
  const opened = openSandbox(files)
  mkdirSync(`${opened.folder}/home`)
  // It says once for every home that its terms have changed.
  mkdirSync(`${opened.folder}/cache/heroku`, { recursive: true })
  writeFileSync(`${opened.folder}/cache/heroku/terms-of-service`, '')
  const sandbox: Sandbox = {
    ...opened,
    env: {
      ...opened.env,
      HOME: `${opened.folder}/home`,
      XDG_DATA_HOME: `${opened.folder}/data`,
      XDG_CONFIG_HOME: `${opened.folder}/config`,
      PATH: [PROGRAMS, process.env['PATH']].join(delimiter),
      TERM: 'xterm-256color',
      OCLIF_COLUMNS: '300', // no sentence of its errors is folded
      HEROKU_APP: 'app',
      HEROKU_DISABLE_AUTOUPDATE: 'true',
      HEROKU_SKIP_NEW_VERSION_CHECK: 'true',
      NODE_COMPILE_CACHE: `${import.meta.dirname}/node_modules/.compile-cache`, // a sixth less time for each
    },
  }
  try {
    if (start.length > 0) {
      const { status, stderr } = await dyno(sandbox, ['start', '--detach', '--no-tty', ...start])
      assert.equal(status, 0, stderr)
    }
    const api = await openApi(sandbox, attach)
    return official({ ...sandbox, env: { ...sandbox.env, ...api } }, api)
  } catch (error) {
    await dyno(sandbox, ['down'])
    await sandbox.close()
    throw error
  }
}

// The way a person does it: their shell reads what `dyno api --env` says.
async function openApi(sandbox: Sandbox, attach: string[]): Promise<Api> {
  const said = await script(sandbox, `eval "$("$BIN" api ${attach.join(' ')} --env)"; env -0`)
  assert.equal(said.stderr, '')
  const names =
    /^(HEROKU_HOST|HEROKU_API_KEY|HEROKU_PARTICLEBOARD_URL|NODE_EXTRA_CA_CERTS|DISABLE_TELEMETRY)=([\s\S]*)$/
  const api = said.stdout.split('\0').flatMap((line) => {
    const match = names.exec(line)
    return match ? [[match[1]!, match[2]!]] : []
  })
  return Object.fromEntries(api) as Api
}

function official(sandbox: Sandbox, api: Api): Official {
  const start = (words: string[], { env = {} }: Options = {}): ChildProcess => {
    note(words)
    return spawn(HEROKU, words, { cwd: sandbox.folder, env: { ...sandbox.env, ...env }, stdio: 'pipe' })
  }
  return {
    sandbox,
    api,
    start,
    heroku: (words, options = {}) => finish(start(words, options), options.input),
    sit(words, { env = {}, ...size } = {}) {
      note([...words, '(on a terminal)'])
      const seat = { ...sandbox, env: { ...sandbox.env, ...env } }
      return patient(sitDown(seat, words, { file: HEROKU, ...size }))
    },
    dyno: (words) => dyno(sandbox, words),
    async close() {
      await dyno(sandbox, ['down'])
      const crashes = globSync(`${sandbox.env['XDG_STATE_HOME']}/dyno/*/crashes`).map((path) =>
        readFileSync(path, 'utf8'),
      )
      await sandbox.close()
      assert.deepEqual(crashes, [], 'the manifold never crashed')
    },
  }
}

// The CLI takes its time to start, on a busy machine more than a person has.
function patient(person: Person): Person {
  const sees = (wanted: string | RegExp) => person.sees(wanted)
  return { ...person, sees: (wanted) => sees(wanted).catch(() => sees(wanted)) }
}

// What the whole run has tried is counted at its end.
function note(words: string[]): void {
  const notes = process.env['OFFICIAL_CLI_NOTES']
  if (notes !== undefined) appendFileSync(notes, `${JSON.stringify(words)}\n`)
}

async function finish(child: ChildProcess, input: string | undefined): Promise<Finished> {
  const text = { stdout: '', stderr: '' }
  for (const from of ['stdout', 'stderr'] as const) {
    child[from]!.setEncoding('utf8').on('data', (chunk: string) => {
      text[from] += chunk
    })
  }
  child.stdin!.on('error', () => {}) // it may end without reading us
  if (input !== undefined) child.stdin!.end(input)
  const [status, signal] = await ended(child, GIVE_UP)
  return { ...text, status, signal, bytes: Buffer.from(text.stdout) }
}

type Expected = { stdout?: string | RegExp; stderr?: string | RegExp; status?: number }

/** Checks all that a command has answered; what is not named is nothing, and a status of 0. */
export function answers(ran: Finished, { stdout = '', stderr = '', status = 0 }: Expected): void {
  const all = `\n--- stdout\n${ran.stdout}\n--- stderr\n${ran.stderr}\n--- status ${ran.status} ${ran.signal}`
  for (const [is, wanted] of [
    [ran.stdout, stdout],
    [ran.stderr, stderr],
  ] as const) {
    if (typeof wanted === 'string') assert.equal(is, wanted, `it answered ${JSON.stringify(is)}:${all}`)
    else assert.match(is, wanted, all)
  }
  assert.deepEqual([ran.status, ran.signal], [status, null], all)
}

/** An error of the Platform API as the CLI shows it, with status 2. */
export function refused(message: string, id: string, before = ''): Expected {
  return { stderr: `${before} ›   Error: ${message}\n ›\n ›   Error ID: ${id}\n`, status: 2 }
}

/** What is said of a thing that is not there: a sentence that begins so, for the manifold adds what is there. */
export function missing(beginning: string | RegExp, before = ''): RegExp {
  const words = typeof beginning === 'string' ? literally(beginning) : beginning.source
  return new RegExp(`^${literally(before)} ›   Error: ${words}\\b.*\\n ›\\n ›   Error ID: not_found\\n$`)
}

/** The cells of a table that it drew, without its rule. */
export function cellsOf(text: string): string[][] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('=== ') && !/^ ?─+$/.test(line))
    .map((line) => line.trim().split(/ {2,}/))
}

/** What a child says, from its beginning. */
export type Heard = {
  /** Waits until this has been said on standard output; answers with all of it. */
  says(wanted: string | RegExp): Promise<string>
  stderr(): string
  /** Its status and signal, when it has ended. */
  readonly ended: Promise<[number | null, string | null]>
}

export function listen(child: ChildProcess): Heard {
  const text = { stdout: '', stderr: '' }
  let wake = () => {}
  for (const from of ['stdout', 'stderr'] as const) {
    child[from]!.on('data', (chunk: Buffer) => {
      text[from] += chunk
      wake()
    })
  }
  return {
    async says(wanted) {
      const giveUp = Date.now() + GIVE_UP
      while (typeof wanted === 'string' ? !text.stdout.includes(wanted) : !wanted.test(text.stdout)) {
        if (Date.now() > giveUp) throw new Error(`never said ${wanted} in:\n${text.stdout}${text.stderr}`)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, 200)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
      return text.stdout
    },
    stderr: () => text.stderr,
    ended: ended(child, 2 * GIVE_UP),
  }
}

/** Asks until an answer is as wanted, but not for ever. */
export async function eventually<T>(ask: () => Promise<T>, isSo: (answer: T) => boolean): Promise<T> {
  const giveUp = Date.now() + GIVE_UP
  for (;;) {
    const answer = await ask()
    if (isSo(answer)) return answer
    if (Date.now() > giveUp) throw new Error(`it never was so: ${JSON.stringify(answer)}`)
    await sleep(100) // asking is work, too
  }
}
