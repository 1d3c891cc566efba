import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { after, before, test } from 'node:test'
import { COMMANDS } from '../../src/cli/commands.ts'
import { dyno, openSandbox, type Sandbox, writeFiles } from '../harness.ts'

let sandbox: Sandbox
before(() => {
  sandbox = openSandbox({
    Procfile: 'web: sleep 1000\nworker: sleep 1000\nrelease: true\n',
    'bad.Procfile': 'web: sleep 1000\nthis is not valid\n',
    'empty.Procfile': '# nothing\n',
    'release.Procfile': 'release: true\n',
    'bad.env': 'A=1\nB\n',
    'port.env': 'PORT=abc\n',
  })
})
after(() => sandbox.close())

type Row = readonly [words: readonly string[], status: 1 | 2, sentence: RegExp]

const BAD: readonly Row[] = [
  [['wrker'], 1, /There is no 'wrker' in the Procfile\. It has web, worker, release\./],
  [['wrker=2'], 1, /There is no 'wrker' in the Procfile/],
  [['web=x'], 1, /'x' is no number/],
  [['web=-1'], 1, /'web=-1' is no quantity/],
  [['web=101'], 1, /at most 100 dynos/],
  [['release'], 1, /'release' is never part of the formation; run it with 'dyno run release'/],
  [['web=1:huge'], 1, /no dyno size 'huge'/],
  [['-p', '65500'], 1, /Port 65600 of worker\.1 is above 65535; choose a lower base port with -p/],
  [['-p', 'abc'], 2, /-p must be a number from 1 to 65535, not 'abc'/],
  [['-p'], 2, /-p needs a value/],
  [['--grace', 'soon'], 2, /--grace takes a number of seconds, not 'soon'/],
  [['--backof', '1'], 2, /There is no flag --backof for 'dyno start'\. Did you mean --backoff\?/],
  [['-f', 'none.Procfile'], 1, /There is no file none\.Procfile/],
  [['-f', 'bad.Procfile'], 1, /bad\.Procfile:2:\d+: There is no colon after a name/],
  [['-f', 'empty.Procfile'], 1, /no process type that can be started/],
  [['-f', 'release.Procfile'], 1, /no process type that can be started/],
  [['-e', 'none.env'], 1, /There is no file none\.env/],
  [['-e', 'bad.env'], 1, /bad\.env:2:1: There is no = in this line/],
  [['-e', 'port.env'], 1, /port\.env:1:\d+: .*PORT/],
  [['--env-dialect', 'yaml'], 2, /no dialect 'yaml'/],
  [['--walls', 'none'], 1, /Walls are 'full' or 'folder'/],
]

for (const [words, status, sentence] of BAD) {
  test(`dyno start ${words.join(' ')} says what is wrong in one sentence and starts nothing`, async () => {
    const ran = await dyno(sandbox, ['start', ...words])
    assert.match(ran.stderr, sentence)
    const said = ran.stderr.trim().split('\n').at(-1)!
    assert.match(said, /^ ?!? {4}/)
    assert.deepEqual([ran.stdout, ran.status], ['', status], ran.stderr)
    assert.equal((await dyno(sandbox, ['ps'])).stdout, 'No dynos on app\n')
  })
}

test('a port that somebody has is named with its holder, and nothing is started', async () => {
  const base = Number(sandbox.env['PORT'])
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(base + 100, resolve))
  const ran = await dyno(sandbox, ['start'])
  const holder = new RegExp(
    `Port ${base + 100} is taken by '.*node.*' \\(pid ${process.pid}\\); stop it, or choose`,
  )
  assert.match(ran.stderr, holder)
  assert.deepEqual([ran.stdout, ran.status], ['', 1])
  await new Promise((resolve) => server.close(resolve))
})

test('a bad line in the app’s own Procfile or .env starts nothing either', async () => {
  for (const [files, sentence] of [
    [{ Procfile: 'web : sleep 1000\n' }, /Procfile:1:4: Delete the blank before the colon/],
    [{ Procfile: 'web: sleep 1000\n', '.env': "A='x\n" }, /\.env:1:3: This quote is never closed/],
  ] as const) {
    writeFiles(sandbox.app, files)
    const ran = await dyno(sandbox, ['start'])
    assert.match(ran.stderr, sentence)
    assert.equal(ran.status, 1)
  }
})

test('every command that help lists has a help, which names its other names', async () => {
  const { stdout } = await dyno(sandbox, ['help'])
  const listed = [...stdout.matchAll(/^ {2}([\w:]+) {2,}\S/gm)].map(([, name]) => name!)
  assert.ok(listed.length > 10)
  assert.deepEqual(listed, [...COMMANDS.keys()])
  for (const [name, { usage }] of COMMANDS) assert.ok(`${usage} `.startsWith(`dyno ${name} `), usage)
  const alias = await dyno(sandbox, ['help', 'scale'])
  assert.match(alias.stdout, /^Usage: dyno ps:scale .*\n\n.*\nAlso: dyno scale\n/)
})
