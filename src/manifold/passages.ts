import type { Found, Passage, Target } from '../core/router/passage.ts'
import type { Seeker, Verdict } from '../core/router/router.ts'

/** What requests on their way share. */
export type Passages = {
  begin(): Passage
  /** Requests that have no answer yet. */
  waiting(): number
  /** Those without a dyno look again. */
  look(): void
}

/** What a request needs of the router. */
export type RouterView = {
  choose(seeker: Omit<Seeker, 'now' | 'chance'>): Verdict
  /** Calls back when nobody waits any longer for a dyno; the answer takes it back. */
  patience(call: () => void): () => void
  /** One request more or less runs on this life. */
  count(life: number, by: 1 | -1): void
  /** This life does not take connections. */
  quarantine(life: number): void
}

export function openPassages(router: RouterView): Passages {
  const seeking = new Set<() => void>()
  let waiting = 0

  const begin = (): Passage => {
    const tried = new Set<number>()
    let [isWaiting, isOver] = [true, false]
    let target: Target | undefined
    let counted: number | undefined
    let giveUp = () => {}
    waiting++

    const answered = (): void => {
      if (isWaiting) waiting--
      isWaiting = false
    }
    const uncount = (): void => {
      if (counted !== undefined) router.count(counted, -1)
      counted = undefined
    }
    const take = (found: Target): Target => {
      target = found
      counted = found.life
      router.count(found.life, 1)
      return found
    }

    const find = (isNew: boolean): Found | { readonly wait: 'H20' | 'H99' } => {
      const verdict = router.choose({ tried, isNew })
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

    const wait = (first: 'H20' | 'H99', told: (found: Found) => void): void => {
      let code = first
      const settle = (found: Found): void => {
        giveUp()
        told(found)
      }
      const look = (): void => {
        const found = find(false)
        if (found !== 'tried' && 'wait' in found) code = found.wait
        else settle(found)
      }
      const silence = router.patience(() => settle({ code }))
      seeking.add(look)
      giveUp = () => {
        seeking.delete(look)
        silence()
      }
    }

    return {
      seek(told) {
        const found = find(tried.size === 0)
        if (found !== 'tried' && 'wait' in found) wait(found.wait, told)
        else told(found)
      },
      refused() {
        tried.add(target!.life)
        uncount()
        router.quarantine(target!.life)
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
