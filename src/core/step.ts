import type { Dyno, FormationDyno, OneOff } from './dyno.ts'
import { api, type Effect } from './effect.ts'
import type { Event, Fact, Order } from './event.ts'
import { exitStatus } from './exit.ts'
import type { Formation } from './formation.ts'
import { stepFormationDyno } from './formation-dyno.ts'
import { type Formed, joined, type Manifold, replaced, type Step } from './manifold.ts'
import { dynoName, ONE_OFF } from './name.ts'
import { beginOneOff, onTerminal, stepOneOff } from './one-off.ts'
import { reconcile } from './reconcile.ts'
import { formationLaunch, formationText, type Release } from './release.ts'
import { rolls } from './router/rolling.ts'

/** What one event makes of the manifold, and what must be done about it. `now` is in milliseconds since 1970. */
export function step(manifold: Manifold, event: Event, now: number): Step {
  const [heard, effects] = 'fact' in event ? told(manifold, event, now) : ordered(manifold, event, now)
  if (heard.formed === null) return [heard, effects]
  const [after, more] = reconcile(heard, now)
  return [after, [...effects, ...more]]
}

function told(manifold: Manifold, event: Fact, now: number): Step {
  const found = manifold.dynos.find(({ life }) => life === event.life)
  if (!found) return [manifold, []]
  const dyno = event.fact === 'attached' ? onTerminal(found, event.terminal) : found
  const result = moved(manifold, dyno, event, now)
  if (event.fact !== 'exited' || dyno.kind !== 'formation') return result
  const [after, effects] = result
  const crashed = after.dynos.some(({ life, state }) => life === dyno.life && state.is === 'crashed')
  return [crashed && after.formed ? crashedIn(after, after.formed, exitStatus(event.exit)) : after, effects]
}

function ordered(manifold: Manifold, order: Order, now: number): Step {
  switch (order.order) {
    case 'run':
      return begun(manifold, order, now)
    case 'release':
      return released(manifold, order)
    case 'scale': {
      const { formed } = manifold
      if (!formed) return [manifold, []]
      return [{ ...manifold, formed: { ...formed, wanted: order.formation } }, [scaled(order)]]
    }
    case 'let go':
      return [letGo(manifold), []]
    case 'kill':
      return movedAll(letGo(manifold), ({ kind }) => kind === 'formation' || !!order.oneOffs, order, now)
    case 'restart':
      return restarted(manifold, order, now)
    case 'stop':
      return movedAll(manifold, ({ name }) => name === order.name, order, now)
    case 'close':
      return movedAll(letGo(manifold), ({ kind }) => kind === 'one-off', order, now)
    default:
      return order satisfies never
  }
}

function movedAll(manifold: Manifold, isMeant: (dyno: Dyno) => boolean, order: Order, now: number): Step {
  return manifold.dynos
    .filter(isMeant)
    .reduce<Step>(
      (result, dyno) => joined(result, (before) => moved(before, dyno, order, now)),
      [manifold, []],
    )
}

// What is rolled has its turn when the formation is looked at, right after this.
function restarted(manifold: Manifold, order: Order & { order: 'restart' }, now: number): Step {
  const isMeant = (dyno: Dyno) => order.names.includes(dyno.name)
  const dynos = manifold.dynos.map((dyno) => {
    return isMeant(dyno) && rolls(manifold, dyno) ? { ...dyno, renews: true } : dyno
  })
  return movedAll({ ...manifold, dynos }, (dyno) => isMeant(dyno) && !rolls(manifold, dyno), order, now)
}

function begun(manifold: Manifold, order: Order & { order: 'run' }, now: number): Step {
  const { nextOneOff, nextLife: life, patience } = manifold
  const { type, number } = order.named ?? { type: ONE_OFF, number: nextOneOff }
  const next = order.named ? nextOneOff : nextOneOff + 1
  const name = dynoName(type, number)
  const { id, command, size, attached, version } = order
  const dyno: OneOff = {
    ...{ kind: 'one-off', id, name, command, size, attached, version, createdAt: now, since: now, life },
    launch: order.launch(name, number),
    state: attached ? { is: 'awaiting', due: now + patience.attach } : { is: 'starting' },
  }
  const effects: Effect[] = [...(order.named ? [] : asked(order, next)), ...beginOneOff(dyno)]
  const dynos = [...manifold.dynos, dyno]
  return [{ ...manifold, dynos, nextOneOff: next, nextLife: life + 1 }, effects]
}

// What somebody asked for by name is told; what a release brings with it was told with the release.
function asked({ command, user }: Order & { order: 'run' }, nextOneOff: number): Effect[] {
  return [
    { effect: 'remember', nextOneOff },
    api(`Starting process with command \`${command}\` by user ${user}`),
  ]
}

function released(manifold: Manifold, order: Order & { order: 'release' }): Step {
  const { release, formation, sameFiles } = order
  if (manifold.formed) {
    const { release: before } = manifold.formed
    const dynos = manifold.dynos.map((dyno) => {
      return sameFiles && goesOn(dyno, before, release) ? { ...dyno, version: release.version } : dyno
    })
    return [{ ...manifold, dynos, formed: { ...manifold.formed, release, wanted: formation } }, []]
  }
  const formed: Formed = { release, wanted: formation, held: true, status: null }
  return [{ ...manifold, formed }, [scaled(order)]]
}

// Whether a new life on the new release would be the same as the one there is.
function goesOn(dyno: Dyno, before: Release, after: Release): dyno is FormationDyno {
  if (dyno.kind !== 'formation' || dyno.version !== before.version) return false
  const line = after.stack.processTypes.get(dyno.type)
  if (line === undefined || line !== before.stack.processTypes.get(dyno.type)) return false
  const { port, launch } = formationLaunch(after, dyno)
  return port === dyno.port && JSON.stringify(launch.environment) === JSON.stringify(dyno.launch.environment)
}

function letGo(manifold: Manifold): Manifold {
  return manifold.formed ? { ...manifold, formed: { ...manifold.formed, held: false } } : manifold
}

// The first dyno that failed gives the formation its status; with exitOnCrash the first that ended, well or badly.
function crashedIn(manifold: Manifold, formed: Formed, status: number): Manifold {
  const ends = formed.release.exitOnCrash && formed.held
  const first = formed.status ?? (status !== 0 || ends ? status : null)
  return { ...manifold, formed: { ...formed, status: first, held: formed.held && !ends } }
}

function moved(manifold: Manifold, dyno: Dyno, event: Event, now: number): Step {
  const { formed, patience } = manifold
  if (dyno.kind === 'formation') {
    const [becomes, effects] = stepFormationDyno(dyno, event, now, formed?.release.patience ?? patience)
    return [replaced(manifold, dyno, becomes, now), effects]
  }
  const [state, effects] = stepOneOff(dyno, event, now, patience)
  if (state === dyno.state) return [manifold, effects]
  return [replaced(manifold, dyno, state === 'over' ? 'over' : { ...dyno, state }, now), effects]
}

function scaled({ formation, user }: { formation: Formation; user: string }): Effect {
  return api(`Scaled to ${formationText(formation)} by user ${user}`)
}
