import assert from 'node:assert/strict'
import test from 'node:test'
import { openFakeManifold } from './fake-client.ts'
import { settle } from './fake-edges.ts'

test('what outlived the first process of a dyno is ended before its folder goes', async () => {
  const { world, create } = openFakeManifold()
  await create()
  world.child('run.1').exit({ how: 'code', code: 0 })
  await world.advance(0)
  await settle()
  const survivors = world.done.indexOf('ended survivors of run.1')
  assert.ok(survivors > 0 && survivors < world.done.indexOf('discard run.1'))
})

test('a dyno within folder walls ends though a process without its mark holds its output, when it has said all', async () => {
  const { world, attach, manifold } = openFakeManifold()
  world.mark = 'HOME=/copies/run.1/app'
  const client = await attach()
  const child = world.child('run.1')
  client.readReady(false)
  for (const word of ['one ', 'two']) child.say(word)
  child.leave({ how: 'code', code: 3 })
  await settle()
  await settle()
  assert.deepEqual(client.got('exit'), [])
  client.readReady(true)
  await settle()
  await settle()
  assert.equal(client.read('stdout'), 'one two')
  assert.deepEqual(client.got('exit'), [{ status: 3 }])
  assert.ok(world.done.indexOf('ended survivors of run.1') < world.done.indexOf('discard run.1'))
  assert.deepEqual(manifold.dynos(), [])
})

test('a dyno within full walls is waited for until its output ends: all that could hold it is gone', async () => {
  const { world, attach } = openFakeManifold()
  const client = await attach()
  world.child('run.1').leave({ how: 'code', code: 3 })
  await world.advance(60_000)
  assert.deepEqual(client.got('exit'), [])
  world.child('run.1').exit({ how: 'code', code: 3 })
  await settle()
  assert.deepEqual(client.got('exit'), [{ status: 3 }])
})

test('what a dyno leaves on disk and cannot be removed is told, and ends nobody else', async () => {
  const { world, create, manifold, logged } = openFakeManifold()
  await create()
  world.stuck = Object.assign(new Error('EBUSY: busy, rmdir'), { syscall: 'rmdir', code: 'EBUSY' })
  world.child('run.1').exit({ how: 'code', code: 0 })
  await world.advance(0)
  await settle()
  assert.ok(logged().includes('heroku[run.1]: What it had on disk cannot be removed: EBUSY: busy, rmdir.'))
  assert.deepEqual(manifold.dynos(), [])
})
