import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { report } from './stopwatch.ts'

/** Two descriptors each: a limit of 20,000 for a process, which is usual, leaves room for these. */
const MANY = 9_900
/** Fewer at a time than the router lets wait for one dyno. */
const AT_A_TIME = 40

/** Opens that many WebSockets through the router and holds them: what they cost in memory. */
export async function holdSockets({ port, memory }: { port: number; memory: () => number }): Promise<void> {
  const before = memory()
  const sockets: Socket[] = []
  let failed = 0
  for (let n = 0; n < MANY; n += AT_A_TIME) {
    const opened = Array.from({ length: Math.min(AT_A_TIME, MANY - n) }, () => open(port))
    for (const result of await Promise.all(opened)) {
      if (result) sockets.push(result)
      else failed++
    }
  }
  await sleep(1000)
  report('WebSockets of 9,900 that were not opened', failed, 'none', failed === 0)
  report('KB of the manifold for each open WebSocket', ((memory() - before) * 1024) / MANY, 'to know', true)
  for (const socket of sockets) socket.destroy()
}

function open(port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('error', () => resolve(undefined))
    socket.once('data', (head) => resolve(head.includes(' 101 ') ? socket : undefined))
    socket.write('GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
  })
}
