import { readdirSync, readFileSync } from 'node:fs'

/** A process of this machine, and the user it is. */
export type FirstProcess = { readonly pid: number; readonly uid: number }

/** The oldest child of `leader`, the oldest child of that … so many levels down, or as many as there are. */
export function findFirstProcesses(leader: number, levels: number): FirstProcess[] {
  const processes = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? readStat(name) : []))
  const chain: FirstProcess[] = []
  while (chain.length < levels) {
    const above = chain.at(-1)?.pid ?? leader
    const children = processes.filter(({ parent }) => parent === above)
    const pid = children.sort((a, b) => a.startedAt - b.startedAt || a.pid - b.pid)[0]?.pid
    const uid = pid === undefined ? undefined : readUid(pid)
    if (pid === undefined || uid === undefined) break
    chain.push({ pid, uid })
  }
  return chain
}

// The second field is a name in brackets that may itself hold brackets and blanks.
function readStat(pid: string): { pid: number; parent: number; startedAt: number }[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return [{ pid: Number(pid), parent: Number(fields[1]), startedAt: Number(fields[19]) }]
  } catch {
    return [] // gone meanwhile
  }
}

function readUid(pid: number): number | undefined {
  try {
    return Number(/^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1])
  } catch {
    return undefined // gone meanwhile
  }
}
