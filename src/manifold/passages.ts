import type { Passage, Seat } from '../core/passage.ts'
import type { Seeker, Verdict } from '../core/router.ts'
import type { Refusal } from '../core/router-codes.ts'

/** What requests on their way share. */
export type Passages = {
  begin(): Passage
  /** Requests that have no answer yet. */
  waiting(): number
  /** Those without a dyno look again. */
  look(): void
}

/** What a request needs of the router. */
export type Hall = {
  choose(seeker: Omit<Seeker, 'now' | 'chance'>): Verdict
  /** Calls back when nobody waits any longer for a dyno; the answer takes it back. */
  patience(call: () => void): () => void
  /** One request more or less runs on this life. */
  count(life: number, by: 1 | -1): void
  /** This life does not take connections. */
  quarantine(life: number): void
}

export function openPassages(hall: Hall): Passages {
  const seeking = new Set<() => void>()
  let waiting = 0

  const begin = (): Passage => {
    const tried = new Set<number>()
    let [isWaiting, isOver] = [true, false]
    let seat: Seat | undefined
    let counted: number | undefined
    let giveUp = () => {}
    waiting++

    const answered = (): void => {
      if (isWaiting) waiting--
      isWaiting = false
    }
    const uncount = (): void => {
      if (counted !== undefined) hall.count(counted, -1)
      counted = undefined
    }
    const take = (found: Seat): Seat => {
      seat = found
      counted = found.life
      hall.count(found.life, 1)
      return found
    }

    const find = (isNew: boolean): Seat | Refusal | 'tried' | { readonly wait: 'H20' | 'H99' } => {
      const verdict = hall.choose({ tried, isNew })
      switch (verdict.is) {
        case 'go':
          return take(verdict.dyno)
        case 'wait':
          return { wait: verdict.code }
        case 'refused':
          return { code: verdict.code }
        case 'tried':
          return 'tried'
        default:
          return verdict satisfies never
      }
    }

    const wait = (first: 'H20' | 'H99'): Promise<Seat | Refusal | undefined> => {
      return new Promise((resolve) => {
        let code = first
        const settle = (found: Seat | Refusal | undefined): void => {
          giveUp()
          resolve(found)
        }
        const look = (): void => {
          const found = find(false)
          if (found === 'tried') settle(undefined)
          else if ('wait' in found) code = found.wait
          else settle(found)
        }
        const silence = hall.patience(() => settle({ code }))
        seeking.add(look)
        giveUp = () => {
          seeking.delete(look)
          silence()
        }
      })
    }

    return {
      async seat() {
        const found = find(tried.size === 0)
        if (found === 'tried') return undefined
        return 'wait' in found ? wait(found.wait) : found
      },
      refused() {
        tried.add(seat!.life)
        uncount()
        hall.quarantine(seat!.life)
      },
      answered,
      lasts: uncount,
      over() {
        if (isOver) return
        isOver = true
        giveUp()
        answered()
        uncount()
      },
    }
  }

  return {
    begin,
    waiting: () => waiting,
    look() {
      for (const look of [...seeking]) look()
    },
  }
}
