import { readdirSync, readFileSync } from 'node:fs'

/** A process of this machine, and the user it is. */
export type FirstProcess = { readonly pid: number; readonly uid: number }

/** The oldest child of the oldest child … of `leader`, so many levels down; undefined when there is none. */
export function findFirstProcess(leader: number, levels: number): FirstProcess | undefined {
  const processes = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? readStat(name) : []))
  let found: number | undefined = leader
  for (let level = 0; level < levels && found !== undefined; level++) {
    const children = processes.filter(({ parent }) => parent === found)
    found = children.sort((a, b) => a.startedAt - b.startedAt || a.pid - b.pid)[0]?.pid
  }
  const uid = found === undefined ? undefined : readUid(found)
  return found === undefined || uid === undefined ? undefined : { pid: found, uid }
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
