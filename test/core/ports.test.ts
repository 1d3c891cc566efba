import assert from 'node:assert/strict'
import test from 'node:test'
import { parseDynoName } from '../../src/core/name.ts'
import { basePort, oneOffPort, parsePort, portOf } from '../../src/core/ports.ts'
import { Problem } from '../../src/core/problem.ts'

const NONE = { flag: undefined, config: undefined, shell: undefined }

const bases: readonly (readonly [says: string, base: number, sources: Partial<typeof NONE | Named>])[] = [
  ['the base port is 5000 where nobody names one', 5000, {}],
  ['R03 the shell names the base port', 6000, { shell: '6000' }],
  ['R05 .env wins over the shell', 6500, { config: '6500', shell: '6000' }],
  ['R06 the flag wins over everything', 7000, { flag: '7000', config: '6500', shell: '6000' }],
  ['a wrong port that loses is no trouble', 7000, { flag: '7000', config: 'x', shell: 'abc' }],
  ['an empty PORT names none', 5000, { config: '', shell: '' }],
  ['the lowest port is 1', 1, { flag: '1' }],
  ['the highest port is 65535', 65_535, { shell: '65535' }],
]
type Named = Record<keyof typeof NONE, string>

for (const [says, base, sources] of bases) {
  test(says, () => assert.equal(basePort({ ...NONE, ...sources }), base))
}

const wrongBases: readonly (readonly [Partial<Named>, sentence: string, code: string])[] = [
  [{ flag: 'abc', shell: '1' }, "-p must be a number from 1 to 65535, not 'abc'.", 'usage'],
  [{ flag: '' }, "-p must be a number from 1 to 65535, not ''.", 'usage'],
  [{ config: 'abc' }, "PORT in .env must be a number from 1 to 65535, not 'abc'.", 'config'],
  [
    { shell: 'tcp://10.0.0.1:80' },
    "PORT in your shell must be a number from 1 to 65535, not 'tcp://10.0.0.1:80'.",
    'usage',
  ],
]

for (const [sources, sentence, code] of wrongBases) {
  test(`R15 a wrong base port is refused: ${sentence}`, () => {
    const refusal = () => basePort({ ...NONE, ...sources })
    assert.throws(
      refusal,
      (error) => error instanceof Problem && error.message === sentence && error.code === code,
    )
  })
}

for (const text of ['0', '65536', '-1', '+5', '5e3', '80.5', ' 80', '0x50', '123456', 'abc', '']) {
  test(`'${text}' is no port`, () => assert.equal(parsePort(text), undefined))
}

const TYPES = ['alpha', 'beta', '9']
const ports: readonly (readonly [says: string, name: string, base: number, port: number])[] = [
  ['R02 the first type begins at the base', 'alpha.1', 5000, 5000],
  ['R02 a type’s dynos are 1 apart', 'alpha.3', 5000, 5002],
  ['R02 R08 R09 types are 100 apart, whatever else runs', 'beta.1', 5000, 5100],
  ['R02 the second dyno of the second type', 'beta.2', 5000, 5101],
  ['a name of digits keeps its place in the Procfile', '9.1', 5000, 5200],
  ['the last dyno of a type comes right before the next type', 'alpha.100', 5000, 5099],
  ['R17 the highest port can be used', 'beta.1', 65_435, 65_535],
]

for (const [says, name, base, port] of ports) {
  test(says, () => assert.equal(portOf(parseDynoName(name)!, { types: TYPES, base, routed: false }), port))
}

const noPorts: readonly (readonly [name: string, base: number, sentence: string])[] = [
  ['beta.1', 65_500, 'Port 65600 of beta.1 is above 65535; choose a lower base port with -p.'],
  ['alpha.37', 65_500, 'Port 65536 of alpha.37 is above 65535; choose a lower base port with -p.'],
  ['alpha.101', 5000, 'alpha.101 would take a port of the next type; scale alpha to 100 or fewer.'],
]

for (const [name, base, sentence] of noPorts) {
  test(`R17 a port that cannot be is refused: ${sentence}`, () => {
    const refusal = () => portOf(parseDynoName(name)!, { types: TYPES, base, routed: false })
    assert.throws(refusal, (error) => error instanceof Problem && error.message === sentence)
  })
}

test('no two dynos of a formation have one port', () => {
  const names = TYPES.flatMap((type) => Array.from({ length: 100 }, (_, i) => ({ type, number: i + 1 })))
  assert.equal(
    new Set(names.map((name) => portOf(name, { types: TYPES, base: 5000, routed: false }))).size,
    300,
  )
})

const routed: readonly (readonly [says: string, name: string, port: number])[] = [
  ['the router has the base port, and web.1 the next', 'web.1', 5001],
  ['web.N has the base port and N', 'web.7', 5007],
  ['what is first in the Procfile makes room for the router', 'alpha.1', 5100],
  ['the other types keep their order and 100 each', 'beta.2', 5201],
]

for (const [says, name, port] of routed) {
  test(`beside a router ${says}`, () => {
    const plan = { types: ['alpha', 'web', 'beta'], base: 5000, routed: true }
    assert.equal(portOf(parseDynoName(name)!, plan), port)
  })
}

test('beside a router there is room for 99 web dynos', () => {
  const plan = { types: ['web', 'alpha'], base: 5000, routed: true }
  assert.equal(portOf({ type: 'web', number: 99 }, plan), 5099)
  assert.throws(() => portOf({ type: 'web', number: 100 }, plan), {
    message: 'web.100 would take a port of the next type; scale web to 99 or fewer.',
  })
})

test('a one-off’s port has five digits, whatever its number', () => {
  assert.deepEqual([1, 9999, 10_000, 123_456].map(oneOffPort), [20_001, 29_999, 20_000, 23_456])
})
