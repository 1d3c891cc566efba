import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseSlugignore } from '../../../src/core/slug/slugignore.ts'

// The same patterns and paths at every run.
const RUNS = { seed: 20_261_127, numRuns: 4000 }

// By code points U+F8FF is below 😀, and by the halves that a string is made of above it.
const CHARACTERS = ['a', 'b', '-', ']', '^', '😀', '😁', '😂', '\uF8FF']
const character = fc.constantFrom(...CHARACTERS)

/** A piece of a pattern, as it is written and as the model knows it. */
type Piece = { is: 'one'; text: string; fits: (character: string) => boolean } | { is: 'many'; text: string }

const literal = (wanted: string): Piece => ({
  is: 'one',
  text: `\\${wanted}`,
  fits: (character) => character === wanted,
})
const order = (character: string) => character.codePointAt(0)!
const set = (isNegated: boolean, from: string, to: string): Piece => ({
  is: 'one',
  text: `[${isNegated ? '!' : ''}${from}-${to}]`,
  fits: (character) => (order(from) <= order(character) && order(character) <= order(to)) !== isNegated,
})
const piece: fc.Arbitrary<Piece> = fc.oneof(
  { weight: 4, arbitrary: character.map(literal) },
  { weight: 3, arbitrary: fc.constant<Piece>({ is: 'many', text: '*' }) },
  { weight: 1, arbitrary: fc.constant<Piece>({ is: 'one', text: '?', fits: () => true }) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.boolean(), fc.constantFrom('a', '😀', '\uF8FF'), character)
      .filter(([, from, to]) => order(from) <= order(to))
      .map((parts) => set(...parts)),
  },
)

/** A segment, or `**`. */
type Segment = readonly Piece[] | '**'
const pieces = fc
  .array(piece, { minLength: 1, maxLength: 5 })
  .filter((of) => of.map(({ text }) => text).join('') !== '**')
const pattern: fc.Arbitrary<readonly Segment[]> = fc.array(
  fc.oneof({ weight: 3, arbitrary: pieces }, { weight: 1, arbitrary: fc.constant<Segment>('**') }),
  { minLength: 1, maxLength: 5 },
)
const path = fc
  .array(fc.array(character, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 5 })
  .map((names) => names.map((name) => name.join('')))

// The models try everything, one after the other.
function nameFits(of: readonly Piece[], name: readonly string[]): boolean {
  const [first, ...others] = of
  if (!first) return name.length === 0
  if (first.is === 'many') return nameFits(others, name) || (name.length > 0 && nameFits(of, name.slice(1)))
  return name.length > 0 && first.fits(name[0]!) && nameFits(others, name.slice(1))
}

function pathFits(of: readonly Segment[], names: readonly string[]): boolean {
  const [first, ...others] = of
  if (!first) return names.length === 0
  if (names.length === 0) return false
  if (first === '**') return others.length === 0 || pathFits(others, names) || pathFits(of, names.slice(1))
  return nameFits(first, [...names[0]!]) && pathFits(others, names.slice(1))
}

const written = (of: readonly Segment[]) =>
  of.map((segment) => (segment === '**' ? segment : segment.map(({ text }) => text).join(''))).join('/')

test('a pattern leaves out what a model does that tries all ways to match it', () => {
  const seen = { true: 0, false: 0 }
  fc.assert(
    fc.property(pattern, path, (of, names) => {
      // From the root, so that the pattern's segments begin where the path does.
      const expected = pathFits(of, names)
      assert.equal(parseSlugignore(`/${written(of)}`)(names.join('/'), false), expected)
      seen[`${expected}`]++
    }),
    RUNS,
  )
  assert.ok(seen.true > 300 && seen.false > 300, `${JSON.stringify(seen)}: the test tests too little`)
})

test('a pattern without a slash leaves out what a model does, in whichever folder it is', () => {
  let count = 0
  fc.assert(
    fc.property(pieces, path, (of, names) => {
      const expected = nameFits(of, [...names.at(-1)!])
      assert.equal(parseSlugignore(written([of]))(names.join('/'), false), expected)
      if (expected) count++
    }),
    RUNS,
  )
  assert.ok(count > 300, `only ${count} of the paths were left out: the test tests too little`)
})

test('whatever the characters of a .slugignore, it is read, and so is every path', () => {
  const sign = fc.oneof(
    fc.constantFrom(...'[]!^-\\*?/{}()|+.$ #&~=<>:,%', '\ud83d', '\ude00', '\0', '\u2028'),
    character,
    fc.string({ unit: 'binary', minLength: 1, maxLength: 2 }),
  )
  const text = fc.array(sign, { maxLength: 12 }).map((signs) => signs.join(''))
  fc.assert(
    fc.property(text, text, (lines, of) => {
      assert.equal(typeof parseSlugignore(lines)(of, false), 'boolean')
    }),
    RUNS,
  )
})

test('many stars that nearly match long names and deep folders take no time worth mentioning', () => {
  // Whoever tries all ways would not be ready before the sun is cold.
  const as = 'a'.repeat(255)
  const deep = Array(1000).fill('a').join('/')
  const cases: readonly (readonly [pattern: string, path: string, leftOut: boolean])[] = [
    [`${'*a'.repeat(100)}*b`, as, false],
    [`${'*a'.repeat(100)}*`, as, true],
    [`${'*?a'.repeat(100)}b`, as, false],
    [`${'**/a/'.repeat(100)}b`, deep, false],
    [`${'**/a/'.repeat(100)}a`, deep, true],
    [`${'**/*a*a*a/'.repeat(100)}b`, deep.replaceAll('a', 'aaa'), false],
    [`${'**/'.repeat(300)}b`, deep, false],
  ]
  for (const [of, path, leftOut] of cases) assert.equal(parseSlugignore(of)(path, false), leftOut, of)
})

test('a long run of blanks or slashes within a line is passed over once', () => {
  for (const sign of [' ', '\t', '/'])
    assert.equal(parseSlugignore(`a${sign.repeat(1_000_000)}b\nc`)('c', false), true)
})
