import assert from 'node:assert/strict'
import test from 'node:test'
import { lineColours } from '../../../src/core/log/log-colours.ts'

const STAMP = '2026-11-23T22:59:42.000000+00:00'
const E = '\u001b'

// biome-ignore-start lint/suspicious/noControlCharactersInRegex: control sequences are what this is about
/** The SGR codes in a line, in order. */
const codes = (line: string) => [...line.matchAll(/\u001b\[([\d;]+)m/g)].map((match) => match[1]!)
const plain = (line: string) => line.replaceAll(/\u001b\[[\d;]*m/g, '')
// biome-ignore-end lint/suspicious/noControlCharactersInRegex: end of control sequences

test('what stands before the message has the colour of the process type', () => {
  const colour = lineColours()
  assert.equal(colour(`${STAMP} app[run.1]: x`), `${E}[33m${STAMP} app[run.1]:${E}[39m x`)
  assert.equal(colour(`${STAMP} app[web.1]:   x`), `${E}[36m${STAMP} app[web.1]:${E}[39m   x`)
  assert.equal(codes(colour(`${STAMP} app[web.2]: x`))[0], '36')
})

test('a type that was not seen before gets the next colour, and keeps it', () => {
  const colour = lineColours()
  const first = (ps: string) => codes(colour(`${STAMP} app[${ps}]: x`))[0]
  const seen = ['worker.1', 'clock.1', 'worker.2'].map(first)
  assert.deepEqual(seen, ['1;32', '1;36', '1;32'])
})

const SYSTEM: readonly (readonly [ps: string, message: string, codes: readonly string[]])[] = [
  ['web.1', 'State changed from starting to up', ['33', '39', '32', '39']],
  ['web.1', 'State changed from up to crashed', ['32', '39', '31', '39']],
  ['web.1', 'Process exited with status 0', ['32', '39']],
  ['web.1', 'Process exited with status 143', ['31', '39']],
  ['web.1', 'Stopping all processes with SIGTERM', ['31', '39']],
  ['web.1', 'Error R10 (Boot timeout) -> x', ['31', '39']],
  ['web.1', 'Starting process with command `x`', ['36', '39']],
  [
    'router',
    'at=info path="/" status=200',
    ['2', '22', '2', '22', '2', '22', '32', '39', '2', '22', '32', '39'],
  ],
  [
    'router',
    'at=error code=H12 status=503',
    ['2', '22', '31', '39', '2', '22', '31', '39', '2', '22', '31', '39'],
  ],
]

for (const [ps, message, expected] of SYSTEM) {
  test(`'${message}' is coloured, and says the same`, () => {
    const line = `${STAMP} heroku[${ps}]: ${message}`
    const coloured = lineColours()(line)
    assert.equal(plain(coloured), line)
    assert.deepEqual(codes(coloured).slice(2), expected)
  })
}

test('what an app says is left as it is, and so is what is no line of ours', () => {
  const said = `${STAMP} app[web.1]: Process exited with status 1`
  assert.ok(lineColours()(said).endsWith(' Process exited with status 1'))
  assert.equal(lineColours()('torn'), 'torn')
})
