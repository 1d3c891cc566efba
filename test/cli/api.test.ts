import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { connect } from 'node:tls'
import { dyno, openSandbox, pidsOf, type Sandbox, script, until } from '../harness.ts'

let sandbox: Sandbox
before(() => {
  sandbox = openSandbox('misbehaving')
})
after(() => sandbox.close())

type Pointer = Readonly<Record<string, string>>

/** What a shell has that reads the lines. */
async function evaluate(args: readonly string[] = []): Promise<Pointer> {
  const { stdout, stderr, status } = await dyno(sandbox, ['api', '--env', ...args])
  assert.deepEqual([stderr, status], ['', 0])
  const said = execFileSync('env', ['-i', 'sh', '-c', `${stdout}env`]).toString()
  return Object.fromEntries(
    said
      .trim()
      .split('\n')
      .map((line) => line.split(/=(.*)/s).slice(0, 2)),
  )
}

async function ask(
  pointer: Pointer,
  path: string,
  { key = pointer['HEROKU_API_KEY'], ...options }: RequestInit & { key?: string | undefined } = {},
) {
  const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' }
  return fetch(`${pointer['HEROKU_HOST']}${path}`, { ...options, headers })
}

async function create(pointer: Pointer, body: object): Promise<Record<string, string>> {
  const answer = await ask(pointer, '/apps/app/dynos', { method: 'POST', body: JSON.stringify(body) })
  assert.equal(answer.status, 201)
  return (await answer.json()) as Record<string, string>
}

test('the lines lead a shell to the manifold, and an app without a release has its first one', async () => {
  const pointer = await evaluate()
  assert.match(pointer['HEROKU_HOST']!, /^http:\/\/localhost:\d+$/)
  assert.deepEqual([pointer['HEROKU_APP'], pointer['DISABLE_TELEMETRY']], ['app', 'true'])
  assert.equal(pointer['HEROKU_PARTICLEBOARD_URL'], pointer['HEROKU_HOST'])
  assert.match(readFileSync(pointer['NODE_EXTRA_CA_CERTS']!, 'utf8'), /^-----BEGIN CERTIFICATE-----/)
  const releases = (await (await ask(pointer, '/apps/app/releases')).json()) as { version: number }[]
  assert.deepEqual(
    releases.map(({ version }) => version),
    [1],
  )
  assert.equal((await ask(pointer, '/apps/app', { key: 'wrong' })).status, 401)
  assert.deepEqual(await evaluate(), pointer)
})

test('without --env the same lines come with comments, and can be pasted as they are', async () => {
  const { stdout } = await dyno(sandbox, ['api'])
  assert.match(
    stdout,
    /^# The Platform API of app is open at http:\/\/localhost:\d+; terminals come by rendezvous\.\n# /,
  )
  const key = (await evaluate())['HEROKU_API_KEY']
  assert.equal(execFileSync('sh', ['-c', `${stdout}printf %s "$HEROKU_API_KEY"`]).toString(), key)
})

test('a terminal comes to its dyno by rendezvous: early input, output, and the end', async () => {
  const pointer = await evaluate()
  const { attach_url: url, name } = await create(pointer, {
    command: 'cat; echo done $DYNO',
    attach: true,
    force_no_tty: true,
  })
  const { hostname, port, pathname } = new URL(url!)
  const ca = readFileSync(pointer['NODE_EXTRA_CA_CERTS']!)
  const socket = connect({ host: hostname, port: Number(port), ca, servername: 'localhost' })
  const chunks: string[] = []
  socket.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk))
  socket.write(`${pathname.slice(1)}\r\nhello\n`)
  await until(
    () => chunks.join('').includes('hello'),
    () => chunks.join(''),
  )
  assert.equal(chunks[0], 'rendezvous\r\n')
  socket.write('\x04')
  await until(
    () => socket.closed,
    () => chunks.join(''),
  )
  assert.equal(chunks.join(''), `rendezvous\r\nhello\ndone ${name}\n`)
})

test('dyno heroku runs the heroku on PATH with all that it needs, and passes its words and its status on', async () => {
  const folder = `${sandbox.folder}/fake bin`
  mkdirSync(folder)
  const script =
    '#!/bin/sh\nprintf "%s|" "$@"\ncurl=$(echo "$HEROKU_HOST $HEROKU_APP $NODE_OPTIONS")\necho "$curl"\nexit 7\n'
  writeFileSync(`${folder}/heroku`, script)
  chmodSync(`${folder}/heroku`, 0o755)
  const { HEROKU_HOST } = await evaluate()
  const env = { PATH: `${folder}:${process.env['PATH']}`, NODE_OPTIONS: '--trace-warnings' }
  const { stdout, status } = await dyno(sandbox, ['heroku', 'ps:scale', '-a', 'x y', '--', 'web=1'], { env })
  assert.equal(stdout, `ps:scale|-a|x y|--|web=1|${HEROKU_HOST} app --trace-warnings\n`)
  assert.equal(status, 7)
})

test('where there is no heroku it says how to get one', async () => {
  const { stderr, status } = await dyno(sandbox, ['heroku', 'ps'], { env: { PATH: '/usr/bin:/bin' } })
  assert.match(stderr, /There is no 'heroku' on PATH; install it with 'npm install -g heroku'\./)
  assert.equal(status, 2)
})

test('the shell’s own authorities are trusted besides ours', async () => {
  const other = `${sandbox.folder}/other.pem`
  writeFileSync(other, '-----BEGIN CERTIFICATE-----\nanother\n-----END CERTIFICATE-----\n')
  const { stdout } = await dyno(sandbox, ['api', '--env'], { env: { NODE_EXTRA_CA_CERTS: other } })
  const [, file] = /NODE_EXTRA_CA_CERTS=(\S+)/.exec(stdout)!
  const text = readFileSync(file!, 'utf8')
  assert.equal(text.split('BEGIN CERTIFICATE').length, 3)
  assert.ok(
    text.includes('another') &&
      text.includes(readFileSync((await evaluate())['NODE_EXTRA_CA_CERTS']!, 'utf8').trim()),
  )
})

test('they stay the shell’s own whatever it is pointed to how often, and are all that is left of it', async () => {
  const other = `${sandbox.folder}/its "own".pem`
  writeFileSync(other, '-----BEGIN CERTIFICATE-----\nanother\n-----END CERTIFICATE-----\n')
  const open = 'eval "$("$BIN" api --env)"; grep -c BEGIN "$NODE_EXTRA_CA_CERTS"'
  const close = 'eval "$("$BIN" api --close --env)"; echo "$NODE_EXTRA_CA_CERTS"'
  const lines = [`export NODE_EXTRA_CA_CERTS='${other}'`, open, open, close, close]
  assert.equal((await script(sandbox, lines.join('\n'))).stdout, `2\n2\n${other}\n${other}\n`)
  await evaluate()
})

test('what is typed wrongly is said in one sentence', async () => {
  for (const [args, sentence] of [
    [['--port', '99999'], /--port takes a number from 1 to 65535, not '99999'/],
    [['--attach', 'telnet'], /--attach takes rendezvous or ssh, not 'telnet'/],
    [
      ['--attach', 'ssh'],
      /open already at http:\S+, attached by rendezvous; close it first with 'dyno api --close'/,
    ],
  ] as const) {
    const { stderr, status } = await dyno(sandbox, ['api', ...args])
    assert.match(stderr, sentence)
    assert.notEqual(status, 0)
  }
})

test('what follows an eval is not done where the API cannot be opened', async (t) => {
  const other = openSandbox({ Procfile: 'web: true\n???\n' })
  t.after(() => other.close())
  const ran = await script(other, 'eval "$("$BIN" api --env)" && echo goes on')
  assert.deepEqual([ran.stdout, ran.status], ['', 1])
  assert.match(ran.stderr, /Procfile:2:1/)
})

test('closed with --env it is taken out of the shell as well', async () => {
  const line = 'eval "$("$BIN" api --env)"; eval "$("$BIN" api --close --env)"; env | grep -c HEROKU || true'
  const { stdout, stderr } = await script(sandbox, line)
  assert.deepEqual([stdout, stderr], ['0\n', 'Closing the Platform API... done\n'])
  await evaluate()
})

test('closed it is closed at once, twice is no fault, and a port that is taken is named', async () => {
  const pointer = await evaluate()
  assert.match((await dyno(sandbox, ['api', '--close'])).stdout, /^Closing the Platform API\.\.\. done\n$/)
  await assert.rejects(ask(pointer, '/apps'))
  const again = await dyno(sandbox, ['api', '--close'])
  assert.deepEqual([again.stdout, again.status], ['Closing the Platform API... it was not open\n', 0])
  const holder = spawn(process.execPath, [
    '-e',
    "require('net').createServer().listen(0,'127.0.0.1',function(){console.log(this.address().port)})",
  ])
  const port = await new Promise<string>((resolve) =>
    holder.stdout.once('data', (text) => resolve(String(text).trim())),
  )
  const taken = await dyno(sandbox, ['api', '--port', port])
  holder.kill()
  assert.match(
    taken.stderr,
    new RegExp(
      `Port ${port} is taken by '\\S+node -e .*' \\(pid ${holder.pid}\\); stop it, or name another --port\\.`,
    ),
  )
  assert.equal(taken.status, 1)
})

test('open for one command of heroku it is closed when that ends, however it ends, and nothing is left', async () => {
  const folder = `${sandbox.folder}/slow bin`
  mkdirSync(folder)
  writeFileSync(`${folder}/heroku`, `#!/bin/sh\necho $$ >"${folder}/pid"\nexec sleep 98831\n`)
  chmodSync(`${folder}/heroku`, 0o755)
  const env = { PATH: `${folder}:${process.env['PATH']}` }
  const run = dyno(sandbox, ['heroku', 'ps'], { env })
  await until(
    () => existsSync(`${folder}/pid`),
    () => 'heroku never began',
  )
  assert.equal(pidsOf(sandbox.folder, /__manifold/).length, 1)
  process.kill(Number(readFileSync(`${folder}/pid`, 'utf8')), 'SIGTERM')
  assert.equal((await run).status, 143)
  await until(
    () => pidsOf(sandbox.folder, /__manifold/).length === 0,
    () => 'the manifold stays',
  )
})
