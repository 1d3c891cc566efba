// The library as TypeScript sees it. The build copies this file to dist/index.d.ts as it is, so it imports nothing;
// a test holds it and `library.ts` together.

/** Something to tell a person about a place in a file; line and column count from 1, in characters. */
export type Note = {
  /** What `dyno check --explain` explains. */
  readonly rule: string
  readonly line: number
  readonly column: number
  readonly message: string
}

/** A Procfile as read; with errors there are no types. */
export type Procfile = {
  /** In the order of the file. */
  readonly types: readonly { readonly name: string; readonly command: string }[]
  readonly warnings: readonly Note[]
  readonly errors: readonly Note[]
}

/** Reads the text of a Procfile; never throws. */
export declare function parseProcfile(text: string): Procfile

/** A .env file as read; with errors there are no vars. */
export type Dotenv = {
  readonly vars: Readonly<Record<string, string>>
  readonly warnings: readonly Note[]
  readonly errors: readonly Note[]
}

/**
 * Reads the text of a .env file; never throws, and runs nothing. `${NAME}` is looked up in the lines above, and then in
 * `outer`, which is empty if you hand none over: your own environment is not asked.
 */
export declare function parseDotenv(
  text: string,
  outer?: Readonly<Record<string, string | undefined>>,
): Dotenv

/** What `dyno check` finds. */
export type Finding = Note & {
  readonly file: string
  readonly severity: 'error' | 'warning' | 'note'
  /** The line, with secrets masked. */
  readonly source: string
}

/**
 * Finds what is wrong in a file by its text alone. Its name says what it is: .env, .slugignore, app.json, .profile, or
 * else a Procfile, which is also what it is without one.
 */
export declare function checkText(text: string, name?: string): Finding[]

/** What a person can be told: one sentence that says what to do. All that a manifold throws is one. */
export declare class Problem extends Error {
  readonly code: ProblemCode
  /** What would do instead, where that can be taken up at once: a base port that is free. */
  readonly offer: number | undefined
  constructor(code: ProblemCode, sentence: string, offer?: number)
}

/** Every kind of trouble that there is. */
export type ProblemCode =
  | 'usage'
  | 'app'
  | 'procfile'
  | 'config'
  | 'slug'
  | 'release'
  | 'walls'
  | 'manifold'
  | 'not-found'
  | 'invalid'
  | 'conflict'
  | 'port'
  | 'timeout'

/** A dyno that runs, or has just ended. */
export type Dyno = {
  /** `web.1`, `run.3` */
  readonly name: string
  readonly type: string
  readonly command: string
  readonly size: string
  /** `starting`, `up`, `stopping`, `crashed` … */
  readonly state: string
  /** Since when it is in this state. */
  readonly since: Date
  /** The release that it runs on; null for a one-off. */
  readonly release: number | null
}

/** How many dynos of a process type are wanted, of what size. */
export type Quantity = {
  readonly type: string
  readonly quantity: number
  readonly size: string
  readonly command: string
}

/** `{ web: 2, worker: '+1' }` */
export type Quantities = Readonly<Record<string, number | `+${number}` | `-${number}`>>

/** What a formation is started with. */
export type StartOptions = {
  /** The base port (default: PORT of .env or of the environment, or 5000). */
  readonly port?: number
  /** False: web.1 has the base port itself. */
  readonly router?: boolean
  /** Run on the app folder itself and not on copies. */
  readonly live?: boolean
  /** It goes on when you close the manifold or end, until `down()`. */
  readonly detach?: boolean
}

/** What a one-off is run with. */
export type RunOptions = {
  /** More environment for this dyno. */
  readonly env?: Readonly<Record<string, string>>
  /** What it reads on its standard input, which is empty otherwise. */
  readonly input?: string | Uint8Array
  /** Takes its output as it comes; then none is collected. */
  readonly onOutput?: (bytes: Uint8Array, stream: 'stdout' | 'stderr') => void
  /** Aborted: the one-off ends, and `run` throws the reason. */
  readonly signal?: AbortSignal
  readonly size?: string
  /** A release to run on, `v3`. */
  readonly release?: string
  /** A slug to run on, as a file. */
  readonly slug?: string
}

/** A one-off that has ended. */
export type Ran = {
  readonly name: string
  /** Its exit status, or 128 + the signal that ended it. */
  readonly status: number
  readonly stdout: Uint8Array
  readonly stderr: Uint8Array
}

/** Which lines of the log are wanted. */
export type LogOptions = {
  /** Of this dyno or process type only. */
  readonly dyno?: string
  readonly source?: 'app' | 'heroku'
  /** How many of those there are (default 100). */
  readonly lines?: number
  /** Go on with new ones, until you break off or this signal is aborted. */
  readonly follow?: boolean
  readonly signal?: AbortSignal
}

/** A line of the log. */
export type LogLine = {
  /** In microseconds, as it is written: `2026-11-23T22:59:42.000123+00:00`. */
  readonly time: string
  readonly source: string
  /** A dyno's name, `api` or `router`. */
  readonly dyno: string
  readonly message: string
}

/** An app's manifold, as its client sees it. It goes away by itself when it has no dynos, and comes again when asked. */
export type Manifold = {
  /** The app's name. */
  readonly app: string
  /** The app's folder, a real path. */
  readonly folder: string
  /** What runs. */
  dynos(): Promise<Dyno[]>
  /** Starts the formation: one dyno of each type, or what you say and no more. It lives as long as you hold the manifold. */
  start(quantities?: Quantities, options?: StartOptions): Promise<Quantity[]>
  /** Waits until all dynos of the formation are up; throws when one has crashed, or after so many seconds. */
  up(options?: { readonly timeout?: number }): Promise<Dyno[]>
  /** Runs a command to its end in a one-off on pipes: a shell line, or words. */
  run(command: string | readonly string[], options?: RunOptions): Promise<Ran>
  /** Changes how many dynos of each type are wanted; without a change, says how many are. */
  scale(quantities?: Quantities): Promise<Quantity[]>
  /** Ends a one-off; a dyno of the formation begins again. Resolves when it has happened. */
  stop(name: string): Promise<void>
  /** Gives a dyno, those of a type, or all of the formation a new life; refuses a one-off. Resolves when it has happened. */
  restart(name?: string): Promise<void>
  /** The log's newest lines, in order. */
  logs(options?: LogOptions): AsyncIterable<LogLine>
  /** Ends the formation and all one-offs of the app, whoever started them. */
  down(): Promise<void>
  /** Lets go: what you started without `detach` ends, and this resolves when it has. */
  close(): Promise<void>
}

/** Opens the manifold of the app in this folder; starts it where there is none. */
export declare function openManifold(options: { readonly app: string }): Promise<Manifold>
