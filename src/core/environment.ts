/** Names and values, as a process gets them. */
export type Environment = Readonly<Record<string, string>>

/** Whether a shell can hold a variable of this name. */
export function isVariableName(name: string): boolean {
  return /^[A-Za-z_]\w*$/.test(name)
}

/** What a dyno's environment is made of, weakest first. */
export type EnvironmentSource = {
  /** What is let in of the caller's shell: see `callerEnvironment`. */
  readonly caller: Environment
  /** The app's config vars (.env). */
  readonly config: Environment
  /** One-off settings: `--env A=1`. */
  readonly extra: Environment
  readonly dyno: string
  readonly port: number
  /** The dyno's home folder: `/app` within full walls. */
  readonly home: string
  readonly tty: boolean
}

// Heroku's `~ $ `. The command goes through `bash -c`, which drops PS1, so an interactive shell is given its prompt
// when it shows the first one; a prompt that names neither the host nor the shell is the app's own and stays.
const FIRST_PROMPT = `case $PS1 in *'\\h'* | *'\\v'*) PS1='\\w $ ' ;; esac; export PS1; unset PROMPT_COMMAND`

/** What a dyno with a terminal gets besides. */
export const PROMPT: Environment = { PROMPT_COMMAND: FIRST_PROMPT }

const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** The environment of a dyno as Heroku makes it: config vars win over the shell, the dyno's own facts over both. */
export function dynoEnvironment(source: EnvironmentSource): Environment {
  const { dyno, home, port, tty } = source
  const own = { DYNO: dyno, PS: dyno, HOME: home, PORT: String(port) }
  return {
    PATH: DEFAULT_PATH,
    ...(tty ? PROMPT : {}),
    ...source.caller,
    ...source.config,
    ...source.extra,
    ...own,
  }
}

/** Which of the caller's variables reach a dyno: all with `inherit`, else the few that describe person and terminal. */
export function callerEnvironment(
  shell: Readonly<Record<string, string | undefined>>,
  options: { readonly inherit: boolean; readonly tty: boolean; readonly own: string },
): Environment {
  const passed: Record<string, string> = {}
  for (const [name, value] of Object.entries(shell)) {
    if (value === undefined || !isVariableName(name)) continue
    if (options.inherit ? !isOurs(name) : isPersonal(name, options.tty)) passed[name] = value
  }
  for (const name of ['NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS']) {
    const kept = shell[`DYNO_CALLER_${name}`]
    if (options.inherit && kept !== undefined) passed[name] = kept
  }
  if (passed['PATH'] !== undefined) passed['PATH'] = cleanPath(passed['PATH'], options.own)
  return passed
}

function isPersonal(name: string, tty: boolean): boolean {
  if (name === 'PATH' || name === 'LANG' || name === 'TZ' || name.startsWith('LC_')) return true
  return tty && (name === 'TERM' || name === 'COLORTERM' || name === 'TERM_PROGRAM' || name === 'NO_COLOR')
}

// What npm and our launcher put into our own environment is not the caller's, and HOME, PWD … are the dyno's own.
function isOurs(name: string): boolean {
  if (/^npm_|^DYNO_CALLER_/.test(name)) return true
  return ['HOME', 'PWD', 'OLDPWD', 'SHLVL', '_', 'PS1', 'INIT_CWD', 'BASH_ENV', 'ENV'].includes(name)
}

// `npm start` puts our node_modules first on PATH: a dyno's `node` would be ours instead of the host's.
function cleanPath(path: string, own: string): string {
  const kept = path.split(':').filter((folder) => {
    return folder.startsWith('/') && !folder.startsWith(`${own}/`) && !/\/node-gyp-bin\/?$/.test(folder)
  })
  return [...new Set(kept)].join(':') || DEFAULT_PATH
}
