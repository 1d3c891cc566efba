import { readProc } from './list-processes.ts'

/** What /proc says of a process; '' when it is gone meanwhile, or on a system without /proc. */
export function statusOf(pid: number): string {
  return readProc(`${pid}/status`) ?? ''
}

/** Whether a signal, by number, is in one of its masks: caught, ignored; undefined where there is none to read. */
export function hasSignal(status: string, mask: 'SigCgt' | 'SigIgn', signal: number): boolean | undefined {
  const bits = new RegExp(`^${mask}:\\s+([0-9a-f]+)$`, 'm').exec(status)?.[1]
  return bits === undefined ? undefined : (BigInt(`0x${bits}`) >> BigInt(signal - 1)) % 2n === 1n
}
