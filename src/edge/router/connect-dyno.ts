import { connect, type Socket } from 'node:net'

/** A dyno that listens at all listens on one of these. */
const LOOPBACK = ['127.0.0.1', '::1'] as const

/** No connection within the time it may take. */
export class ConnectTimeout extends Error {}

/** Connects with a dyno on its port, within so many milliseconds; fails with its refusal or a ConnectTimeout. */
export function connectDyno(
  port: number,
  timeout: number,
  told: (error: Error | null, socket: Socket | null) => void,
): void {
  const dial = ([host, ...others]: readonly string[], refusal: Error | null): void => {
    if (host === undefined) {
      told(refusal, null)
      return
    }
    const socket = connect({ host, port, noDelay: true })
    const timer = setTimeout(() => socket.destroy(new ConnectTimeout()), timeout)
    const failed = (error: Error): void => {
      clearTimeout(timer)
      if (error instanceof ConnectTimeout) told(error, null)
      else dial(others, refusal ?? error)
    }
    socket.once('error', failed)
    socket.once('connect', () => {
      clearTimeout(timer)
      socket.off('error', failed)
      told(null, socket)
    })
  }
  dial(LOOPBACK, null)
}
