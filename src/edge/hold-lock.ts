import { constants, openSync } from 'node:fs'
import { createServer } from 'node:net'

/** BSD's and macOS's flag to lock a file while opening it; Node passes it on. */
const O_EXLOCK = 0x20

/**
 * Takes the lock of this name, or answers false when another process has it. It is held until this process ends,
 * however it ends: on Linux it is a socket in the abstract name space, elsewhere a locked file in `folder`.
 */
export function holdLock(folder: string, name: string): Promise<boolean> {
  if (process.platform !== 'linux') return Promise.resolve(lockFile(`${folder}/${name}.lock`))
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy())
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false)
      else reject(error)
    })
    server.listen(`\0dyno:${folder}:${name}`.slice(0, 107), () => {
      server.unref()
      resolve(true)
    })
  })
}

function lockFile(path: string): boolean {
  try {
    openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_NONBLOCK | O_EXLOCK, 0o600)
    return true // left open on purpose: closing it would give the lock away
  } catch (error) {
    if (['EAGAIN', 'EWOULDBLOCK'].includes((error as NodeJS.ErrnoException).code ?? '')) return false
    throw error
  }
}
