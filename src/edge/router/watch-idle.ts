/** How exactly the time is kept: in so many parts. */
const LOOKS = 10

/** Calls once when there has been no progress for so many milliseconds; the answer stops watching. */
export function watchIdle(progress: () => number, idle: number, told: () => void): () => void {
  let [before, quiet] = [progress(), 0]
  const timer = setInterval(() => {
    const now = progress()
    quiet = now === before ? quiet + 1 : 0
    before = now
    if (quiet < LOOKS) return
    clearInterval(timer)
    told()
  }, idle / LOOKS)
  return () => clearInterval(timer)
}
