/** DYNO_CHAOS_SEED repeats an earlier chaos. */
export const CHAOS_SEED = Number(process.env['DYNO_CHAOS_SEED'] ?? Date.now() % 1_000_000)

/** How many rounds of chaos: as many as is usual, or DYNO_CHAOS_ROUNDS. */
export function chaosRounds(usual: number): number {
  return Number(process.env['DYNO_CHAOS_ROUNDS'] ?? usual)
}

/** Numbers from 0 up to 1, the same at every run for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
