import assert from 'node:assert/strict'
import { describe } from 'node:test'
import { startFormation, testApp } from '../formation.ts'
import { dyno, sitDown, sleepers, until } from '../harness.ts'

/** A dyno that sleeps as soon as somebody writes the file it waits for. */
const types = (seconds: string) => ({
  worker: `echo made > made; echo ready; until [ -e wanted ]; do sleep 0.05; done; exec sleep ${seconds}`,
})

async function sleeps(seconds: string, count: number): Promise<void> {
  await until(
    () => sleepers(seconds).length === count,
    () => `not ${count} times sleep ${seconds}`,
  )
}

describe('ps:exec', { concurrency: 2 }, () => {
  for (const { walls, ordinary, own, left } of [
    { walls: 'full', ordinary: false, own: '98891', left: '98892' },
    { walls: 'full', ordinary: true, own: '98893', left: '98895' },
    { walls: 'folder', ordinary: true, own: '98896', left: '98897' },
  ]) {
    const who = ordinary ? ', for an ordinary user' : ''
    testApp(
      `enters a dyno that has only just begun, and its files are that dyno's, with ${walls} walls${who}`,
      types(own),
      async (sandbox) => {
        const inside = (name: string, line: string) => dyno(sandbox, ['ps:exec', name, line])
        const started = await dyno(sandbox, ['start', '--detach', `--walls=${walls}`, 'worker=2'])
        assert.equal(started.status, 0, started.stderr)
        const first = await inside('worker.2', 'echo "$DYNO $PORT"; echo > wanted; exit 3')
        const port = Number(sandbox.env['PORT']) + 1
        assert.deepEqual([first.stdout, first.status], [`worker.2 ${port}\n`, 3], first.stderr)
        await sleeps(own, 1)
        assert.equal((await inside('worker.1', 'test ! -e wanted')).status, 0)
        await dyno(sandbox, ['ps:restart', 'worker.2'])
        const second = await inside('worker.2', `test ! -e wanted; echo $?; sleep ${left} &`)
        assert.deepEqual([second.stdout, second.status], ['0\n', 0], second.stderr)
        assert.equal(sleepers(left).length, 1) // it is the dyno's from now on, and ends with it
        assert.equal((await dyno(sandbox, ['down'])).status, 0)
        assert.deepEqual([...sleepers(own), ...sleepers(left)], [])
      },
      { ordinary },
    )
  }

  testApp(
    'on a terminal has its size and Ctrl-C, and a closed window ends the command and not the dyno',
    types('98898'),
    async (sandbox) => {
      const start = startFormation(sandbox, [])
      await start.says('ready\n')
      const person = sitDown(sandbox, ['ps:exec', 'worker.1', 'bash'], { columns: 93, rows: 21 })
      await person.sees('~ $ ')
      person.type('stty size; sleep 98899\r')
      await person.sees('21 93\n')
      await sleeps('98899', 1)
      person.type('\x03')
      await sleeps('98899', 0)
      person.type('sleep 98900\r')
      await sleeps('98900', 1)
      person.hangUp()
      await sleeps('98900', 0)
      const { stdout } = await dyno(sandbox, ['exec', 'worker.1', 'cat', 'made'])
      assert.equal(stdout, 'made\n')
      start.child.kill('SIGINT')
      assert.deepEqual(await start.ended, [130, null])
      assert.deepEqual(
        start.lines().filter((line) => line.includes('crashed')),
        [],
      )
    },
  )
})
