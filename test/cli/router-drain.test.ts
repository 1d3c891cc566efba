import assert from 'node:assert/strict'
import { describe } from 'node:test'
import { startFormation, testApp } from '../formation.ts'
import { dyno } from '../harness.ts'
import { http, rawGet } from './http.ts'
import { portOf, started, WEB } from './router-app.ts'

describe('the router and dynos that come and go', { concurrency: 3 }, () => {
  testApp(
    'a request waits for a dyno that boots, and then has its answer',
    { web: 'bin/serve 1.5' },
    async (sandbox) => {
      const start = startFormation(sandbox, ['--no-tty'])
      await start.says('heroku[router]: Listening on')
      assert.equal((await http(portOf(sandbox), '/early')).body, 'web.1 GET /early\n')
      await start.says(/at=info .*path="\/early" .*dyno=web\.1 .*status=200/)
      start.child.kill('SIGINT')
      await start.ended
    },
  )

  testApp(
    'a dyno that is to go gets no new request, and SIGTERM when those it has are done',
    WEB,
    async (sandbox) => {
      const start = await started(sandbox, ['web=2'], 2)
      const port = portOf(sandbox)
      const slow = Array.from({ length: 12 }, () => http(port, '/slow'))
      await start.says('heroku[web.2]: State changed from starting to up\n')
      await new Promise((resolve) => setTimeout(resolve, 100))
      await dyno(sandbox, ['ps:scale', 'web=1'])
      for (const { status, body } of await Promise.all(slow)) assert.equal(`${status} ${body}`, '200 slow\n')
      for (let n = 0; n < 20; n++) assert.equal((await http(port, '/')).body, 'web.1 GET /\n')
      await start.says('heroku[web.2]: Process exited with status 0\n')
      const lines = start.lines()
      const answered = lines.findLastIndex(
        (line) => line.includes('path="/slow"') && line.includes('dyno=web.2'),
      )
      assert.ok(answered < lines.indexOf('heroku[web.2]: Stopping all processes with SIGTERM'))
      start.child.kill('SIGINT')
      await start.ended
    },
  )

  testApp(
    'an open event stream and a WebSocket keep no dyno from restarting',
    { web: 'bin/serve' },
    async (sandbox) => {
      const start = await started(sandbox, ['--grace', '1'])
      const port = portOf(sandbox)
      const events = rawGet(port, '/events')
      await events.reads(/data: 2\n/)
      const socket = rawGet(port, '/ws', ['Connection: Upgrade', 'Upgrade: websocket'])
      await socket.reads(/\r\n\r\n$/)
      socket.write('hello')
      await socket.reads(/echo hello$/)
      await dyno(sandbox, ['ps:restart', 'web.1'])
      await Promise.all([events.ended, socket.ended])
      await start.says('heroku[web.1]: State changed from starting to up\n', 2)
      assert.match((await http(port, '/again')).body, /^web\.1 /)
      start.child.kill('SIGINT')
      await start.ended
    },
  )

  testApp(
    'a client that leaves a stream is a closed connection for the dyno',
    { web: 'bin/serve' },
    async (sandbox) => {
      const start = await started(sandbox, [])
      const events = rawGet(portOf(sandbox), '/events')
      await events.reads(/data: 1\n/)
      events.socket.destroy()
      await start.says('app[web.1]: events: client gone\n')
      await start.says(/sock=client at=warning code=H27 .*path="\/events" .*dyno=web\.1 .*status=499/)
      start.child.kill('SIGINT')
      await start.ended
    },
  )
})
