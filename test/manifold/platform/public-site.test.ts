import assert from 'node:assert/strict'
import test from 'node:test'
import { bodyOf, messageOf, openFakeClient } from '../fake-client.ts'
import { settle } from '../fake-edges.ts'
import { openFakeStranger } from './fake-stranger.ts'

const APP = '/apps/widgets'

test('an app, its owner and its dynos have the shapes that Heroku publishes', async () => {
  const { get, create } = await openFakeStranger()
  await create()
  const [app] = await get('GET', '/apps')
  assert.deepEqual(await get('GET', APP), app)
  assert.deepEqual(
    [app.name, app.stack.name, app.create_status, app.space],
    ['widgets', 'heroku-24', 'complete', null],
  )
  assert.deepEqual(app.owner, { id: (await get('GET', '/account')).id, email: 'ada@localhost' })
  const [dyno] = await get('GET', `${APP}/dynos`)
  assert.deepEqual([dyno.name, dyno.state, dyno.attach_url, dyno.kind], ['run.1', 'up', null, undefined])
})

test('a one-off of a stranger runs on the current release, with what the opener’s shell lends', async () => {
  const { get, world } = await openFakeStranger()
  const dyno = await get('POST', `${APP}/dynos`, { command: 'worker 42', env: { TERM: 'dumb', COLUMNS: 80 } })
  await settle()
  assert.deepEqual([dyno.name, dyno.release.version], ['run.1', 1])
  const { A, LANG, TERM, COLUMNS } = world.child('run.1').environment
  assert.deepEqual([A, LANG, TERM, COLUMNS], ['1', 'C', 'dumb', '80'])
})

test('what only our own clients may order is dropped or not found', async () => {
  const { get, knock, manifold } = await openFakeStranger()
  await get('POST', `${APP}/dynos`, {
    command: 'x',
    live: '/etc',
    walls: 'folder',
    stack: { slug: 'ef'.repeat(32) },
  })
  const { launch } = manifold.dynos()[0]!
  assert.deepEqual([launch.live, launch.walls, launch.slug], [undefined, null, 'ab'.repeat(32)])
  for (const path of [`${APP}/formation`, `${APP}/api`, `${APP}/dynos/run.1/actions/attach`]) {
    const answer = await knock('POST', path, { body: {} })
    assert.equal('status' in answer && answer.status, 404, path)
  }
})

test('a terminal is joined by its token once, and by no other', async () => {
  const { get, world, logged } = await openFakeStranger()
  const { attach_url: url } = await get('POST', `${APP}/dynos`, {
    command: 'cat',
    attach: true,
    force_no_tty: true,
  })
  const [, token] = /^rendezvous:\/\/127\.0\.0\.1:5098\/(.+)$/.exec(url)!
  assert.equal(world.site!.meet('another'), undefined)
  const meeting = world.site!.meet(token!)!
  assert.equal(meeting.hasTerminal, false)
  assert.equal(world.site!.meet(token!), undefined)
  const client = openFakeClient()
  meeting.join(() => client.wire)
  await settle()
  assert.deepEqual(client.got('up'), [{ name: 'run.1' }])
  client.hangUp()
  await settle()
  assert.ok(logged().includes('heroku[run.1]: Client connection closed. Sending SIGHUP to all processes'))
})

test('nobody who comes within 30 seconds is an attach error, and the token is worth nothing any more', async () => {
  const { get, world, logged } = await openFakeStranger()
  const { attach_url: url } = await get('POST', `${APP}/dynos`, { command: 'bash', attach: true })
  await world.advance(30_000)
  assert.equal(world.site!.meet(url.slice(url.lastIndexOf('/') + 1)), undefined)
  assert.ok(logged().includes('heroku[run.1]: Error R13 (Attach error) -> Failed to attach to process'))
})

test('who comes by ssh has the terminal that he asks for, or none', async () => {
  for (const [asked, expected] of [
    [
      { columns: 132, rows: 43 },
      { columns: 132, rows: 43 },
    ],
    [null, null],
  ] as const) {
    const { get, world } = await openFakeStranger({ attach: 'ssh' })
    const order = { command: 'bash', attach: true, env: { COLUMNS: 90, LINES: 30 } }
    const { attach_url: url } = await get('POST', `${APP}/dynos`, order)
    assert.match(url, /^https:\/\/127\.0\.0\.1:5098\//)
    world.site!.meet(url.slice(url.lastIndexOf('/') + 1))!.join(() => openFakeClient().wire, asked)
    await settle()
    const { terminal, environment } = world.child('run.1')
    assert.deepEqual([terminal, environment['COLUMNS']], [expected, undefined])
  }
})

test('a log is read at its own address, once', async () => {
  const { get, knock } = await openFakeStranger()
  const { logplex_url: url } = await get('POST', `${APP}/log-sessions`, { lines: 1, tail: false })
  const path = url.slice('http://localhost:5099'.length)
  const head = await knock('HEAD', path)
  assert.equal('status' in head && head.status, 404)
  const log = await knock('GET', path)
  assert.ok('follow' in log)
  const lines: string[] = []
  log.follow(
    (some) => lines.push(...some),
    () => {},
  )
  assert.match(lines.join('\n'), /app\[api\]: Platform API open at http:\/\/localhost:5099 by user ada$/)
  const again = await knock('GET', path)
  assert.equal('status' in again && again.status, 404)
})

test('a list is cut as its range says, and says what follows', async () => {
  const { get, knock, exit } = await openFakeStranger()
  const changed = get('PATCH', `${APP}/config-vars`, { B: '2' })
  await settle()
  await exit('release.2', 0)
  await changed
  const answer = await knock('GET', `${APP}/releases`, { range: 'version ..; max=1, order=desc' })
  assert.ok('status' in answer)
  const { 'Next-Range': next, 'Content-Range': range } = answer.headers!
  assert.deepEqual([answer.status, range, next], [206, 'version 2..2', 'version ]2..; max=1, order=desc'])
  const rest = await knock('GET', `${APP}/releases`, { range: next! })
  assert.deepEqual(
    'status' in rest && [rest.status, (bodyOf(rest) as { version: number }[])[0]!.version],
    [200, 1],
  )
  for (const range of ['nonsense', 'version abc..', 'name ..']) {
    const wrong = await knock('GET', `${APP}/releases`, { range })
    assert.equal('status' in wrong && wrong.status, 416)
    assert.equal((bodyOf(wrong) as { id: string }).id, 'requested_range_not_satisfiable')
  }
})

test('of what is not given no address is made', async () => {
  const { get, knock, exit } = await openFakeStranger()
  for (const version of [2, 3, 4]) {
    const changed = get('PATCH', `${APP}/config-vars`, { B: String(version) })
    await settle()
    await exit(`release.${version}`, 0)
    await changed
  }
  const madeNow = async () => {
    const answer = await knock('GET', `${APP}/releases`, { range: 'version ..; max=1, order=desc' })
    const [{ output_stream_url: url }] = bodyOf(answer) as [{ output_stream_url: string }]
    return Number(url.slice(url.lastIndexOf('-') + 1))
  }
  const before = await madeNow()
  assert.equal(await madeNow(), before + 1)
})

test('what a list has is found by its name and its id, and what nothing can have is an empty list', async () => {
  const { get, knock } = await openFakeStranger()
  for (const [path, name] of [
    ['/regions', 'us'],
    ['/stacks', 'heroku-24'],
    ['/dyno-sizes', 'basic'],
  ] as const) {
    const one = await get('GET', `${path}/${name}`)
    assert.equal(one.name.toLowerCase(), name)
    assert.deepEqual(await get('GET', `${path}/${one.id}`), one)
    assert.ok((await get('GET', path)).some(({ id }: { id: string }) => id === one.id))
    const nope = await knock('GET', `${path}/nope`)
    assert.equal('status' in nope && nope.status, 404)
    assert.match(messageOf(nope), /^Couldn't find that (?:region|stack|dyno size)\.$/)
  }
  const me = await get('GET', '/account')
  for (const name of ['~', me.id, me.email, me.name]) assert.deepEqual(await get('GET', `/users/${name}`), me)
  assert.match(messageOf(await knock('GET', '/users/eve')), /^Couldn't find that user\.$/)
  const empty = ['/addon-services', '/addon-services/redis/plans', `${APP}/builds`, `${APP}/telemetry-drains`]
  for (const path of empty) assert.deepEqual(await get('GET', path), [])
})

test('a dyno with a time to live is stopped when it is over', async () => {
  const { get, world, logged } = await openFakeStranger()
  await get('POST', `${APP}/dynos`, { command: 'sleep 1000', time_to_live: 60 })
  await world.advance(59_000)
  assert.ok(!logged().some((line) => line.includes('SIGTERM')))
  await world.advance(1000)
  assert.ok(logged().includes('heroku[run.1]: Stopping all processes with SIGTERM'))
})

test('who asks too often is told so, and how many requests are left is told always', async () => {
  const { knock, world } = await openFakeStranger()
  for (let i = 0; i < 4500; i++) await knock('GET', '/account')
  const refused = await knock('GET', '/account')
  assert.deepEqual('status' in refused && [refused.status, refused.headers], [
    429,
    { 'RateLimit-Remaining': '0' },
  ])
  for (let i = 0; i < 3; i++) {
    const told = await knock('GET', '/account/rate-limits')
    assert.deepEqual('status' in told && [told.status, bodyOf(told)], [200, { remaining: 0 }])
  }
  await world.advance(60_000)
  await knock('GET', '/account/rate-limits')
  assert.deepEqual(bodyOf(await knock('GET', '/account/rate-limits')), { remaining: 75 })
})
