import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { checkText } from '../../../src/core/check/check-text.ts'
import type { FileKind } from '../../../src/core/check/file-kind.ts'
import type { Finding } from '../../../src/core/check/finding.ts'
import { findingsGithub, findingsJson, findingsSarif } from '../../../src/core/check/finding-formats.ts'
import { findingLines } from '../../../src/core/check/finding-text.ts'
import { diffLines, fixText } from '../../../src/core/check/fix.ts'
import { readersOf } from '../../../src/core/check/readers-table.ts'
import { literalOf, readShellLine } from '../../../src/core/check/shell-line.ts'
import { parseDotenv } from '../../../src/core/config/config.ts'
import { dotenvLine } from '../../../src/core/config/dotenv-line.ts'
import { parseProcfile } from '../../../src/core/procfile/procfile.ts'

// The same texts at every run.
const RUNS = { seed: 20_261_126, numRuns: 300 }

const KINDS: readonly FileKind[] = ['procfile', 'dotenv', 'slugignore', 'profile', 'app-json']
const TOKENS = [
  ...['web', 'release', 'a_b', 'A-b', 'run', 'web.1', 'PORT', 'API_TOKEN', 'hunter2x', 'node', 'server.js'],
  ...['web: ', 'A=', 'export ', 'A: ', '#', ' #', '!', '*', '/', '[', ']', '-p 3000', '--bind', '0.0.0.0:80'],
  ...[
    ':',
    '=',
    ' ',
    '\t',
    '"',
    "'",
    '`',
    '$',
    '${',
    '}',
    '$(',
    ')',
    '(',
    '{',
    '{a,b}',
    '\\',
    '&',
    '&&',
    '|',
    ';',
  ],
  ...[
    '>',
    '2>&1',
    '<(',
    '<<<',
    '[[',
    '\n',
    '\n',
    '\n',
    '\r\n',
    '\r',
    '\0',
    '\uFEFF',
    '\u2028',
    '\u00A0',
    'é',
    '🍵',
  ],
  ...['\ud83c', '<<<<<<< ', '{"formation":', '"web"', '1', ',', '://u:p@', '-----BEGIN ', 'AKIA', '\x1b[2J'],
]

const text = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.array(fc.constantFrom(...TOKENS), { maxLength: 25 }).map((parts) => parts.join('')),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
)
const kind = fc.constantFrom(...KINDS)
const outer = () => undefined

// Everything is there that may be asked for, so that no check is left out.
const app = {
  kindOf: (path: string) => (path.length % 2 === 0 ? ('file' as const) : ('missing' as const)),
  isLeftOut: (path: string) => path.length % 4 === 0,
  textOf: () => '{"scripts": {}}',
}

const check = (of: FileKind, content: string): Finding[] =>
  checkText({ name: '.profile.d/x', kind: of, text: content }, { app, types: new Set(['web']), outer })

test('each finding in any text has a line and a column of it, and a rule of the catalogue, in order', () => {
  let count = 0
  fc.assert(
    fc.property(kind, text, (of, content) => {
      const lines = content.replace(/^\uFEFF/, '').split('\n')
      const findings = check(of, content)
      for (const { line, column, severity, message } of findings) {
        assert.ok(line >= 1 && line <= lines.length)
        assert.ok(column >= 1 && column <= [...lines[line - 1]!].length + 1)
        assert.ok(severity && /[.?]$/.test(message), message)
        count++
      }
      const places = findings.map(({ line, column }) => line * 1e6 + column)
      assert.deepEqual(
        places,
        places.toSorted((a, b) => a - b),
      )
    }),
    RUNS,
  )
  assert.ok(count > 200, `only ${count} findings: the test tests too little`)
})

test('whatever is found can be shown in every format, with a caret below a character of the line', () => {
  fc.assert(
    fc.property(kind, text, (of, content) => {
      const findings = check(of, content)
      const readers = readersOf(of, content, outer)
      for (const finding of findings) {
        const shown = findingLines(finding, (word) => word, readers?.(finding.line))
        for (const line of shown) assert.doesNotMatch(line, /\p{Cc}/u)
      }
      assert.equal(JSON.parse(findingsJson(['x'], findings)).findings.length, findings.length)
      assert.equal(JSON.parse(findingsSarif('1', findings)).runs[0].results.length, findings.length)
      assert.equal(findingsGithub(findings).split('\n').length, findings.length + 1)
    }),
    RUNS,
  )
})

test('any line of a shell is taken apart into words that are parts of it, in its order', () => {
  fc.assert(
    fc.property(text, (line) => {
      const { commands, unclosed } = readShellLine(line)
      const words = commands.flatMap(({ assignments, words }) => [...assignments, ...words])
      for (const word of words) {
        assert.equal(line.slice(word.at, word.at + word.text.length), word.text)
        assert.notEqual(word.text, '')
        literalOf(word)
      }
      const ats = words.map(({ at }) => at)
      assert.deepEqual(
        ats,
        ats.toSorted((a, b) => a - b),
      )
      if (unclosed) assert.ok(line.startsWith(unclosed.text, unclosed.at))
    }),
    RUNS,
  )
})

test('a fix of a fix changes nothing, keeps the number of lines, and is what its diff says', () => {
  fc.assert(
    fc.property(kind, text, (of, content) => {
      const fixed = fixText(of, content)
      assert.equal(fixText(of, fixed), fixed)
      assert.equal(fixed.split('\n').length, content.split('\n').length)
      assert.equal(diffLines({ name: 'x', kind: of, text: content }, fixed).length === 0, fixed === content)
    }),
    RUNS,
  )
})

test('a fix changes nothing of what is read of a file without errors', () => {
  let good = 0
  fc.assert(
    fc.property(text, (content) => {
      const procfile = parseProcfile(content)
      const dotenv = parseDotenv(content, outer)
      if (procfile.errors.length === 0) {
        const again = parseProcfile(fixText('procfile', content))
        assert.deepEqual(again.errors, [])
        assert.deepEqual([...again.types], [...procfile.types])
        if (procfile.types.size > 0) good++
      }
      if (dotenv.errors.length > 0) return
      assert.deepEqual([...parseDotenv(fixText('dotenv', content), outer).vars], [...dotenv.vars])
      if (dotenv.vars.size > 0) good++
    }),
    { ...RUNS, numRuns: 1500 },
  )
  assert.ok(good > 30, `only ${good} of the files were good: the test tests too little`)
})

const processName = fc.stringMatching(/^[\w-]{1,20}$/).filter((word) => word !== 'run')
const command = text
  .map((line) =>
    line
      .replace(/[\n\0]/g, '')
      .replace(/\r$/, '')
      .trim(),
  )
  .filter((line) => line !== '' && !/^[\w-]+:|^:/.test(line))

test('types that are printed a line each are read as the same types, and so again', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(processName, command), { maxLength: 6, selector: ([name]) => name }),
      (types) => {
        const print = (of: Iterable<readonly [string, string]>) =>
          [...of].map(([name, line]) => `${name}: ${line}\n`).join('')
        const first = parseProcfile(print(types))
        assert.deepEqual(first.errors, [])
        assert.deepEqual([...first.types], types)
        assert.deepEqual([...parseProcfile(print(first.types)).types], types)
      },
    ),
    RUNS,
  )
})

test('variables that are printed as lines of a .env are read as the same, and so again', () => {
  const name = fc.stringMatching(/^[A-Za-z_]\w{0,15}$/).filter((word) => word !== 'PORT')
  const value = text.map((line) => line.replaceAll('\0', ''))
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(name, value), { maxLength: 6, selector: ([word]) => word }),
      (vars) => {
        const print = (of: Iterable<readonly [string, string]>) =>
          [...of].map((pair) => `${dotenvLine(...pair)}\n`).join('')
        const first = parseDotenv(print(vars), () => 'outside')
        assert.deepEqual(first.errors, [])
        assert.deepEqual([...first.vars], vars)
        assert.deepEqual([...parseDotenv(print(first.vars), () => 'outside').vars], vars)
      },
    ),
    RUNS,
  )
})
