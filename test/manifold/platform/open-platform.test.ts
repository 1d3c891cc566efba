import assert from 'node:assert/strict'
import test from 'node:test'
import type { Request } from '../../../src/core/api/exchange.ts'
import { bodyOf, messageOf, openFakeClient } from '../fake-client.ts'
import { settle } from '../fake-edges.ts'
import { openFakeStranger } from './fake-stranger.ts'

const APP = '/apps/widgets'
const API = `${APP}/api`

test('opened twice it is the same port with the same key, and another port is a conflict', async () => {
  const { ask } = await openFakeStranger()
  const [first, second] = [await ask('POST', API), await ask('POST', API)].map(bodyOf)
  assert.deepEqual(first, second)
  assert.match(
    messageOf(await ask('POST', API, { body: { port: 5555 } })),
    /open already at http:\/\/localhost:5099/,
  )
  assert.match(
    messageOf(await ask('POST', API, { body: { attach: 'ssh' } })),
    /attached by rendezvous; close it first/,
  )
})

test('it stays open, and holds the manifold, until somebody closes it', async () => {
  const { ask, world, manifold } = await openFakeStranger()
  let isOver = false
  void manifold.ended.then(() => {
    isOver = true
  })
  await world.advance(3_600_000)
  assert.equal(isOver, false)
  assert.deepEqual(bodyOf(await ask('DELETE', API)), { closed: true })
  assert.equal(world.site, undefined)
  assert.deepEqual(bodyOf(await ask('DELETE', API)), { closed: false })
  await world.advance(10_000)
  assert.equal(isOver, true)
})

test('dyno down closes it', async () => {
  const { ask, world } = await openFakeStranger()
  await ask('DELETE', `${APP}/formation`)
  assert.equal(world.site, undefined)
})

test('who holds it by a connection closes it by going, unless others want it', async () => {
  const { ask, api, world } = await openFakeStranger()
  await ask('DELETE', API)
  const hold = async () => {
    const { attach_url: url } = bodyOf(await ask('POST', API, { body: { lease: true } })) as {
      attach_url: string
    }
    const client = openFakeClient()
    api.attach(url, () => client.wire)
    return client
  }
  const [first, second] = [await hold(), await hold()]
  first.hangUp()
  first.hangUp()
  assert.ok(world.site)
  second.hangUp()
  assert.equal(world.site, undefined)
  const third = await hold()
  await ask('POST', API)
  third.hangUp()
  assert.ok(world.site, 'it was opened to stay')
})

test('who asked to hold it and never came holds it no longer than 30 seconds', async () => {
  const { ask, world } = await openFakeStranger()
  await ask('DELETE', API)
  const answer = await ask('POST', API, { body: { lease: true } })
  if ('unheard' in answer) answer.unheard?.()
  assert.equal(world.site, undefined)
  await ask('POST', API, { body: { lease: true } })
  await world.advance(30_000)
  assert.equal(world.site, undefined)
})

test('an app of which nothing runs has a formation of nothing, and begins with the first dyno that is wanted', async () => {
  const { get, world, knock } = await openFakeStranger()
  const quantities = async () =>
    (await get('GET', `${APP}/formation`)).map(
      ({ type, quantity }: Record<string, unknown>) => `${type}=${quantity}`,
    )
  assert.deepEqual(await quantities(), ['release=0', 'web=0', 'worker=0'])
  await get('PATCH', `${APP}/formation`, { updates: [{ type: 'worker', quantity: '0' }] })
  const sized = await knock('PATCH', `${APP}/formation`, {
    body: { updates: [{ type: 'web', size: 'eco' }] },
  })
  assert.deepEqual(
    ['status' in sized && sized.status, messageOf(sized)],
    [422, 'No formation runs, so its sizes cannot be kept; `ps:scale web=1:eco` starts one.'],
  )
  await get('PATCH', `${APP}/formation`, { updates: [{ type: 'worker', quantity: '+2' }] })
  await settle()
  assert.deepEqual(await quantities(), ['release=0', 'web=0', 'worker=2'])
  assert.deepEqual(world.child('worker.2').environment['LANG'], 'C')
  await get('PATCH', `${APP}/formation/worker`, { quantity: '-1' })
  assert.deepEqual(await quantities(), ['release=0', 'web=0', 'worker=1'])
  assert.equal((await get('GET', `${APP}/formation/worker`)).quantity, 1)
})

test('two that want its first dynos at once both have them', async () => {
  const { get, knock } = await openFakeStranger()
  const answers = await Promise.all([
    knock('PATCH', `${APP}/formation/web`, { body: { quantity: 2 } }),
    knock('PATCH', `${APP}/formation/worker`, { body: { quantity: 1 } }),
    knock('PATCH', `${APP}/formation`, { body: { updates: [{ type: 'worker', quantity: '+1' }] } }),
  ])
  for (const answer of answers) assert.deepEqual('status' in answer && answer.status, 200)
  const quantities = (await get('GET', `${APP}/formation`)).map(
    ({ type, quantity }: Record<string, unknown>) => `${type}=${quantity}`,
  )
  assert.deepEqual(quantities, ['release=0', 'web=2', 'worker=2'])
})

test('a type that there is not is not found, of an app of which nothing runs as well', async () => {
  const { knock, manifold } = await openFakeStranger()
  for (const quantity of [0, 1, '-1']) {
    const body = { updates: [{ type: 'wrker', quantity }] }
    const answer = await knock('PATCH', `${APP}/formation`, { body })
    assert.equal('status' in answer && answer.status, 404)
    assert.match(messageOf(answer), /no 'wrker'/)
  }
  assert.equal(manifold.formed(), null)
})

test('nothing of a type that there is can be restarted and stopped, as on Heroku', async () => {
  const { ask, knock, get } = await openFakeStranger()
  const orders = [
    ['DELETE', `${APP}/dynos`],
    ['DELETE', `${APP}/formations/web`],
    ['POST', `${APP}/formations/web/actions/stop`],
  ] as const
  const answered = async () => {
    for (const [method, path] of orders) assert.deepEqual([path, await get(method, path)], [path, {}])
    for (const [method, path] of orders.slice(1)) {
      const answer = await knock(method, path.replace('web', 'nope'))
      assert.equal('status' in answer && answer.status, 404)
    }
  }
  await answered()
  await get('PATCH', `${APP}/formation`, { updates: [{ type: 'worker', quantity: 1 }] })
  await answered()
  const own = await ask('DELETE', `${APP}/formations/web`)
  assert.match(messageOf(own), /^No web dyno runs\./)
})

test('an app of which nothing runs is there, and is no app in maintenance mode', async () => {
  const { knock } = await openFakeStranger()
  const answer = await knock('PATCH', APP, { body: { maintenance: true } })
  assert.equal('status' in answer && answer.status, 422)
  assert.match(messageOf(answer), /^No formation runs.*'heroku ps:scale web=1' starts one\.$/)
})

test('where its ports are taken it begins at those that are free', async () => {
  const { get, world, manifold } = await openFakeStranger()
  world.taken.add(5100).add(5200)
  await get('PATCH', `${APP}/formation`, { updates: [{ type: 'worker', quantity: 1 }] })
  assert.ok(manifold.formed()!.release.basePort > 5000)
})

test('a slug is created, sent and released', async () => {
  const { get, world, knock, manifold } = await openFakeStranger()
  const { blob, id } = await get('POST', `${APP}/slugs`, { process_types: { web: 'node new.js' } })
  assert.equal(blob.method, 'put')
  const early = await knock('POST', `${APP}/releases`, { body: { slug: id } })
  assert.match(messageOf(early), /no file yet/)
  const path = blob.url.slice('http://localhost:5099'.length)
  const take = world.site!.expects(path)!
  assert.deepEqual(await take('/tmp/the file'), { status: 200, body: {} })
  assert.equal(world.site!.expects(path), undefined)
  const release = await get('POST', `${APP}/releases`, { slug: id, description: 'by\nhand' })
  assert.deepEqual([release.version, release.slug, release.description], [2, { id }, 'by hand'])
  await get('PATCH', `${APP}/formation`, { updates: [{ type: 'web', quantity: 1 }] })
  assert.equal(manifold.dynos()[0]!.launch.line, 'node new.js')
  const { blob: there } = await get('GET', `${APP}/slugs/${id}`)
  const download = there.url.slice('http://localhost:5099'.length)
  assert.ok('bytes' in (await knock('HEAD', download)))
  const file = await knock('GET', download)
  assert.ok('bytes' in file)
  const bytes: Uint8Array[] = []
  for await (const chunk of file.bytes) bytes.push(chunk)
  assert.equal(Buffer.concat(bytes).toString(), 'the slug cdcd')
})

test('a file that is not the one of its checksum is refused, and its address is no longer good', async () => {
  const { get, world } = await openFakeStranger()
  const checksum = `SHA256:${'0'.repeat(64)}`
  const { blob } = await get('POST', `${APP}/slugs`, { process_types: {}, checksum })
  const path = blob.url.slice('http://localhost:5099'.length)
  assert.match(messageOf(await world.site!.expects(path)!('/tmp/x')), /not the one of the checksum/)
  assert.equal(world.site!.expects(path), undefined)
})

test('other apps are listed and asked by name, and two of one name are told apart by their ids', async () => {
  const { get, knock, world } = await openFakeStranger()
  const asked: string[] = []
  const neighbour = (id: string, name: string) => ({
    app: {
      ...{ id, name, root: '/x', maintenance: false, formation: null, web_url: null },
      ...{ created_at: '', released_at: null },
    },
    async ask({ method, path, user }: Request) {
      asked.push(`${id} ${method} ${path} ${user}`)
      const app = { id, name, root: '/x', maintenance: false, formation: null, web_url: null }
      return { status: 200, body: path === '/apps' ? [{ ...app, created_at: '', released_at: null }] : [] }
    },
    attach() {},
  })
  world.neighbours.push(neighbour('a', 'gadgets'), neighbour('b', 'twins'), neighbour('c', 'twins'))
  const names = (await get('GET', '/users/~/apps')).map(({ name }: { name: string }) => name)
  assert.deepEqual(names, ['gadgets', 'twins', 'twins', 'widgets'])
  assert.equal((await get('GET', '/apps/gadgets')).web_url, null)
  assert.equal((await get('GET', '/apps/widgets')).web_url, 'http://localhost:5000/')
  const addresses = (await get('GET', '/apps')).map(({ web_url }: { web_url: string | null }) => web_url)
  assert.deepEqual(addresses, [null, null, null, 'http://localhost:5000/'])
  await get('GET', '/apps/gadgets/dynos')
  await get('GET', '/apps/c/dynos')
  assert.deepEqual(asked.slice(-2), ['a GET /apps/gadgets/dynos ada', 'c GET /apps/c/dynos ada'])
  assert.match(
    messageOf(await knock('GET', '/apps/twins/dynos')),
    /2 apps are called twins; name one by its id: b, c\./,
  )
})
