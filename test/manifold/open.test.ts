import assert from 'node:assert/strict'
import test from 'node:test'
import { Problem } from '../../src/core/problem.ts'
import { openFakeManifold } from './fake-client.ts'
import { settle } from './fake-edges.ts'

/** Whether the manifold has ended, now. */
async function hasEnded({ ended }: { readonly ended: Promise<void> }): Promise<boolean> {
  let over = false
  void ended.then(() => {
    over = true
  })
  await settle()
  return over
}

test('a manifold that nobody needs ends after two seconds, not before', async () => {
  const { world, manifold } = openFakeManifold()
  await world.advance(1999)
  assert.ok(!(await hasEnded(manifold)))
  await world.advance(1)
  assert.ok(await hasEnded(manifold))
})

test('a manifold with a dyno does not end, and lingers once the dyno has', async () => {
  const { world, manifold, create } = openFakeManifold()
  await world.advance(1999)
  await create()
  await world.advance(3_600_000)
  assert.ok(!(await hasEnded(manifold)))
  world.child('run.1').exit({ how: 'code', code: 0 })
  await world.advance(1999)
  assert.ok(!(await hasEnded(manifold)))
  await world.advance(1)
  assert.ok(await hasEnded(manifold))
})

test('a lease holds a manifold without dynos, and the last of two counts', async () => {
  const { world, manifold } = openFakeManifold()
  const [first, second] = [manifold.lease(), manifold.lease()]
  await world.advance(100_000)
  first()
  await world.advance(100_000)
  assert.ok(!(await hasEnded(manifold)))
  second()
  await world.advance(1999)
  assert.ok(!(await hasEnded(manifold)))
  await world.advance(1)
  assert.ok(await hasEnded(manifold))
})

test('a manifold stays until the client of its last one-off has read to the end', async () => {
  const { world, manifold, attach, exit } = openFakeManifold()
  const client = await attach()
  await exit('run.1', 3)
  await world.advance(3_599_000)
  assert.ok(client.isEnded() && !(await hasEnded(manifold)))
  client.hangUp()
  client.hangUp()
  await world.advance(1999)
  assert.ok(!(await hasEnded(manifold)))
  await world.advance(1)
  assert.ok(await hasEnded(manifold))
})

test('a client that never reads to the end keeps a manifold for an hour', async () => {
  const { world, manifold, attach, exit } = openFakeManifold()
  const client = await attach()
  await exit('run.1', 0)
  await world.advance(3_602_000)
  assert.ok(await hasEnded(manifold))
  client.hangUp()
})

test('a client that has left keeps no manifold', async () => {
  const { world, manifold, attach, exit } = openFakeManifold()
  const client = await attach()
  client.hangUp()
  await exit('run.1', 0)
  await world.advance(2000)
  assert.ok(await hasEnded(manifold))
})

test('every question starts the two seconds anew', async () => {
  const { world, manifold, ask } = openFakeManifold()
  for (let i = 0; i < 5; i++) {
    await world.advance(1900)
    await ask('GET', '/apps/widgets/dynos')
  }
  assert.ok(!(await hasEnded(manifold)))
})

test('a manifold that is closed stops its dynos, waits for their end and ends at once, leases or not', async () => {
  const { world, manifold, create } = openFakeManifold()
  await create()
  manifold.lease()
  manifold.close()
  assert.equal(world.done.at(-1), 'signal run.1 15')
  await world.advance(10_000)
  assert.ok(!(await hasEnded(manifold)))
  world.child('run.1').exit({ how: 'signal', signal: 15 })
  await world.advance(0)
  assert.ok(await hasEnded(manifold))
})

test('a manifold that is closing begins no more dynos', async () => {
  const { manifold, world, create, ask } = openFakeManifold()
  await create()
  manifold.close()
  const answer = await ask('POST', '/apps/widgets/dynos', { body: { command: 'ls' } })
  assert.equal('status' in answer && answer.status, 503)
  assert.ok(!world.done.includes('enclose run.2'))
})

test('an empty manifold that is closed ends at once', async () => {
  const { world, manifold } = openFakeManifold()
  manifold.close()
  await world.advance(0)
  assert.ok(await hasEnded(manifold))
})

test('a stubborn one-off gets SIGKILL 30 seconds after SIGTERM, also by timers that call too early', async () => {
  for (const haste of [0, 0.4, 1.7]) {
    const { world, create, manifold } = openFakeManifold()
    world.haste = haste
    await create()
    manifold.post({ order: 'stop', name: 'run.1' })
    await world.advance(29_990)
    assert.equal(world.done.at(-1), 'signal run.1 15')
    await world.advance(20)
    assert.equal(world.done.at(-1), 'signal run.1 9', `timers ${haste} ms early`)
  }
})

test('the number of the next one-off is kept before the dyno begins', async () => {
  const { world, create } = openFakeManifold()
  await create()
  assert.deepEqual(world.done.slice(0, 2), ['remember 2', 'enclose run.1'])
})

test('a detached one-off hears the end of its input at once, and its output is in the log line by line', async () => {
  const { world, create, logged } = openFakeManifold()
  await create({ command: 'rake db:migrate' })
  const child = world.child('run.1')
  assert.ok(child.inputEnded())
  child.say('one\r\ntw')
  child.say('oops\n', 'stderr')
  child.say('o\n\nlast')
  child.exit({ how: 'code', code: 0 })
  await settle()
  assert.deepEqual(logged(), [
    'app[api]: Starting process with command `rake db:migrate` by user ada',
    'heroku[run.1]: Starting process with command `rake db:migrate`',
    'heroku[run.1]: State changed from starting to up',
    ...['one', 'oops', 'two', '', 'last'].map((line) => `app[run.1]: ${line}`),
    'heroku[run.1]: Process exited with status 0',
    'heroku[run.1]: State changed from up to complete',
  ])
})

test('what an attached one-off writes is its client’s, and never in the log', async () => {
  const { world, attach, logged } = openFakeManifold()
  await attach()
  world.child('run.1').say('secret\n')
  world.child('run.1').exit({ how: 'code', code: 0 })
  await settle()
  assert.deepEqual(logged(), [
    'app[api]: Starting process with command `bash` by user ada',
    'heroku[run.1]: Awaiting client',
    'heroku[run.1]: Starting process with command `bash`',
    'heroku[run.1]: State changed from starting to up',
    'heroku[run.1]: Process exited with status 0',
    'heroku[run.1]: State changed from up to complete',
  ])
})

test('walls that cannot be built tell the client why, with status 1, and the dyno is forgotten', async () => {
  const { world, attach, manifold, logged } = openFakeManifold()
  world.refusal = new Problem('walls', 'There is no room for walls; make some.')
  const client = await attach()
  assert.deepEqual(client.got('exit'), [{ status: 1, message: 'There is no room for walls; make some.' }])
  assert.ok(client.isEnded())
  assert.deepEqual(manifold.dynos(), [])
  assert.ok(world.done.includes('discard run.1'))
  assert.deepEqual(logged().slice(-2), [
    'heroku[run.1]: There is no room for walls; make some.',
    'heroku[run.1]: State changed from starting to complete',
  ])
})

test('a system that refuses a process ends that dyno, and the others live on', async () => {
  const { world, attach, create, manifold } = openFakeManifold()
  await create()
  world.refusal = Object.assign(new Error('spawn EAGAIN'), { syscall: 'spawn', code: 'EAGAIN' })
  const client = await attach()
  assert.deepEqual(client.got('exit'), [{ status: 1, message: 'The dyno cannot be started: spawn EAGAIN.' }])
  assert.deepEqual(
    manifold.dynos().map(({ name }) => name),
    ['run.1'],
  )
})

test('signals for a dyno that is never spawned wait, and it is killed the moment it is', async () => {
  const { world, attach, manifold } = openFakeManifold()
  world.holdEnclosing = true
  const client = await attach()
  client.hangUp()
  await world.advance(3_600_000)
  assert.equal(manifold.dynos()[0]!.state.is, 'killed')
  assert.ok(!world.done.some((line) => line.startsWith('signal')))
  world.holdEnclosing = false
  await settle()
  const numbers = world.done.filter((line) => line.startsWith('signal')).map((line) => line.split(' ')[2])
  assert.deepEqual(numbers, ['1', '1', '1', '15', '9'])
})

test('a signal that finds no process yet is tried again until there is one', async () => {
  const { world, create, manifold } = openFakeManifold()
  world.deaf = true
  await create()
  manifold.post({ order: 'stop', name: 'run.1' })
  await world.advance(100)
  world.deaf = false
  await world.advance(100)
  const signals = world.done.filter((line) => line.startsWith('signal'))
  assert.deepEqual(signals, ['signal run.1 15'])
})

test('a process that was refused, and so has no number, is never signalled', async () => {
  const { world, create, manifold } = openFakeManifold()
  world.pid = -1
  world.holdEnclosing = true
  await create()
  manifold.post({ order: 'stop', name: 'run.1' })
  world.holdEnclosing = false
  await settle()
  await world.advance(30_000)
  world.child('run.1').exit({ how: 'failed', problem: new Problem('walls', 'No.') })
  await world.advance(0)
  assert.deepEqual(manifold.dynos(), [])
  assert.ok(!world.done.some((line) => line.startsWith('signal')))
})
