import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Official, openOfficial } from './official.ts'
import { conforms, listOf, RULES, type Rule } from './schema-rules.ts'

let here: Official
before(async () => {
  here = await openOfficial({ start: ['web=1', 'worker=1', 'greet=0'] })
  for (const word of ['ONE=1', 'TWO=2']) await here.dyno(['config:set', word])
})
after(() => here.close())

const V3 = 'application/vnd.heroku+json; version=3'

type Asked = { status: number; headers: Headers; body: unknown; text: string }

async function ask(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Asked> {
  const response = await fetch(`${here.api.HEROKU_HOST}${path}`, {
    method,
    signal: AbortSignal.timeout(20_000),
    headers: {
      Accept: V3,
      Authorization: `Bearer ${here.api.HEROKU_API_KEY}`,
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? undefined : JSON.parse(text),
    text,
  }
}

/** Checks status, headers and body of a request's answer. */
async function gives(
  status: number,
  rule: Rule,
  method: string,
  path: string,
  body?: unknown,
): Promise<Asked> {
  const asked = await ask(method, path, body)
  const where = `${method} ${path}: ${asked.text}`
  assert.equal(asked.status, status, where)
  assert.deepEqual(conforms(asked.body, rule), [], where)
  assert.match(asked.headers.get('Content-Type') ?? '', /^application\/json(?:;.*)?$/, where)
  assert.match(asked.headers.get('Request-Id') ?? '', /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/, where)
  // What cannot even be read is not counted.
  if (status !== 400) assert.match(asked.headers.get('RateLimit-Remaining') ?? '', /^\d+$/, where)
  return asked
}

const first = async (path: string) => ((await ask('GET', path)).body as Record<string, string>[])[0]!

describe('responses', () => {
  const gets: [path: string, rule: Rule][] = [
    ['/account', RULES.account],
    ['/users/~', RULES.account],
    ['/apps', listOf(RULES.app)],
    ['/users/~/apps', listOf(RULES.app)],
    ['/apps/app', RULES.app],
    ['/apps/app/dynos', listOf(RULES.dyno)],
    ['/apps/app/dynos/worker.1', RULES.dyno],
    ['/apps/app/formation', listOf(RULES.formation)],
    ['/apps/app/formation/web', RULES.formation],
    ['/apps/app/releases', listOf(RULES.release)],
    ['/apps/app/releases/1', RULES.release],
    ['/apps/app/releases/1/config-vars', RULES.configVars],
    ['/apps/app/config-vars', RULES.configVars],
    ['/apps/app/domains', listOf(RULES.domain)],
    ['/apps/app/addons', listOf(RULES.addon)],
    ['/apps/app/collaborators', listOf(RULES.collaborator)],
    ['/regions', listOf(RULES.region)],
    ['/stacks', listOf(RULES.stack)],
  ]
  for (const [path, rule] of gets) {
    test(`GET ${path} conforms, and is not sent again to who has it`, async () => {
      const { headers } = await gives(200, rule, 'GET', path)
      const tag = headers.get('ETag')
      assert.ok(tag, 'it has an ETag')
      const again = await ask('GET', path, undefined, { 'If-None-Match': tag })
      assert.deepEqual([again.status, again.text], [304, ''])
    })
  }

  test('the rate limit is one that nobody reaches', async () => {
    const { body, headers } = await gives(200, RULES.rateLimit, 'GET', '/account/rate-limits')
    assert.ok((body as { remaining: number }).remaining > 0)
    assert.ok(Number(headers.get('RateLimit-Remaining')) > 0)
  })

  test('an app, a dyno, a type and a release are found by their ids, too', async () => {
    const app = await first('/apps')
    await gives(200, RULES.app, 'GET', `/apps/${app['id']}`)
    await gives(200, RULES.dyno, 'GET', `/apps/app/dynos/${(await first('/apps/app/dynos'))['id']}`)
    await gives(
      200,
      RULES.formation,
      'GET',
      `/apps/app/formation/${(await first('/apps/app/formation'))['id']}`,
    )
    const release = (await gives(200, RULES.release, 'GET', '/apps/app/releases/1')).body as Record<
      string,
      unknown
    >
    await gives(200, RULES.release, 'GET', `/apps/app/releases/${release['id']}`)
    const slug = release['slug'] as { id: string } | null
    if (slug !== null) await gives(200, RULES.slug, 'GET', `/apps/app/slugs/${slug.id}`)
  })

  test('what changes something answers with what it has become', async () => {
    await gives(200, listOf(RULES.formation), 'PATCH', '/apps/app/formation', {
      updates: [{ type: 'worker', quantity: '+1' }],
    })
    await gives(200, RULES.formation, 'PATCH', '/apps/app/formation/worker', { quantity: 1 })
    await gives(200, RULES.configVars, 'PATCH', '/apps/app/config-vars', { THREE: '3', ONE: null })
    await gives(200, RULES.app, 'PATCH', '/apps/app', { maintenance: false })
    await gives(201, RULES.logSession, 'POST', '/apps/app/log-sessions', { lines: 1, tail: false })
    await gives(201, RULES.release, 'POST', '/apps/app/releases', {
      release: (await first('/apps/app/releases'))['id'],
    })
    await gives(201, RULES.slug, 'POST', '/apps/app/slugs', { process_types: { web: 'true' } })
    const one = await gives(201, RULES.dyno, 'POST', '/apps/app/dynos', {
      command: 'sleep 98878',
      env: { COLUMNS: 80 },
      time_to_live: 60,
    })
    const { name, attach_url: url } = one.body as Record<string, string | null>
    assert.equal(url, null)
    await gives(202, RULES.nothing, 'POST', `/apps/app/dynos/${name}/actions/stop`)
    await gives(202, RULES.nothing, 'DELETE', '/apps/app/dynos/worker.1')
    await gives(202, RULES.nothing, 'DELETE', '/apps/app/formations/worker')
  })

  test('a range is given in parts, each with the way to the next', async () => {
    const all = (await ask('GET', '/apps/app/releases')).body as { version: number }[]
    const newestFirst = all.map(({ version }) => version).sort((a, b) => b - a)
    const seen: number[] = []
    for (let range: string | null = 'version ..; max=1, order=desc'; range !== null; ) {
      const part: Asked = await ask('GET', '/apps/app/releases', undefined, { Range: range })
      const [{ version }] = part.body as [{ version: number }]
      seen.push(version)
      assert.equal(part.headers.get('Content-Range')?.replace(/;.*/, ''), `version ${version}..${version}`)
      range = part.headers.get('Next-Range')
      assert.equal(part.status, range === null ? 200 : 206)
      assert.ok(seen.length <= all.length, 'it comes to an end')
    }
    assert.deepEqual(seen, newestFirst)
    const whole = await ask('GET', '/apps/app/domains', undefined, { Range: 'id ..; max=1000;' })
    assert.deepEqual([whole.status, whole.headers.get('Next-Range')], [200, null])
  })

  const refusals: [status: number, id: string, method: string, path: string, body?: unknown][] = [
    [404, 'not_found', 'GET', '/apps/nope'],
    [404, 'not_found', 'GET', '/apps/app/dynos/run.99999'],
    [404, 'not_found', 'GET', '/apps/app/releases/999'],
    [404, 'not_found', 'GET', '/apps/app/pipeline-couplings'],
    [404, 'not_found', 'GET', '/nowhere'],
    [400, 'bad_request', 'PATCH', '/apps/app/config-vars', '{"A":'],
    [422, 'invalid_params', 'POST', '/apps/app/dynos', {}],
    [422, 'invalid_params', 'PATCH', '/apps/app/config-vars', { 'a-b': '1' }],
    [422, 'invalid_params', 'PATCH', '/apps/app/formation', { updates: [{ type: 'web', quantity: 'many' }] }],
  ]
  for (const [status, id, method, path, body] of refusals) {
    test(`${method} ${path}${body === undefined ? '' : ` ${JSON.stringify(body)}`} is refused with ${status}`, async () => {
      const { body: error } = await gives(status, RULES.error, method, path, body)
      assert.equal((error as { id: string }).id, id)
    })
  }

  test('a wrong key is unauthorized, and another version not acceptable', async () => {
    for (const [headers, status, id] of [
      [{ Authorization: 'Bearer wrong' }, 401, 'unauthorized'],
      [{ Authorization: '' }, 401, 'unauthorized'],
      [{ Accept: 'application/vnd.heroku+json; version=2' }, 406, 'not_acceptable'],
    ] as const) {
      const refused = await ask('GET', '/apps', undefined, headers)
      assert.equal(refused.status, status)
      assert.deepEqual(conforms(refused.body, RULES.error), [])
      assert.equal((refused.body as { id: string }).id, id)
    }
  })
})
