import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { Walled } from '../../core/walls.ts'
import { descendants, markedProcesses } from './list-processes.ts'

/**
 * Memory of all processes of a dyno, in bytes: what several of them share counts once where the kernel tells (PSS),
 * else once for each (RSS). Undefined when there is no process of its own, because its walls are still being built
 * or it is over.
 */
export function memoryOf(walled: Walled, leader: number): number | undefined {
  const marked = walled.mark === null ? [] : markedProcesses(walled.mark)
  const pids = [...new Set([...descendants(leader, walled.ours), ...marked])]
  const sizes = process.platform === 'linux' ? pids.flatMap(memoryOfProcess) : memoryWithPs(pids)
  return sizes.length === 0 ? undefined : sizes.reduce((sum, size) => sum + size, 0)
}

// A zombie has no memory at all, and the rollup of a set-uid program is root's to read.
function memoryOfProcess(pid: number): number[] {
  const kilobytes =
    readField(pid, 'smaps_rollup', /^Pss: +(\d+)/m) ?? readField(pid, 'status', /^VmRSS:\s+(\d+)/m)
  return kilobytes === undefined ? [] : [kilobytes * 1024]
}

function readField(pid: number, file: string, field: RegExp): number | undefined {
  try {
    const kilobytes = field.exec(readFileSync(`/proc/${pid}/${file}`, 'latin1'))?.[1]
    return kilobytes === undefined ? undefined : Number(kilobytes)
  } catch {
    return undefined // gone meanwhile, or not ours to read
  }
}

// ps fails when one of them is gone, and lists the others all the same.
function memoryWithPs(pids: readonly number[]): number[] {
  if (pids.length === 0) return []
  let text: string
  try {
    text = execFileSync('ps', ['-o', 'rss=', '-p', pids.join(',')], { encoding: 'utf8' })
  } catch (error) {
    text = (error as { stdout?: string }).stdout ?? ''
  }
  return (text.match(/\d+/g) ?? []).map((kilobytes) => Number(kilobytes) * 1024)
}
