import { readdirSync, readlinkSync } from 'node:fs'
import { readSockets } from './listening-ports.ts'

/** TCP ports that these processes listen on, in order; none where there is no /proc to read it in. */
export function portsOf(pids: readonly number[]): number[] {
  if (process.platform !== 'linux') return []
  const inodes = new Set(pids.flatMap(socketsOf))
  const held = readSockets().filter(({ listening, inode }) => listening && inodes.has(inode))
  return [...new Set(held.map(({ port }) => port))].sort((a, b) => a - b)
}

function socketsOf(pid: number): number[] {
  const folder = `/proc/${pid}/fd`
  try {
    return readdirSync(folder).map((name) =>
      Number(/^socket:\[(\d+)\]$/.exec(readlinkSync(`${folder}/${name}`))?.[1]),
    )
  } catch {
    return [] // gone or closed meanwhile, or another user's
  }
}
