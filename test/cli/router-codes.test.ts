import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { describe, test } from 'node:test'
import { dyno } from '../harness.ts'
import { http, rawClient, rawGet } from './http.ts'
import { error, lineOf, NOBODY, said, serving, up, WEB } from './router-lines.ts'

describe('the codes of the router', { concurrency: 3 }, () => {
  test('H12 H13 H15 H17 H18 H25: a dyno that answers late, badly, or not to the end', async () => {
    await serving('bin/serve', [], async (port, start) => {
      await up(start)
      const refused: [path: string, status: number, line: string][] = [
        ['/hang', 503, `${error('H12', 'Request timeout')}|${WEB} status=503 bytes=0`],
        ['/close', 503, `${error('H13', 'Connection closed without response')}|${WEB} status=503 bytes=0`],
        ['/garbage', 503, `${error('H17', 'Poorly formatted HTTP response')}|${WEB} status=503 bytes=0`],
        [
          '/bad-length',
          502,
          `${error('H25', 'HTTP restriction: invalid content length')}|${WEB} status=502 bytes=0`,
        ],
        [
          '/big-cookie',
          502,
          `${error('H25', 'HTTP restriction: oversized cookie')}|${WEB} status=502 bytes=0`,
        ],
        [
          '/big-header',
          502,
          `${error('H25', 'HTTP restriction: oversized header')}|${WEB} status=502 bytes=0`,
        ],
        [
          '/big-status',
          502,
          `${error('H25', 'HTTP restriction: oversized status line')}|${WEB} status=502 bytes=0`,
        ],
      ]
      for (const [path, status, expected] of refused) {
        const got = await http(port, path)
        assert.equal(got.status, status, path)
        const [how, parts] = expected.split('|') as [string, string]
        assert.equal(await lineOf(start, path), said(how, path, parts))
        assert.match(got.body, new RegExp(`^${/H\d\d/.exec(how)![0]} `))
      }
      await assert.rejects(http(port, '/stall'))
      assert.equal(
        await lineOf(start, '/stall'),
        said(error('H15', 'Idle connection'), '/stall', `${WEB} status=503 bytes=5`),
      )
      await assert.rejects(http(port, '/cut'))
      const cut = said(
        `sock=backend ${error('H18', 'Server Request Interrupted')}`,
        '/cut',
        `${WEB} status=200 bytes=9`,
      )
      assert.equal(await lineOf(start, '/cut'), cut)
    })
  })

  test('H26 H27 H28: a client that asks badly, leaves early, or says nothing', async () => {
    await serving('bin/serve', [], async (port, start) => {
      await up(start)
      const expectation = await http(port, '/expects', { headers: { Expect: 'a pony' } })
      assert.equal(expectation.status, 417)
      const cause = 'cause="unsupported expect header value"'
      assert.equal(
        await lineOf(start, '/expects'),
        said(`${error('H26', 'Request Error')} ${cause}`, '/expects', `${NOBODY} status=417 bytes=`),
      )
      const header = rawClient(port, `GET /header HTTP/1.1\r\nHost: localhost:${port}\r\nno colon\r\n\r\n`)
      assert.match(await header.ended, /^HTTP\/1\.1 400 Bad Request\r\n/)
      assert.equal(
        await lineOf(start, '/header'),
        said(`${error('H26', 'Request Error')} cause="bad header"`, '/header', `${NOBODY} status=400 bytes=`),
      )
      const head = `POST /count HTTP/1.1\r\nHost: localhost:${port}\r\nTransfer-Encoding: chunked\r\n\r\n`
      const chunk = rawClient(port, `${head}5\r\nhello\r\n`)
      await start.says('app[web.1]: counting\n')
      chunk.write('not a length\r\n')
      assert.match(await chunk.ended, /^HTTP\/1\.1 400 Bad Request\r\n/)
      assert.equal(
        await lineOf(start, '/count'),
        said(
          `${error('H26', 'Request Error')} cause="bad chunk"`,
          '/count',
          `${WEB} status=400 bytes=0`,
          'POST',
        ),
      )
      const leaving = rawGet(port, '/hang?left', [`X: ${port}`])
      setTimeout(() => leaving.socket.destroy(), 100)
      const gone = await lineOf(start, '/hang?left')
      assert.equal(
        gone.replace('host=localhost ', 'host=HOST '),
        said(
          'sock=client at=warning code=H27 desc="Client Request Interrupted"',
          '/hang?left',
          `${WEB} status=499 bytes=0`,
        ),
      )
      const idle = rawClient(port, `POST /count?idle HTTP/1.1\r\nHost: a:1\r\nContent-Length: 9\r\n\r\nhalf`)
      assert.equal(await idle.ended, '')
      assert.equal(
        await lineOf(start, '/count?idle'),
        said(
          'at=warning code=H28 desc="Client Connection Idle"',
          '/count?idle',
          `${WEB} status=499 bytes=0`,
          'POST',
        ),
      )
    })
  })

  test('H14 H80 H10: no web dyno is wanted, in maintenance, all have crashed', async () => {
    await serving('bin/serve', ['--backoff', '1000'], async (port, start, sandbox) => {
      await up(start)
      assert.equal((await dyno(sandbox, ['maintenance'])).stdout, 'off\n')
      assert.equal(
        (await dyno(sandbox, ['maintenance:on'])).stdout,
        'Enabling maintenance mode for app... done\n',
      )
      assert.equal((await dyno(sandbox, ['maintenance'])).stdout, 'on\n')
      assert.equal((await http(port, '/maintained')).status, 503)
      const maintained = said(
        'at=info code=H80 desc="Maintenance mode"',
        '/maintained',
        `${NOBODY} status=503 bytes=`,
      )
      assert.equal(await lineOf(start, '/maintained'), maintained)
      assert.equal(
        (await dyno(sandbox, ['maintenance:off'])).stdout,
        'Disabling maintenance mode for app... done\n',
      )
      for (const life of [1, 2]) {
        assert.equal((await http(port, '/crash')).status, 200)
        await start.says('heroku[web.1]: State changed from up to crashed\n', life)
      }
      assert.equal((await http(port, '/crashed')).status, 503)
      assert.equal(
        await lineOf(start, '/crashed'),
        said(error('H10', 'App crashed'), '/crashed', `${NOBODY} status=503 bytes=`),
      )
      await dyno(sandbox, ['ps:scale', 'web=0'])
      assert.equal((await http(port, '/none')).status, 503)
      const none = said(error('H14', 'No web processes running'), '/none', `${NOBODY} status=503 bytes=`)
      assert.equal(await lineOf(start, '/none'), none)
    })
  })

  test('H20 H11: nobody is up in time, and more wait than there is room for', async () => {
    await serving('bin/late-bind 60', ['--backlog', '2'], async (port, start) => {
      // Whichever comes last finds the two places taken.
      const paths = ['/first', '/second', '/third']
      const answers = await Promise.all(paths.map((path) => http(port, path)))
      for (const got of answers) assert.equal(got.status, 503)
      const lines = []
      for (const path of paths) lines.push((await lineOf(start, path)).replace(path, '/'))
      const late = said(error('H20', 'App boot timeout'), '/', `${NOBODY} status=503 bytes=`)
      const deep = said(error('H11', 'Backlog too deep'), '/', `${NOBODY} status=503 bytes=`)
      assert.deepEqual(lines.sort(), [deep, late, late])
    })
  })

  test('H21 H99: a dyno that listens no more is tried, and then left alone for a while', async () => {
    await serving('bin/serve', [], async (port, start) => {
      await up(start)
      assert.equal((await http(port, '/refuse')).status, 200)
      assert.equal((await http(port, '/refused')).status, 503)
      const refused = said(
        error('H21', 'Backend connection refused'),
        '/refused',
        'dyno=web.1 connect=Nms service= status=503 bytes=',
      )
      assert.equal(await lineOf(start, '/refused'), refused)
      assert.equal((await http(port, '/quarantined')).status, 503)
      const quarantined = said(error('H99', 'Platform error'), '/quarantined', `${NOBODY} status=503 bytes=`)
      assert.equal(await lineOf(start, '/quarantined'), quarantined)
    })
  })

  test('H19: a dyno that takes no connections', async () => {
    await serving('bin/serve', [], async (port, start) => {
      await up(start)
      assert.equal((await http(port, '/block')).status, 200)
      await start.says('app[web.1]: blocked\n')
      // The kernel takes a few connections in the server's stead.
      const fillers = [1, 2, 3, 4].map(() => connect(port + 1, '127.0.0.1').on('error', () => {}))
      await new Promise((resolve) => setTimeout(resolve, 200))
      assert.equal((await http(port, '/blocked')).status, 503)
      for (const filler of fillers) filler.destroy()
      const blocked = said(
        error('H19', 'Backend connection timeout'),
        '/blocked',
        'dyno=web.1 connect=Nms service= status=503 bytes=',
      )
      assert.equal(await lineOf(start, '/blocked'), blocked)
    })
  })
})
