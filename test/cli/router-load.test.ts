import assert from 'node:assert/strict'
import { Agent, request as send } from 'node:http'
import { describe } from 'node:test'
import { startFormation, testApp } from '../formation.ts'
import { dyno } from '../harness.ts'

/** Requests without a pause on kept connections, until they are stopped; answers with what each got. */
function load(port: number, clients: number): { stop(): Promise<Map<string, number>> } {
  const agent = new Agent({ keepAlive: true, maxSockets: clients })
  const got = new Map<string, number>()
  let isOver = false
  const one = (): Promise<string> => {
    return new Promise((resolve) => {
      const request = send({ host: '127.0.0.1', port, path: '/', agent }, (response) => {
        let text = ''
        response.on('data', (chunk) => (text += chunk))
        response.once('end', () => resolve(`${response.statusCode} ${text.split(/[ \n]/)[0]}`))
        response.once('error', (error) => resolve(String(error)))
      })
      request.once('error', (error) => resolve(String(error)))
      request.end()
    })
  }
  const client = async (): Promise<void> => {
    while (!isOver) {
      const what = await one()
      got.set(what, (got.get(what) ?? 0) + 1)
    }
  }
  const clientsDone = Promise.all(Array.from({ length: clients }, client))
  return {
    async stop() {
      isOver = true
      await clientsDone
      agent.destroy()
      return got
    },
  }
}

const onlyGood = (got: Map<string, number>) => [...got.keys()].filter((what) => !/^200 web\.\d$/.test(what))

describe('requests while the formation changes under them', { concurrency: 2 }, () => {
  testApp(
    'a restart of two web dynos loses none, and one is up at every moment',
    { web: 'bin/serve' },
    async (sandbox) => {
      const start = startFormation(sandbox, ['--no-tty', 'web=2'])
      await start.says('State changed from starting to up\n', 2)
      const requests = load(Number(sandbox.env['PORT']), 6)
      await dyno(sandbox, ['ps:restart', 'web'])
      await start.says('State changed from starting to up\n', 4)
      const got = await requests.stop()
      assert.deepEqual(onlyGood(got), [])
      assert.deepEqual([...got.keys()].sort(), ['200 web.1', '200 web.2'])
      const states = start.lines('web').filter((line) => line.includes('State changed'))
      assert.deepEqual(states.slice(2), [
        'heroku[web.1]: State changed from up to starting',
        'heroku[web.1]: State changed from starting to up',
        'heroku[web.2]: State changed from up to starting',
        'heroku[web.2]: State changed from starting to up',
      ])
      start.child.kill('SIGINT')
      await start.ended
    },
  )

  testApp('scaling from one to four and back loses none', { web: 'bin/serve' }, async (sandbox) => {
    const start = startFormation(sandbox, ['--no-tty'])
    await start.says('State changed from starting to up\n')
    const requests = load(Number(sandbox.env['PORT']), 6)
    await dyno(sandbox, ['ps:scale', 'web=4'])
    await start.says('State changed from starting to up\n', 4)
    await dyno(sandbox, ['ps:scale', 'web=1'])
    await start.says('Process exited with status 0\n', 3)
    const got = await requests.stop()
    assert.deepEqual(onlyGood(got), [])
    assert.ok(got.size > 1, 'only one dyno was ever asked')
    start.child.kill('SIGINT')
    await start.ended
  })

  testApp(
    'a restart of the only web dyno makes requests wait, and loses none',
    { web: 'bin/serve' },
    async (sandbox) => {
      const start = startFormation(sandbox, ['--no-tty'])
      await start.says('State changed from starting to up\n')
      const requests = load(Number(sandbox.env['PORT']), 6)
      await dyno(sandbox, ['ps:restart', 'web.1'])
      await start.says('State changed from starting to up\n', 2)
      assert.deepEqual(onlyGood(await requests.stop()), [])
      start.child.kill('SIGINT')
      await start.ended
    },
  )
})
