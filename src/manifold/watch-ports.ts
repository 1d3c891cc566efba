import type { Edges } from './edges.ts'

/** How often the machine's ports are looked at while a dyno has not bound its own, in milliseconds. */
const INTERVAL = 50

/** Tells when ports are bound; asleep while nobody waits for one. */
export type PortWatch = {
  watch(life: number, port: number, bound: () => void): void
  forget(life: number): void
}

export function openPortWatch({ wake, listeningPorts }: Pick<Edges, 'wake' | 'listeningPorts'>): PortWatch {
  const waiting = new Map<number, { readonly port: number; readonly bound: () => void }>()
  let sleep: (() => void) | undefined
  const look = () => {
    sleep = undefined
    const ports = listeningPorts()
    for (const [life, { port, bound }] of waiting) {
      if (!ports.has(port)) continue
      waiting.delete(life)
      bound()
    }
    if (waiting.size > 0) sleep ??= wake(INTERVAL, look)
  }
  return {
    watch(life, port, bound) {
      waiting.set(life, { port, bound })
      sleep ??= wake(INTERVAL, look)
    },
    forget(life) {
      waiting.delete(life)
      if (waiting.size > 0) return
      sleep?.()
      sleep = undefined
    },
  }
}
