/** How exactly the time is kept: in so many parts. */
const LOOKS = 10

/** Tells those on whose connections nothing moves. */
export type IdleWatch = {
  /** Calls `told` once when there has been no progress for too long; the answer stops watching. */
  watch(progress: () => number, told: () => void): () => void
  close(): void
}

type Watched = { readonly progress: () => number; readonly told: () => void; before: number; quiet: number }

/** One timer for all, however many there are: `idle` is in milliseconds. */
export function openIdleWatch(idle: number): IdleWatch {
  const all = new Set<Watched>()
  const look = (): void => {
    for (const watched of all) {
      const now = watched.progress()
      watched.quiet = now === watched.before ? watched.quiet + 1 : 0
      watched.before = now
      if (watched.quiet < LOOKS) continue
      all.delete(watched)
      watched.told()
    }
  }
  const timer = setInterval(look, idle / LOOKS).unref()
  return {
    watch(progress, told) {
      const watched = { progress, told, before: Number.NaN, quiet: 0 }
      all.add(watched)
      return () => all.delete(watched)
    },
    close: () => clearInterval(timer),
  }
}
