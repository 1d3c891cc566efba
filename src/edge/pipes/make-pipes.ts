import { execFile } from 'node:child_process'
import { closeSync, constants, openSync, unlinkSync } from 'node:fs'
import { promisify } from 'node:util'

const { O_NONBLOCK, O_RDONLY, O_RDWR, O_WRONLY } = constants

/** Both ends of a program's two outputs, as descriptors: ours do not block, the program's do. */
export type Pipes = {
  readonly ours: readonly [stdout: number, stderr: number]
  readonly theirs: readonly [stdout: number, stderr: number]
}

/** Makes pipes; `prepare` may be called early, so that the first ones need no waiting for. */
export type PipeMaker = {
  make(): Promise<Pipes>
  /** A FIFO by its path, for whoever opens both its ends himself; he removes it. */
  fifo(): Promise<string>
  prepare(): void
}

/** Names made at a time: starting mkfifo costs 5 ms, and a name nothing. */
const BATCH = 16

/**
 * A maker of real pipes in `folder`, which exists. Node's own "pipes" are sockets, and no program can open
 * /dev/stdout or /dev/stderr on a socket. Node cannot make a pipe, but it can open a FIFO, which mkfifo(1) makes. Not
 * for standard input: a FIFO whose input has ended cannot be opened a second time, and `cat /dev/stdin` would wait for
 * ever where on a socket it fails.
 */
export function pipeMaker(folder: string): PipeMaker {
  const names: string[] = []
  let made = 0
  let making: Promise<void> | undefined
  const refill = async () => {
    const fresh = Array.from({ length: 2 * BATCH }, () => `${folder}/${made++}.pipe`)
    // Open to all in a folder that is private: a dyno of another user opens them through /dev/fd.
    await promisify(execFile)('mkfifo', ['-m', '666', ...fresh])
    names.push(...fresh)
  }
  const prepare = (): Promise<void> => {
    making ??= refill().finally(() => {
      making = undefined
    })
    return making
  }
  return {
    prepare: () => void prepare().catch(() => {}), // whoever wants pipes then is told
    async make() {
      while (names.length < 2) await prepare()
      return openPipes(names.shift()!, names.shift()!)
    },
    async fifo() {
      while (names.length < 1) await prepare()
      return names.shift()!
    },
  }
}

// Opening one end of a FIFO waits for the other; with both held open for a moment nothing waits. Where one is refused, as
// too many files are open, none stays open. A pipe in use has no name.
function openPipes(stdout: string, stderr: string): Pipes {
  const opened: number[] = []
  const open = (path: string, flags: number): number => {
    const descriptor = openSync(path, flags)
    opened.push(descriptor)
    return descriptor
  }
  try {
    const held = [stdout, stderr].map((path) => open(path, O_RDWR | O_NONBLOCK))
    const pipes: Pipes = {
      ours: [open(stdout, O_RDONLY | O_NONBLOCK), open(stderr, O_RDONLY | O_NONBLOCK)],
      theirs: [open(stdout, O_WRONLY), open(stderr, O_WRONLY)],
    }
    for (const descriptor of held) closeSync(descriptor)
    return pipes
  } catch (error) {
    for (const descriptor of opened) closeSync(descriptor)
    throw error
  } finally {
    for (const path of [stdout, stderr]) unlinkSync(path)
  }
}
