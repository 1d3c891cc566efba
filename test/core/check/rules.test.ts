import assert from 'node:assert/strict'
import test from 'node:test'
import type { AppFacts } from '../../../src/core/check/app-facts.ts'
import { APP_RULES } from '../../../src/core/check/app-rules.ts'
import { checkText } from '../../../src/core/check/check-text.ts'
import { DOTENV_RULES } from '../../../src/core/check/dotenv-rules.ts'
import type { FileKind } from '../../../src/core/check/file-kind.ts'
import type { Finding } from '../../../src/core/check/finding.ts'
import { explainRule, type RuleId, ruleRows, rules } from '../../../src/core/check/rules.ts'
import { Problem } from '../../../src/core/problem.ts'

const TEXTS: Readonly<Record<string, string>> = {
  'server.js': 'listen(process.env.PORT)',
  'no-port.js': 'listen(3000)',
  'worker.js': 'work()',
  plain: 'echo plain',
  'package.json': '{"scripts": {"start": "node server.js"}}',
}
const PROGRAMS = ['start.sh', 'bin/web', 'bin/ignored']

const kindOf: AppFacts['kindOf'] = (path) => {
  if (path === 'bin') return 'folder'
  return PROGRAMS.includes(path) ? 'program' : path in TEXTS ? 'file' : 'missing'
}
const app: AppFacts = {
  kindOf,
  isLeftOut: (path) => path === 'bin/ignored',
  textOf: (path) => TEXTS[path],
}

/** Rules of the other kinds are found in a Procfile. */
const KINDS: Readonly<Partial<Record<RuleId, readonly [name: string, kind: FileKind]>>> = {
  ...Object.fromEntries(Object.keys(DOTENV_RULES).map((id) => [id, ['.env', 'dotenv']])),
  'negated-pattern': ['.slugignore', 'slugignore'],
  'procfile-left-out': ['.slugignore', 'slugignore'],
  'profile-not-sourced': ['.profile.d/a', 'profile'],
  'profile-carriage-returns': ['.profile.d/a.sh', 'profile'],
  'profile-exits': ['.profile.d/a.sh', 'profile'],
  'app-json-syntax': ['app.json', 'app-json'],
  'formation-type': ['app.json', 'app-json'],
  'formation-quantity': ['app.json', 'app-json'],
}

function findings(id: RuleId, text: string): Finding[] {
  const [name, kind] = KINDS[id] ?? (['Procfile', 'procfile'] as const)
  return checkText({ name, kind, text }, { app, types: new Set(['web', 'worker']), outer: () => undefined })
}

for (const [id, { severity, wrong, right }] of rules) {
  // It is about bytes and permissions, which only the edge sees.
  if (id === 'unreadable') continue
  test(`${id} is found in its wrong example`, () => {
    const found = findings(id, wrong).filter(({ rule }) => rule === id)
    assert.ok(found.length > 0)
    assert.deepEqual([...new Set(found.map((finding) => finding.severity))], [severity])
  })
  // Its examples have one text: the name of the file is what is wrong.
  if (id === 'profile-not-sourced') continue
  test(`nothing is wrong with the right example of ${id}`, () => {
    const found = findings(id, right)
    assert.deepEqual(
      found.filter((finding) => finding.rule === id || finding.severity !== 'note'),
      [],
    )
  })
}

test('a script of .profile.d is sourced when its name ends in .sh', () => {
  const { right } = APP_RULES['profile-not-sourced']
  const around = { outer: () => undefined }
  assert.deepEqual(checkText({ name: '.profile.d/a.sh', kind: 'profile', text: right }, around), [])
})

test('each wrong example is one that its right one differs from, but for a name of a file', () => {
  const same = [...rules].filter(([, { wrong, right }]) => wrong === right).map(([id]) => id)
  assert.deepEqual(same, ['profile-not-sourced'])
})

test('every rule has a title of one line without a full stop, and a reason that ends in one', () => {
  for (const [id, { title, why }] of rules) {
    assert.match(title, /^\S.{3,90}[^.\n]$/, id)
    assert.match(why, /^[^\n]{20,}\.$/, id)
  }
})

test('an explanation has the name, the severity, the reason and both examples, in lines that fit', () => {
  for (const [id, { severity, title }] of rules) {
    const text = explainRule(id)
    assert.ok(text.startsWith(`${id} (${severity})\n\n${title}.\n\n`), id)
    assert.match(text, /\n\nWrong:\n {2}.*\n\nRight:\n {2}\S/s, id)
    assert.ok(
      text.split('\n').every((line) => line.length <= 90),
      id,
    )
    assert.doesNotMatch(text.replaceAll('\n', ''), /[\p{Cc}\uFEFF]/u, id)
  }
})

test('characters that no terminal shows have names in an explanation', () => {
  assert.match(explainRule('carriage-returns'), /server\.js␍\n/)
  assert.match(explainRule('nul-byte'), /A␀B/)
  assert.match(explainRule('byte-order-mark'), /<BOM>web/)
})

test('an unknown rule is a mistake in the usage, and where they are listed is told', () => {
  for (const name of ['nonsense', '', 'toString', '__proto__']) {
    assert.throws(
      () => explainRule(name),
      (error) =>
        error instanceof Problem && error.code === 'usage' && /dyno check --rules/.test(error.message),
    )
  }
})

test('the list of rules has a row for each, by name, severity and title', () => {
  const rows = ruleRows()
  assert.equal(rows.length, rules.size)
  assert.deepEqual(
    rows.find(([id]) => id === 'nul-byte'),
    ['nul-byte', 'error', 'A NUL byte'],
  )
})
