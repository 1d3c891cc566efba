import type { Duplex } from 'node:stream'
import { queueBytes } from '../../core/wire/byte-queue.ts'
import { unfinishedMarker } from '../../core/wire/exit-marker.ts'

/** What a TLS record holds at most, in bytes: its reader gets each record as a piece. */
const RECORD = 16 * 1024

/** How much may wait for the client before its dyno is held back, in bytes. */
const HIGH_WATER = 512 * 1024

/** Bytes on their way to a client that looks at where its pieces begin and end. */
export type Records = {
  /** A record that nothing follows for `rest` milliseconds. */
  sendAlone(bytes: Uint8Array, rest: number): void
  /** False asks for a pause until `drained`. */
  send(bytes: Uint8Array): boolean
  /** Ends the connection after all that was sent. */
  end(): void
}

/** Sends by one write, and so one record, at a time: two that wait would be one to Node, and cut anywhere. */
export function sendRecords(socket: Duplex, drained: () => void): Records {
  const waiting = queueBytes<number>() // labelled with how long nothing follows
  let [isBusy, isOver, isBehind] = [false, false, false]
  const next = (): void => {
    isBusy = false
    const record = waiting.take(RECORD)
    if (!record) {
      if (isOver) socket.end()
      else if (isBehind) drained()
      isBehind = false
      return
    }
    isBusy = true
    const { bytes, label: rest } = record
    const end = waiting.length === 0 ? bytes.length : bytes.length - unfinishedMarker(bytes)
    waiting.putBack(bytes.subarray(end), rest)
    socket.write(bytes.subarray(0, end), (error) => {
      if (error)
        waiting.clear() // the client is gone
      else if (rest > 0) setTimeout(next, rest)
      else next()
    })
  }
  const add = (bytes: Uint8Array, rest: number): void => {
    waiting.push(bytes, rest)
    if (!isBusy) next()
  }
  return {
    sendAlone: add,
    send(bytes) {
      add(bytes, 0)
      isBehind ||= waiting.length > HIGH_WATER
      return !isBehind
    },
    end() {
      isOver = true
      if (!isBusy) next()
    },
  }
}
