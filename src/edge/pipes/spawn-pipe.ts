import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync } from 'node:fs'
import { Socket } from 'node:net'
import { constants } from 'node:os'
import type { Writable } from 'node:stream'
import type { Child, ChildEvents } from '../../core/child.ts'
import type { Exit } from '../../core/exit.ts'
import { Problem } from '../../core/problem.ts'
import type { Walled } from '../../core/walls.ts'
import type { Pipes } from './make-pipes.ts'

/** What a pipe holds, in bytes, and what it can be made to hold by whoever has it: Linux's `pipe-max-size`. */
const [PIPE, LARGEST_PIPE] = [64 * 1024, 1024 * 1024]

/** How long nothing may come of outputs that are abandoned, in milliseconds. */
const QUIET = 50

type Begun = ChildProcess & { readonly stdin: Writable }

// Whatever is refused, no descriptor stays open.
function begin({ argv, cwd, environment: env }: Walled, { ours, theirs }: Pipes): Begun {
  const [file, ...args] = argv
  try {
    const child = spawn(file, args, { cwd, env, detached: true, stdio: ['pipe', ...theirs] })
    if (child.stdin) return child as Begun
    child.once('error', () => {}) // it says so later as well
    throw new Problem('walls', TOO_MANY_FILES)
  } catch (error) {
    for (const descriptor of ours) closeSync(descriptor)
    throw error
  } finally {
    for (const descriptor of theirs) closeSync(descriptor)
  }
}

// The only refusal at which Node makes no pipe for the input.
const TOO_MANY_FILES =
  "The dyno could not be started: too many files are open; run fewer dynos, or allow more with 'ulimit -n'."

/**
 * Starts a program on three pipes. Node's own spawn and not execa: this is a stream with backpressure, not a
 * program run to its end, and it is on the path that makes `dyno run` fast (execa costs 20 ms to load).
 */
export function spawnPipe(walled: Walled, pipes: Pipes, events: ChildEvents): Child {
  const { ours } = pipes
  const child = begin(walled, pipes)
  const { stdin } = child
  let [received, paused] = [0, false]
  const output = (stream: 'stdout' | 'stderr') => (chunk: Uint8Array) => {
    received += chunk.length
    events.output(stream, chunk)
  }
  const stdout = openOutput(ours[0], output('stdout'))
  const stderr = openOutput(ours[1], output('stderr'))
  // What the program wrote is read when nothing more comes, or when more has come than two pipes hold.
  const closeWhenRead = (since: number, before: number): void => {
    const look = () => {
      if (paused) return closeWhenRead(since, -1) // nothing could come: what does from now on is no end
      if (received > before && received - since <= 2 * LARGEST_PIPE) return closeWhenRead(since, received)
      stdout.destroy()
      stderr.destroy()
    }
    setTimeout(() => setImmediate(look), QUIET) // after a look at the pipes, however late we are
  }
  stdin.on('drain', events.drained)
  // A program that does not read its input is no mistake: what it leaves is dropped, as a shell's pipe would.
  stdin.on('error', events.drained)
  void whenOver(child, [stdout, stderr], events.left).then((exit) => {
    stdin.destroy()
    events.exited(exit)
  })
  return {
    pid: child.pid ?? -1,
    write: (chunk) => !stdin.writable || stdin.write(chunk),
    end: () => void stdin.end(),
    resize() {}, // pipes have no size
    pause() {
      paused = true
      stdout.pause()
      stderr.pause()
    },
    resume() {
      paused = false
      stdout.resume()
      stderr.resume()
    },
    abandon: () => closeWhenRead(received, paused ? -1 : received),
  }
}

// What is read is read into the same memory again: fresh memory for each chunk costs a fifth of the throughput.
function openOutput(fd: number, output: (chunk: Uint8Array) => void): Socket {
  const callback = (length: number, buffer: Uint8Array): boolean => {
    output(buffer.subarray(0, length))
    return true
  }
  const onread = { buffer: new Uint8Array(PIPE), callback }
  const socket = new Socket({ fd, readable: true, writable: false, onread })
  return socket.resume()
}

// Over is: the program has ended and both its outputs are read to their end.
async function whenOver(child: ChildProcess, outputs: readonly Socket[], left: () => void): Promise<Exit> {
  const ends = outputs.map((output) => new Promise((resolve) => output.once('close', resolve)))
  const exit = await new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => resolve(exitOf(code, signal)))
    child.once('error', (error) => resolve(failed(error)))
  })
  if (exit.how !== 'failed') left()
  await Promise.all(ends)
  return exit
}

function exitOf(code: number | null, signal: NodeJS.Signals | null): Exit {
  return signal ? { how: 'signal', signal: constants.signals[signal] } : { how: 'code', code: code ?? 0 }
}

function failed(error: Error): Exit {
  return { how: 'failed', problem: new Problem('walls', `The dyno could not be started: ${error.message}`) }
}
