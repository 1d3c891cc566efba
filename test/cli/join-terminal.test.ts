import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { joinTerminal } from '../../src/cli/dashboard/join-terminal.ts'
import { FRAME, frameHeader, jsonFrame } from '../../src/core/wire/frame.ts'
import { openTerminal } from '../../src/tui/terminal.ts'

const MB = 2 ** 20

/** A dyno's end of a connection, and ours as a socket. */
function connection() {
  const socket = new Duplex({ read() {}, write: (_bytes, _encoding, done) => done() })
  const says = (bytes: Uint8Array) => {
    socket.push(frameHeader(FRAME.stdout, bytes.length))
    socket.push(bytes)
  }
  return { socket: socket as unknown as Socket, says }
}

test('a dyno that says more than a pane can show is held back until it is shown', async () => {
  const { socket, says } = connection()
  const done: (() => void)[] = []
  let [shown, status] = [0, -1]
  const heard = {
    output(bytes: Uint8Array, isShown: () => void) {
      shown += bytes.length
      done.push(isShown)
    },
    ended: (ended: number) => (status = ended),
  }
  joinTerminal(socket, { name: 'run.1', heard })
  for (let i = 0; i < 8; i++) says(new Uint8Array(MB / 2))
  socket.push(jsonFrame(FRAME.exit, { status: 3 }))
  await turn()
  assert.ok(shown > MB && shown < 4 * MB, `${shown} bytes`)
  while (done.length > 0) {
    done.shift()!()
    await turn()
  }
  assert.equal(shown, 4 * MB) // nothing is lost
  assert.equal(status, 3)
})

test('more than a terminal takes at once does not end the dashboard, nor does closing its pane meanwhile', async () => {
  const { socket, says } = connection()
  const terminal = openTerminal({ columns: 80, rows: 24 }, { answered() {}, changed() {} })
  const taken: Promise<void>[] = []
  const heard = {
    output(bytes: Uint8Array, done: () => void) {
      const { promise, resolve } = Promise.withResolvers<void>()
      taken.push(promise.then(done))
      terminal.feed(bytes, resolve)
    },
    ended: () => assert.fail('the pane is closed before'),
  }
  const session = joinTerminal(socket, { name: 'run.1', heard })
  const noise = Buffer.from('y\r\n'.repeat(MB / 3))
  for (let i = 0; i < 60; i++) says(noise)
  await turn()
  assert.ok(taken.length > 0)
  session.close()
  terminal.close()
  await Promise.all(taken) // what was given is taken in all the same
  await turn()
  assert.equal(socket.destroyed, true)
})
