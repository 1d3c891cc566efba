import assert from 'node:assert/strict'
import test from 'node:test'
import {
  applyUpdates,
  type Formation,
  parseQuantities,
  parseQuantity,
  startFormation,
} from '../../src/core/formation.ts'
import { Problem } from '../../src/core/problem.ts'

const TYPES = ['web', 'release', 'worker', 'clock-1', 'console']
const HEROKU = { herokuDefaults: true }
const FOREMAN = { herokuDefaults: false }

const formation = (text: string): Formation => {
  return new Map(
    text.split(' ').map((part) => {
      const [, type, quantity, size = 'Basic'] = /^(.+)=(\d+)(?::(.+))?$/.exec(part)!
      return [type!, { quantity: Number(quantity), size }]
    }),
  )
}
const say = (wanted: Formation) =>
  [...wanted]
    .map(([type, { quantity, size }]) => `${type}=${quantity}${size === 'Basic' ? '' : `:${size}`}`)
    .join(' ')
const split = (text: string) => text.split(' ').filter((word) => word !== '')

function refuses(sentence: string, act: () => unknown): void {
  assert.throws(act, (error) => {
    assert.ok(error instanceof Problem, String(error))
    assert.equal(error.message, sentence)
    return true
  })
}

const starts: readonly (readonly [says: string, words: string, wanted: string])[] = [
  ['one of each type but release and console', '', 'web=1 release=0 worker=1 clock-1=1 console=0'],
  ['just the types that are named', 'web worker', 'web=1 release=0 worker=1 clock-1=0 console=0'],
  ['a type whose name looks like a change', 'clock-1', 'web=0 release=0 worker=0 clock-1=1 console=0'],
  ['more of one type, and the others as they were', 'web=2', 'web=2 release=0 worker=1 clock-1=1 console=0'],
  ['one more of a type', 'web+1', 'web=2 release=0 worker=1 clock-1=1 console=0'],
  ['one fewer of a type', 'web-1', 'web=0 release=0 worker=1 clock-1=1 console=0'],
  [
    'R09 as many of each type but release and console',
    'all=2',
    'web=2 release=0 worker=2 clock-1=2 console=0',
  ],
  ['what the last of two words wants', 'all=0,web=1', 'web=1 release=0 worker=0 clock-1=0 console=0'],
  [
    'nothing of what is foreman’s release=0',
    'all=1,release=0',
    'web=1 release=0 worker=1 clock-1=1 console=0',
  ],
  ['named types and quantities side by side', 'web worker=3', 'web=1 release=0 worker=3 clock-1=0 console=0'],
  ['every type that can be', 'all', 'web=1 release=0 worker=1 clock-1=1 console=0'],
  ['nothing where nothing is wanted', 'all=0', 'web=0 release=0 worker=0 clock-1=0 console=0'],
  ['what words with a stray comma want', 'web=2, ,worker=0,', 'web=2 release=0 worker=0 clock-1=1 console=0'],
  ['a size along with a quantity', 'web=1:2x', 'web=1:Standard-2X release=0 worker=1 clock-1=1 console=0'],
]

for (const [says, words, wanted] of starts) {
  test(`a start makes ${says}: dyno start ${words}`, () => {
    assert.equal(say(startFormation(TYPES, split(words), FOREMAN)), wanted)
  })
}

const herokuStarts: readonly (readonly [words: string, wanted: string])[] = [
  ['', 'web=1 release=0 worker=0 clock-1=0 console=0'],
  ['worker', 'web=0 release=0 worker=1 clock-1=0 console=0'],
  ['worker=2', 'web=1 release=0 worker=2 clock-1=0 console=0'],
]

for (const [words, wanted] of herokuStarts) {
  test(`on Heroku's defaults only web starts by itself: dyno start ${words}`, () => {
    assert.equal(say(startFormation(TYPES, split(words), HEROKU)), wanted)
  })
}

for (const types of [[], ['release'], ['console', 'release']]) {
  test(`a Procfile of [${types}] has nothing to start`, () => {
    const sentence =
      'The Procfile has no process type that can be started; add a line such as `web: node server.js`.'
    for (const words of [[], ['web'], ['release=0']]) {
      refuses(sentence, () => startFormation(types, words, FOREMAN))
    }
  })
}

const scales: readonly (readonly [says: string, from: string, words: string, to: string])[] = [
  ['only the named type changes', 'web=1 worker=2', 'web=3', 'web=3 worker=2'],
  ['a type that was not there yet begins at 0', 'web=1', 'worker+2', 'web=1 worker=2'],
  ['a type that the Procfile has lost is gone', 'web=1 old=2', 'web=2', 'web=2 worker=0'],
  ['nothing goes below 0', 'web=1 worker=2', 'web-5 worker-2', 'web=0 worker=0'],
  ['words follow each other', 'web=1 worker=0', 'web+1 web+1 web-1', 'web=2 worker=0'],
  [
    'a size stays when only the quantity changes',
    'web=1:Standard-2X worker=0',
    'web+1',
    'web=2:Standard-2X worker=0',
  ],
  ['a size changes with the quantity', 'web=1 worker=0', 'web+0:PM all=1', 'web=1:Performance-M worker=1'],
  ['100 of a type are allowed', 'web=99 worker=0', 'web+1 worker=100', 'web=100 worker=100'],
]

for (const [says, from, words, to] of scales) {
  test(`${says}: ${words} makes ${from} into ${to}`, () => {
    assert.equal(say(applyUpdates(formation(from), parseQuantities(split(words)), ['web', 'worker'])), to)
  })
}

test('an update may be of the size only', () => {
  const update = { type: 'web', quantity: null, size: 'Eco' }
  assert.equal(say(applyUpdates(formation('web=2'), [update], ['web'])), 'web=2:Eco')
})

const unreadable: readonly (readonly [words: string, sentence: string])[] = [
  ['web=x', "'x' is no number; write how many dynos you want: web=1."],
  ['web=', "'' is no number; write how many dynos you want: web=1."],
  ['web=1.5', "'1.5' is no whole number; write how many dynos you want: web=1."],
  ['web=-1', "'web=-1' is no quantity; write web=1, web+1 or web-1."],
  ['web=+1', "'web=+1' is no quantity; write web=1, web+1 or web-1."],
  ['web=101', 'A type has at most 100 dynos; write web=100 or less.'],
  ['web=99999999999999999999999', 'A type has at most 100 dynos; write web=100 or less.'],
  ['web', "'web' says no quantity; write web=2, web+1 or web-1."],
  ['web+x', "'web+x' is no quantity; write web=2, web+1 or web-1."],
  ['=2', "'=2' is no quantity; write web=2, web+1 or web-1."],
  ['web.1=2', "'web.1=2' is no quantity; write web=2, web+1 or web-1."],
  ['web=1,worker=x', "'x' is no number; write how many dynos you want: worker=1."],
]

for (const [words, sentence] of unreadable) {
  test(`R14 '${words}' is refused: ${sentence}`, () => refuses(sentence, () => parseQuantities(split(words))))
}

const impossible: readonly (readonly [words: string, sentence: string])[] = [
  ['wrker=1', "There is no 'wrker' in the Procfile. It has web, release, worker, clock-1, console."],
  ['wrker', "There is no 'wrker' in the Procfile. It has web, release, worker, clock-1, console."],
  ['web=60 web+41', 'A type has at most 100 dynos; write web=100 or less.'],
  ['release=1', "'release' is never part of the formation; run it with 'dyno run release'."],
  ['console', "'console' is never part of the formation; run it with 'dyno run console'."],
]

for (const [words, sentence] of impossible) {
  test(`R11 R12 '${words}' starts nothing: ${sentence}`, () => {
    refuses(sentence, () => startFormation(TYPES, split(words), FOREMAN))
  })
}

test('a size that does not exist is refused', () => {
  assert.throws(() => parseQuantities(['web=1:huge']), /^Problem: There is no dyno size 'huge'/)
})

test('the API’s quantities are texts', () => {
  assert.deepEqual(
    ['2', '+1', '-1'].map((text) => parseQuantity(text, 'web')),
    [
      { sign: '', count: 2 },
      { sign: '+', count: 1 },
      { sign: '-', count: 1 },
    ],
  )
  refuses("'many' is no number; write how many dynos you want: web=1.", () => parseQuantity('many', 'web'))
})
