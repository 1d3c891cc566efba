import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { dyno, openSandbox, type Sandbox, sitDown, sleepers, until } from '../harness.ts'

let sandbox: Sandbox
before(() => {
  sandbox = openSandbox('widgets')
})
after(() => sandbox.close())

test('what run.1 deletes is there for run.2, and in the app', async () => {
  const person = sitDown(sandbox, ['run', 'bash'])
  await person.sees('Running bash attached to terminal... up, run.1')
  await person.sees('~ $ ')
  person.type('ls\r')
  await person.sees(/Procfile +bin +db +package\.json +src\n~ \$ /)
  person.type('pwd\r')
  await person.sees('/app\n~ $ ')
  person.type('rm Procfile package.json; ls\r')
  await person.sees(/\nbin +db +src\n~ \$ /)
  person.type('exit\r')
  assert.equal(await person.status, 0)
  const second = await dyno(sandbox, ['run', 'ls'])
  assert.equal(second.stderr, 'Running ls attached to terminal... up, run.2\n')
  assert.equal(second.stdout, 'Procfile\nbin\ndb\npackage.json\nsrc\n')
  assert.ok(existsSync(`${sandbox.app}/Procfile`))
})

test('the size of the terminal is right at the start and after every resize', async () => {
  const person = sitDown(sandbox, ['run', 'bash'], { columns: 101, rows: 33 })
  await person.sees('~ $ ')
  person.type('stty size\r')
  await person.sees('33 101\n')
  person.resize(90, 40)
  person.type('until [ "$(stty size)" = "40 90" ]; do sleep 0.05; done; stty size\r')
  await person.sees('40 90\n')
  person.type('exit\r')
  assert.equal(await person.status, 0)
})

test('Ctrl-C interrupts the program in the dyno, and the shell lives on', async () => {
  const person = sitDown(sandbox, ['run', 'bash'])
  await person.sees('~ $ ')
  person.type('sleep 98701\r')
  await until(
    () => sleepers(98701).length === 1,
    () => 'it does not sleep',
  )
  person.type('\x03')
  await person.sees('~ $ ')
  person.type('exit 7\r')
  assert.equal(await person.status, 7)
})

test('Ctrl-C and Ctrl-\\ reach a program without a shell, and its status is ours', async () => {
  const person = sitDown(sandbox, [
    'run',
    "trap 'echo quit' QUIT; trap 'echo int; exit 9' INT; echo ready; while :; do sleep 0.05; done",
  ])
  await person.sees('ready\n')
  person.type('\x1c')
  await person.sees('quit\n')
  person.type('\x03')
  await person.sees('int\n')
  assert.equal(await person.status, 9)
})

test('Ctrl-D at the prompt ends the shell', async () => {
  const person = sitDown(sandbox, ['run', 'bash'])
  await person.sees('~ $ ')
  person.type('\x04')
  assert.equal(await person.status, 0)
})

test('four Ctrl-C within a second end the connection with a program that ignores them', async () => {
  const person = sitDown(sandbox, ['run', "trap '' INT; echo ready; sleep 1000"])
  await person.sees('ready\n')
  for (let i = 0; i < 4; i++) {
    person.type('\x03')
    await new Promise((resolve) => setTimeout(resolve, 30))
  }
  await person.sees('forcing dyno disconnect')
  assert.equal(await person.status, 1)
})

test('a program killed by a signal ends with 128 + its number', async () => {
  const person = sitDown(sandbox, ['run', 'kill -SEGV $$'])
  assert.equal(await person.status, 139)
})

test('every byte goes through a raw terminal as it is', async () => {
  const person = sitDown(sandbox, [
    'run',
    `stty raw -echo; echo re''ady; head -c 256 | od -An -v -tu1 | tr -d '\\n'`,
  ])
  await person.sees('ready')
  person.type(String.fromCharCode(...Array.from({ length: 128 }, (_, i) => i)) + 'é'.repeat(64))
  const text = Array.from({ length: 128 }, (_, i) => i).join(' +')
  await person.sees(new RegExp(`${text}${' +195 +169'.repeat(64)}`))
  assert.equal(await person.status, 0)
})
