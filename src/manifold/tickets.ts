import type { Attach } from '../core/api/exchange.ts'
import { Problem } from '../core/problem.ts'
import type { TerminalSize } from '../core/terminal-size.ts'
import type { Wire } from '../core/wire/wire.ts'
import type { Edges } from './edges.ts'

/** How long a ticket nobody comes with is good, in milliseconds. */
const VALIDITY = 30_000

/** Takes a client's connection; throws a Problem when there is nothing to join any more. */
export type Admission = (wire: () => Wire, terminal?: TerminalSize | null) => void

/** Where clients whose request was answered come back to, each once, with a connection that carries frames. */
export type Tickets = {
  /** The path to come to; `unused` is called when nobody has come in time. */
  issue(admission: Admission, unused?: () => void): string
  readonly admit: Attach
}

export function openTickets({ id, wake }: Pick<Edges, 'id' | 'wake'>): Tickets {
  const valid = new Map<string, { readonly admission: Admission; readonly keep: () => void }>()
  return {
    issue(admission, unused = () => {}) {
      const path = `/attach/${id()}`
      const keep = wake(VALIDITY, () => {
        valid.delete(path)
        unused()
      })
      valid.set(path, { admission, keep })
      return path
    },
    admit(path, wire, terminal) {
      const ticket = valid.get(path)
      valid.delete(path)
      if (!ticket) throw new Problem('not-found', 'No dyno is waiting for you there.')
      ticket.keep()
      ticket.admission(wire, terminal)
    },
  }
}
