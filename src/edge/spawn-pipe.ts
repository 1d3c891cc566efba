import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import type { Child, ChildEvents } from '../core/child.ts'
import type { Exit } from '../core/exit.ts'
import { Problem } from '../core/problem.ts'
import type { Walled } from '../core/walls.ts'

/**
 * Starts a program on three pipes. Node's own spawn and not execa: this is a stream with backpressure, not a
 * program run to its end, and it is on the path that makes `dyno run` fast (execa costs 20 ms to load).
 */
export function spawnPipe(walled: Walled, events: ChildEvents): Child {
  const [file, ...args] = walled.argv
  const child = spawn(file, args, {
    cwd: walled.cwd,
    env: walled.environment,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const { stdin, stdout, stderr } = child
  stdout.on('data', (chunk: Uint8Array) => events.output('stdout', chunk))
  stderr.on('data', (chunk: Uint8Array) => events.output('stderr', chunk))
  stdin.on('drain', events.drained)
  // A program that does not read its input is no mistake: what it leaves is dropped, as a shell's pipe would.
  stdin.on('error', events.drained)
  child.on('exit', events.left)
  let refused: Error | undefined
  child.once('error', (error) => {
    refused = error // 'close' follows, with a number that means nothing to anybody
  })
  child.once('close', (code, signal) => events.exited(refused ? failed(refused) : exitOf(code, signal)))
  return {
    pid: child.pid ?? -1,
    write: (chunk) => !stdin.writable || stdin.write(chunk),
    end: () => void stdin.end(),
    resize() {}, // pipes have no size
    pause() {
      stdout.pause()
      stderr.pause()
    },
    resume() {
      stdout.resume()
      stderr.resume()
    },
  }
}

function exitOf(code: number | null, signal: NodeJS.Signals | null): Exit {
  return signal ? { how: 'signal', signal: constants.signals[signal] } : { how: 'code', code: code ?? 0 }
}

function failed(error: Error): Exit {
  return { how: 'failed', problem: new Problem('walls', `The dyno could not be started: ${error.message}`) }
}
