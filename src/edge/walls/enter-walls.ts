import { readlinkSync } from 'node:fs'
import type { Environment } from '../../core/environment.ts'
import { Problem } from '../../core/problem.ts'
import type { TerminalSize } from '../../core/terminal-size.ts'
import { LIVE_MARK, type Walled } from '../../core/walls.ts'
import { findFirstProcesses } from './find-first-process.ts'
import { findTools, TOOL_PATH, type WallTool } from './find-tools.ts'
import { startArgv } from './start-in-folder.ts'
import { becomeUser, CLOSE_OTHERS, exportable, quote, startScript, TERMINAL_SIGNALS } from './wall-script.ts'

/** A command that is to run inside a dyno that runs already. */
export type Guest = {
  readonly line: string
  readonly environment: Environment
  readonly terminal: TerminalSize | null
}

/**
 * The program that runs a command within a running dyno's own walls, beside its processes and on its files. It ends
 * with the dyno, which it does not take along: so it has no mark, and nothing must be discarded after it. Throws a
 * Problem while the walls are still being built.
 */
export function enterWalls(walled: Walled, leader: number, guest: Guest): Walled {
  return walled.mark === null ? enterNamespaces(walled, leader, guest) : enterFolder(walled, guest)
}

// It carries the dyno's mark: the dyno's own end finds it and ends it.
function enterFolder({ cwd, environment, user }: Walled, guest: Guest): Walled {
  const { HOME, [LIVE_MARK]: live } = environment
  const marks = { HOME: HOME!, ...(live === undefined ? {} : { [LIVE_MARK]: live }) }
  const argv = startArgv(guest.line)
  return { argv, environment: { ...guest.environment, ...marks }, cwd, ours: 0, mark: null, user }
}

function enterNamespaces(walled: Walled, leader: number, guest: Guest): Walled {
  const chain = findFirstProcesses(leader, walled.ours)
  const [wall, first] = [chain[walled.ours - 2], chain[walled.ours - 1]]
  const isRoot = process.geteuid?.() === 0
  if (wall === undefined || first === undefined || !isInside(wall.pid, first, isRoot ? walled.user : null)) {
    throw new Problem('walls', "The dyno is not up yet, or not any more; 'dyno ps' says which.")
  }
  const { found } = findTools()
  const tool = (name: WallTool) => quote(found.get(name)!)
  const calm = guest.terminal ? [found.get('env')!, `--ignore-signal=${TERMINAL_SIGNALS}`] : []
  const enter = isRoot ? '' : '--preserve-credentials --user'
  // The dyno's processes could look at our descriptors as soon as we are one of them.
  const script = `${CLOSE_OTHERS}
${isRoot ? lendTerminal(walled.user) : `exec 3<'/proc/${first.pid}/ns/user'`}
exec ${tool('nsenter')} --target=${wall.pid} ${enter} --mount --ipc --pid --no-fork -- ${tool('sh')} -c ${quote(insideScript(tool, guest, isRoot ? walled.user : null))}`
  const argv = [
    ...calm,
    found.get('setpriv')!,
    '--pdeathsig',
    'KILL',
    found.get('bash')!,
    '--norc',
    '-c',
    script,
  ]
  return {
    argv: argv as [string, ...string[]],
    environment: { PATH: TOOL_PATH, ...lent(guest.environment) },
    cwd: '/',
    ours: 1,
    mark: null,
    user: walled.user,
  }
}

// Our process in the dyno's folders but outside of its process tree starts the command within it, and leaves with
// its status. Not nsenter itself: it stops along with its child, and nobody would wake it up. As in a dyno's own
// wall, a shell is not to say on the dyno's standard error what killed its child.
function insideScript(tool: (name: WallTool) => string, guest: Guest, user: number | null): string {
  const become =
    user !== null
      ? becomeUser(user).join(' ')
      : `-- ${tool('nsenter')} --preserve-credentials --user=/proc/self/fd/3`
  const calm = guest.terminal ? `${tool('env')} --default-signal=${TERMINAL_SIGNALS}` : ''
  const script = quote(`cd /app; unset OLDPWD\n${TAKE_LENT}${startScript(tool('env'))}`)
  const bash = `${tool('bash')} --norc -c ${script} ${tool('bash')} ${quote(guest.line)}`
  return `exec 4>&2 2>/dev/null
( exec 2>&4 4>&-; exec ${tool('setpriv')} --pdeathsig KILL ${become} -- ${calm} ${bash} )
exit $?`
}

// The last step into the dyno is done when its first process is the dyno's user: in a namespace of its own, or for good.
function isInside(wall: number, first: { pid: number; uid: number }, user: number | null): boolean {
  if (user !== null) return first.uid === user
  try {
    return readlinkSync(`/proc/${first.pid}/ns/user`) !== readlinkSync(`/proc/${wall}/ns/user`)
  } catch {
    return false // it is gone
  }
}

// No program of ours may be run with the dyno's variables, and no command line may show them: until bash takes them
// over each is within another. A file would have to be removed by somebody.
function lent(environment: Environment): Environment {
  const { free, owned } = exportable(environment)
  const within = (prefix: string, words: readonly string[]) => words.map((word, i) => [`${prefix}${i}`, word])
  return Object.fromEntries([...within(LENT, free), ...within(OWNED, owned)])
}

const LENT = 'DYNO_LENT_'
const OWNED = 'DYNO_OWNED_'
const TAKE_LENT = `for ${LENT} in "\${!${LENT}@}"; do export -- "\${!${LENT}}"; unset -v "$${LENT}"; done
for ${OWNED} in "\${!${OWNED}@}"; do set -- "$@" "\${!${OWNED}}"; unset -v "$${OWNED}"; done
unset -v ${LENT} ${OWNED}
`

function lendTerminal(user: number): string {
  return `if [ -t 0 ]; then chown ${user} "$(tty)"; fi`
}
