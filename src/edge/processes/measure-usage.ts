import { execFileSync } from 'node:child_process'
import type { Usage } from '../../core/metrics.ts'
import type { Walled } from '../../core/walls.ts'
import { descendants, markedProcesses, readProc } from './list-processes.ts'

/** The kernel counts processor time in hundredths of a second, whatever its own clock is. */
const TICKS = 100

/**
 * What all processes of a dyno use. Memory that several of them share counts once where the kernel tells (PSS), else
 * once for each (RSS). Processor time includes that of children which ended. Undefined when there is no process of its
 * own, because its walls are still being built or it is over.
 */
export function usageOf(walled: Walled, leader: number): Usage | undefined {
  const marked = walled.mark === null ? [] : markedProcesses(walled.mark)
  const pids = [...new Set([...descendants(leader, walled.ours), ...marked])]
  const usages = process.platform === 'linux' ? pids.flatMap(usageOfProcess) : usageWithPs(pids)
  if (usages.length === 0) return undefined
  return {
    memory: usages.reduce((sum, { memory }) => sum + memory, 0),
    cpu: usages.reduce((sum, { cpu }) => sum + cpu, 0),
  }
}

// A zombie has no memory at all, and the rollup of a set-uid program is root's to read.
function usageOfProcess(pid: number): Usage[] {
  const kilobytes =
    readField(pid, 'smaps_rollup', /^Pss: +(\d+)/m) ?? readField(pid, 'status', /^VmRSS:\s+(\d+)/m)
  return kilobytes === undefined ? [] : [{ memory: kilobytes * 1024, cpu: processorTime(pid) }]
}

function readField(pid: number, file: string, field: RegExp): number | undefined {
  const kilobytes = field.exec(readProc(`${pid}/${file}`) ?? '')?.[1]
  return kilobytes === undefined ? undefined : Number(kilobytes)
}

// Its own, user's and system's, and that of children it has waited for.
function processorTime(pid: number): number {
  const stat = readProc(`${pid}/stat`) ?? ''
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS
}

// ps fails when one of them is gone, and lists the others all the same.
function usageWithPs(pids: readonly number[]): Usage[] {
  if (pids.length === 0) return []
  let text: string
  try {
    text = execFileSync('ps', ['-o', 'rss=,cputime=', '-p', pids.join(',')], { encoding: 'utf8' })
  } catch (error) {
    text = (error as { stdout?: string }).stdout ?? ''
  }
  return [...text.matchAll(/(\d+) +([\d:.-]+)/g)].map(([, kilobytes, time]) => {
    return { memory: Number(kilobytes) * 1024, cpu: secondsOf(time!) }
  })
}

// `[DD-][HH:]MM:SS[.ss]`
function secondsOf(time: string): number {
  const [days, clock] = time.includes('-') ? time.split('-') : ['0', time]
  const [seconds = 0, minutes = 0, hours = 0] = clock!.split(':').map(Number).reverse()
  return ((Number(days) * 24 + hours) * 60 + minutes) * 60 + seconds
}
