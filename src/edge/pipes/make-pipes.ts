import { execFile } from 'node:child_process'
import { closeSync, constants, openSync, unlinkSync } from 'node:fs'
import { promisify } from 'node:util'

const { O_NONBLOCK, O_RDONLY, O_RDWR, O_WRONLY } = constants
const STREAMS = ['stdout', 'stderr'] as const

/** Both ends of a program's two outputs, as descriptors: ours do not block, the program's do. */
export type Pipes = {
  readonly ours: readonly [stdout: number, stderr: number]
  readonly theirs: readonly [stdout: number, stderr: number]
}

/**
 * A maker of real pipes in `folder`, which exists. Node's own "pipes" are sockets, and no program can open
 * /dev/stdout or /dev/stderr on a socket. Node cannot make a pipe, but it can open a FIFO, which mkfifo(1) makes; the
 * names for the next program are made while this one starts. Not for standard input: a FIFO whose input has ended
 * cannot be opened a second time, and `cat /dev/stdin` would wait for ever where on a socket it fails.
 */
export function pipeMaker(folder: string): () => Promise<Pipes> {
  let made = 0
  const makeNames = async () => {
    const names = STREAMS.map((stream) => `${folder}/${made}.${stream}`)
    made += 1
    // Open to all in a folder that is private: a dyno of another user opens them through /dev/fd.
    await promisify(execFile)('mkfifo', ['-m', '666', ...names])
    return names as [string, string]
  }
  let next = makeNames()
  next.catch(() => {}) // whoever asks for these pipes is told
  return async () => {
    const current = next
    next = current.then(makeNames, makeNames)
    next.catch(() => {})
    return openPipes(await current)
  }
}

function openPipes([stdout, stderr]: readonly [string, string]): Pipes {
  const [ourOut, theirOut] = openBoth(stdout)
  const [ourErr, theirErr] = openBoth(stderr)
  return { ours: [ourOut, ourErr], theirs: [theirOut, theirErr] }
}

// Opening one end of a FIFO waits for the other; with both held open for a moment nothing waits.
function openBoth(path: string): [ours: number, theirs: number] {
  const both = openSync(path, O_RDWR | O_NONBLOCK)
  const ends: [number, number] = [openSync(path, O_RDONLY | O_NONBLOCK), openSync(path, O_WRONLY)]
  closeSync(both)
  unlinkSync(path)
  return ends
}
