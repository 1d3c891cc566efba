/** The addresses by which a machine reaches itself: who listens on this machine only listens on one of them, or on both. */
export const LOOPBACK = ['127.0.0.1', '::1'] as const

/** Whether this error code of a socket says that the machine has no such address: mostly it has no IPv6. */
export function isAddressMissing(code: string | undefined): boolean {
  return code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT'
}
