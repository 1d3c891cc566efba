import { execFile } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { promisify } from 'node:util'
import type { PortHolder } from '../../core/port-holder.ts'
import { readSockets } from './listening-ports.ts'

/** The process that has a socket on this TCP port, a listening one if there is any. */
export async function findHolder(port: number): Promise<PortHolder> {
  if (process.platform !== 'linux') return findWithLsof(port)
  const sockets = readSockets().filter((socket) => socket.port === port && socket.inode !== 0)
  const listening = sockets.filter((socket) => socket.listening)
  const inodes = new Set((listening.length > 0 ? listening : sockets).map(({ inode }) => inode))
  const pid = readNames('/proc')
    .map(Number)
    .find((pid) => pid > 0 && hasSocket(pid, inodes))
  return pid === undefined ? { is: 'unknown' } : { is: 'process', pid, command: commandOf(pid) }
}

function hasSocket(pid: number, inodes: ReadonlySet<number>): boolean {
  const folder = `/proc/${pid}/fd`
  return readNames(folder).some((name) => {
    try {
      const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`${folder}/${name}`))?.[1]
      return inode !== undefined && inodes.has(Number(inode))
    } catch {
      return false // closed meanwhile
    }
  })
}

function readNames(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return [] // gone meanwhile, or another user's
  }
}

function commandOf(pid: number): string {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
    return words || readFileSync(`/proc/${pid}/comm`, 'utf8').trim()
  } catch {
    return '?' // gone meanwhile
  }
}

// lsof shows the processes of others to root only, and fails when it finds none.
async function findWithLsof(port: number): Promise<PortHolder> {
  try {
    const { stdout } = await run('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fp'])
    const pid = Number(/^p(\d+)$/m.exec(stdout)?.[1])
    if (!(pid > 0)) return { is: 'unknown' }
    const { stdout: command } = await run('ps', ['-ww', '-o', 'command=', '-p', String(pid)])
    return { is: 'process', pid, command: command.trim() }
  } catch {
    return { is: 'unknown' }
  }
}

const run = promisify(execFile)
