import assert from 'node:assert/strict'
import test from 'node:test'
import { checkText } from '../../../src/core/check/check-text.ts'
import type { Finding } from '../../../src/core/check/finding.ts'
import { findingsGithub, findingsJson, findingsSarif } from '../../../src/core/check/finding-formats.ts'
import { rules } from '../../../src/core/check/rules.ts'

const SECRET = '4f9d2c7be01a58d3'
const TEXT = `\uFEFFcafé: x\nweb:y\nw-x: API_TOKEN=${SECRET} z\nweb: a "b\r\n`
const NAME = 'my app/Proc:file,100%.é'

const found = (): Finding[] =>
  checkText({ name: NAME, kind: 'procfile', text: TEXT }, { outer: () => undefined })

test('as JSON findings are all that is known of them, with how many there are of each severity', () => {
  const findings = found()
  const read = JSON.parse(findingsJson([NAME], findings))
  assert.deepEqual(read.findings, findings)
  assert.deepEqual(read.files, [NAME])
  const counted = (severity: string) => findings.filter((finding) => finding.severity === severity).length
  assert.deepEqual([read.errors, read.warnings, read.notes], ['error', 'warning', 'note'].map(counted))
  assert.ok(read.errors > 0 && read.warnings > 0 && read.notes > 0)
  const keys = ['column', 'file', 'line', 'message', 'rule', 'severity', 'source']
  for (const finding of read.findings) assert.deepEqual(Object.keys(finding).sort(), keys)
})

test('JSON of nothing found is an empty list', () => {
  assert.deepEqual(JSON.parse(findingsJson(['a'], [])), {
    files: ['a'],
    errors: 0,
    warnings: 0,
    notes: 0,
    findings: [],
  })
})

// Required by the schema of SARIF 2.1.0: version and runs; of a run tool; of a tool driver; of a driver name; of a rule
// its id; of a result message, with a text or an id. A region counts lines and columns from 1; an index is one of rules.
function checkSarif(text: string, findings: readonly Finding[]): void {
  const log = JSON.parse(text)
  assert.equal(log.version, '2.1.0')
  assert.match(log.$schema, /^https:\/\/.*sarif.*2\.1\.0.*\.json$/)
  assert.equal(log.runs.length, 1)
  const [{ tool, results, columnKind }] = log.runs
  assert.ok(['utf16CodeUnits', 'unicodeCodePoints'].includes(columnKind))
  assert.ok(tool.driver.name.length > 0)
  assert.equal(tool.driver.version, '1.2.3')
  const ids: string[] = tool.driver.rules.map(({ id }: { id: string }) => id)
  assert.equal(new Set(ids).size, ids.length)
  for (const rule of tool.driver.rules) {
    assert.ok(rule.shortDescription.text && rule.fullDescription.text && rule.help.text)
    assert.ok(['none', 'note', 'warning', 'error'].includes(rule.defaultConfiguration.level))
  }
  assert.equal(results.length, findings.length)
  for (const [i, { ruleId, ruleIndex, level, message, locations }] of results.entries()) {
    assert.equal(ids[ruleIndex], ruleId)
    assert.ok(rules.has(ruleId))
    assert.equal(level, findings[i]!.severity)
    assert.ok(message.text.length > 0)
    const [{ physicalLocation }] = locations
    const { startLine, startColumn } = physicalLocation.region
    assert.ok(Number.isInteger(startLine) && startLine >= 1)
    assert.ok(Number.isInteger(startColumn) && startColumn >= 1)
    const { uri } = physicalLocation.artifactLocation
    assert.match(uri, /^[\w\-.~:/?#[\]@!$&'()*+,;=%]+$/)
    assert.equal(decodeURIComponent(uri), findings[i]!.file)
  }
}

test('as SARIF findings have what its schema requires', () => {
  checkSarif(findingsSarif('1.2.3', found()), found())
  checkSarif(findingsSarif('1.2.3', []), [])
})

test('in SARIF a name with signs that mean something in an address is still the name of the file', () => {
  for (const file of ['a#b', 'a?b', '100%', 'a b', 'é', 'C:x', 'a%20b']) {
    const findings = found()
      .slice(0, 1)
      .map((finding) => ({ ...finding, file }))
    const { uri } = JSON.parse(findingsSarif('1.2.3', findings)).runs[0].results[0].locations[0]
      .physicalLocation.artifactLocation
    const { pathname, search, hash } = new URL(`./${uri}`, 'file:///')
    assert.deepEqual([decodeURIComponent(pathname), search, hash], [`/${file}`, '', ''], file)
  }
})

test('for GitHub a finding is one line, in which nothing ends a property or the command', () => {
  const findings = found()
  const lines = findingsGithub(findings).split('\n')
  assert.equal(lines.pop(), '')
  assert.equal(lines.length, findings.length)
  for (const [i, line] of lines.entries()) {
    const match = /^::(error|warning|notice) file=([^,:]+),line=(\d+),col=(\d+),title=([\w-]+)::(.+)$/.exec(
      line,
    )
    assert.ok(match, line)
    const unescaped = (text: string) => decodeURIComponent(text.replaceAll(/%(?!25|0D|0A|3A|2C)/g, '%25'))
    const { severity, file, line: number, column, rule, message } = findings[i]!
    assert.equal(match[1], severity === 'note' ? 'notice' : severity)
    assert.equal(unescaped(match[2]!), file)
    assert.deepEqual([Number(match[3]), Number(match[4]), match[5]], [number, column, rule])
    assert.equal(unescaped(match[6]!), message)
  }
})

test('for GitHub percent signs and line ends of a message are escaped', () => {
  const [first] = found()
  const text = findingsGithub([{ ...first!, file: 'a,b:c%\n', message: '100%\r\n::error::x' }])
  assert.match(text, /^::\w+ file=a%2Cb%3Ac%25%0A,line=.*::100%25%0D%0A::error::x\n$/)
})

test('in no format a secret is shown', () => {
  const findings = found()
  assert.ok(findings.some(({ rule }) => rule === 'secret'))
  for (const text of [findingsJson([NAME], findings), findingsSarif('1', findings), findingsGithub(findings)])
    assert.ok(!text.includes(SECRET))
})
