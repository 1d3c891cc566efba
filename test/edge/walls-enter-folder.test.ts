import assert from 'node:assert/strict'
import { after, suite, test } from 'node:test'
import { until } from '../harness.ts'
import { openPlace, traces, USERS } from './walled.ts'

const SIGTERM = 15
const KINDS = [
  [null, 'on pipes'],
  [{ columns: 80, rows: 24 }, 'on a terminal'],
] as const

for (const user of USERS) {
  suite(`a command that enters a dyno within folder walls built by ${user}`, () => {
    const place = openPlace(user, 'folder')
    after(() => place.close())

    for (const [terminal, where] of KINDS) {
      test(`works in the dyno's folder, which is its home: ${where}`, async () => {
        const dyno = place.start('echo one >file; echo ready; read x; cat file')
        await dyno.says(/ready/)
        const { stdout, status } = await dyno.enter('pwd; cd; cat file; echo two >file; exit 7', { terminal })
          .outcome
        assert.deepEqual(
          [stdout.replaceAll('\r', '').trimEnd().split('\n'), status],
          [[`${place.runtime}/m/run.${terminal ? 3 : 1}/app`, 'one'], 7],
        )
        dyno.end()
        assert.equal((await dyno.outcome).stdout, 'ready\ntwo\n')
      })
    }

    test('leaves the dyno alone when it ends or is killed, and ends with it', async () => {
      const dyno = place.start("trap 'echo heard' TERM; echo ready; read x; echo over")
      await dyno.says(/ready/)
      assert.equal((await dyno.enter('true').outcome).status, 0)
      const killed = dyno.enter('echo up; sleep 1000; true')
      await killed.says(/up/)
      killed.signal(SIGTERM)
      assert.equal((await killed.outcome).status, 143)
      const length = 950_001 + (process.pid % 10_000)
      const guest = dyno.enter(`trap '' TERM; setsid sleep ${length} & echo up; sleep ${length}; true`)
      await guest.says(/up/)
      dyno.end()
      assert.equal((await dyno.outcome).stdout, 'ready\nover\n')
      assert.equal((await guest.outcome).status, 137)
      await until(
        () => traces(`sleep\0${length}\0`).length === 0,
        () => 'a sleeper was left behind',
      )
    })
  })
}
