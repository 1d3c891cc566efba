/** Where events are posted, and handled one after the other: what is posted meanwhile waits for its turn. */
export type Mailbox<Event> = (event: Event) => void

/** `rest` is called whenever nothing waits any more. An error of `handle` is thrown, and ends the program. */
export function openMailbox<Event>(handle: (event: Event) => void, rest: () => void): Mailbox<Event> {
  const waiting: Event[] = []
  let busy = false
  return (event) => {
    waiting.push(event)
    if (busy) return
    busy = true
    try {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) handle(next)
    } catch (error) {
      // An event that is handled by half leaves nothing to go on from, and whoever posted it may be content with less.
      queueMicrotask(() => {
        throw error
      })
      throw error
    }
    busy = false
    rest()
  }
}
