import { uuidOf } from './app.ts'
import type { Dyno, FormationDyno } from './dyno.ts'
import { changed } from './ending.ts'
import { beginFormationDyno, stepFormationDyno, stopFormationDyno } from './formation-dyno.ts'
import { type Formed, joined, type Manifold, replaced, type Step } from './manifold.ts'
import { compareNames, dynoName } from './name.ts'
import { formationLaunch } from './release.ts'
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
  const surplus = formationDynos(manifold)
    .filter((dyno) => !isWanted(formed, dyno))
    .sort(byName)
    .reverse()
  return each(manifold, surplus, (before, dyno) => {
    const { patience } = formed.release
    const [becomes, effects] = stopFormationDyno(
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
  const old = formationDynos(manifold).filter(({ version, renews }) => renews || version !== release.version)
  return each(manifold, old, (before, dyno) => {
    if (rolls(before, dyno) && !isItsTurn(before, dyno)) return [before, []]
    const order = { order: 'restart', names: [dyno.name] } as const
    const [becomes, effects] = stepFormationDyno(dyno, order, now, release.patience)
    return [replaced(before, dyno, becomes, now), effects]
  })
}

// A dyno that crashed and has waited long enough begins a new life.
function restarted(manifold: Manifold, formed: Formed, now: number): Step {
  const ready = formationDynos(manifold).filter(({ state }) => state.is === 'crashed' && state.due <= now)
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
  { type, number, crashes, now }: Pick<FormationDyno, 'type' | 'number' | 'crashes'> & { now: number },
): Step {
  const { nextLife: life, seed } = manifold
  const dyno: FormationDyno = {
    ...{ kind: 'formation', name: dynoName(type, number), type, number, crashes, life },
    ...{ createdAt: now, since: now, startedAt: now, version: release.version, renews: false },
    ...formationLaunch(release, { type, number }),
    id: uuidOf(`${seed}/${life}`),
    command: release.stack.processTypes.get(type)!,
    size: wanted.get(type)!.size,
    state: { is: 'starting' },
  }
  return [{ ...manifold, dynos: [...manifold.dynos, dyno], nextLife: life + 1 }, beginFormationDyno(dyno)]
}

function dissolved(manifold: Manifold): Step {
  if (manifold.formed === null || formationDynos(manifold).length > 0) return [manifold, []]
  return [{ ...manifold, formed: null }, [{ effect: 'dissolve', status: manifold.formed.status }]]
}

function isWanted({ held, wanted }: Formed, { type, number }: FormationDyno): boolean {
  return held && number <= (wanted.get(type)?.quantity ?? 0)
}

function formationDynos(manifold: Manifold): FormationDyno[] {
  return manifold.dynos.filter((dyno: Dyno): dyno is FormationDyno => dyno.kind === 'formation')
}

function each(
  manifold: Manifold,
  dynos: readonly FormationDyno[],
  act: (manifold: Manifold, dyno: FormationDyno) => Step,
): Step {
  return dynos.reduce<Step>((step, dyno) => joined(step, (before) => act(before, dyno)), [manifold, []])
}

function byName(a: FormationDyno, b: FormationDyno): number {
  return compareNames(a.name, b.name)
}
