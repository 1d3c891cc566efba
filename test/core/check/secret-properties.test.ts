import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { checkText } from '../../../src/core/check/check-text.ts'
import { findingsGithub, findingsJson, findingsSarif } from '../../../src/core/check/finding-formats.ts'
import { findingLines } from '../../../src/core/check/finding-text.ts'
import { readersOf } from '../../../src/core/check/readers-table.ts'

test('of a value whose name is secret no six letters or digits in a row are shown, however its line is written', () => {
  const name = fc.constantFrom('API_KEY', 'SECRET_TOKEN', 'db_password', 'DATABASE_URL', 'PG_PASS')
  const secret = fc.stringMatching(/^[A-Za-z0-9]{6,24}$/)
  // On a line of its own, without a quote before it, it would be no value of this name, and within ${ } a name.
  const signs = ['', '"', "'", ' ', '`', '$', '#', ' #', '\\', '{', '"\n', "'\n", '://u:', 'a b', '=']
  const before = fc.constantFrom(...signs)
  const after = fc.constantFrom(...signs, '\n', '\r\n', '"#', "'x", '}')
  const outer = () => undefined
  let count = 0
  fc.assert(
    fc.property(
      name,
      secret,
      before,
      after,
      fc.constantFrom('=', ' = ', '= '),
      fc.constantFrom('', 'export ', ' '),
      (id, hidden, opening, closing, equals, lead) => {
        const content = `A=1\n${lead}${id}${equals}${opening}${hidden}${closing}\nB=2\n`
        const findings = checkText({ name: '.env', kind: 'dotenv', text: content }, { outer })
        const readers = readersOf('dotenv', content, outer)!
        const shown = [
          findingsJson(['x'], findings),
          findingsSarif('1', findings),
          findingsGithub(findings),
          ...findings.flatMap((finding) => findingLines(finding, (word) => word, readers(finding.line))),
        ].join('\n')
        assert.ok(!shown.includes(hidden), shown)
        count += findings.length
      },
    ),
    { seed: 20_261_126, numRuns: 1000 },
  )
  assert.ok(count > 1000, `only ${count} findings: the test tests too little`)
})

test('of the lines of a private key nothing is shown, whatever is wrong with them', () => {
  const body = 'MIIEowIBAAKCAQEAu1SU1LfVLPHCozMxH2Mo'
  for (const text of [
    `A=1\nKEY="-----BEGIN\n${body}\n${body}=\n${body}==\nx: ${body}\n" y\n`,
    `KEY="-----BEGIN\n${body}=\n`,
    `KEY=-----BEGIN\n${body}\n`,
    `KEY='-----BEGIN\n${body}\n  ${body}=\r\n'\n`,
  ]) {
    const findings = checkText({ name: '.env', kind: 'dotenv', text }, { outer: () => undefined })
    const readers = readersOf('dotenv', text, () => undefined)!
    const lines = text.split('\n').flatMap((_, i) => readers(i + 1).map(([, makes]) => makes))
    assert.ok(findings.length > 0)
    assert.ok(![findingsJson(['x'], findings), ...lines].join('\n').includes(body.slice(0, 6)), text)
  }
})
