import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { isAddressMissing, LOOPBACK } from '../../core/loopback.ts'
import type { PortHolder } from '../../core/port-holder.ts'
import { findHolder } from './find-holder.ts'

/** How often, and how soon again, a port is tried that nobody is seen to have: another probe may just be at it. */
const [TRIES, PAUSE] = [3, 30]

/** Binds the port for a moment, on every interface of IPv4 and IPv6; where that fails, says who has it. */
export async function probePort(port: number): Promise<'free' | PortHolder> {
  for (let tries = 1; ; tries++) {
    const found = await probeOnce(port)
    if (found === 'free' || found.is === 'reserved' || tries === TRIES) return found
    await sleep(PAUSE)
  }
}

async function probeOnce(port: number): Promise<'free' | PortHolder> {
  for (const host of HOSTS) {
    const refusal = await bind(port, host)
    if (refusal === 'EACCES') return { is: 'reserved' }
    if (refusal === 'EADDRINUSE') return findHolder(port)
  }
  return 'free'
}

const EVERYWHERE = ['0.0.0.0', '::']

// On macOS a program on the loopback only is not in the way of one on all interfaces, but it gets the requests.
const HOSTS = process.platform === 'darwin' ? [...EVERYWHERE, ...LOOPBACK] : EVERYWHERE

/** The error's code; undefined when it could be bound or this machine has no such interface. */
function bind(port: number, host: string): Promise<string | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<string | undefined>()
  const server = createServer()
  server.once('error', (error: NodeJS.ErrnoException) => {
    if (['EADDRINUSE', 'EACCES'].includes(error.code ?? '')) resolve(error.code)
    else if (isAddressMissing(error.code)) resolve(undefined)
    else reject(error)
  })
  server.listen({ port, host, ipv6Only: true, exclusive: true }, () => server.close(() => resolve(undefined)))
  return promise
}
