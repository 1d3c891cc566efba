import { type FSWatcher, watch } from 'node:fs'

/** How often to look without being told, in milliseconds: where the system has no watches left, and never more often. */
const LOOK = 1000

/** Waits for something to happen in a folder. */
export type FolderWatch = {
  /** Resolves when something happened since the last time, or a second has passed, or the signal is given. */
  changed(): Promise<void>
  /** Whether files may have come or gone since this was last asked; a file that only grows is none of these. */
  hasOthers(): boolean
  close(): void
}

export function watchFolder(folder: string, signal: AbortSignal): FolderWatch {
  let rung = false
  let others = true
  let answer = () => {}
  const ring = (): void => {
    rung = true
    answer()
  }
  const ringForOthers = (): void => {
    others = true
    ring()
  }
  const watcher = startWatch(folder, (event) => (event === 'rename' ? ringForOthers() : ring()))
  const timer = setInterval(ringForOthers, LOOK)
  signal.addEventListener('abort', ring)
  return {
    async changed() {
      if (!rung) {
        await new Promise<void>((resolve) => {
          answer = resolve
        })
      }
      rung = false
    },
    hasOthers() {
      const before = others
      others = false
      return before
    },
    close() {
      watcher?.close()
      clearInterval(timer)
      signal.removeEventListener('abort', ring)
    },
  }
}

// inotify's watches are few, and other programs use them up.
function startWatch(folder: string, ring: (event: 'rename' | 'change') => void): FSWatcher | undefined {
  try {
    return watch(folder, ring).on('error', () => {}) // the timer is still there
  } catch {
    return undefined // as above
  }
}
