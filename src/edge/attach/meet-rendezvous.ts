import type { Duplex } from 'node:stream'
import { exitPayload, FRAME } from '../../core/wire/frame.ts'
import { watchInputEnd } from '../../core/wire/input-end.ts'
import type { Meeting } from '../../core/wire/meeting.ts'
import { holdOutput } from './hold-output.ts'
import { openWire } from './open-wire.ts'
import { sendRecords } from './send-records.ts'

const END_OF_INPUT = 4
const GREETING = Buffer.from('rendezvous\r\n')
/** How long nothing follows the greeting, in milliseconds: the client throws away all that comes with it. */
const GREETING_ALONE = 20
/**
 * How long after the greeting a client may still have to say that its input has ended, in milliseconds. It says so as
 * soon as it can when it has none, and dies of a connection that was ended before.
 */
const FAREWELL = 250
/** How long after a last ^D no data may come for it to be the end of input, in milliseconds. */
const INPUT_PATIENCE = 100
/** How much of what a client says is kept while its dyno does not read, in bytes. */
const MAX_KEPT = 1024 * 1024
/**
 * How much more of it is kept whenever the manifold says nothing, and the most, in bytes. A connection that is not read
 * does not report its end: the end comes behind all that the system holds of it, and that is less than this.
 */
const [STEP, MOST_KEPT] = [256 * 1024, 16 * 1024 * 1024]

/** Joins a client that speaks bytes only, and whose connection is its own; throws what `join` throws. */
export function meetRendezvous(socket: Duplex, meeting: Meeting, touch: () => void): void {
  const records = sendRecords(socket, () => end.drained())
  const [output, input] = [holdOutput(records.send), watchInputEnd()]
  let [isUp, isDeaf, isOver] = [false, false, false]
  let mayKeep = MAX_KEPT
  let youth: NodeJS.Timeout | undefined
  let inputTimer: NodeJS.Timeout | undefined

  const greet = () => {
    if (isUp) return
    isUp = true
    records.sendAlone(GREETING, GREETING_ALONE)
    youth = setTimeout(grow, FAREWELL)
  }
  const grow = () => {
    clearTimeout(youth)
    youth = undefined
    if (isOver) records.end()
  }
  const watchInput = () => {
    clearTimeout(inputTimer)
    if (input.isPossible() && !socket.isPaused()) inputTimer = setTimeout(endInput, INPUT_PATIENCE)
  }
  const readOn = () => {
    if (!socket.isPaused() || mayKeep >= MOST_KEPT) return
    mayKeep += STEP
    socket.resume()
  }
  const endInput = () => {
    isDeaf = true
    end.say(FRAME.stdinEnd, Buffer.alloc(0))
  }

  const end = openWire({
    hear({ kind, payload }) {
      if (payload.length > 0) touch()
      else readOn()
      switch (kind) {
        case FRAME.up:
          greet()
          return true
        case FRAME.stdout:
          return output.pass(payload)
        case FRAME.stderr:
          return records.send(payload)
        case FRAME.exit: {
          const { message } = exitPayload({ kind, payload })
          if (message === undefined || isUp) return true
          greet()
          return records.send(Buffer.from(`${message}\r\n`))
        }
        default:
          return true
      }
    },
    finish() {
      isDeaf = true
      output.rest()
      isOver = true
      if (youth === undefined) records.end()
      socket.resume() // what still comes is dropped: a connection that is not read would never close, and one that
      // is closed by us before the client has read everything may lose the rest of it
    },
    took() {
      if (end.kept > MAX_KEPT || !socket.isPaused()) return
      mayKeep = MAX_KEPT
      socket.resume()
      watchInput()
    },
  })

  socket.on('data', (chunk: Buffer) => {
    if (chunk.at(-1) === END_OF_INPUT) grow()
    if (isDeaf) return
    touch()
    const data = meeting.hasTerminal ? chunk : input.pass(chunk)
    if (data.length > 0) end.say(FRAME.stdin, data)
    if (end.kept > mayKeep) socket.pause()
    watchInput()
  })
  const leave = () => {
    isDeaf = true
    clearTimeout(youth)
    clearTimeout(inputTimer)
    output.drop()
    end.closed()
  }
  socket.on('end', leave)
  socket.on('close', leave)
  meeting.join(() => end.wire)
  socket.resume()
}
