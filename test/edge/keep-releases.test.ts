import assert from 'node:assert/strict'
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { after, test } from 'node:test'
import { keepRelease, readReleases, setAside } from '../../src/edge/keep-releases.ts'
import { release } from '../release-record.ts'

const all = realpathSync(mkdtempSync(`${tmpdir()}/dyno-t-`))
after(() => rmSync(all, { recursive: true }))

test('releases are read in the order of their numbers, and one that is kept again is another from then on', () => {
  const state = mkdtempSync(`${all}/x`)
  assert.deepEqual(readReleases(state), { records: [], highest: 0, broken: [] })
  for (const version of [9, 10, 1]) keepRelease(state, release(version))
  keepRelease(state, release(9, { status: 'failed' }))
  const { records } = readReleases(state)
  assert.deepEqual(records, [release(1), release(9, { status: 'failed' }), release(10)])
  assert.deepEqual(readdirSync(`${state}/releases`).sort(), ['v1.json', 'v10.json', 'v9.json'])
  assert.equal(statSync(`${state}/releases/v1.json`).mode & 0o777, 0o600, 'config vars are nobody else’s')
})

test('a file that is no whole release takes no other with it, and is set aside under another name', () => {
  const state = mkdtempSync(`${all}/x`)
  for (const version of [1, 2, 3]) keepRelease(state, release(version))
  const path = `${state}/releases/v2.json`
  writeFileSync(path, readFileSync(path, 'utf8').slice(0, 40))
  writeFileSync(`${state}/releases/.v4.1.tmp`, 'half of a release, when the machine went down')
  const { records, broken, highest } = readReleases(state)
  assert.equal(highest, 3, 'what was never whole has no number')
  assert.deepEqual([records.map(({ version }) => version), broken], [[1, 3], [path]])
  assert.deepEqual(setAside(broken), [`${path}.broken`])
  for (const version of [1, 3]) rmSync(`${state}/releases/v${version}.json`)
  const { broken: none, highest: last } = readReleases(state)
  assert.deepEqual([none, last], [[], 2], 'the number of one that was set aside is not given again')
  assert.equal(readFileSync(`${path}.broken`, 'utf8').length, 40)
})

test('where nothing can be written a sentence says so, and what was kept stays', {
  skip: process.getuid?.() === 0 && 'root may write everywhere; a full disk is tested by the command line',
}, () => {
  const state = mkdtempSync(`${all}/x`)
  keepRelease(state, release(1))
  chmodSync(`${state}/releases`, 0o500)
  assert.throws(() => keepRelease(state, release(2)), {
    code: 'app',
    message: /cannot be kept in .* \(EACCES\); make room/,
  })
  chmodSync(`${state}/releases`, 0o700)
  assert.deepEqual(readReleases(state).records, [release(1)])
})
