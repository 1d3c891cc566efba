import { readFile } from 'node:fs/promises'
import { unreadByPorts } from '../../core/socket-table.ts'

/** What was sent and not read, as `unreadByPorts` has it; nothing where the system does not tell. */
export async function readUnread(): Promise<ReadonlyMap<string, number>> {
  const tables = ['/proc/net/tcp', '/proc/net/tcp6'].map((path) => readFile(path, 'latin1').catch(() => ''))
  return unreadByPorts((await Promise.all(tables)).join(''))
}
