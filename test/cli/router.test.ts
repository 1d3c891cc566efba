import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { describe, test } from 'node:test'
import { openMisfits, startFormation, testApp } from '../formation.ts'
import { dyno, type Sandbox } from '../harness.ts'
import { http, rawClient } from './http.ts'
import { portOf, started, WEB } from './router-app.ts'

describe('the router of a formation', { concurrency: 3 }, () => {
  testApp(
    'it has the base port, web.N the base port and N, and the others 100 each behind',
    WEB,
    async (sandbox) => {
      const start = await started(sandbox, ['web=2', 'worker=1'], 2)
      const base = portOf(sandbox)
      await start.says(`heroku[router]: Listening on http://localhost:${base}/\n`)
      assert.match((await http(base, '/who')).body, /^web\.[12] GET \/who\n$/)
      assert.equal((await http(base + 1, '/')).body, 'web.1 GET /\n')
      assert.equal((await http(base + 2, '/')).body, 'web.2 GET /\n')
      const port = (name: string) =>
        dyno(sandbox, ['ps:exec', name, 'printenv PORT']).then(({ stdout }) => stdout)
      assert.equal(await port('worker.1'), `${base + 100}\n`)
      assert.equal((await dyno(sandbox, ['open'])).stdout, `http://localhost:${base}/\n`)
      assert.equal((await dyno(sandbox, ['open', 'a/b?c'])).stdout, `http://localhost:${base}/a/b?c\n`)
      const wrong = await dyno(sandbox, ['open', 'http://['])
      assert.equal(wrong.stderr, " !    'http://[' is no path of a URL, such as /admin.\n")
      assert.equal(wrong.status, 2)
      start.child.kill('SIGINT')
      await start.ended
      await assert.rejects(http(base, '/'), { code: 'ECONNREFUSED' })
    },
  )

  testApp('requests go to every web dyno, and to nobody else', WEB, async (sandbox) => {
    const start = await started(sandbox, ['web=3', 'worker=2'], 3)
    const oneOff = await dyno(sandbox, ['run:detached', 'bin/serve'])
    assert.match(oneOff.stdout, /run\.1/)
    await start.says('app[run.1]: ready\n')
    const names = new Set<string>()
    for (let n = 0; n < 60; n++) names.add((await http(portOf(sandbox), '/')).body.split(' ')[0]!)
    assert.deepEqual([...names].sort(), ['web.1', 'web.2', 'web.3'])
    start.child.kill('SIGINT')
    await start.ended
    await dyno(sandbox, ['down'])
  })

  testApp('with --no-router web.1 has the base port itself, and nothing is routed', WEB, async (sandbox) => {
    const start = await started(sandbox, ['--no-router', 'web'])
    const base = portOf(sandbox)
    const port = await dyno(sandbox, ['ps:exec', 'web.1', 'printenv PORT'])
    assert.equal(port.stdout, `${base + 100}\n`) // foreman's: the worker comes first in this Procfile
    assert.deepEqual(start.lines('router'), [])
    const open = await dyno(sandbox, ['open'])
    assert.equal(open.status, 1)
    assert.match(open.stderr, /^ !\s+No router runs: 'dyno start' opens one/)
    start.child.kill('SIGINT')
    await start.ended
  })

  testApp(
    'a Procfile without web has no router, and takes no port for one',
    { worker: 'bin/signals' },
    async (sandbox) => {
      const start = startFormation(sandbox, ['--no-tty'])
      await start.says('app[worker.1]: ready\n')
      await assert.rejects(http(portOf(sandbox), '/'), { code: 'ECONNREFUSED' })
      assert.equal(
        (await dyno(sandbox, ['ps:exec', 'worker.1', 'printenv PORT'])).stdout,
        `${portOf(sandbox)}\n`,
      )
      start.child.kill('SIGINT')
      await start.ended
    },
  )

  testApp('a taken port is named with who has it, and one that is free is offered', WEB, async (sandbox) => {
    const base = portOf(sandbox)
    const server = createServer().listen(base, '127.0.0.1')
    try {
      const { status, stderr } = await dyno(sandbox, ['start', '--no-tty'])
      assert.equal(status, 1)
      const offer = new RegExp(
        `^ !\\s+Port ${base} is taken by '.*' \\(pid ${process.pid}\\); stop it, or choose another base port with -p: (\\d+) is free\\.\n$`,
      )
      const offered = offer.exec(stderr)?.[1]
      assert.ok(offered, stderr)
      const start = await started(sandbox, ['web', '-p', offered])
      assert.equal((await http(Number(offered), '/')).status, 200)
      start.child.kill('SIGINT')
      await start.ended
    } finally {
      server.close()
    }
  })

  testApp(
    'HTTPS and HTTP share the port with --tls, by a certificate that its authority vouches for',
    { web: 'bin/serve' },
    async (sandbox) => {
      const { get } = await import('node:https')
      const { readFileSync } = await import('node:fs')
      const start = await started(sandbox, ['--tls'])
      const port = portOf(sandbox)
      const authority = `${sandbox.folder}/state/dyno/tls/ca.pem`
      assert.ok(start.stderr().includes(`curl --cacert ${authority}`))
      const body = await new Promise<string>((resolve, reject) => {
        const request = get(
          { host: 'localhost', port, path: '/headers', ca: readFileSync(authority), agent: false },
          (response) => {
            let text = ''
            response.on('data', (chunk) => (text += chunk)).once('end', () => resolve(text))
          },
        )
        request.once('error', reject)
      })
      const headers = JSON.parse(body) as string[]
      assert.equal(headers[headers.indexOf('X-Forwarded-Proto') + 1], 'https')
      assert.equal((await http(port, '/plain')).status, 200)
      await start.says(/path="\/headers" .*status=200 .*protocol=https\n/)
      await start.says(/path="\/plain" .*status=200 .*protocol=http\n/)
      assert.equal((await dyno(sandbox, ['open'])).stdout, `https://localhost:${port}/\n`)
      start.child.kill('SIGINT')
      await start.ended
    },
  )

  testApp('what cannot be listened at is said in one sentence', WEB, async (sandbox) => {
    const { status, stderr } = await dyno(sandbox, ['start', '--no-tty', '--host', '192.0.2.1'])
    assert.equal(status, 1)
    assert.match(
      stderr,
      /^ !\s+The router cannot listen at 192\.0\.2\.1, port \d+ \(.*\); name another --host or port with -p\.\n$/,
    )
    for (const [flag, value] of [
      ['--backlog', '0'],
      ['--queue-timeout', 'soon'],
    ] as const) {
      const wrong = await dyno(sandbox, ['start', flag, value])
      assert.equal(wrong.status, 2)
      assert.match(wrong.stderr, new RegExp(`^ !\\s+${flag} takes a number of \\w+.*, not '${value}'\\.\n$`))
    }
  })
})

test('H81: an app without process types has a page of its own', async () => {
  const sandbox = openMisfits({ web: 'bin/serve' })
  try {
    await dyno(sandbox, ['run', 'true']) // a manifold, and a slug
    const { sent } = await blankFormation(sandbox)
    assert.match(sent, /^HTTP\/1\.1 201 /)
    const got = await http(portOf(sandbox), '/blank')
    assert.equal(got.status, 503)
    assert.match(got.body, /^H81 Blank app\n/)
    const { stdout } = await dyno(sandbox, ['logs', '-p', 'router'])
    assert.match(
      stdout,
      /heroku\[router\]: at=info code=H81 desc="Blank app" method=GET path="\/blank" host=\S+ request_id=[0-9a-f-]{36} fwd="127\.0\.0\.1" dyno= connect= service= status=503 bytes= protocol=http\n$/,
    )
    await dyno(sandbox, ['down'])
  } finally {
    await sandbox.close()
  }
})

// `dyno start` refuses such a Procfile before it asks; the Platform API takes it.
async function blankFormation(sandbox: Sandbox): Promise<{ sent: string }> {
  const { readdirSync } = await import('node:fs')
  const { connect } = await import('node:net')
  const [slug] = readdirSync(`${sandbox.folder}/cache/dyno/trees`)
  const socket = readdirSync(`${sandbox.folder}/run/dyno`).find((name) => name.endsWith('.sock'))!
  const body = JSON.stringify({
    ...{ stack: { slug, process_types: {} }, updates: [], port: portOf(sandbox), router: {}, lease: false },
  })
  return new Promise((resolve) => {
    const client = connect(`${sandbox.folder}/run/dyno/${socket}`)
    let sent = ''
    client.on('data', (chunk) => (sent += chunk)).once('close', () => resolve({ sent }))
    client.write(
      `POST /apps/app/formation HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    )
  })
}

test('a half-open client of a WebSocket and raw bytes reach the dyno as they are', async () => {
  const sandbox = openMisfits({ web: 'bin/serve' })
  try {
    const start = await started(sandbox, [])
    const client = rawClient(
      portOf(sandbox),
      'GET /ws HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: chat\r\n\r\n\x00\xff',
    )
    await client.reads(/^HTTP\/1\.1 101 Switching Protocols\r\n[\s\S]*upgrade: chat\r\n/i)
    client.write('one more')
    await client.reads(/one more/)
    client.socket.end()
    await client.ended
    await start.says(/path="\/ws" .*status=101 /)
    start.child.kill('SIGINT')
    await start.ended
  } finally {
    await sandbox.close()
  }
})
