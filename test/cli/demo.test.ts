import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import test from 'node:test'
import { emulate } from '../emulator.ts'
import { dyno, GIVE_UP_LATER, openSandbox, type Sandbox, sitDown, startDyno } from '../harness.ts'

const SIZE = { columns: 100, rows: 28 }

// A test that fails leaves nothing running, or the others would wait for its end for ever; nor does one that passes.
function testIn(files: Record<string, string>, name: string, run: (sandbox: Sandbox) => Promise<void>): void {
  test(name, async () => {
    const sandbox = openSandbox(files)
    try {
      await run(sandbox)
    } finally {
      await sandbox.close()
    }
  })
}

testIn(
  {},
  'dyno demo takes a newcomer through six steps in the dashboard, each when it has really been done',
  async (sandbox) => {
    const person = sitDown(sandbox, ['demo', '-p', sandbox.env['PORT']!], SIZE)
    const screen = emulate(person, SIZE.columns, SIZE.rows)
    await screen.shows(/ 1 of 6 {2}Press r,[\s\S]*3 of 3 up|3 of 3 up[\s\S]* 1 of 6 {2}Press r,/)
    person.type('r')
    await screen.shows(/ run: █/)
    person.type('bash\r')
    await screen.shows(/ 2 of 6 [\s\S]*~ \$ /)
    person.type('rm Procfile; ls\r')
    await screen.shows(/│bin {2}db {2}package\.json {2}src/)
    person.type('exit\r')
    await screen.shows(/ 3 of 6 /)
    person.type('\x1b[B')
    await screen.shows(/› ● (?:web|clock|worker)\.1/)
    for (let i = 0; i < 4; i++) person.type('k')
    person.type('j')
    await screen.shows(/› ● web\.1/)
    person.type('+')
    await screen.shows(/ 4 of 6 [\s\S]*● web\.2/)
    person.type('jj')
    await screen.shows(/› ● worker\.1/)
    person.type('s')
    await screen.shows(/ 5 of 6 /)
    person.type('\r')
    await screen.shows(/ 6 of 6 /)
    person.type('a')
    await screen.shows(/worker\.1 has the keys/)
    person.type('\x03')
    await screen.shows(/\^C/)
    person.type('\x1d')
    await screen.shows(/ That is the model\. q leaves/)
    person.type('\t')
    await screen.shows(/ 1 of 6 /)
    person.type('\x03')
    await person.status
    assert.ok(existsSync(`${sandbox.app}/dyno-demo/Procfile`))
  },
)

testIn(
  {},
  'dyno demo without a terminal tells the same as text, of commands that were really run, and leaves nothing running',
  async (sandbox) => {
    const { status, stdout, stderr } = await dyno(sandbox, ['demo', 'show', '-p', sandbox.env['PORT']!], {
      ...{ cwd: sandbox.app, giveUp: GIVE_UP_LATER },
    })
    assert.equal(status, 0, stderr)
    assert.match(
      stdout,
      /\$ dyno run 'rm Procfile; ls'\nbin\ndb\npackage\.json\nsrc\n\$ dyno run 'ls Procfile'\nProcfile\n/,
    )
    assert.match(stdout, /\$ dyno ps:scale web=2\n[\s\S]*web\.2 {5}up/)
    assert.match(stdout, /worker\.1\]: Process exited with status 137\n/)
    assert.match(stdout, /6 of 6 [\s\S]*That is the model\./)
    assert.ok(existsSync(`${sandbox.app}/show/Procfile`))
  },
)

testIn({}, 'dyno demo that nobody reads any more ends its formation', async (sandbox) => {
  const child = startDyno(sandbox, ['demo', '-p', sandbox.env['PORT']!], { cwd: sandbox.app })
  const closed = new Promise((resolve) => child.once('close', resolve))
  await new Promise((resolve) => child.stdout!.once('data', resolve))
  child.stdout!.destroy()
  await closed
})

testIn(
  { 'mine/letter.txt': 'x' },
  'dyno demo goes into no folder that has other things in it',
  async (sandbox) => {
    const { status, stderr } = await dyno(sandbox, ['demo', 'mine'], { cwd: sandbox.app })
    assert.equal(status, 1)
    assert.match(stderr, /mine has other things in it; name a new folder: dyno demo DIR\./)
    assert.deepEqual(readdirSync(`${sandbox.app}/mine`), ['letter.txt'])
  },
)
