import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, lstatSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { dyno, GIVE_UP_LATER, openSandbox, quiet, type Sandbox, script, writeFiles } from '../harness.ts'

const APP = {
  Procfile: 'web: bin/hello\n',
  'bin/hello': '#!/bin/sh\necho hello\n',
  kept: 'as it was\n',
  '.slugignore': '/log\n',
}
const CHANGES =
  'rm Procfile; echo x > new; echo more >> kept; chmod 700 bin/hello; mkdir log; ln -s kept link; echo secret > .env'

// What only somebody who looks on leaves behind is nowhere.
function leftBehind({ folder }: Sandbox): string[] {
  return readdirSync(`${folder}/cache/dyno/trees`).filter((name) => name.endsWith('.tmp'))
}

describe('the files of a one-off', { concurrency: 3 }, () => {
  for (const walls of ['full', 'folder']) {
    test(`run --diff says what has become of them, and --keep leaves them in a folder, as ours (${walls} walls)`, async (t) => {
      const sandbox = openSandbox(APP)
      t.after(sandbox.close)
      const ran = await dyno(sandbox, [
        'run',
        '--walls',
        walls,
        '--diff',
        '--keep',
        '../left',
        `${CHANGES}; exit 3`,
      ])
      assert.equal(ran.status, 3)
      assert.deepEqual(ran.stderr.split('\n').slice(1), [
        '+ .env (7 B)',
        '- Procfile (15 B)',
        '~ bin/hello (755 → 700, 21 B)',
        '~ kept (10 B → 15 B)',
        '+ link',
        '+ log/',
        '+ new (2 B)',
        '4 added, 1 removed, 2 changed',
        '',
      ])
      const left = `${sandbox.folder}/left`
      assert.deepEqual(readdirSync(left).sort(), ['.env', '.slugignore', 'bin', 'kept', 'link', 'log', 'new'])
      assert.equal(statSync(`${left}/new`).uid, process.geteuid!())
      const nothing = await dyno(sandbox, ['run', '--walls', walls, '--diff', 'touch /tmp/elsewhere'])
      assert.match(nothing.stderr, /\n0 added, 0 removed, 0 changed\n$/)
      assert.deepEqual(leftBehind(sandbox), [])
      assert.equal(
        (await dyno(sandbox, ['run', 'cat kept'])).stdout,
        'as it was\n',
        'the slug is what it was',
      )
      const again = await dyno(sandbox, ['run', '--walls', walls, '--keep', '../left', 'true'])
      assert.match(again.stderr, /^ ! {4}\/.*\/left is not empty; name a folder that is, or none yet\.\n$/)
    })
  }

  test('run --diff compares files of any size, and leaves nothing where it cannot', async (t) => {
    const sandbox = openSandbox(APP)
    t.after(sandbox.close)
    const large = await dyno(sandbox, ['run', '--diff', 'truncate -s 2200M large'], { giveUp: GIVE_UP_LATER })
    assert.match(large.stderr, /\n\+ large \(2306\.9 MB\)\n1 added, 0 removed, 0 changed\n$/)
    const { status, stderr } = await dyno(sandbox, ['run', '--diff', "touch $'\\xff'"])
    assert.equal(status, 1)
    assert.match(stderr, / is not UTF-8; /)
    assert.deepEqual(leftBehind(sandbox), [])
  })

  test('run --keep leaves an empty folder the one it is, by a link and where somebody works in it too', async (t) => {
    const sandbox = openSandbox(APP)
    t.after(sandbox.close)
    const { folder, app } = sandbox
    mkdirSync(`${folder}/left`, { mode: 0o700 })
    symlinkSync('left', `${folder}/link`)
    const { ino } = statSync(`${folder}/left`)
    const ran = await dyno(sandbox, ['run', '--app', app, '--keep', '../link', 'echo x > new; ls new'])
    assert.deepEqual([ran.status, ran.stdout], [0, 'new\n'])
    assert.ok(lstatSync(`${folder}/link`).isSymbolicLink())
    assert.deepEqual(readdirSync(`${folder}/left`).sort(), ['.slugignore', 'Procfile', 'bin', 'kept', 'new'])
    const { ino: now, mode, uid } = statSync(`${folder}/left`)
    assert.deepEqual([now, mode & 0o777, uid], [ino, statSync(app).mode & 0o777, process.geteuid!()])
    mkdirSync(`${folder}/here`)
    const here = await dyno(sandbox, ['run', '--app', app, '--keep', '.', 'echo x > new'], {
      cwd: `${folder}/here`,
    })
    assert.equal(here.status, 0, here.stderr)
    assert.ok(existsSync(`${folder}/here/new`))
    const gone = (to: string) =>
      script(
        sandbox,
        `mkdir ../gone; cd ../gone; rmdir ../gone; "$BIN" run --app ${app} --keep ${to} 'echo x > new'`,
      )
    assert.match((await gone('.')).stderr, /^ ! {4}The current folder is not there any more; [^\n]+\n$/m)
    assert.equal((await gone(`${folder}/absolute`)).status, 0)
    assert.ok(existsSync(`${folder}/absolute/new`))
    const file = await dyno(sandbox, ['run', '--keep', 'kept', 'true'])
    assert.match(file.stderr, /^ ! {4}\/.*\/kept cannot be looked into \([^\n]+\); name another folder\.\n$/)
  })

  test('what a client that was killed would have looked at is swept by the next manifold', async (t) => {
    const sandbox = openSandbox(APP)
    t.after(sandbox.close)
    await dyno(sandbox, ['run', 'true'])
    await quiet(sandbox.folder, { hurry: true })
    mkdirSync(`${sandbox.folder}/cache/dyno/trees/.abc.999999999.tmp`)
    await dyno(sandbox, ['run', 'true'])
    assert.deepEqual(leftBehind(sandbox), [])
  })
})

describe('slug:build --build', { concurrency: 3 }, () => {
  const inSlug = (sandbox: Sandbox) =>
    execFileSync('tar', ['-tzf', `${sandbox.folder}/app.tgz`])
      .toString()
      .split('\n')
      .map((path) => path.replace('./app/', ''))

  test('runs bin/compile within walls, and packs what that makes, never in the app folder', async (t) => {
    const compile =
      '#!/bin/sh\necho "compiling into $1 as $DYNO"\nmkdir -p "$1/log" && echo built >"$1/log/lib" && ls "$2" "$3"\n'
    const sandbox = openSandbox({ ...APP, 'bin/compile': compile, 'log/ignored': '' })
    t.after(sandbox.close)
    const { stdout, status } = await dyno(sandbox, ['slug:build', '--build', '-o', '../app.tgz'])
    assert.match(
      stdout,
      /\n-----> Running bin\/compile\ncompiling into \/app as run\.1\n[^>]*-----> Compressing/,
    )
    assert.equal(status, 0)
    assert.ok(inSlug(sandbox).includes('log/lib'), 'what .slugignore names goes before the build, not after')
    assert.ok(!inSlug(sandbox).includes('log/ignored'))
    assert.ok(!existsSync(`${sandbox.app}/log/lib`))
    assert.deepEqual(leftBehind(sandbox), [])
  })

  test('runs heroku-postbuild of package.json', async (t) => {
    const sandbox = openSandbox({
      ...APP,
      'package.json': '{"scripts":{"heroku-postbuild":"echo made > made"}}',
    })
    t.after(sandbox.close)
    assert.equal((await dyno(sandbox, ['slug:build', '--build', '-o', '../app.tgz'])).status, 0)
    assert.ok(inSlug(sandbox).includes('made'))
  })

  test('makes no slug where there is nothing to build with, or the build fails', async (t) => {
    const sandbox = openSandbox(APP)
    t.after(sandbox.close)
    const refused = async (files: Record<string, string>, sentence: RegExp) => {
      writeFiles(sandbox.app, files)
      const { status, stderr } = await dyno(sandbox, ['slug:build', '--build', '-o', '../app.tgz'])
      assert.equal(status, 1)
      assert.match(stderr, sentence)
    }
    await refused({}, /^ ! {4}There is nothing to build with: [^\n]+\.\n$/)
    await refused(
      { 'package.json': '{x' },
      /^ ! {4}\/.*\/package\.json is no JSON \([^\n]+\); mend it and try again\.\n$/,
    )
    await refused(
      { 'bin/compile': '#!/bin/sh\nexit 4\n' },
      /bin\/compile ended with status 4; there is no slug\.\n$/,
    )
    assert.ok(!existsSync(`${sandbox.folder}/app.tgz`))
    assert.deepEqual(leftBehind(sandbox), [])
    writeFileSync(`${sandbox.app}/kept`, 'still ours')
  })
})
