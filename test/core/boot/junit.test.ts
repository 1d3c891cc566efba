import assert from 'node:assert/strict'
import test from 'node:test'
import type { DynoVerdict } from '../../../src/core/boot/boot-verdict.ts'
import { junitXml, xmlText } from '../../../src/core/boot/junit.ts'
import { elementsOf } from '../../xml.ts'

const NASTY = 'a "b" <c> & \'d\' ]]> \u0000\u0007\u001b[31m \ud800 \ufffe é 😀\nnext'
const VERDICTS: readonly DynoVerdict[] = [
  {
    type: 'web',
    dyno: 'web.1',
    verdict: 'bad',
    judgements: [
      { criterion: 'starts', verdict: 'good', why: 'started', seconds: 0 },
      { criterion: 'binds $PORT', verdict: 'bad', why: NASTY, seconds: 1.25 },
      { criterion: 'answers HTTP', verdict: 'skipped', why: 'it had not', seconds: 0 },
    ],
  },
]
const suite = { name: 'dyno check --boot', app: 'shop', at: Date.UTC(2026, 10, 23), seconds: 2 }

test('there is a test case for each dyno and judgement, with its time, its failure or why it was skipped', () => {
  const elements = elementsOf(junitXml(VERDICTS, suite))
  const named = (name: string) =>
    elements.filter((each) => each.name === name).map(({ attributes }) => attributes)
  const counts = { tests: '3', failures: '1', errors: '0' }
  assert.deepEqual(named('testsuites'), [{ name: suite.name, ...counts, time: '2.000' }])
  assert.deepEqual(named('testsuite'), [
    { name: suite.name, ...counts, skipped: '1', time: '2.000', timestamp: '2026-11-23T00:00:00' },
  ])
  assert.deepEqual(named('testcase'), [
    { classname: 'shop.web.1', name: 'starts', time: '0.000' },
    { classname: 'shop.web.1', name: 'binds $PORT', time: '1.250' },
    { classname: 'shop.web.1', name: 'answers HTTP', time: '0.000' },
  ])
  assert.deepEqual(named('failure'), [
    { message: `a "b" <c> & 'd' ]]> [31m \ufffd  é 😀 next`, type: 'binds $PORT' },
  ])
  assert.deepEqual(named('skipped'), [{ message: 'it had not' }])
})

test('no verdicts are a whole report as well', () => {
  assert.deepEqual(
    elementsOf(junitXml([], suite)).map(({ name }) => name),
    ['testsuites', 'testsuite'],
  )
})

test('no character of any text makes the report another document', () => {
  for (let code = 0; code <= 0xffff; code++) {
    assert.match(
      xmlText(String.fromCharCode(code)),
      /^(?:[\x20-\x7e\xa0-\ufffd]|&(?:amp|lt|gt|quot|apos);)?$/,
    )
  }
})
