import assert from 'node:assert/strict'
import { connect, type Socket } from 'node:net'
import { describe, test } from 'node:test'
import { get, standsStill, withSite } from './router-site.ts'

const SWITCH = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'

/** A client that reads a kilobyte whenever it is told to. */
function openReader(port: number): { socket: Socket; read(): Promise<void> } {
  let told = () => {}
  const socket = connect({
    port,
    host: '127.0.0.1',
    onread: {
      buffer: Buffer.alloc(1024),
      callback: () => {
        told()
        return false
      },
    },
  })
  socket.on('error', () => {})
  return {
    socket,
    read: () =>
      new Promise((resolve) => {
        told = resolve
        socket.resume()
      }),
  }
}

describe('a client that takes its time over a long answer', {
  concurrency: 2,
  skip: process.platform !== 'linux' && 'only Linux tells what the kernel has not sent yet',
}, () => {
  for (const [says, request, head, code] of [
    ['a download', get('/big'), 'HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n', 'H28'],
    ['a WebSocket', get('/big', 'Connection: Upgrade\r\nUpgrade: x\r\n'), SWITCH, 'H15'],
  ] as const) {
    let written = 0
    test(`has ${says} as long as it reads, and no longer: ${code}`, () =>
      withSite(
        async (site) => {
          const reader = openReader(site.port)
          reader.socket.write(request)
          await reader.read()
          await standsStill(() => written)
          for (let i = 0; i < 20; i++) {
            await new Promise((resolve) => setTimeout(resolve, 150))
            await reader.read()
            assert.deepEqual(site.lines, [])
          }
          assert.match(await site.nextLine(), new RegExp(` code=${code} `))
          reader.socket.destroy()
        },
        (socket) => {
          const more = () => {
            while (socket.writable && socket.write(Buffer.alloc(65_536))) written += 65_536
          }
          socket.on('drain', more)
          socket.once('data', () => {
            socket.write(head)
            more()
          })
        },
        { idle: 1500 },
      ))
  }
})
