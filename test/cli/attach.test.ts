import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Formation, openMisfits, startFormation } from '../formation.ts'
import { BIN, dyno, ended, type Person, reads, type Sandbox, sitDown, startDyno } from '../harness.ts'

const TYPES = {
  echo: 'stty -echo; echo ready; exec cat',
  screen: 'echo asleep; read -r word; bin/clears; exec sleep 98870',
  size: 'bin/signals',
  crash: 'exit 3',
}

let sandbox: Sandbox
let formation: Formation
before(async () => {
  sandbox = openMisfits(TYPES)
  formation = startFormation(sandbox, ['--backoff', '1000'])
  for (const line of ['[echo.1]: ready\n', '[screen.1]: asleep\n', '[size.1]: ready\n'])
    await formation.says(line)
})
after(async () => {
  formation.child.kill('SIGINT')
  await formation.ended
  await sandbox.close()
})

async function attach(name: string): Promise<Person> {
  const person = sitDown(sandbox, ['attach', name])
  await person.sees(`Attached to ${name}. Ctrl-] leaves it running.\n`)
  return person
}

const DETACH = '\x1d'

test('two terminals see the same dyno, both type to it, and the log goes on', async () => {
  const people = await Promise.all([attach('echo.1'), attach('echo.1')])
  for (const [i, { type }] of people.entries()) {
    type(`word ${i}\r`)
    for (const { sees } of people) await sees(`word ${i}\n`)
    await formation.says(`app[echo.1]: word ${i}\n`)
  }
  people[0]!.type(DETACH)
  await people[0]!.sees('Left echo.1.\n')
  assert.equal(await people[0]!.status, 0)
  people[1]!.type(`last word\r${DETACH}`)
  assert.equal(await people[1]!.status, 0)
  await formation.says('app[echo.1]: last word\n')
})

test('every byte reaches an attached terminal, also those that clear it, and its modes are given back', async () => {
  const person = await attach('screen.1')
  person.type('go\r')
  await person.sees('ready\n')
  for (const sequence of [
    '[2J\x1b[H\x1b[3Jcleared',
    '[?1049halternate',
    ']0;stolen title\x07titled',
    '[31mred',
  ])
    assert.ok(person.raw().includes(`\x1b${sequence}`), JSON.stringify(person.raw()))
  person.type(DETACH)
  assert.equal(await person.status, 0)
  const left = person.raw().split('ready').at(-1)!
  for (const mode of ['[0m', '[?25h', '[?1047;1000;'])
    assert.ok(left.includes(`\x1b${mode}`), JSON.stringify(left))
})

test('a dyno has the size of the terminal that was attached or resized last', async () => {
  const person = await attach('size.1')
  await formation.says('app[size.1]: got SIGWINCH 100x30\n')
  person.resize(91, 17)
  await person.sees('got SIGWINCH 91x17\n')
  person.type(DETACH)
  await person.status
})

test('a closed window leaves the dyno running', async () => {
  const person = await attach('echo.1')
  person.hangUp()
  await person.status
  const other = await attach('echo.1')
  other.type('still here\r')
  await other.sees('still here\n')
  other.type(DETACH)
  await other.status
})

test('whoever is attached when the dyno restarts is told, and has the terminal back in order', async () => {
  const person = sitDown(sandbox, ['-c', '"$0" attach echo.1; echo left $?; stty -a', BIN], {
    file: '/bin/bash',
  })
  await person.sees('leaves it running.\n')
  assert.equal((await dyno(sandbox, ['ps:restart', 'echo.1'])).status, 0)
  await person.sees("echo.1 ended with status 143; see 'dyno ps' for its next life.\n")
  await person.sees('left 143\n')
  await person.sees(/ icanon .* echo /s)
  await formation.says('[echo.1]: ready\n', 2)
})

test('on pipes attach types what it reads, shows what the dyno says, and goes on at the end of its input', async () => {
  const child = startDyno(sandbox, ['attach', 'echo.1'])
  await reads(child, 'Ctrl-C leaves it running.\n', 'stderr')
  const answer = reads(child, 'through a pipe\r\n')
  child.stdin!.end('through a pipe\n')
  await answer
  await formation.says('app[echo.1]: through a pipe\n')
  const other = await attach('echo.1')
  const more = reads(child, 'more\r\n')
  other.type(`more\r${DETACH}`)
  await more
  child.kill('SIGINT')
  assert.deepEqual(await ended(child), [130, null])
  assert.doesNotMatch((await dyno(sandbox, ['logs', '-p', 'echo'])).stdout, /SIGINT|status 130/)
})

const REFUSED: readonly (readonly [name: string, sentence: RegExp])[] = [
  ['crash.1', /^ ! {4}crash\.1 does not run at the moment; see 'dyno ps'\.\n$/],
  ['run.1', /^ ! {4}run\.1 is a one-off, and its terminal is its client's; attach to web\.1\.\n$/],
  ['echo', /there is no echo\. These run: crash\.1, echo\.1, run\.1, screen\.1, size\.1\.\n$/],
]

test('what cannot be attached to is said in one sentence', async () => {
  await formation.says(/crash\.1\]: State changed from \w+ to crashed\n/, 2)
  await dyno(sandbox, ['run:detached', 'exec sleep 98871'])
  for (const [name, sentence] of REFUSED) {
    const ran = await dyno(sandbox, ['attach', name])
    assert.match(ran.stderr, sentence)
    assert.deepEqual([ran.stdout, ran.status], ['', 1])
  }
  const exec = await dyno(sandbox, ['ps:exec', 'crash.1', 'ls'])
  assert.deepEqual(
    [exec.stderr, exec.status],
    [" !    crash.1 does not run at the moment; see 'dyno ps'.\n", 1],
  )
  assert.equal((await dyno(sandbox, ['attach'])).status, 2)
  await dyno(sandbox, ['ps:stop', 'run.1'])
})

test('no command restarts a one-off or a release command', async () => {
  for (const name of ['run.1', 'run']) {
    const ran = await dyno(sandbox, ['ps:restart', name])
    assert.equal(ran.stderr, ` !    A one-off is never restarted; end it with 'dyno ps:stop ${name}'.\n`)
    assert.deepEqual([ran.stdout, ran.status], ['', 1])
  }
  const release = await dyno(sandbox, ['ps:restart', 'release.7'])
  assert.match(release.stderr, /^ ! {4}A release command is never restarted; [^\n]+ps:stop release\.7'\.\n$/)
})
