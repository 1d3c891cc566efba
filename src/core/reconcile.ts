import { uuidOf } from './app.ts'
import type { Dyno, Regular } from './dyno.ts'
import { changed } from './ending.ts'
import { type Formed, joined, type Manifold, replaced, type Step } from './manifold.ts'
import { compareNames, dynoName } from './name.ts'
import { beginRegular, stepRegular, stopRegular } from './regular.ts'
import { regularLaunch } from './release.ts'
import { isItsTurn, rolls } from './router/rolling.ts'

/** Drives the dynos there are toward those that are wanted: after every event each moves at most one step. */
export function reconcile(manifold: Manifold, now: number): Step {
  if (manifold.formed === null) return [manifold, []]
  const { formed } = manifold
  const passes = [stopped, outdated, restarted, begun]
  const result = passes.reduce<Step>(
    (step, pass) => joined(step, (before) => pass(before, formed, now)),
    [manifold, []],
  )
  return formed.held ? result : joined(result, dissolved)
}

// The highest numbers go first.
function stopped(manifold: Manifold, formed: Formed, now: number): Step {
  const surplus = regulars(manifold)
    .filter((dyno) => !isWanted(formed, dyno))
    .sort(byName)
    .reverse()
  return each(manifold, surplus, (before, dyno) => {
    const { patience } = formed.release
    const [becomes, effects] = stopRegular(
      dyno,
      'gone',
      now,
      formed.held ? patience : { ...patience, drain: null },
    )
    return [replaced(before, dyno, becomes, now), effects]
  })
}

// A new release makes every life on an older one unwanted; those that requests are sent to go one after the other.
function outdated(manifold: Manifold, { release }: Formed, now: number): Step {
  const old = regulars(manifold).filter(({ version, renews }) => renews || version !== release.version)
  return each(manifold, old, (before, dyno) => {
    if (rolls(before, dyno) && !isItsTurn(before, dyno)) return [before, []]
    const order = { order: 'restart', names: [dyno.name] } as const
    const [becomes, effects] = stepRegular(dyno, order, now, release.patience)
    return [replaced(before, dyno, becomes, now), effects]
  })
}

// A dyno that crashed and has waited long enough begins a new life.
function restarted(manifold: Manifold, formed: Formed, now: number): Step {
  const ready = regulars(manifold).filter(({ state }) => state.is === 'crashed' && state.due <= now)
  return each(manifold, ready, (before, dyno) => {
    const without = replaced(before, dyno, 'over', now)
    const line = changed(dyno, 'crashed', 'starting')
    return joined([without, [line]], (empty) => beginning(empty, formed, { ...dyno, now }))
  })
}

function begun(manifold: Manifold, formed: Formed, now: number): Step {
  if (!formed.held) return [manifold, []]
  const there = new Set(manifold.dynos.map(({ name }) => name))
  const missing = [...formed.wanted].flatMap(([type, { quantity }]) => {
    const numbers = Array.from({ length: quantity }, (_, i) => i + 1)
    return numbers.filter((number) => !there.has(dynoName(type, number))).map((number) => ({ type, number }))
  })
  return missing.reduce<Step>(
    (step, name) => joined(step, (before) => beginning(before, formed, { ...name, crashes: 0, now })),
    [manifold, []],
  )
}

function beginning(
  manifold: Manifold,
  { release, wanted }: Formed,
  { type, number, crashes, now }: Pick<Regular, 'type' | 'number' | 'crashes'> & { now: number },
): Step {
  const { nextLife: life, seed } = manifold
  const dyno: Regular = {
    ...{ kind: 'regular', name: dynoName(type, number), type, number, crashes, life },
    ...{ createdAt: now, since: now, startedAt: now, version: release.version, renews: false },
    ...regularLaunch(release, { type, number }),
    id: uuidOf(`${seed}/${life}`),
    command: release.stack.processTypes.get(type)!,
    size: wanted.get(type)!.size,
    state: { is: 'starting' },
  }
  return [{ ...manifold, dynos: [...manifold.dynos, dyno], nextLife: life + 1 }, beginRegular(dyno)]
}

function dissolved(manifold: Manifold): Step {
  if (manifold.formed === null || regulars(manifold).length > 0) return [manifold, []]
  return [{ ...manifold, formed: null }, [{ effect: 'dissolve', status: manifold.formed.status }]]
}

function isWanted({ held, wanted }: Formed, { type, number }: Regular): boolean {
  return held && number <= (wanted.get(type)?.quantity ?? 0)
}

function regulars(manifold: Manifold): Regular[] {
  return manifold.dynos.filter((dyno: Dyno): dyno is Regular => dyno.kind === 'regular')
}

function each(
  manifold: Manifold,
  dynos: readonly Regular[],
  act: (manifold: Manifold, dyno: Regular) => Step,
): Step {
  return dynos.reduce<Step>((step, dyno) => joined(step, (before) => act(before, dyno)), [manifold, []])
}

function byName(a: Regular, b: Regular): number {
  return compareNames(a.name, b.name)
}
