import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { appAt } from '../../src/core/app.ts'
import { recordText } from '../../src/core/release-record.ts'
import { emulate } from '../emulator.ts'
import { BIN, dyno, openSandbox, type Sandbox, script } from '../harness.ts'
import { literally, sitDown } from '../person.ts'
import { release } from '../release-record.ts'

// Real shells: what is typed, and what then stands on the line.

/** Names that would do something, were they ever read by a shell; each has its own value. */
const ODD = {
  ODD_1: '$(touch hurt)',
  ODD_2: '`touch hurt`',
  ODD_3: "'; touch hurt; '",
  ODD_4: ' a  b "c" \\d',
}
const CONFIG = Object.fromEntries(
  Object.entries(ODD).map(([name, rest]) => [name + rest, `value of ${name}`]),
)

const FILES = {
  Procfile: 'web: true\nworker: exec sleep 300\n',
  'two words.tgz': '',
  'fol der/x': '',
  'hurtful $(touch hurt) `touch hurt`': '',
}

/** A sandbox in which `dyno` is found on PATH; the shells' own settings are nobody's. */
function openShells(): Sandbox {
  const sandbox = openSandbox(FILES)
  const state = `${sandbox.folder}/state/dyno/app-${appAt(realpathSync(sandbox.app)).key}/releases`
  mkdirSync(state, { recursive: true })
  writeFileSync(`${state}/v1.json`, recordText(release(1, { config: {}, settings: CONFIG })))
  mkdirSync(`${sandbox.folder}/path`)
  symlinkSync(BIN, `${sandbox.folder}/path/dyno`)
  const PATH = `${sandbox.folder}/path:${sandbox.env['PATH']}`
  const shell = { HOME: sandbox.folder, ZDOTDIR: sandbox.folder, INPUTRC: '/dev/null', PS1: '$ ' }
  return { ...sandbox, env: { ...sandbox.env, ...shell, PATH } }
}

const isMissing = (shell: string) =>
  spawnSync(shell, ['--version']).error ? `${shell} is not installed here` : false

const SHELLS = {
  bash: { words: ['--norc', '--noprofile', '-i'], first: 'eval "$(dyno completion bash)"' },
  zsh: {
    words: ['-f', '-i'],
    first: 'PS1="$ "; autoload -Uz compinit; compinit -D -u; source <(dyno completion zsh)',
  },
} as const

let sandbox: Sandbox
before(() => {
  sandbox = openShells()
})
after(() => sandbox.close())

/** A person at a shell's prompt. */
async function atPrompt(shell: keyof typeof SHELLS, first: string = SHELLS[shell].first) {
  const size = { columns: 120, rows: 30 }
  const person = sitDown(sandbox, [...SHELLS[shell].words], { file: shell, ...size })
  const screen = emulate(person, size.columns, size.rows)
  await screen.shows(/[$%#] *$/m)
  person.type(`${first}; clear\r`)
  await screen.shows(/^\$\s*$/)
  return {
    /** Types this and Tab; the line is then so, which a mark behind the cursor shows. */
    async completes(typed: string, line: string) {
      person.type(`${typed}\t`)
      await screen.shows(new RegExp(`^\\$ ${literally(line.trimEnd())} *$`, 'm'))
      person.type('X')
      await screen.shows(new RegExp(`^\\$ ${literally(line)}X$`, 'm'))
      person.type('\u0015clear\r') // Ctrl-U
      await screen.shows(/^\$\s*$/)
    },
    async runs(keys: string, output: string) {
      person.type(keys)
      await screen.shows(new RegExp(`^${literally(output)}$`, 'm'))
      person.type('clear\r')
      await screen.shows(/^\$\s*$/)
    },
    async lists(typed: string, pattern: RegExp) {
      person.type(typed)
      await screen.shows(pattern)
      person.type('\u0015clear\r')
      await screen.shows(/^\$\s*$/)
    },
    async leaves() {
      person.type('exit\r')
      await person.status
    },
  }
}

for (const shell of ['bash', 'zsh'] as const) {
  describe(`in ${shell}`, { skip: isMissing(shell) }, () => {
    test('commands, flags, types and files are completed on the line', async () => {
      const prompt = await atPrompt(shell)
      await prompt.completes('dyno ps:sc', 'dyno ps:scale ')
      await prompt.completes('dyno run --wa', 'dyno run --walls ')
      await prompt.completes('dyno run --walls=fo', 'dyno run --walls=folder ')
      await prompt.completes('dyno run wo', 'dyno run worker ')
      await prompt.completes('dyno ps:scale we', 'dyno ps:scale web=')
      await prompt.completes('dyno ps:scale web=', 'dyno ps:scale web=')
      await prompt.completes('dyno slug:info two', 'dyno slug:info two\\ words.tgz ')
      await prompt.completes('dyno slug:info "two w', 'dyno slug:info "two words.tgz" ')
      await prompt.completes('dyno run --slug=two', 'dyno run --slug=two\\ words.tgz ')
      await prompt.completes('dyno slug:build f', 'dyno slug:build fol\\ der/')
      await prompt.completes('dyno "ps:sc', 'dyno "ps:scale" ')
      await prompt.completes('A=1 dyno ps:sc', 'A=1 dyno ps:scale ')
      await prompt.completes('dyno ps >two', 'dyno ps >two\\ words.tgz ')
      await prompt.lists('dyno run --walls f\t\t', /full\s+folder/)
      await prompt.lists(
        'dyno releases\t\t',
        shell === 'zsh' ? /releases +-- Lists the rel/ : /releases +releases:info/,
      )
      await prompt.leaves()
    })

    test('a name that is typed by Tab arrives as it is, and does nothing', async () => {
      const prompt = await atPrompt(shell)
      for (const name of Object.keys(ODD)) {
        await prompt.runs(`dyno config:get ${name}\t\r`, `value of ${name}`)
      }
      await prompt.runs("printf '%s\\n' hurtf\t\r", 'hurtful $(touch hurt) `touch hurt`') // the shell's own, to compare with
      await prompt.lists('dyno slug:info hurtf\t', /hurtful\\ \\\$/)
      await prompt.leaves()
      assert.ok(!existsSync(`${sandbox.app}/hurt`))
    })

    test("what was typed before is not run, and the folder it names is the app's", async () => {
      mkdirSync(`${sandbox.folder}/an app`, { recursive: true })
      writeFileSync(`${sandbox.folder}/an app/Procfile`, 'other: true\n')
      const prompt = await atPrompt(shell)
      await prompt.completes('dyno run -a ../an\\ app o', 'dyno run -a ../an\\ app other ')
      await prompt.completes('dyno run -a "../an app" o', 'dyno run -a "../an app" other ')
      await prompt.completes('dyno run -a ~/an\\ app o', 'dyno run -a ~/an\\ app other ')
      await prompt.completes("dyno run -e '$(touch hurt)' wo", "dyno run -e '$(touch hurt)' worker ")
      await prompt.completes('dyno run -e "$(touch hurt)" wo', 'dyno run -e "$(touch hurt)" worker ')
      await prompt.leaves()
      assert.ok(!existsSync(`${sandbox.app}/hurt`))
    })

    test("a running dyno's name is completed", async () => {
      await dyno(sandbox, ['start', '--detach', '--no-tty', '--no-router', 'worker'])
      const prompt = await atPrompt(shell)
      await prompt.completes('dyno ps:stop worker.', 'dyno ps:stop worker.1 ')
      await prompt.completes('dyno ps:exec w', 'dyno ps:exec worker.1 ')
      await prompt.leaves()
      await dyno(sandbox, ['down'])
    })
  })
}

for (const shell of ['bash', 'zsh'] as const) {
  test(`in ${shell} an alias is completed where dyno is not on PATH`, {
    skip: isMissing(shell),
  }, async () => {
    const { first } = SHELLS[shell]
    const prompt = await atPrompt(shell, `alias dyno=${BIN}; PATH=/usr/bin:/bin\r${first}`)
    await prompt.completes('dyno ps:sc', 'dyno ps:scale ')
    await prompt.leaves()
  })
}

test('zsh loads the completion from a folder of $fpath', { skip: isMissing('zsh') }, async () => {
  mkdirSync(`${sandbox.folder}/functions`)
  const setUp = 'PS1="$ "; dyno completion zsh > ../functions/_dyno; fpath=(../functions $fpath)'
  const prompt = await atPrompt('zsh', `${setUp}; autoload -Uz compinit; compinit -D -u`)
  await prompt.completes('dyno ps:sc', 'dyno ps:scale ')
  await prompt.completes('dyno run --wa', 'dyno run --walls ')
  await prompt.leaves()
})

test('an old bash, which cannot be told who completes a word, says nothing of it', async () => {
  const prompt = await atPrompt('bash', `enable -n compopt; set -u; IFS=:; ${SHELLS.bash.first}`)
  await prompt.completes('dyno ps:sc', 'dyno ps:scale ')
  await prompt.completes('dyno slug:info two', 'dyno slug:info two\\ words.tgz ')
  await prompt.leaves()
})

test('bash keeps its word breaks, and completes where : is none', async () => {
  const ask = (line: string) =>
    `COMP_LINE='dyno ${line}' COMP_POINT=\${#COMP_LINE}; _dyno; printf '<%s>' "\${COMPREPLY[@]}"; echo`
  const lines = `${ask('ps:sc')}; COMP_WORDBREAKS=\${COMP_WORDBREAKS//:}; ${ask('ps:sc')}; ${ask('run --walls=fo')}`
  const { stdout, stderr } = await script(sandbox, `eval "$(dyno completion bash)"; set -u; ${lines}`)
  assert.deepEqual([stdout, stderr], ['<scale>\n<ps:scale>\n<folder>\n', ''])
})

test('fish completes commands with what they are, flags, types and files', {
  skip: isMissing('fish'),
}, () => {
  const completed = (line: string) => {
    const words = ['-N', '-c', 'dyno completion fish | source; complete -C $argv[1]', line]
    const { stdout, stderr } = spawnSync('fish', words, {
      cwd: sandbox.app,
      env: sandbox.env,
      encoding: 'utf8',
    })
    assert.equal(stderr, '')
    return stdout.split('\n').slice(0, -1)
  }
  assert.deepEqual(completed('dyno ps:sc'), [
    'ps:scale\tSays how many dynos of each type run, or changes it.',
  ])
  assert.deepEqual(completed('dyno run w'), ['web\ttrue', 'worker\texec sleep 300'])
  assert.deepEqual(
    completed('dyno run --wa').map((line) => line.split('\t')[0]),
    ['--walls'],
  )
  assert.deepEqual(completed('dyno run --walls f').sort(), ['folder', 'full'])
  assert.deepEqual(completed('dyno run --walls=fo'), ['--walls=folder'])
  assert.deepEqual(completed('dyno slug:info two'), ['two words.tgz'])
  assert.deepEqual(completed("dyno slug:info 'two w"), ['two words.tgz'])
  assert.deepEqual(completed('dyno run --slug=two'), ['--slug=two words.tgz'])
  assert.deepEqual(completed('dyno slug:build f'), ['fol der/'])
  assert.deepEqual(completed('dyno run -e (touch hurt) wo').length, 1)
  assert.deepEqual(completed('dyno config:get ODD_1'), [`ODD_1${ODD.ODD_1}`])
  assert.ok(!existsSync(`${sandbox.app}/hurt`))
})
