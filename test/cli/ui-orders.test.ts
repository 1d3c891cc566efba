import assert from 'node:assert/strict'
import { existsSync, writeFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { emulate, lookAt } from '../emulator.ts'
import { testApp } from '../formation.ts'
import { BIN, dyno, openSandbox, type Sandbox } from '../harness.ts'
import { type Person, sitDown } from '../person.ts'

const SIZE = { columns: 110, rows: 24 }

const look = (sandbox: Sandbox, args: string[]) => lookAt(sandbox, args, SIZE)

/** What a mouse of a terminal sends: a button's code, and the cell counted from 1. */
const mouse = (person: Person, code: number, x: number, y: number, end = 'M') =>
  person.type(`\u001b[<${code};${x};${y}${end}`)

describe('the dashboard, worked in', { concurrency: 2 }, () => {
  testApp(
    'the log is paused, filtered, copied from and zoomed',
    { talker: 'bin/signals' },
    async (sandbox) => {
      assert.equal((await dyno(sandbox, ['start', '--detach'])).status, 0)
      const { person, screen } = look(sandbox, ['ui'])
      await screen.shows(/talker\.1: ready/)
      person.type(' ')
      await screen.shows(/stands still/)
      await dyno(sandbox, ['ps:restart'])
      await screen.shows(/stands still, \d+ new · End follows/)
      person.type(' ')
      await screen.shows(/ ↑↓ select/)
      person.type('&')
      await screen.shows(/only lines with: █/)
      person.type('-s heroku restarting\r')
      const filtered = await screen.shows(/ only -s heroku restarting [\s\S]*talker\.1: Restarting/)
      assert.doesNotMatch(filtered, /Starting process/)
      person.type('\u001b')
      await screen.shows(/talker\.1: Starting process with command/)
      person.type('E')
      await screen.shows(/No error\./)
      person.type('G')
      person.type('z')
      await screen.shows(/\n\d\d:\d\d:\d\d talker\.1: /)
      person.type('z')
      await screen.shows(/› . talker\.1 .*│/)
      person.type('y')
      await screen.shows(/Drag over the text first/)
      mouse(person, 0, 34, 2)
      mouse(person, 32, 41, 2)
      mouse(person, 0, 41, 2, 'm')
      person.type('y')
      await screen.shows(/Copied 8 characters\./)
      const copied = /\]52;c;([\w+/=]+)/.exec(person.raw())![1]!
      assert.match(Buffer.from(copied, 'base64').toString(), /^\d\d:\d\d:\d\d$/)
      mouse(person, 0, 33, 5)
      mouse(person, 32, 25, 5)
      mouse(person, 0, 25, 5, 'm')
      await screen.shows(/^.{24}│\d\d:\d\d/m)
      person.type(']')
      await screen.shows(/^.{28}│\d\d:\d\d/m)
      person.type('[')
      await screen.shows(/^.{24}│\d\d:\d\d/m)
      person.type('\u0003')
      assert.equal(await person.status, 0)
      await dyno(sandbox, ['down'])
    },
  )

  testApp(
    'orders are found by their names, config vars are masked, and commands are remembered',
    { shell: 'exec sleep 98868', other: 'exec sleep 98867' },
    async (sandbox) => {
      assert.equal((await dyno(sandbox, ['start', '--detach', '--grace', '1'])).status, 0)
      const { person, screen } = look(sandbox, ['ui'])
      await screen.shows(/2 of 2 up/)
      mouse(person, 0, 5, 5)
      mouse(person, 0, 5, 5, 'm')
      await screen.shows(/› ● shell\.1/)
      mouse(person, 64, 5, 5)
      await screen.shows(/› ● other\.1/)
      person.type('c')
      await screen.shows(/no config vars|SECRET +•{8}/)
      person.type(' ')
      person.type(':')
      await screen.shows(/order: █/)
      person.type('scale')
      await screen.shows(/order: scale█/)
      person.type('\r')
      await screen.shows(/scale: █/)
      person.type('shell=2\r')
      await screen.shows(/3 of 3 up/)
      person.type('p')
      person.type('restart all\r')
      await screen.shows(/Restarting all: done/)
      writeFileSync(`${sandbox.app}/new`, 'x')
      person.type('p')
      await screen.shows(/order: █/)
      person.type('release\r')
      await screen.shows(/Release v2 created[\s\S]*Releasing: done/)
      person.type('p')
      await screen.shows(/order: █/)
      person.type('rollback\r')
      await screen.shows(/Rollback to v1 [\s\S]*Rolling back: done/)
      person.type('p')
      await screen.shows(/order: █/)
      person.type('\u001b')
      await screen.shows(/\n other\.1 {2}Basic/)
      person.type('r')
      await screen.shows(/run: █/)
      person.type('cat; exit 0\r')
      await screen.shows(/run\.1 has the keys/)
      person.type('to and fro\r')
      await screen.shows(/│to and fro *\n.*│to and fro/)
      person.type('\u001d')
      await screen.shows(/types into it again/)
      person.type('q')
      await screen.shows(/l leave it running \(run\.1 ends with it\) · s stop everything/)
      person.type('\u001b')
      await screen.shows(/\n run\.1 {2}Basic/)
      person.type('r\u001b[A')
      await screen.shows(/run: cat; exit 0█/)
      person.type('\u0015x\u001b')
      await screen.shows(/\n run\.1 {2}Basic/)
      person.type('R')
      await screen.shows(/A one-off is never restarted/)
      person.type('\u0003')
      assert.equal(await person.status, 0)
      assert.doesNotMatch((await dyno(sandbox, ['ps'])).stdout, /run\.1 +up/)
      await dyno(sandbox, ['down'])
    },
  )

  testApp(
    'Ctrl-Z gives the terminal to the shell, and fg takes it again',
    { sleeper: 'sleep 98866' },
    async (sandbox) => {
      assert.equal((await dyno(sandbox, ['start', '--detach'])).status, 0)
      const person = sitDown(sandbox, ['--norc', '-i'], { ...SIZE, file: 'bash' })
      const screen = emulate(person, SIZE.columns, SIZE.rows)
      person.type(`PS1="here> "; ${BIN} ui\r`)
      await screen.shows(/› ● sleeper\.1 +up/)
      person.type('\u001a')
      await screen.shows(/Stopped[\s\S]*here> /)
      person.type('echo $((6 * 7)) things\r')
      await screen.shows(/42 things/)
      person.type('fg\r')
      await screen.shows(/› ● sleeper\.1 +up[\s\S]* ↑↓ select/)
      person.type('\u0003')
      await screen.shows(/42 things\n(?:.*\n)*here> \s*$/)
      person.type('exit\r')
      await person.status
      await dyno(sandbox, ['down'])
    },
  )
})

const VI = ['/usr/bin/vi', '/usr/bin/vim'].find(existsSync)

test('an editor works in a pane, and a debugger’s prompt, and older lines come from the files', {
  skip: VI === undefined && 'there is no vi on this machine',
}, async () => {
  const sandbox = openSandbox({
    Procfile: 'many: for ((i = 1; i <= 3000; i++)); do echo "line $i of many"; done; exec sleep 98864\n',
  })
  assert.equal((await dyno(sandbox, ['start', '--detach', '--grace', '1'])).status, 0)
  const { person, screen } = look(sandbox, ['ui'])
  await screen.shows(/line 3000 of many/)
  person.type('g')
  await screen.shows(/many\.1: line 20\d\d of many/)
  person.type('g')
  await screen.shows(/many\.1: Starting process with command/)
  person.type('G')
  person.type('r')
  await screen.shows(/run: █/)
  person.type(`${VI} note; cat note\r`)
  await screen.shows(/~[\s\S]*run\.1 has the keys/)
  person.type('iwritten in a pane')
  await screen.shows(/│written in a pane/)
  person.type('\u001b')
  person.type(':wq\r')
  await screen.shows(/written in a pane[\s\S]*run\.1 ended with status 0/)
  person.type(' ')
  await screen.shows(/\n many\.1 {2}Basic/)
  person.type('\u0003')
  assert.equal(await person.status, 0)
  await dyno(sandbox, ['down'])
  await sandbox.close()
})

test('a theme that does not exist is named, with those that do', async () => {
  const sandbox = openSandbox({ Procfile: 'web: true\n' })
  const { status, stderr } = await dyno(sandbox, ['ui', '--theme', 'pink'])
  assert.deepEqual([status, stderr], [2, " !    --theme is one of dark, light, mono, not 'pink'.\n"])
  await sandbox.close()
})
