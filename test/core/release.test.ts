import assert from 'node:assert/strict'
import test from 'node:test'
import { changeText, releaseJson, releaseRequest, settingsOf } from '../../src/core/api/release-api.ts'
import { appAt } from '../../src/core/app.ts'
import { parseDotenv } from '../../src/core/config/config.ts'
import { dotenvLine } from '../../src/core/config/dotenv-line.ts'
import {
  currentRelease,
  isSameContent,
  overlaid,
  parseRecord,
  recordText,
  releaseBefore,
  releaseNamed,
} from '../../src/core/release-record.ts'
import { CHAOS_SEED, seeded } from '../random.ts'
import { release } from '../release-record.ts'

test('a release is read as it was written, and half of one is none', () => {
  const record = release(7, {
    processTypes: new Map([
      ['b', '1'],
      ['10', '2'],
      ['a', '3'],
    ]),
    settings: { A: null, B: 'x' },
  })
  const text = recordText(record)
  assert.deepEqual(parseRecord(text), record)
  assert.deepEqual([...parseRecord(text)!.processTypes.keys()], ['b', '10', 'a'])
  for (let length = 0; length < text.length - 2; length += 7)
    assert.equal(parseRecord(text.slice(0, length)), undefined)
  for (const wrong of [
    'null',
    '[]',
    '{}',
    text.replace('"succeeded"', '"fine"'),
    text.replace('abab', '../x'),
  ]) {
    assert.equal(parseRecord(wrong), undefined)
  }
})

test('the newest release that did not fail is the one that runs', () => {
  const records = [
    release(1),
    release(2),
    release(3, { status: 'failed' }),
    release(4, { status: 'pending' }),
  ]
  assert.equal(currentRelease(records)?.version, 2)
  assert.equal(currentRelease([]), undefined)
})

test('a release is named by its number, with or without v, or by its id; another one is told what there is', () => {
  const records = [release(1), release(2)]
  assert.equal(releaseNamed(records, 'v2').version, 2)
  assert.equal(releaseNamed(records, '1').version, 1)
  assert.equal(releaseNamed(records, 'id-2').version, 2)
  assert.throws(() => releaseNamed(records, 'v3'), {
    code: 'not-found',
    message: 'There is no release v3; the newest is v2.',
  })
  for (const [name, said] of [
    ['', "''"],
    ['v 1', "'v 1'"],
    ['x'.repeat(300), `'${'x'.repeat(63)}…'`],
  ] as const)
    assert.throws(() => releaseNamed(records, name), {
      message: `There is no release ${said}; the newest is v2.`,
    })
  assert.throws(() => releaseNamed([], 'v1'), /There is no release yet/)
})

test('a rollback without a number goes to the one before, past those that failed or have no slug', () => {
  const records = [release(1, { slug: null }), release(2), release(3, { status: 'failed' }), release(4)]
  assert.equal(releaseBefore(records).version, 2)
  assert.throws(() => releaseBefore(records.slice(0, 3)), /There is no release before this one/)
  assert.throws(() => releaseBefore(records.slice(0, 1)), /There is no release yet/)
})

test('what people set wins over files, and what they took away is gone', () => {
  assert.deepEqual(overlaid({ A: '1', B: '2' }, { B: null, C: '3', A: '' }), { A: '', C: '3' })
  assert.ok(
    isSameContent(release(1, { config: { A: '1', B: '2' } }), release(2, { config: { B: '2', A: '1' } })),
  )
  assert.ok(!isSameContent(release(1), release(2, { processTypes: new Map([['web', 'node other.js']]) })))
})

test('the API takes a rollback, config vars and a stack, and says so to anything else', () => {
  const caller = { PATH: '/bin' }
  assert.deepEqual(releaseRequest({ release: 'v7', caller }), { is: 'rollback', to: 'v7', caller })
  assert.deepEqual(releaseRequest({ config: { A: 2, B: null } }), {
    ...{ is: 'config', caller: undefined },
    ...{ changes: { A: '2', B: null }, toFiles: false },
  })
  assert.partialDeepStrictEqual(releaseRequest({ config: { A: 2 }, to_files: true }), { toFiles: true })
  const deploy = releaseRequest({ stack: { slug: 'cd'.repeat(32), caller } })
  assert.deepEqual([deploy.is, deploy.caller], ['deploy', caller])
  assert.throws(() => releaseRequest({}), /Send \{"release":ID\}/)
  assert.throws(() => settingsOf({ '1A': 'x' }), /'1A' is no name of a config var/)
  assert.throws(() => settingsOf({ A: {} }), /'A' in 'config vars' must be text/)
  assert.equal(changeText({ A: '1', B: null, C: '' }), 'Set A, C config vars, Remove B config vars')
})

test('a release has the shape of the Platform API', () => {
  const json = releaseJson(release(7, { slug: null, createdAt: 0 }), appAt('/home/ada/widgets'), true)
  assert.deepEqual(
    [json.version, json.current, json.slug, json.created_at],
    [7, true, null, '1970-01-01T00:00:00.000Z'],
  )
  assert.deepEqual(json.user, { id: 'ada', email: 'ada' })
})

test('a config var is written as a line that reads back as the same value', () => {
  const next = seeded(CHAOS_SEED)
  const letters = ['a', ' ', '#', '"', "'", '\\', '$', '{', '}', '\n', '`', '=', 'é', '\\n', '${', '\t']
  for (let round = 0; round < 2000; round++) {
    const value = Array.from(
      { length: Math.floor(next() * 6) },
      () => letters[Math.floor(next() * letters.length)],
    ).join('')
    const { vars, errors } = parseDotenv(dotenvLine('NAME', value), () => 'looked up')
    assert.deepEqual([errors, vars.get('NAME')], [[], value], `seed ${CHAOS_SEED}: ${JSON.stringify(value)}`)
  }
})
