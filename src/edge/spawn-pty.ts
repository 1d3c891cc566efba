import { readSync, writeSync } from 'node:fs'
import type { ReadStream } from 'node:tty'
import { type IPty, spawn as spawnOnTerminal } from 'node-pty'
import type { Child, ChildEvents } from '../core/child.ts'
import type { Exit } from '../core/exit.ts'
import { Problem } from '../core/problem.ts'
import type { TerminalSize } from '../core/terminal-size.ts'
import type { Walled } from '../core/walls.ts'

/** How long to leave a full terminal alone, in milliseconds. */
const RETRY = 10
/** How often a paused child is asked whether it still lives, in milliseconds: well under node-pty's 200. */
const HEARTBEAT = 40
/** What the kernel may hold of a terminal's output, and more, in bytes. */
const UNREAD = 256 * 1024
/** Input that waits for the program before we ask for a pause, in bytes. */
const HIGH_WATER = 64 * 1024

/** What node-pty's terminals have and its types leave out; the version is pinned and the tests hold it. */
type Terminal = IPty & {
  readonly fd: number
  readonly _socket: ReadStream
  setEncoding(encoding: string): void
  on(event: 'close', call: () => void): void
}

/** Starts a program on a terminal of its own; throws a Problem when there is none left. */
export function spawnPty(walled: Walled, size: TerminalSize, events: ChildEvents): Child {
  const pty = openTerminal(walled, size)
  const reader = readPatiently(pty, (chunk) => events.output('stdout', chunk))
  const writer = writePatiently(pty, events.drained)
  pty.on('close', writer.stop) // its descriptor may be another's from now on, though the program can live on
  pty.onExit(({ exitCode, signal }) => {
    events.left()
    const exit: Exit = signal ? { how: 'signal', signal } : { how: 'code', code: exitCode }
    reader.finish(() => events.exited(exit))
  })
  return {
    pid: pty.pid,
    write: writer.write,
    end: () => void writer.write(Uint8Array.of(4)),
    resize: ({ columns, rows }) => writer.alive() && pty.resize(columns, rows),
    pause: reader.pause,
    resume: reader.resume,
    abandon() {}, // a terminal ends with its program anyway
  }
}

// Only a terminal that node-pty is asked to decode erases whole UTF-8 characters (IUTF8). So it is asked, and then
// told of an encoding in which every byte is a character: what the program writes is not ours to decode.
function openTerminal({ argv, cwd, environment }: Walled, { columns, rows }: TerminalSize): Terminal {
  const [file, ...args] = argv
  const name = environment['TERM'] ?? 'xterm'
  const env = { ...environment }
  try {
    const options = { name, cwd, env, cols: columns, rows, encoding: 'utf8' }
    const pty = spawnOnTerminal(file, args, options) as Terminal
    pty.setEncoding('latin1')
    return pty
  } catch (error) {
    throw new Problem('walls', `The dyno cannot be given a terminal: ${(error as Error).message}`)
  }
}

// 200 ms after the child's end node-pty throws away what nobody has read. So a paused terminal is watched: when
// its child is gone the little the kernel still holds (at most some 64 KiB) is taken into memory.
function readPatiently(pty: Terminal, output: (chunk: Uint8Array) => void) {
  let kept: Uint8Array[] = []
  let paused = false
  let ended: (() => void) | undefined
  let heartbeat: NodeJS.Timeout | undefined
  const take = (chunk: Buffer) => {
    if (paused) kept.push(chunk)
    else output(chunk)
  }
  pty.onData((data) => take(Buffer.from(data, 'latin1')))
  beforeClosed(pty, take)
  const flush = () => {
    const chunks = kept
    kept = []
    while (chunks.length > 0 && !paused) output(chunks.shift()!)
    kept = [...chunks, ...kept]
    if (!paused && kept.length === 0) ended?.()
  }
  const watch = () => {
    if (isAlive(pty.pid)) return
    clearInterval(heartbeat)
    pty.resume()
  }
  return {
    pause() {
      if (paused) return
      paused = true
      if (ended) return
      pty.pause()
      heartbeat = setInterval(watch, HEARTBEAT)
    },
    resume() {
      if (!paused) return
      paused = false
      clearInterval(heartbeat)
      if (!ended) pty.resume()
      flush()
    },
    finish(done: () => void) {
      clearInterval(heartbeat)
      ended = done
      flush()
    },
  }
}

// However busy we were, node-pty closes the terminal 200 ms after it has heard of the child's end: what nobody has read is
// read in that moment.
function beforeClosed({ fd, _socket: socket }: Terminal, take: (chunk: Buffer) => void): void {
  const destroy = socket._destroy.bind(socket)
  socket._destroy = (error, callback) => {
    for (let text = socket.read(); text !== null; text = socket.read()) take(Buffer.from(text, 'latin1'))
    let rest = UNREAD // whoever else holds the terminal may write on and on
    for (let chunk = readNow(fd); chunk.length > 0 && rest > 0; chunk = readNow(fd)) {
      rest -= chunk.length
      take(chunk)
    }
    destroy(error, callback)
  }
}

function readNow(fd: number): Buffer {
  const buffer = Buffer.allocUnsafe(4096)
  try {
    return buffer.subarray(0, readSync(fd, buffer))
  } catch {
    return buffer.subarray(0, 0) // EAGAIN: nothing is there; EIO: nor is anybody any more
  }
}

// node-pty spins on a terminal that is full and queues without end; the descriptor is non-blocking, so we write
// to it ourselves, wait a little when it is full, and say when too much is waiting.
function writePatiently({ fd }: Terminal, drained: () => void) {
  const queue: Uint8Array[] = []
  let waiting = 0
  let stopped = false
  let retry: NodeJS.Timeout | undefined
  const flush = () => {
    retry = undefined
    const wasFull = waiting > HIGH_WATER
    while (queue.length > 0 && !stopped) {
      const written = writeNow(fd, queue[0]!)
      if (written === 'full') {
        retry = setTimeout(flush, RETRY)
        break
      }
      waiting -= written
      const rest = queue[0]!.subarray(written)
      if (rest.length > 0) queue[0] = rest
      else queue.shift()
    }
    if (wasFull && waiting <= HIGH_WATER) drained()
  }
  return {
    alive: () => !stopped,
    write(chunk: Uint8Array): boolean {
      if (stopped) return true
      queue.push(chunk)
      waiting += chunk.length
      if (!retry) flush()
      return waiting <= HIGH_WATER
    },
    stop() {
      stopped = true
      clearTimeout(retry)
      queue.length = 0
    },
  }
}

function writeNow(fd: number, chunk: Uint8Array): number | 'full' {
  try {
    return writeSync(fd, chunk)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EAGAIN') return 'full'
    if (code === 'EIO' || code === 'EBADF') return chunk.length // the program is gone, and its input with it
    throw error
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false // ESRCH is the answer; EPERM cannot be, it is our child
  }
}
