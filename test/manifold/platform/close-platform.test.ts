import assert from 'node:assert/strict'
import test from 'node:test'
import { bodyOf, messageOf, openFakeClient } from '../fake-client.ts'
import { type FakeStranger, openFakeStranger } from './fake-stranger.ts'

const APP = '/apps/widgets'
const API = `${APP}/api`

async function openClosed(): Promise<FakeStranger> {
  const fake = await openFakeStranger()
  await fake.ask('DELETE', API)
  return fake
}

/** Holds it by a connection. */
async function hold({ ask, api }: FakeStranger) {
  const { attach_url: url } = bodyOf(await ask('POST', API, { body: { lease: true } })) as {
    attach_url: string
  }
  const client = openFakeClient()
  api.attach(url, () => client.wire)
  return client
}

test('what is closed while it is being opened does not stay open, however it is closed', async () => {
  for (const path of [API, `${APP}/formation`]) {
    const { ask, world, logged } = await openClosed()
    const before = logged().length
    const opening = [ask('POST', API), ask('POST', API)]
    const closed = await ask('DELETE', path)
    if (path === API) assert.deepEqual(bodyOf(closed), { closed: true })
    for (const answer of opening) assert.match(messageOf(await answer), /closed while it was being opened/)
    assert.equal(world.site, undefined)
    assert.ok(
      !logged()
        .slice(before)
        .some((line) => line.includes('Platform API open')),
    )
    assert.deepEqual(bodyOf(await ask('DELETE', API)), { closed: false })
    const answer = await ask('POST', API)
    assert.equal('status' in answer && answer.status, 201)
  }
})

test('one that is asked for again and closed at once is closed', async () => {
  const { ask, world } = await openFakeStranger()
  const again = ask('POST', API)
  await ask('DELETE', API)
  await again
  assert.equal(world.site, undefined)
  assert.deepEqual(bodyOf(await ask('DELETE', API)), { closed: false })
})

test('who held one that was closed has no part in the next', async () => {
  const fake = await openClosed()
  const old = await hold(fake)
  await fake.ask('DELETE', API)
  const young = await hold(fake)
  young.hangUp()
  assert.equal(fake.world.site, undefined)
  const next = await hold(fake)
  old.hangUp()
  assert.ok(fake.world.site, 'the next one is held')
  next.hangUp()
  assert.equal(fake.world.site, undefined)
})

test('what cannot be wished for is refused before anything is opened, and null leaves the choice', async () => {
  const { ask, world } = await openClosed()
  for (const body of [{ attach: 'foo' }, { attach: 7 }, { port: 0 }, { port: 65_536 }, { port: '80' }]) {
    const answer = await ask('POST', API, { body })
    assert.equal('status' in answer && answer.status, 422)
    assert.equal(world.site, undefined)
  }
  const answer = await ask('POST', API, { body: { port: null, attach: null, lease: null } })
  assert.equal('status' in answer && answer.status, 201)
})
