import assert from 'node:assert/strict'
import test from 'node:test'
import { bodyOf, type FakeManifold, messageOf, openFakeManifold } from './fake-client.ts'
import { settle } from './fake-edges.ts'

/** Opens a log session and reads it. */
async function openSession({ ask }: FakeManifold, body: unknown) {
  const session = bodyOf(await ask('POST', '/apps/widgets/log-sessions', { body })) as { logplex_url: string }
  const answer = await ask('GET', session.logplex_url)
  assert.ok('follow' in answer)
  const lines: string[] = []
  let ended = false
  const leave = answer.follow(
    (some) => lines.push(...some.map((line) => line.slice(line.indexOf(']: ') + 3))),
    () => {
      ended = true
    },
  )
  return { lines, hasEnded: () => ended, leave, url: session.logplex_url }
}

/** A manifold whose log has these lines, a millisecond apart. */
async function openWithLines(
  count: number,
): Promise<{ fake: FakeManifold; write: (text: string) => Promise<void> }> {
  const fake = openFakeManifold()
  fake.manifold.lease()
  const write = async (message: string) => {
    fake.manifold.logplex.write({ source: 'app', ps: message.startsWith('web') ? 'web.1' : 'run.1', message })
    await fake.world.advance(1)
  }
  for (let i = 1; i <= count; i++) await write(String(i))
  return { fake, write }
}

test('a log session shows the newest lines and ends', async () => {
  const { fake } = await openWithLines(5)
  const session = await openSession(fake, { lines: 3 })
  await settle()
  assert.deepEqual(session.lines, ['3', '4', '5'])
  assert.ok(session.hasEnded())
})

for (const [body, sentence] of [
  [{ lines: '5' }, "'lines' must be a whole number from 0."],
  [{ lines: -1 }, "'lines' must be a whole number from 0."],
  [{ lines: 2.9 }, "'lines' must be a whole number from 0."],
  [{ tail: 'yes' }, "'tail' must be true or false."],
  [{ dyno: 7 }, "'dyno' must be text."],
  [{ source: ['app'] }, "'source' must be text."],
] as const) {
  test(`a log session of ${JSON.stringify(body)} is refused with a sentence`, async () => {
    const answer = await openFakeManifold().ask('POST', '/apps/widgets/log-sessions', { body })
    assert.deepEqual(['status' in answer && answer.status, messageOf(answer)], [422, sentence])
  })
}

for (const [body, expected] of [
  [null, 100],
  [{ lines: null, dyno: null, tail: null }, 100],
  [{ lines: 0 }, 0],
] as const) {
  test(`a log session of ${JSON.stringify(body)} shows ${expected} lines`, async () => {
    const { fake } = await openWithLines(120)
    const session = await openSession(fake, body)
    await settle()
    assert.equal(session.lines.length, expected)
  })
}

for (const body of [{ dyno: 'web' }, { dyno_name: 'web.1' }, { dyno: 'web', source: 'app' }]) {
  test(`a log session of ${JSON.stringify(body)} shows only such lines, also new ones`, async () => {
    const { fake, write } = await openWithLines(0)
    for (const line of ['1', 'web 1', '2', 'web 2']) await write(line)
    const session = await openSession(fake, { ...body, lines: 3, tail: true })
    await settle()
    for (const line of ['3', 'web 3']) await write(line)
    assert.deepEqual(session.lines, ['web 1', 'web 2', 'web 3'])
  })
}

for (const lines of [2, 100]) {
  test(`a session with tail gets the past and then each new line exactly once, from ${lines === 2 ? 'memory' : 'the file'}`, async () => {
    const { fake, write } = await openWithLines(3)
    const session = await openSession(fake, { lines, tail: true })
    fake.manifold.logplex.write({ source: 'app', ps: 'run.1', message: '4' })
    fake.manifold.logplex.write({ source: 'app', ps: 'run.1', message: '5' })
    await write('6')
    await settle()
    await write('7')
    assert.deepEqual(session.lines, [...['1', '2', '3'].slice(-lines), '4', '5', '6', '7'])
    assert.ok(!session.hasEnded())
  })
}

test('lines are counted before they are chosen, and at most 1,500 are kept, as on Heroku', async () => {
  const { fake, write } = await openWithLines(1600)
  await write('web 1')
  await write('2')
  for (const [body, expected] of [
    [{ lines: 2000 }, 1500],
    [{ lines: 2000, dyno: 'web' }, 1],
    [{ lines: 2, dyno: 'web' }, 1],
    [{ lines: 1, dyno: 'web' }, 0],
  ] as const) {
    const session = await openSession(fake, body)
    assert.equal(session.lines.length, expected, JSON.stringify(body))
  }
})

test('a session that is left gets no more lines', async () => {
  const { fake, write } = await openWithLines(1)
  const session = await openSession(fake, { tail: true })
  await settle()
  session.leave()
  await write('2')
  assert.deepEqual(session.lines, ['1'])
})

test('a session is read once', async () => {
  const { fake } = await openWithLines(1)
  const { url } = await openSession(fake, {})
  const answer = await fake.ask('GET', url)
  assert.equal('status' in answer && answer.status, 404)
})

test('an open session holds the manifold, one that is left does not', async () => {
  const fake = openFakeManifold()
  let ended = false
  void fake.manifold.ended.then(() => {
    ended = true
  })
  const session = await openSession(fake, { tail: true })
  await fake.world.advance(100_000)
  assert.ok(!ended)
  session.leave()
  await fake.world.advance(2000)
  assert.ok(ended)
})
