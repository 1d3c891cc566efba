import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { COMMANDS } from '../../src/cli/commands.ts'
import { offersFor } from '../../src/cli/completion/complete.ts'
import { valueKinds } from '../../src/cli/word-kind.ts'
import { appAt } from '../../src/core/app.ts'
import { recordText } from '../../src/core/release-record.ts'
import { manifoldOf, testApp } from '../formation.ts'
import { dyno, openSandbox, processesOf, type Sandbox } from '../harness.ts'
import { release } from '../release-record.ts'

/** What is offered for the last of these words, without what is said of it; always with status 0 and not a word besides. */
async function offered(
  sandbox: Sandbox,
  words: readonly string[],
  options?: { cwd: string },
): Promise<string[]> {
  const { stdout, stderr, status } = await dyno(sandbox, ['__complete', ...words], options)
  assert.deepEqual([stderr, status], ['', 0])
  return wordsOf(stdout)
}

/** The same without a program for each, as if we were it: there are a hundred of them. */
async function offeredHere(sandbox: Sandbox, words: readonly string[]): Promise<string[]> {
  process.chdir(sandbox.app)
  Object.assign(process.env, sandbox.env)
  return wordsOf(await offersFor(words))
}

function wordsOf(offers: string): string[] {
  return offers
    .split('\n')
    .slice(0, -1)
    .map((line) => (line.startsWith('\t') ? line : line.split('\t')[0]!))
}

const FILES = ['\tfiles']
const FOLDERS = ['\tfolders']

const PROCFILE = 'web: node web.js\nworker: node worker.js\nrelease: bin/migrate\n'

const OFFERS: readonly (readonly [line: string, offers: readonly string[]])[] = [
  ['ps:s', ['ps:scale', 'ps:stop']],
  ['res', ['restart']], // an alias: no command begins so
  ['rel', ['release', 'releases', 'releases:info']],
  ['nothing-like-it', []],
  ['nothing-like-it ', []],
  ['help slug:', ['slug:build', 'slug:info', 'slug:diff']],
  ['help ps ', []],
  ['completion ', ['bash', 'zsh', 'fish']],
  ['completion bash ', ['--help']],
  ['run ', ['web', 'worker', 'release']],
  ['run w', ['web', 'worker']],
  ['run:detached rel', ['release']],
  ['run bin/m', FILES],
  ['run web ', FILES],
  ['run ls -', FILES],
  ['run -- -', FILES],
  ['run --no-tty w', ['web', 'worker']],
  ['run --wa', ['--walls']],
  ['run --walls f', ['full', 'folder']],
  ['run --walls=fo', ['--walls=folder']],
  ['run -x --exit', []],
  [
    'run -s perf',
    ['performance-m', 'performance-l', 'performance-l-ram', 'performance-xl', 'performance-2xl'],
  ],
  ['run -sec', ['-seco']],
  ['run --slug=x', FILES],
  ['run --slug ', FILES],
  ['run --keep ', FOLDERS],
  ['run --env ', []],
  ['run --release v', ['v2', 'v1']],
  ['run --type re', ['release']],
  ['run --app ', FOLDERS],
  ['run -a', ['-a']],
  ['completion -', ['--help', '-h']],
  ['start ', ['web', 'worker', 'web=', 'worker=']],
  ['start --detach --det', []],
  ['start -m web=2,', ['web=2,worker=']],
  ['start -f ', FILES],
  ['start -fx', []],
  ['start --port ', []],
  ['start --theme=l', ['--theme=light']],
  ['start -f Procfile.dev c', ['clock', 'clock=']],
  ['-a other', []],
  ['run -a ../other ', ['api']],
  ['run --app=../other ', ['api']],
  ['run -a /there/is/none ', FILES],
  ['ps w', ['web', 'worker']],
  ['ps -w --', ['--app', '--json', '--help']],
  ['ps:scale we', ['web=']],
  ['ps:scale web=', []],
  ['ps:scale web=2 ', ['worker=']],
  ['scale wo', ['worker=']],
  ['ps:restart web ', ['worker']],
  ['ps:exec ', []],
  ['ps:exec web.1 ', FILES],
  ['logs -p r', ['router']],
  ['logs --source=h', ['--source=heroku']],
  ['rollback ', ['v2', 'v1']],
  ['releases:info v1 v', []],
  ['slug:diff v1 ', ['v2']],
  ['slug:diff old', FILES],
  ['slug:info ', FILES],
  ['slug:build ', FOLDERS],
  ['config:get ', ['NEW', 'WRITTEN']],
  ['config:unset NEW ', ['WRITTEN']],
  ['config:set N', ['NEW=']],
  ['open ', ['--app', '--help']],
  ['ps:wait --timeout ', []],
]

describe('completion', () => {
  let sandbox: Sandbox
  const state = () => `${sandbox.folder}/state/dyno/app-${appAt(realpathSync(sandbox.app)).key}/releases`
  const keep = (version: number, config: Record<string, string>) => {
    writeFileSync(`${state()}/v${version}.json`, recordText(release(version, { config })))
  }
  before(() => {
    sandbox = openSandbox({
      Procfile: PROCFILE,
      'Procfile.dev': 'clock: date\n',
      '.env': 'WRITTEN=secret\n',
      '../other/Procfile': 'api: node api.js\n',
      '../broken/Procfile': 'web node\n=\n',
      '../broken/.env': '=\n',
    })
    mkdirSync(state(), { recursive: true })
    keep(1, { OLD: 'secret' })
    keep(2, { NEW: 'secret' })
  })
  after(() => sandbox.close())

  for (const [line, offers] of OFFERS) {
    test(`'dyno ${line}' is completed with ${offers.join(' ').trim() || 'nothing'}`, async () => {
      assert.deepEqual(await offeredHere(sandbox, line.split(' ')), offers)
    })
  }

  test('what is offered says what it is, in a line that hides nothing', async () => {
    const { stdout } = await dyno(sandbox, ['__complete', 'run', 'web'])
    assert.equal(stdout, 'web\tnode web.js\n')
    assert.doesNotMatch((await dyno(sandbox, ['__complete', 'config:get', ''])).stdout, /secret/)
  })

  test('a name that would be two lines is not offered', async () => {
    keep(3, { 'A\nB': '1', 'A\tB': '1', FINE: '1' })
    assert.deepEqual(await offered(sandbox, ['config:get', '']), ['FINE', 'WRITTEN'])
    rmSync(`${state()}/v3.json`)
  })

  test('what is broken or not there is completed without a word', async () => {
    const cwd = `${sandbox.folder}/broken`
    assert.deepEqual(await offered(sandbox, ['ps:scale', ''], { cwd }), [])
    assert.deepEqual(await offered(sandbox, ['config:get', ''], { cwd }), [])
    assert.deepEqual(await offered(sandbox, ['ps:stop', ''], { cwd: '/' }), [])
    assert.deepEqual(await offered(sandbox, [], { cwd: '/' }), [...COMMANDS.keys(), 'help'])
  })

  test('a pipe in the place of Procfile and .env is not waited for', async () => {
    const cwd = `${sandbox.folder}/pipes`
    mkdirSync(cwd)
    for (const name of ['Procfile', '.env']) execFileSync('mkfifo', [`${cwd}/${name}`])
    assert.deepEqual(await offered(sandbox, ['run', ''], { cwd }), FILES)
    assert.deepEqual(await offered(sandbox, ['config:get', ''], { cwd }), [])
  })

  test('completion starts nothing', () => assert.deepEqual(processesOf(sandbox.folder), []))

  test('completion without a shell, or with another, is one sentence', async () => {
    for (const words of [[], ['tcsh']]) {
      const { stdout, stderr, status } = await dyno(sandbox, ['completion', ...words])
      assert.match(stderr, /^ ! {4}Usage: dyno completion bash\|zsh\|fish\.[^\n]*\n$/)
      assert.deepEqual([stdout, status], ['', 2])
    }
    const help = (await dyno(sandbox, ['help', 'completion'])).stdout
    for (const file of ['.bashrc', '.zshrc', 'config.fish']) assert.ok(help.includes(file), file)
  })
})

const TYPES = { worker: 'bin/signals', release: 'true' }

testApp('dynos that run are offered, and a manifold that hangs is not waited for', TYPES, async (sandbox) => {
  await dyno(sandbox, ['start', '--detach', '--no-tty'])
  await dyno(sandbox, ['run:detached', 'sleep', '300'])
  assert.deepEqual(await offered(sandbox, ['ps:stop', '']), ['run.1', 'worker.1', 'worker'])
  assert.deepEqual(await offered(sandbox, ['ps:stop', 'run.1', 'r']), [])
  assert.deepEqual(await offered(sandbox, ['ps:exec', '']), ['run.1', 'worker.1'])
  assert.deepEqual(await offered(sandbox, ['attach', '']), ['worker.1'])
  assert.deepEqual(await offered(sandbox, ['ps:restart', '']), ['worker.1', 'worker'])
  assert.deepEqual(await offered(sandbox, ['logs', '-d', '']), ['run.1', 'worker.1', 'worker', 'router'])
  process.kill(manifoldOf(sandbox), 'SIGSTOP')
  assert.deepEqual(await offered(sandbox, ['ps:stop', '']), ['worker'])
  process.kill(manifoldOf(sandbox), 'SIGCONT')
  await dyno(sandbox, ['down'])
})

for (const [name, { usage, words, flags }] of COMMANDS) {
  test(`dyno ${name} says what its words and its flags' values may be`, () => {
    const inUsage = usage.slice(`dyno ${name}`.length).replace(/\[-[^\]]*\]|\[FLAGS\]/g, '')
    assert.equal(inUsage.trim() !== '', words !== undefined, usage)
    const unsaid = flags.filter((flag) => flag.value !== undefined && !valueKinds(flag))
    assert.deepEqual(
      unsaid.map(({ name }) => name),
      [],
    )
  })
}
