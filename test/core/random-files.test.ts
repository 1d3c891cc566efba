import assert from 'node:assert/strict'
import test from 'node:test'
import { parseDotenv, parseEnvFlag } from '../../src/core/config/config.ts'
import { parseProcfile } from '../../src/core/procfile/procfile.ts'
import { seeded } from '../random.ts'

test('no text makes the Procfile parser throw, lose a line in silence, or return types beside errors', () => {
  const chance = seeded(20_260_701)
  const words = ['web', 'a_b', 'A-b', 'run', 'web.1', 'web: x\n', 'a_b: y\r\n', 'c:d\n', ': echo x\n', ' : ']
  const signs = [
    ':',
    ' ',
    '\t',
    '#',
    '\n',
    '\r\n',
    '\r',
    '\0',
    'é',
    '🍵',
    '=======',
    '"',
    '\\',
    '\uFEFF',
    '\u2028',
  ]
  const pieces = [...words, ...words, ...signs]
  let good = 0
  for (let round = 0; round < 6000; round++) {
    const text = round % 3 === 0 ? randomBytes(chance, 60) : randomPieces(chance, pieces, 12)
    const { types, errors, warnings } = parseProcfile(text)
    const lines = text.replace(/^\uFEFF/, '').split('\n')
    for (const { line, column } of [...errors, ...warnings]) {
      assert.ok(line >= 1 && line <= lines.length && column >= 1, JSON.stringify(text))
      assert.ok(column <= [...lines[line - 1]!].length + 1, JSON.stringify(text))
    }
    if (errors.length > 0) {
      assert.equal(types.size, 0, JSON.stringify(text))
      continue
    }
    const names = lines
      .filter((line) => !/^[ \t]*(#|\r?$)/.test(line))
      .map((line) => line.split(':')[0]!.trim())
    assert.deepEqual(new Set(types.keys()), new Set(names), JSON.stringify(text))
    const repeated = warnings.filter(({ message }) => /is also in line/.test(message))
    assert.equal(types.size + repeated.length, names.length, JSON.stringify(text))
    if (types.size > 0) good++
  }
  assert.ok(good > 100, `only ${good} of the files were good: the test tests too little`)
})

test('no text makes the .env parser throw, lose a line in silence, or return variables beside errors', () => {
  const chance = seeded(19_720_101)
  const words = ['A', 'B_1', 'export ', '=', 'A=1\n', 'B="x"\n', '\u0024{A}', '\u0024{A:-', '\u0024{', '}']
  const signs = [
    '=',
    ' ',
    '\t',
    '#',
    ' #',
    '\n',
    '\r',
    '\0',
    '"',
    "'",
    '`',
    '\\',
    '$',
    ':',
    '-',
    'é',
    '🍵',
    '\uFEFF',
  ]
  const pieces = [...words, ...words, ...signs]
  let good = 0
  for (let round = 0; round < 6000; round++) {
    const text = round % 3 === 0 ? randomBytes(chance, 60) : randomPieces(chance, pieces, 14)
    const { vars, errors, warnings } = parseDotenv(text, () => 'outside')
    const lines = text.replace(/^\uFEFF/, '').split('\n')
    for (const { line, column } of [...errors, ...warnings]) {
      assert.ok(line >= 1 && line <= lines.length && column >= 1, JSON.stringify(text))
      assert.ok(column <= [...lines[line - 1]!].length + 1, JSON.stringify(text))
    }
    if (errors.length > 0) {
      assert.equal(vars.size, 0, JSON.stringify(text))
      continue
    }
    if (vars.size > 0) good++
    if (/["']/.test(text)) continue
    // Without quotes a line is one thing: nothing, a variable, or a warning that it is skipped or repeated.
    const meant = lines.filter((line) => !/^\s*(#|$)/.test(line))
    const told = warnings.filter(({ message }) => /is skipped|This line wins/.test(message))
    assert.equal(vars.size + told.length, meant.length, JSON.stringify(text))
  }
  assert.ok(good > 100, `only ${good} of the files were good: the test tests too little`)
})

test('a flag of random parts never throws, and each part is a variable or a warning', () => {
  const chance = seeded(1_337)
  const pieces = ['A', 'b.c', '=', '=', ';', ' ', 'x', '-', '\n', 'é', '"']
  for (let round = 0; round < 2000; round++) {
    const text = round % 3 === 0 ? randomBytes(chance, 30) : randomPieces(chance, pieces, 10)
    const { vars, warnings } = parseEnvFlag(text)
    const parts = text.split(';')
    const good = parts.filter(
      (part) => !warnings.includes(`env flag ${part} appears invalid. Avoid using ';' in values.`),
    )
    assert.equal(good.length + warnings.length, parts.length)
    assert.deepEqual(new Set(vars.keys()), new Set(good.map((part) => part.split('=')[0]!.trim())))
  }
})

function randomBytes(chance: () => number, most: number): string {
  return Buffer.from(Array.from({ length: chance() * most }, () => chance() * 256)).toString('utf8')
}

function randomPieces(chance: () => number, pieces: readonly string[], most: number): string {
  return Array.from({ length: chance() * most }, () => pieces[Math.floor(chance() * pieces.length)]!).join('')
}
