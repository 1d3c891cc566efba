import assert from 'node:assert/strict'
import test from 'node:test'
import { dynoJson, dynoRequest, listedDyno, withFollowedSize } from '../../../src/core/api/api.ts'
import { apiError, problemOf } from '../../../src/core/api/api-error.ts'
import { appAt } from '../../../src/core/app.ts'
import type { Dyno } from '../../../src/core/dyno.ts'
import { Problem, type ProblemCode } from '../../../src/core/problem.ts'

const SLUG = 'ab'.repeat(32)
const APP = appAt('/home/ada/widgets')
const DYNO: Dyno = {
  kind: 'one-off',
  id: '01234567-89ab-cdef-0123-456789abcdef',
  name: 'run.12',
  command: 'bash',
  size: 'Basic',
  attached: true,
  version: null,
  createdAt: Date.UTC(2026, 10, 23, 17, 31, 59),
  since: Date.UTC(2026, 10, 23, 17, 32, 0),
  life: 3,
  launch: { line: 'bash', slug: SLUG, environment: {}, terminal: null, walls: null },
  state: { is: 'hanging up', times: 1, due: 0 },
}

test('a dyno is listed in the shape of the Platform API', () => {
  assert.deepEqual(dynoJson(DYNO, { app: APP, release: undefined, attachUrl: '/attach/x' }), {
    id: DYNO.id,
    name: 'run.12',
    type: 'run',
    command: 'bash',
    size: 'Basic',
    state: 'stopping',
    attach_url: '/attach/x',
    app: { id: APP.id, name: 'widgets' },
    release: null,
    kind: 'one-off',
    created_at: '2026-11-23T17:31:59.000Z',
    updated_at: '2026-11-23T17:32:00.000Z',
  })
  const release = { id: 'an id', version: 7, status: 'succeeded' }
  const listed = dynoJson(DYNO, { app: APP, release })
  assert.deepEqual([listed.attach_url, listed.release], [null, { id: 'an id', version: 7 }])
})

test('a row of ps is made of the API’s dyno', () => {
  const row = { name: 'run.12', state: 'stopping', command: 'bash', since: DYNO.since }
  assert.deepEqual(listedDyno(dynoJson(DYNO, { app: APP, release: undefined })), row)
})

test('the shortest request is a command: detached, without a terminal, on the newest slug', () => {
  assert.deepEqual(dynoRequest({ command: 'ls' }), {
    command: 'ls',
    attach: false,
    terminal: null,
    extra: {},
    size: 'Basic',
    walls: null,
    stack: undefined,
    live: undefined,
    type: undefined,
    timeToLive: undefined,
    release: undefined,
  })
})

test('a full request is understood', () => {
  const stack = { slug: SLUG, process_types: { web: 'x' }, config: { A: '1' }, caller: { PATH: '/bin' } }
  const terminal = { columns: 132, rows: 43 }
  const body = {
    command: 'ls',
    attach: true,
    terminal,
    env: { N: 1, S: 's' },
    size: '2x',
    walls: 'folder',
    stack,
  }
  const request = dynoRequest(body)
  const { process_types: types, ...rest } = stack
  assert.deepEqual(request.stack, { ...rest, processTypes: new Map(Object.entries(types)) })
  const { attach, extra, size, walls } = request
  assert.deepEqual(
    { attach, extra, size, walls },
    { attach: true, extra: { N: '1', S: 's' }, size: 'Standard-2X', walls: 'folder' },
  )
  assert.deepEqual(request.terminal, terminal)
})

const TERMINALS: readonly (readonly [says: string, body: object, terminal: unknown])[] = [
  [
    'COLUMNS and LINES, as Heroku’s CLI sends them, are the size',
    { env: { COLUMNS: 90, LINES: '30' } },
    { columns: 90, rows: 30 },
  ],
  ['a terminal that does not know its size has 80×24', {}, { columns: 80, rows: 24 }],
  ['a size that is none becomes 80×24', { terminal: { columns: -1, rows: 'x' } }, { columns: 80, rows: 24 }],
  ['a size has limits', { terminal: { columns: 1e9, rows: 1 } }, { columns: 65_535, rows: 1 }],
  ['force_no_tty means pipes', { force_no_tty: true }, null],
  ['only who attaches has a terminal', { attach: false, terminal: { columns: 9, rows: 9 } }, null],
]

for (const [says, body, terminal] of TERMINALS) {
  test(says, () => {
    const request = dynoRequest({ command: 'ls', attach: true, ...body })
    assert.deepEqual(request.terminal, terminal)
  })
}

test('COLUMNS and LINES are in the environment as well, as on Heroku', () => {
  const { extra } = dynoRequest({ command: 'ls', attach: true, env: { COLUMNS: 90, LINES: '30' } })
  assert.deepEqual(extra, { COLUMNS: '90', LINES: '30' })
})

test('where a terminal follows its client, a size in numbers is its first one and no variable', () => {
  const order = { command: 'ls', attach: true }
  const table: [env: object, terminal: object, extra: object][] = [
    [{ COLUMNS: 90, LINES: 30, TERM: 'x' }, { columns: 90, rows: 30 }, { TERM: 'x' }],
    [
      { COLUMNS: '90', LINES: '30' },
      { columns: 90, rows: 30 },
      { COLUMNS: '90', LINES: '30' },
    ],
    [{}, { columns: 80, rows: 24 }, {}],
  ]
  for (const [env, terminal, extra] of table) {
    const request = dynoRequest(withFollowedSize({ ...order, env }))
    assert.deepEqual([request.terminal, request.extra], [terminal, extra])
  }
  for (const body of [null, order, { ...order, env: 'x' }]) assert.equal(withFollowedSize(body), body)
})

test('a command and a variable may be as long as a program can be handed them', () => {
  const most = 'x'.repeat(120 * 1024)
  assert.equal(dynoRequest({ command: most }).command, most)
  const { extra } = dynoRequest({ command: 'ls', env: { A: most.slice('A='.length) } })
  assert.equal(extra['A']!.length, most.length - 2)
})

const LONG = `${'é'.repeat(60 * 1024)}x`

const REFUSED: readonly (readonly [body: unknown, sentence: RegExp])[] = [
  [null, /^The request must be a JSON object\.$/],
  [[], /^The request must be a JSON object\.$/],
  ['ls', /JSON object/],
  [{}, /needs a command/],
  [{ command: ' \n' }, /needs a command/],
  [{ command: ['ls'] }, /needs a command/],
  [{ command: 'a\0b' }, /^The command holds a NUL character; take it out\.$/],
  [{ command: 'ls', env: 'A=1' }, /^'env' must be a JSON object\.$/],
  [{ command: 'ls', env: { A: null } }, /^'A' in 'env' must be text\.$/],
  [{ command: 'ls', env: { A: 'x\0' } }, /^'A' in 'env' holds a NUL/],
  [{ command: 'ls', env: { 'A\0': 'x' } }, /^'A' in 'env' holds a NUL/],
  [{ command: LONG }, /^The command has at most 120 KiB; put it into a file\.$/],
  [{ command: 'ls', env: { A: LONG } }, /^'A' in 'env' has at most 120 KiB; put it into a file\.$/],
  [{ command: 'ls', attach: 'yes' }, /^'attach' must be true or false\.$/],
  [{ command: 'ls', force_no_tty: 1 }, /^'force_no_tty' must be true or false\.$/],
  [{ command: 'ls', size: 5 }, /^'size' must be text\.$/],
  [{ command: 'ls', type: 5 }, /^'type' must be text\.$/],
  [{ command: 'ls', type: [] }, /^'type' must be text\.$/],
  [{ command: 'ls', size: 'huge' }, /^There is no dyno size 'huge'\./],
  [{ command: 'ls', walls: 'none' }, /^Walls are 'full' or 'folder', not 'none'\.$/],
  [{ command: 'ls', attach: true, terminal: 80 }, /^terminal must be a JSON object\.$/],
  [{ command: 'ls', stack: [] }, /^stack must be a JSON object\.$/],
  [{ command: 'ls', stack: {} }, /SHA-256/],
  [{ command: 'ls', stack: { slug: `../${SLUG.slice(3)}` } }, /SHA-256/],
  [{ command: 'ls', stack: { slug: SLUG.toUpperCase() } }, /SHA-256/],
  [{ command: 'ls', stack: { slug: SLUG, config: { A: {} } } }, /^'A' in 'config' must be text/],
  [{ command: 'ls', stack: { slug: SLUG, config: { A: '\0' } } }, /^'A' in 'config' holds a NUL/],
  [{ command: 'ls', stack: { slug: SLUG, process_types: 'web' } }, /^'process_types' must be/],
  [{ command: 'ls', stack: { slug: SLUG, caller: 1 } }, /^'caller' must be/],
]

for (const [body, sentence] of REFUSED) {
  test(`a request of ${JSON.stringify(body).slice(0, 100)} is refused with a sentence`, () => {
    assert.throws(
      () => dynoRequest(body),
      (error) => {
        assert.ok(error instanceof Problem)
        assert.equal(error.code, 'invalid')
        assert.match(error.message, sentence)
        return true
      },
    )
  })
}

test('a name such as __proto__ is a name like others', () => {
  const { extra } = dynoRequest(JSON.parse('{"command":"ls","env":{"__proto__":"x"}}'))
  assert.deepEqual(Object.entries(extra), [['__proto__', 'x']])
})

const ERRORS: readonly (readonly [code: ProblemCode, status: number, id: string])[] = [
  ['not-found', 404, 'not_found'],
  ['manifold', 503, 'unavailable'],
  ['invalid', 422, 'invalid_params'],
  ['slug', 422, 'invalid_params'],
]

for (const [code, status, id] of ERRORS) {
  test(`a problem of kind '${code}' is a ${status} with the id ${id}`, () => {
    assert.deepEqual(apiError(new Problem(code, 'No.')), { status, body: { id, message: 'No.' } })
  })
}

test('the client tells the same sentence, and one of its own when there is none', () => {
  const told = problemOf(404, { id: 'not_found', message: 'There is no run.9.' })
  assert.deepEqual([told.code, told.message], ['not-found', 'There is no run.9.'])
  for (const body of [null, {}, { message: 1 }, 'x']) {
    assert.equal(problemOf(500, body).message, 'The manifold answered 500.')
  }
})
