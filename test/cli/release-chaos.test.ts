import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ReleaseJson } from '../../src/core/api/release-api.ts'
import { manifoldOf } from '../formation.ts'
import {
  dyno,
  ended,
  kill,
  nobodySleeps,
  openSandbox,
  quiet,
  sleepers,
  startDyno,
  until,
} from '../harness.ts'
import { CHAOS_SEED, chaosRounds, seeded } from '../random.ts'

/** How many releases lose their manifold, or their client. */
const ROUNDS = chaosRounds(2)

/** The longest a release is left alone, in milliseconds: longer than one takes. */
const LONGEST = 450

test(`${ROUNDS} releases that lose somebody to SIGKILL are whole or not there (seed ${CHAOS_SEED})`, async (t) => {
  const random = seeded(CHAOS_SEED)
  const odd = 3_000_000 + (CHAOS_SEED % 1_000_000)
  const sandbox = openSandbox({ Procfile: `worker: sleep ${odd}\nrelease: sleep 0.1\n` })
  t.after(sandbox.close)
  const said = async (...words: string[]) => (await dyno(sandbox, words)).stdout
  await said('config:set', 'N=0')
  for (let n = 1; n <= ROUNDS; n++) {
    const when = `round ${n} of seed ${CHAOS_SEED}`
    await said('start', '--detach')
    const release = startDyno(sandbox, ['config:set', `N=${n}`])
    const over = ended(release)
    await sleep(random() * LONGEST)
    const losesManifold = random() < 0.8
    if (losesManifold) kill(manifoldOf(sandbox), 'SIGKILL')
    else release.kill('SIGKILL')
    await over
    const list = JSON.parse(await said('releases', '--json', '-n', '999')) as ReleaseJson[]
    const current = list.find((each) => each.current)!
    assert.equal(
      current,
      list.find(({ status }) => status === 'succeeded'),
      when,
    )
    assert.deepEqual(
      list.map(({ version }) => version),
      list.map((_, i) => list.length - i),
      when,
    )
    // A release whose client alone was killed goes on, and may be there a moment later.
    const before = await said('config:get', 'N')
    assert.ok([`${n - 1}\n`, `${n}\n`].includes(before), `${when}: N is ${before}`)
    if (!losesManifold) {
      await said('down')
      await quiet(sandbox.folder, { hurry: true })
    }
    const value = await said('config:get', 'N')
    assert.ok([`${n - 1}\n`, `${n}\n`].includes(value), `${when}: N is ${value} in the end`)
    assert.equal(await said('run', 'echo $N'), value, when)
    assert.match(await said('config:set', `N=${n}`, `ROUND=${n}`), /done, v\d+\n$/, when)
    assert.equal(await said('config:get', 'N'), `${n}\n`, when)
  }
  await said('down')
  await quiet(sandbox.folder, { hurry: true })
  await nobodySleeps(odd)
})

test('a release whose manifold is killed during its command failed, whoever is asked', async (t) => {
  const sandbox = openSandbox({ Procfile: 'worker: sleep 98882\nrelease: sleep 98883\n' })
  t.after(sandbox.close)
  const told = async () => (await dyno(sandbox, ['releases'])).stdout
  await dyno(sandbox, ['config:set', 'N=0'])
  const release = startDyno(sandbox, ['release'])
  const over = ended(release)
  await until(
    () => sleepers(98883).length > 0,
    () => 'the release command never ran',
  )
  assert.match(await told(), /release command executing/)
  kill(manifoldOf(sandbox), 'SIGKILL')
  await over
  assert.match(await told(), /release command failed/)
  const records = () =>
    readdirSync(`${sandbox.folder}/state/dyno`, { recursive: true, encoding: 'utf8' })
      .filter((name) => /releases\/v\d+\.json$/.test(name))
      .map((name) => readFileSync(`${sandbox.folder}/state/dyno/${name}`, 'utf8'))
  assert.ok(records().some((text) => text.includes('"pending"')))
  await dyno(sandbox, ['run', 'true'])
  assert.match(await told(), /release command failed/)
  assert.ok(!records().some((text) => text.includes('"pending"')))
  await nobodySleeps(98883)
})
