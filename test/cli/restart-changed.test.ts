import assert from 'node:assert/strict'
import { rmSync, writeFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { dyno, openSandbox, type Sandbox } from '../harness.ts'

const changed = (what: string, version = 1) =>
  ` !    This is v${version}, not ${what} as it is now; 'dyno release' makes that the next release.\n`
const DOTENV = 'COLOUR=red\nSIZE=1\n'

async function started(
  t: { after(end: () => Promise<void>): void },
  words: string[] = [],
  files: Record<string, string> = {},
): Promise<Sandbox> {
  const sandbox = openSandbox({
    Procfile: 'worker: exec sleep 98890\n',
    code: 'one',
    '.env': DOTENV,
    ...files,
  })
  t.after(async () => {
    await dyno(sandbox, ['down'])
    await sandbox.close()
  })
  const start = await dyno(sandbox, ['start', '--detach', '--no-tty', ...words])
  assert.equal(start.status, 0, start.stderr)
  return sandbox
}

async function restart(sandbox: Sandbox, ...words: string[]): Promise<string> {
  const { stdout, stderr, status } = await dyno(sandbox, ['ps:restart', ...words])
  assert.match(stdout, /^Restarting .*\.\.\. done\n$/)
  assert.equal(status, 0)
  return stderr
}

describe('ps:restart', { concurrency: 3 }, () => {
  test('says that .env or the app folder has changed until a release runs it, and so does a one-off', async (t) => {
    const sandbox = await started(t)
    const save = (name: string, text: string) => writeFileSync(`${sandbox.app}/${name}`, text)
    assert.equal(await restart(sandbox), '')
    save('.env', `# a comment\n${DOTENV}`)
    assert.equal(await restart(sandbox), '', 'the config vars are the same')
    save('.env', 'COLOUR=blue\nSIZE=1\n')
    assert.equal(await restart(sandbox, 'worker'), changed('.env'))
    assert.equal((await dyno(sandbox, ['run', 'true'])).stderr.split('\n')[0], changed('.env').trimEnd())
    await dyno(sandbox, ['release'])
    assert.equal(await restart(sandbox, 'worker.1'), '')
    await dyno(sandbox, ['config:set', 'COLOUR=gold'])
    assert.equal(await restart(sandbox), '', 'what was set is no change of .env')
    save('code', 'two')
    assert.equal(await restart(sandbox), changed('the app folder', 3))
    await dyno(sandbox, ['release'])
    assert.equal(await restart(sandbox), '')
    rmSync(`${sandbox.app}/.env`)
    assert.equal(await restart(sandbox), changed('.env', 4))
  })

  test('succeeds though .env cannot be read any more', async (t) => {
    const sandbox = await started(t)
    writeFileSync(`${sandbox.app}/.env`, 'COLOUR="red\n')
    assert.equal(await restart(sandbox), changed('.env'))
  })

  test('says nothing of .env where the config vars are those of other files', async (t) => {
    const sandbox = await started(t, ['-e', 'other.env'], { 'other.env': 'COLOUR=green\n' })
    assert.equal(await restart(sandbox), '')
    const shell = await started(t, ['--env-dialect=shell'], { '.env': 'A=1\nB=$A\n' })
    assert.equal(await restart(shell), '')
  })
})
