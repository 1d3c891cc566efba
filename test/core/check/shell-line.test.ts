import assert from 'node:assert/strict'
import test from 'node:test'
import { literalOf, readShellLine } from '../../../src/core/check/shell-line.ts'

const $ = (inside: string) => `\u0024{${inside}}`

type Parts = readonly (readonly [words: string, ends?: string, assignments?: string])[]

// Each command as its words, what ends it, and its assignments.
const LINES: readonly (readonly [says: string, line: string, commands: Parts])[] = [
  ['words are parted by blanks and tabs', 'a  b\tc ', [['a|b|c']]],
  ['quotes stay in their word', `a "b c" 'd e'f g\\ h`, [[`a|"b c"|'d e'f|g\\ h`]]],
  ['a quote of the other kind is text', `a "it's" 'say "x"'`, [[`a|"it's"|'say "x"'`]]],
  ['an escaped quote opens nothing', `a \\" \\' b`, [[`a|\\"|\\'|b`]]],
  ['a back-slash is text in single quotes', "a 'b\\' c", [["a|'b\\'|c"]]],
  ['an escaped quote closes no double quotes', 'a "b\\" c" d', [['a|"b\\" c"|d']]],
  ['a substitution is part of its word', 'a $(b; c | d) e', [['a|$(b; c | d)|e']]],
  ['a bracket within a substitution is closed first', 'a $( (b) ; c ) d', [['a|$( (b) ; c )|d']]],
  ['quotes within a substitution within quotes are their own', 'a "$(b "c d")" e', [['a|"$(b "c d")"|e']]],
  ['back-quotes are part of their word', 'a `b; c` d', [['a|`b; c`|d']]],
  ['a parameter in braces is part of its word', `a ${$('B:-c d')} e`, [[`a|${$('B:-c d')}|e`]]],
  ['an apostrophe in a default within quotes is text', `a "${$("B:-it's")}" c`, [[`a|"${$("B:-it's")}"|c`]]],
  ['lists are commands', 'a && b || c; d', [['a', '&&'], ['b', '||'], ['c', ';'], ['d']]],
  ['pipes are commands', 'a | b |& c', [['a', '|'], ['b', '|&'], ['c']]],
  [
    'what runs in the background ends in &',
    'a & b &',
    [
      ['a', '&'],
      ['b', '&'],
    ],
  ],
  [
    'no blank is needed around what ends a command',
    'a&&b|c;d&',
    [
      ['a', '&&'],
      ['b', '|'],
      ['c', ';'],
      ['d', '&'],
    ],
  ],
  ['groups are commands', '(a; b) && { c; }', [['a', ';'], ['b', ')'], ['c', ';'], ['}']]],
  ['targets of redirections are no words', 'a > b 2>&1 <c >>d e', [['a|e']]],
  ['a digit before > is a word when it is part of one', 'a2>b c', [['a2|c']]],
  ['&> is a redirection and no background', 'a &> b', [['a']]],
  [
    'words after which a command begins are none of it',
    'if a; then b; else c; fi',
    [['a', ';'], ['b', ';'], ['c', ';'], ['fi']],
  ],
  ['! and exec are none of the command', '! exec a', [['a']]],
  ['assignments come before the command', 'A=1 B="x y" c D=2', [['c|D=2', '', 'A=1|B="x y"']]],
  ['assignments may be all there is', 'A=1', [['', '', 'A=1']]],
  ['a name that begins with a digit is no assignment', '1A=1 b', [['1A=1|b']]],
  ['a comment begins at a # before which there is a blank', 'a # b; c', [['a']]],
  ['a # within a word is text', 'a b#c', [['a|b#c']]],
  ['nothing is no command', ' \t', []],
]

for (const [says, line, commands] of LINES) {
  test(`of a shell's line ${says}`, () => {
    const read = readShellLine(line)
    assert.equal(read.unclosed, undefined)
    const join = (words: readonly { text: string }[]) => words.map(({ text }) => text).join('|')
    assert.deepEqual(
      read.commands.map(({ words, ends, assignments }) => [join(words), ends, join(assignments)]),
      commands.map(([words, ends = '', assignments = '']) => [words, ends, assignments]),
    )
    for (const { words, assignments, endsAt } of read.commands) {
      for (const { at, text } of [...words, ...assignments])
        assert.equal(line.slice(at, at + text.length), text)
      assert.ok(endsAt <= line.length)
    }
  })
}

test('what is never closed is told by where it is opened, the outermost first', () => {
  const rows: readonly (readonly [line: string, text: string, at: number])[] = [
    ['a "b', '"', 2],
    ["a 'b", "'", 2],
    ['a `b', '`', 2],
    ['a $(b', '$(', 2],
    [`a ${$('b').slice(0, -1)}`, '\u0024{', 2],
    ['a (b', '(', 2],
    ['a "$(b', '"', 2],
    ["a $(b 'c", '$(', 2],
    ['a <(b', '<(', 2],
    ["a 'b\\'c'", "'", 7],
    ['a "b\\"', '"', 2],
  ]
  for (const [line, text, at] of rows) assert.deepEqual(readShellLine(line).unclosed, { text, at }, line)
})

test('what only bash knows is told with its place', () => {
  const rows: readonly (readonly [line: string, text: string, at: number])[] = [
    ['[[ -n $A ]] && b', '[[', 0],
    ['source x.sh', 'source', 0],
    ['a && declare B=1', 'declare', 5],
    ['set -o pipefail; a', 'pipefail', 7],
    ['a |& b', '|&', 2],
    ['a &> b', '&>', 2],
    ['a <<< b', '<<<', 2],
    ['a <(b)', '<(', 2],
    ["a $'b'", "$'", 2],
    ['A=(b c)', 'arrays', 2],
    ['a b{c,d}', 'braces that are expanded', 2],
    ['a {1..3}', 'braces that are expanded', 2],
    [`a ${$('B^^')}`, '\u0024{B^', 2],
    [`a x${$('B/c/d')}`, '\u0024{B/', 3],
  ]
  for (const [line, text, at] of rows) assert.deepEqual(readShellLine(line).bashOnly, { text, at }, line)
})

test('what every shell knows is not taken for bash', () => {
  const lines = [
    '[ -n "$A" ] && b',
    '. ./x.sh',
    'a source',
    'echo "{a,b}" \'{c,d}\'',
    'a {b} {}',
    `a ${$('B:-c')} ${$('B:=c')} ${$('B:+c')} ${$('B:?c')} ${$('B%c')} ${$('B#c')} ${$('#B')}`,
    'a > b 2>&1',
    'a $((1 + 2))',
    'a \'[[\' "<("',
    'find . -exec a {} \\;',
    `a '{"b": 1, "c": 2}'`,
    'a # [[ source',
  ]
  for (const line of lines) assert.equal(readShellLine(line).bashOnly, undefined, line)
})

test('a line that is nested deeper than anybody nests is not read, and not called wrong', () => {
  for (const opener of ['$(', '(', '"$(']) {
    assert.deepEqual(readShellLine(opener.repeat(200)).commands, [])
    assert.equal(readShellLine(opener.repeat(200)).unclosed, undefined)
  }
})

test('a line with more words than anybody writes is not read, and not called wrong', () => {
  assert.equal(readShellLine('a '.repeat(10_000)).commands[0]!.words.length, 10_000)
  assert.deepEqual(readShellLine(`${'a '.repeat(10_001)}"`), {
    commands: [],
    unclosed: undefined,
    bashOnly: undefined,
  })
})

test('a word is literal where the shell has nothing to expand in it', () => {
  const rows: readonly (readonly [word: string, literal: string | undefined])[] = [
    ['server.js', 'server.js'],
    ['./a-b/c@1:2%3,4+5=6', './a-b/c@1:2%3,4+5=6'],
    ["'a b'", 'a b'],
    ['"a b"', 'a b'],
    ['"a\\"b\\\\c\\$d\\n"', 'a"b\\c$d\\n'],
    ['a\'b\'"c"\\ d', 'abc d'],
    ["'$A *'", '$A *'],
    ['é', 'é'],
    ["''", ''],
    ['$A', undefined],
    ['"$A"', undefined],
    ['"`a`"', undefined],
    ['a*', undefined],
    ['a?', undefined],
    ['[ab]', undefined],
    ['~/a', undefined],
    ["'a", undefined],
    ['"a', undefined],
    ['a\\', undefined],
  ]
  for (const [text, literal] of rows) assert.equal(literalOf({ at: 0, text }), literal, text)
})
