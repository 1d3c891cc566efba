import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { isExhausted } from '../../core/exhausted.ts'
import { withSpare } from './keep-spare.ts'

/** A running process and its parent. */
export type ProcessEntry = { readonly pid: number; readonly parent: number }

/** Every process of this machine that we may see. */
export function listProcesses(): ProcessEntry[] {
  if (process.platform !== 'linux') return listWithPs()
  return withSpare(() => readdirSync('/proc')).flatMap((name) => {
    const pid = Number(name)
    const stat = pid > 0 ? readProc(`${pid}/stat`) : undefined
    // The second field is a name in brackets that may itself hold brackets and blanks.
    const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields ? [{ pid, parent: Number(fields[1]) }] : []
  })
}

// A formation is signalled and measured dyno by dyno in one turn of the loop, and reading them all takes milliseconds.
function oncePerTurn<T>(read: () => T): () => T {
  let kept: { readonly value: T } | undefined
  return () => {
    if (kept) return kept.value
    setImmediate(() => (kept = undefined))
    kept = { value: read() }
    return kept.value
  }
}

const processesThisTurn = oncePerTurn(() => unlessExhausted(listProcesses))
const tracesThisTurn = oncePerTurn(() => unlessExhausted(readTraces))

/** The process and all below it, `skip` levels left out at the top; parents come before children. */
export function descendants(leader: number, skip: number): number[] {
  const children = new Map<number, number[]>()
  for (const { pid, parent } of processesThisTurn() ?? []) {
    const siblings = children.get(parent)
    if (siblings) siblings.push(pid)
    else children.set(parent, [pid])
  }
  const found: number[] = []
  let level = [leader]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth >= skip) found.push(...level)
    level = level.flatMap((pid) => children.get(pid) ?? [])
  }
  return found
}

/** Processes that have `mark` (`HOME=…`) in their environment or their working directory below that folder. */
export function markedProcesses(mark: string): number[] {
  return markedIfSeen(mark) ?? []
}

/** The same; undefined when too many files are open to look, and nobody knows. */
export function markedIfSeen(mark: string): number[] | undefined {
  const folder = mark.slice(mark.indexOf('=') + 1)
  if (process.platform !== 'linux') return unlessExhausted(() => markedWithPs(mark))
  return tracesThisTurn()
    ?.filter(({ environment, cwd }) => {
      return environment?.split('\0').includes(mark) || cwd === folder || cwd?.startsWith(`${folder}/`)
    })
    .map(({ pid }) => pid)
}

/** What tells whose a process is; undefined is what is gone meanwhile, or another user's. */
type Traces = {
  readonly pid: number
  readonly environment: string | undefined
  readonly cwd: string | undefined
}

function readTraces(): Traces[] {
  return listProcesses().flatMap(({ pid }) => {
    return pid === process.pid ? [] : [{ pid, environment: readProc(`${pid}/environ`), cwd: readCwd(pid) }]
  })
}

function readCwd(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`)
  } catch {
    return undefined // gone meanwhile, or another user's
  }
}

/** A file below `/proc`; undefined when it is gone meanwhile, or another user's. */
export function readProc(path: string): string | undefined {
  try {
    return withSpare(() => readFileSync(`/proc/${path}`, 'latin1'))
  } catch {
    return undefined
  }
}

function listWithPs(): ProcessEntry[] {
  const rows = execFileSync('ps', ['-axo', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n')
  return rows.map((row) => {
    const [pid, parent] = row.trim().split(/\s+/).map(Number)
    return { pid: pid!, parent: parent! }
  })
}

// macOS shows a process's environment behind its command line, to its own user only.
function markedWithPs(mark: string): number[] {
  const rows = execFileSync('ps', ['-axEwwo', 'pid=,command='], { encoding: 'utf8', maxBuffer: 1 << 28 })
  const marked = rows.split('\n').filter((row) => ` ${row} `.includes(` ${mark} `))
  return marked.map((row) => Number.parseInt(row, 10)).filter((pid) => pid !== process.pid)
}

function unlessExhausted<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (isExhausted(error)) return undefined
    throw error
  }
}
