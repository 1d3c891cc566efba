import assert from 'node:assert/strict'
import test from 'node:test'
import { asProblem, Problem } from '../../src/core/problem.ts'

test('a problem is told as it is, and what the system refused in a sentence', () => {
  const problem = new Problem('app', 'No Procfile here.')
  assert.equal(asProblem(problem), problem)
  const refused = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' })
  assert.equal(
    asProblem(refused).message,
    'The system refuses it (read ECONNRESET); mend that and try again.',
  )
})

test('our own mistake is thrown again, whatever it is', () => {
  for (const mistake of [new TypeError('x is undefined'), new Error('never'), 'text', undefined]) {
    assert.throws(
      () => asProblem(mistake),
      (thrown) => thrown === mistake,
    )
  }
})
