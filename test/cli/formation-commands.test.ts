import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Formation, logOf, startFormation } from '../formation.ts'
import { dyno, openSandbox, type Sandbox, script, sitDown, sleepers, until } from '../harness.ts'

const FILES = {
  Procfile: `web: exec node server.js
worker: echo "worker $DYNO has $PORT"; cat made 2>/dev/null; echo "by $DYNO" > made; exec sleep 98860
release: echo released
console: echo never
`,
  'server.js': `require('http').createServer((_, r) => r.end(process.env.DYNO)).listen(process.env.PORT, () => console.log('listening on ' + process.env.PORT))`,
}

let sandbox: Sandbox
let formation: Formation
let base: number
before(async () => {
  sandbox = openSandbox(FILES)
  base = Number(sandbox.env['PORT'])
  formation = startFormation(sandbox, ['--no-tty'])
  await formation.says('heroku[web.1]: State changed from starting to up')
  await formation.says('heroku[worker.1]: State changed from starting to up')
})
after(() => sandbox.close())

const run = async (...args: string[]) => {
  const { stdout, stderr, status } = await dyno(sandbox, args)
  return { out: stdout, err: stderr, status }
}
const said = async (...args: string[]) => {
  const { out, err, status } = await run(...args)
  assert.deepEqual([err, status], ['', 0])
  return out
}
const names = async () => {
  const list = JSON.parse(await said('ps', '--json')) as { name: string; state: string }[]
  return list.map(({ name, state }) => `${name} ${state}`)
}

test('a formation is one dyno of every type but release and console, and web is up when its port is bound', async () => {
  assert.deepEqual(await names(), ['web.1 up', 'worker.1 up'])
  const lines = formation.lines()
  const at = (line: string) => lines.indexOf(line)
  assert.ok(at(`app[web.1]: listening on ${base + 1}`) >= 0, lines.join('\n'))
  assert.ok(
    at('heroku[web.1]: State changed from starting to up') >
      at('heroku[web.1]: Starting process with command `exec node server.js`'),
  )
  assert.ok(at(`app[worker.1]: worker worker.1 has ${base + 100}`) >= 0)
  assert.match(formation.stderr(), /release and console are never part of the formation/)
})

test('ps lists the formation in a table, dynos of types alone that are named, and says which types there are', async () => {
  const rows = (await said('ps')).split('\n')
  assert.match(rows[0]!, /^Process {3}State {6,}Command/)
  assert.match(rows[2]!, /^web\.1 {5}up for \d+s {2}exec node server\.js/)
  assert.match(rows[3]!, /^worker\.1 {2}up for \d+s {2}echo "worker \$DYNO has \$PORT"; cat\.\. /)
  assert.equal((await said('ps', 'worker')).split('\n').length, 4)
  assert.equal((await said('ps', 'worker', 'web')).split('\n').length, 5)
  const none = await run('ps', 'web', 'wrker')
  assert.deepEqual([none.out, none.status], ['', 1])
  assert.match(none.err, /No wrker dynos run/)
  assert.equal((await said('ps', 'worker.1')).split('\n').length, 4)
  assert.match((await run('ps', 'worker.7')).err, /there is no worker\.7\. These run: web\.1, worker\.1\./)
})

test('ps:scale without words is the formation, with words changes it and counts each type’s dynos', async () => {
  assert.equal(await said('ps:scale'), 'console=0:Basic release=0:Basic web=1:Basic worker=1:Basic\n')
  assert.equal(await said('ps:scale', 'worker+2'), 'Scaling worker processes... done, now running 3\n')
  await formation.says(`app[worker.3]: worker worker.3 has ${base + 102}\n`)
  assert.equal(
    await said('scale', 'web=2', 'worker-1'),
    'Scaling web, worker processes... done, now running web=2, worker=2\n',
  )
  await formation.says('heroku[web.2]: State changed from starting to up')
  await until(
    () => sleepers(98860).length === 2,
    () => 'worker.3 sleeps on',
  )
  assert.deepEqual(await names(), ['web.1 up', 'web.2 up', 'worker.1 up', 'worker.2 up'])
  const api = (await logOf(sandbox, 'api')).filter((line) => line.includes('Scaled')).at(-1)!
  assert.match(
    api,
    /^app\[api\]: Scaled to web@2:Basic worker@2:Basic release@0:Basic console@0:Basic by user /,
  )
})

test('an order goes out whoever reads what is said of it: nobody, or a disk that is full', async () => {
  const gone = await script(sandbox, '"$BIN" ps:scale worker=3 | true; echo $PIPESTATUS')
  assert.deepEqual([gone.stdout, gone.stderr], ['0\n', ''])
  assert.equal((await names()).length, 5)
  const full = await script(sandbox, '"$BIN" ps:scale worker=2 >/dev/full')
  assert.equal(full.stderr, ' !    What is said here cannot be written (ENOSPC).\n')
  assert.equal(full.status, 1)
  assert.deepEqual(await names(), ['web.1 up', 'web.2 up', 'worker.1 up', 'worker.2 up'])
})

test('every dyno has a filesystem of its own, and a new one when it is restarted', async () => {
  assert.equal(await said('ps:restart', 'worker.2'), 'Restarting worker.2 process... done\n')
  await formation.says(`worker worker.2 has ${base + 101}`, 2)
  assert.equal(await said('restart', 'worker'), 'Restarting worker processes... done\n')
  await formation.says(`worker worker.2 has ${base + 101}`, 3)
  assert.equal(await said('ps:restart', '-d', 'worker.2'), 'Restarting worker.2 process... done\n')
  await formation.says(`worker worker.2 has ${base + 101}`, 4)
  assert.equal(await said('ps:restart', '-p', 'worker'), 'Restarting worker processes... done\n')
  await formation.says(`worker worker.2 has ${base + 101}`, 5)
  assert.deepEqual(
    formation.lines().filter((line) => line.includes(': by ')),
    [],
  )
})

test('ps:restart alone restarts the formation and no one-off', async () => {
  await said('run:detached', 'exec sleep 98861')
  await until(
    () => sleepers(98861).length === 1,
    () => 'it does not sleep',
  )
  const [pid] = sleepers(98861)
  assert.equal(await said('ps:restart'), 'Restarting processes... done\n')
  assert.equal(await said('ps:wait', '--timeout', '20').catch(() => ''), '')
  await formation.says('heroku[web.1]: State changed from starting to up', 2)
  assert.deepEqual(sleepers(98861), [pid])
})

test('ps:stop restarts a dyno of the formation, and ends a one-off', async () => {
  assert.equal(await said('ps:stop', 'worker.1'), 'Stopping worker.1 process... done\n')
  await formation.says(/heroku\[worker\.1\]: Starting process/, 5)
  assert.equal(await said('stop', '--dyno-name', 'run.1'), 'Stopping run.1 process... done\n')
  assert.deepEqual(sleepers(98861), [])
})

test('ps:exec runs a command within the walls of a running dyno, on its files and among its processes', async () => {
  const ran = await run(
    'ps:exec',
    'worker.1',
    'cat made; ps -eo args= | grep -c "^sleep 98860"; echo "$DYNO"; exit 3',
  )
  assert.deepEqual([ran.out, ran.status], ['by worker.1\n1\nworker.1\n', 3], ran.err)
  const words = await said('exec', 'web.1', 'printf', '[%s]', 'a b', 'c')
  assert.equal(words, '[a b][c]')
  const person = sitDown(sandbox, ['ps:exec', 'web.1', 'bash'])
  await person.sees('~ $ ')
  person.type('test -t 0 && echo on a terminal of $DYNO\r')
  await person.sees('on a terminal of web.1\n')
  person.type('exit 5\r')
  assert.equal(await person.status, 5)
})

test('what is asked of a dyno or a type that is not there names those that are', async () => {
  for (const args of [
    ['ps:restart', 'web.9'],
    ['ps:stop', 'web.9'],
    ['ps:exec', 'web.9', 'ls'],
    ['attach', 'web.9'],
  ]) {
    const { err, status } = await run(...args)
    assert.match(err, /there is no web\.9\. These run: web\.1, web\.2, worker\.1, worker\.2\.\n$/)
    assert.equal(status, 1)
  }
  const type = await run('ps:restart', 'wrker')
  assert.match(type.err, /No wrker dyno runs\. The Procfile has web, worker, release, console\.\n$/)
})

test('ps:wait says nothing when all is up, and fails at once when a dyno has crashed', async () => {
  assert.equal(await said('ps:wait'), '')
  assert.equal(await said('ps:wait', '-t', 'worker'), '')
  assert.match((await run('ps:wait', '-t', 'wrker')).err, /^ ! {4}No wrker dynos run; see 'dyno ps'\.\n$/)
  const crashing = openSandbox({ Procfile: 'worker: exit 3\n' })
  const other = startFormation(crashing, ['--backoff', '1000'])
  await other.says(/State changed from \w+ to crashed/, 2)
  const waited = await dyno(crashing, ['ps:wait'])
  assert.equal(waited.stderr, " !    worker.1 has crashed; see 'dyno logs -p worker.1'.\n")
  assert.equal(waited.status, 1)
  other.child.kill('SIGINT')
  assert.deepEqual(await other.ended, [3, null])
  await crashing.close()
})

test('down ends the formation and every one-off, and whoever held it is told', async () => {
  await said('run:detached', 'exec sleep 98862')
  assert.equal(await said('down'), 'Stopping all processes... done\n')
  assert.deepEqual(await formation.ended, [0, null])
  assert.equal(await said('ps'), 'No dynos on app\n')
  assert.deepEqual([...sleepers(98860), ...sleepers(98862)], [])
  assert.match((await run('ps:restart')).err, /No formation runs; start it with 'dyno start'\.\n$/)
  assert.match((await run('ps:scale', 'web=1')).err, /No formation runs; start it with 'dyno start'\.\n$/)
})
