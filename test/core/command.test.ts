import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import test from 'node:test'
import { commandLine, resolveCommand } from '../../src/core/command.ts'

/** What bash makes of the words after the first, each shown in brackets. */
function heard(words: readonly string[], env: Record<string, string> = {}): string {
  const line = commandLine(['printf', '[%s]', ...words])
  return execFileSync('bash', ['-c', line], {
    encoding: 'utf8',
    cwd: '/',
    env: { HOME: '/home/ada', ...env },
  })
}

test('one argument is the shell line itself', () => {
  for (const line of ['ls -l | wc', 'echo "$HOME" \'a  b\' # no', 'a && b;', '(cd /; ls)', '#', ' ']) {
    assert.equal(commandLine([line]), line)
  }
})

const PRESERVED: readonly (readonly string[])[] = [
  ['a b'],
  ['a', 'b  c', ' d '],
  [''],
  ['', 'a', ''],
  ['"'],
  ['say "hi"', 'a"b'],
  ["it's"],
  ["it's a", "'quoted'", "''"],
  ['back\\slash', '\\', '\\\\', '\\n'],
  ['back\\slash with blank', 'end with blank \\', '\\" \\\\"'],
  ['two\nlines', '\n', 'tab\there', '\\\n'],
  [')x', 'f(x)', '(a b)'],
  ['a;b', ';a', 'a;;', 'a|b', 'a&b', 'a&&b', '<a', '>a', '2>/tmp/never', 'a>b', '<(ls)', '>&x'],
  ['#', '#no comment', 'a#b', '# x'],
  ['--', '-x', '--a=b', '-'],
  ['$', 'a$', '$ a', "$'x'", '$"x"'],
  ['!', '!!', 'a!b', '^', '%', '%s', '@', ',', 'a=b', 'A=1'],
  ['{', '}', '{}', '{a}', '[', ']', '[[', 'if', 'for', 'do'],
  ['é ü', 'snow☃man', '\u00a0', '🦆'],
  ['{"a": [1, "b c"]}', '{"a":1}', 'puts \'x\'; puts "y"'],
  ['-e', "puts(1) if 'a' == 'a'"],
]

for (const words of PRESERVED) {
  test(`several words arrive as they were typed: ${JSON.stringify(words)}`, () => {
    assert.equal(heard(words), words.map((word) => `[${word}]`).join(''))
  })
}

test('the words of a program written on the command line arrive whole', () => {
  const program = 'process.stdout.write(JSON.stringify(process.argv.slice(1)))'
  const words = ['node', '-e', program, 'a b', "c'd", 'e\\f', '']
  const line = commandLine(words).replace('node', `'${process.execPath}'`)
  const out = execFileSync('bash', ['-c', line], { encoding: 'utf8' })
  assert.deepEqual(JSON.parse(out), words.slice(3))
})

const EXPANDED: readonly (readonly [words: readonly string[], heard: string])[] = [
  [['$VAR', '$VAR-s', 'a-$VAR'], '[x][x-s][a-x]'],
  [['a $VAR b'], '[a x b]'],
  [['$(echo;echo)$VAR', '`echo hi`'], '[x][hi]'],
  [['~', '~/a', 'a~'], '[/home/ada][/home/ada/a][a~]'],
  [['/etc/host[s]', '/etc/hostnam?', '/no/such/*'], '[/etc/hosts][/etc/hostname][/no/such/*]'],
  [['{a,b}'], '[a][b]'],
]

for (const [words, expected] of EXPANDED) {
  test(`the dyno's shell expands ${JSON.stringify(words)} as Heroku's does`, () => {
    assert.equal(heard(words, { VAR: 'x' }), expected)
  })
}

const OPERATORS: readonly (readonly [words: readonly string[], out: string])[] = [
  [['echo', 'a', '&&', 'echo', 'b c'], 'a\nb c\n'],
  [['false', '||', 'echo', 'b'], 'b\n'],
  [['echo', 'a', '|', 'tr', 'a', 'b'], 'b\n'],
  [['echo', 'a', ';', 'echo', 'b'], 'a\nb\n'],
  [['(', 'echo', 'a', ')'], 'a\n'],
  [['echo', 'a', '>', '/dev/null', ';', 'echo', 'b'], 'b\n'],
  [['ls', '/no/such', '2>&1', '|', 'wc', '-l'], '1\n'],
  [['wc', '-c', '<', '/dev/null'], '0\n'],
  [['ls', '/no/such', '&>', '/dev/null', '||', 'echo', 'no'], 'no\n'],
]

for (const [words, out] of OPERATORS) {
  test(`a word that is nothing but an operator works as one: ${words.join(' ')}`, () => {
    assert.equal(
      execFileSync('bash', ['-c', commandLine(words)], { encoding: 'utf8' }).replaceAll(/^ +/gm, ''),
      out,
    )
  })
}

const TYPES = new Map([
  ['worker', 'node worker.js'],
  ['web', 'node server.js -p $PORT'],
])
const RESOLVED: readonly (readonly [line: string, becomes: string])[] = [
  ['worker', 'node worker.js'],
  ['worker 42', 'node worker.js 42'],
  ['  worker  42 ', 'node worker.js  42 '],
  ['web; echo', 'web; echo'],
  ['workers', 'workers'],
  ['echo worker', 'echo worker'],
  ['worker\t1\n2', 'node worker.js\t1\n2'],
  ['worker worker', 'node worker.js worker'],
  ['constructor', 'constructor'],
  ['', ''],
]

for (const [line, becomes] of RESOLVED) {
  test(`a first word that is a process type stands for its command: ${JSON.stringify(line)}`, () => {
    assert.equal(resolveCommand(line, TYPES), becomes)
  })
}
