import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { COMMANDS, otherNames } from '../../src/cli/commands.ts'
import { manPage } from '../../src/cli/man-page.ts'
import { roffText } from '../../src/core/roff.ts'
import { BIN, ROOT } from '../harness.ts'

const { version, description } = JSON.parse(readFileSync(`${ROOT}/package.json`, 'utf8')) as Record<
  'version' | 'description',
  string
>
const page = manPage({ version, about: description, commands: COMMANDS, otherNames })

const missing = (program: string) =>
  spawnSync(program, ['--version']).error ? `there is no ${program}` : false

test('every command, flag and example is in the manual page', () => {
  for (const command of COMMANDS.values()) {
    assert.ok(page.includes(`.SS "${roffText(command.usage)}"`), command.usage)
    for (const { name, help } of command.flags) {
      assert.ok(page.includes(`\\fB${roffText(`--${name}`)}\\fR`), name)
      assert.ok(page.includes(`\n${roffText(help)}\n`), help)
    }
    for (const example of command.examples) {
      for (const line of `$ ${example}`.split('\n')) assert.ok(page.includes(`\n${roffText(line)}\n`), line)
    }
  }
})

test('a line of the manual page that begins with a dot is a request that roff has', () => {
  const requests = page.split('\n').filter((line) => /^[.']/.test(line))
  assert.deepEqual([...new Set(requests.map((line) => line.split(' ')[0]))].sort(), [
    '.EE',
    '.EX',
    '.PP',
    '.SH',
    '.SS',
    '.TH',
    '.TP',
    '.in',
  ])
  assert.doesNotMatch(page, /[^\n\x20-\x7e]/)
})

test('groff has nothing to say about the manual page', { skip: missing('groff') }, () => {
  const { stderr, status } = spawnSync('groff', ['-man', '-ww', '-z'], { input: page, encoding: 'utf8' })
  assert.deepEqual([stderr, status], ['', 0])
})

test('man shows the manual page as it was meant', { skip: missing('man') || missing('groff') }, () => {
  const { stdout, status, stderr } = spawnSync('man', ['-l', '-'], {
    input: page,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8', MANWIDTH: '100', MANPAGER: 'cat', TERM: 'dumb' },
  })
  assert.equal(status, 0, stderr)
  const text = stdout.replaceAll(/.[\b]/g, '') // bold, as typewriters make it
  assert.match(text, /^ +dyno - Heroku's dyno manifold on one laptop, offline$/m)
  assert.match(text, /^ +-a, --app DIR$/m)
  assert.match(text, /^ +\$ dyno run 'rake db:migrate && echo done'$/m)
})

test('what is built, and what help --man prints, is this page', () => {
  assert.equal(readFileSync(`${ROOT}/dist/dyno.1`, 'utf8'), page)
  assert.equal(spawnSync(BIN, ['help', '--man'], { encoding: 'utf8' }).stdout, page)
})

test('help of a command shows what its examples answer', () => {
  const { stdout } = spawnSync(BIN, ['help', 'down'], { encoding: 'utf8' })
  assert.match(stdout, /\nExamples:\n {2}\$ dyno down\n {2}Stopping all processes\.\.\. done\n$/)
})
