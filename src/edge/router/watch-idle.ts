import type { Socket } from 'node:net'
import { readUnread } from './read-unread.ts'

/** How exactly the time is kept: in so many parts, so that 55 s are never 56. */
const LOOKS = 60

/** What is watched. */
export type Watched = {
  /** Another number whenever bytes have moved, as far as we have moved them. */
  progress(): number
  /** The connection that has not taken all we have for it, where that is so. */
  taker(): Socket | null
  /** There has been no progress for too long: called once. */
  told(): void
}

/** Tells those on whose connections nothing moves. */
export type IdleWatch = {
  /** The answer stops watching. */
  watch(watched: Watched): () => void
  close(): void
}

type Watch = Watched & { before: number; unread: number | null; quiet: number }

/** One timer for all, however many there are: `idle` is in milliseconds. */
export function openIdleWatch(idle: number): IdleWatch {
  const all = new Set<Watch>()
  let isLooking = false

  const look = async (): Promise<void> => {
    const still = [...all].filter(isStill)
    // The kernel holds megabytes for a client that takes them slowly.
    const unread = still.some(({ taker }) => taker()) ? await readUnread() : undefined
    for (const watch of still) {
      if (!all.has(watch)) continue
      const socket = watch.taker()
      const left = socket && unread ? (unread.get(`${socket.localPort}:${socket.remotePort}`) ?? 0) : null
      watch.quiet = left === null || watch.unread === null || left === watch.unread ? watch.quiet + 1 : 0
      watch.unread = left
      if (watch.quiet < LOOKS) continue
      all.delete(watch)
      watch.told()
    }
  }

  const timer = setInterval(async () => {
    if (isLooking) return
    isLooking = true
    await look()
    isLooking = false
  }, idle / LOOKS).unref()
  return {
    watch(watched) {
      const watch = { ...watched, before: Number.NaN, unread: null, quiet: 0 }
      all.add(watch)
      return () => all.delete(watch)
    },
    close() {
      clearInterval(timer)
      all.clear()
    },
  }
}

/** Whether nothing has moved since it was last asked. */
function isStill(watch: Watch): boolean {
  const now = watch.progress()
  if (now === watch.before) return true
  Object.assign(watch, { before: now, unread: null, quiet: 0 })
  return false
}
