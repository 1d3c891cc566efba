import assert from 'node:assert/strict'
import test from 'node:test'
import type { Effect } from '../../src/core/effect.ts'
import type { Event } from '../../src/core/event.ts'
import type { Manifold } from '../../src/core/manifold.ts'
import { step } from '../../src/core/step.ts'
import { seeded } from '../random.ts'
import {
  attached,
  close,
  due,
  EMPTY,
  exited,
  failed,
  hungUp,
  kill,
  killAll,
  killedBy,
  letGo,
  listening,
  measured,
  restart,
  run,
  scale,
  spawned,
  start,
  stop,
} from './history.ts'

const HISTORIES = 400
const LENGTH = 120

/** All that happened in one history, with the rules that hold after every event. */
type World = {
  manifold: Manifold
  now: number
  readonly names: Set<string>
  /** Every effect of a life, oldest first. */
  readonly effects: Map<number, Effect[]>
}

test('whatever happens, every dyno has a name of its own, and every effect is for a life that is not over', () => {
  for (let seed = 1; seed <= HISTORIES; seed++) {
    const chance = seeded(seed)
    const world: World = { manifold: EMPTY, now: 0, names: new Set(), effects: new Map() }
    for (let i = 0; i < LENGTH; i++) {
      world.now += Math.floor(chance() * 8000)
      checked(world, anyEvent(chance, world.manifold.nextLife), `seed ${seed}, event ${i}`)
    }
  }
})

test('whatever happened, closing ends every dyno by its exit, or by SIGKILL 30 seconds later', () => {
  for (let seed = 1; seed <= HISTORIES; seed++) {
    const chance = seeded(seed)
    const world: World = { manifold: EMPTY, now: 0, names: new Set(), effects: new Map() }
    for (let i = 0; i < LENGTH / 4; i++)
      checked(world, anyEvent(chance, world.manifold.nextLife), `seed ${seed}`)
    checked(world, close, `seed ${seed}, close`)
    for (const until = world.now + 30_000; world.now < until; ) {
      world.now = Math.min(
        until,
        ...world.manifold.dynos.flatMap(({ state }) => ('due' in state ? (state.due ?? []) : [])),
      )
      for (const { life } of world.manifold.dynos) checked(world, due(life), `seed ${seed}, due`)
    }
    for (const { life, state } of world.manifold.dynos) {
      assert.ok(state.is === 'killed' || state.is === 'failing', state.is)
      checked(world, killedBy(9, life), `seed ${seed}, killed`)
    }
    assert.deepEqual([world.manifold.dynos, world.manifold.formed], [[], null])
    for (const effects of world.effects.values()) assert.equal(count(effects, 'finish'), 1)
  }
})

function anyEvent(chance: () => number, lives: number): Event {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(chance() * list.length)]!
  const life = 1 + Math.floor(chance() * lives)
  const name = `run.${life}`
  const facts = [attached, hungUp, spawned, listening, due].map((fact) => fact(life))
  const quantities = { web: Math.floor(chance() * 4), worker: Math.floor(chance() * 3) }
  const formation = [start(quantities), scale(quantities), restart('web.1', 'web.2'), stop('worker.1')]
  const orders = [run(), run({ attached: false }), run({ terminal: true }), stop(name)]
  const ends = [exited(3, life), killedBy(15, life), failed('No.', life)]
  return pick([
    ...facts,
    ...facts,
    ...facts,
    ...orders,
    ...orders,
    ...ends,
    ...formation,
    measured(chance() * 1200, life),
    ...(chance() < 0.02 ? [close, letGo, kill, killAll] : []),
  ])
}

function checked(world: World, event: Event, where: string): void {
  const before = world.manifold
  const [after, effects] = step(before, event, world.now)
  world.manifold = after
  const alive = new Set([...before.dynos, ...after.dynos].map(({ life }) => life))
  const names = after.dynos.map(({ name }) => name)
  assert.equal(new Set(names).size, names.length, `${where}: two dynos with one name`)
  const fresh = after.dynos.filter((dyno) => !before.dynos.some(({ life }) => life === dyno.life))
  for (const { name } of fresh.filter(({ kind }) => kind === 'one-off')) {
    assert.ok(!world.names.has(name), `${where}: ${name} was given before`)
    world.names.add(name)
  }
  for (const effect of effects) {
    if (!('life' in effect)) continue
    assert.ok(alive.has(effect.life), `${where}: ${effect.effect} for a life that is over`)
    world.effects.set(effect.life, [...(world.effects.get(effect.life) ?? []), effect])
  }
  for (const [life, all] of world.effects) {
    const dyno = after.dynos.find((each) => each.life === life)
    const gone = !dyno || dyno.state.is === 'crashed'
    assert.equal(count(all, 'finish'), gone ? 1 : 0, `${where}: life ${life} ends in exactly one finish`)
    assert.ok(count(all, 'spawn') <= 1, `${where}: life ${life} is spawned once`)
    const signal = all.findIndex(({ effect }) => effect === 'signal')
    const spawn = all.findIndex(({ effect }) => effect === 'spawn')
    assert.ok(signal < 0 || (spawn >= 0 && spawn < signal), `${where}: no signal before a spawn`)
  }
  if ('fact' in event && event.fact === 'exited') {
    const dyno = after.dynos.find(({ life }) => life === event.life)
    assert.ok(!dyno || dyno.state.is === 'crashed', `${where}: who has exited is gone, or has crashed`)
  }
  for (const { life, state } of after.dynos) {
    const wakes = world.effects.get(life) ?? []
    const woken =
      !('due' in state) ||
      state.due === undefined ||
      wakes.some((each) => each.effect === 'wake' && each.at === state.due)
    assert.ok(woken, `${where}: who waits for a time is woken then`)
  }
}

function count(effects: readonly Effect[], kind: Effect['effect']): number {
  return effects.filter(({ effect }) => effect === kind).length
}
