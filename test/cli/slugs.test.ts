import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { dyno, ended, openSandbox, reads, type Sandbox, script, startDyno, writeFiles } from '../harness.ts'

let sandbox: Sandbox
before(() => {
  sandbox = openSandbox({
    Procfile: 'web: echo web of the folder\n',
    '.slugignore': '*.md\n/docs\n',
    '.env': 'SECRET=1\n',
    '.git/HEAD': 'ref: refs/heads/main\n',
    'docs/a': '',
    'README.md': '',
    'lib/docs/b': '',
    'bin/hello': '#!/bin/sh\necho hello\n',
  })
  const slug = `${sandbox.folder}/make/app`
  writeFiles(slug, {
    Procfile: 'web: bin/greet\n',
    'bin/greet': '#!/bin/sh\necho greetings from the slug $1\n',
    'lib/real': 'linked\n',
  })
  symlinkSync('/app/lib/real', `${slug}/absolute`)
  const make = [
    'tar -czf heroku.tgz -C make ./app',
    'tar -cf bare.tar -C make/app .',
    'tar -c -C make ./app | zstd -q -o heroku.tar.zst',
    'cp heroku.tgz no-name-at-all',
    'head -c 200 heroku.tgz > short.tgz',
    'head -c 3000 heroku.tar.zst | head -c 150 > short.tar.zst',
    'head -c 4000 /dev/urandom > noise.tgz',
    ': > empty.tgz',
    'mkdir evil; ln -s /etc evil/out; echo x > evil/file',
    "tar -cf traversal.tar -C evil --transform 's,^file,../../file,' file",
    'tar -cPf absolute.tar /etc/hostname',
    "tar -cf through.tar -C evil out; mkdir evil/in; echo x > evil/in/f; tar -rf through.tar -C evil --transform 's,^in,out,' in/f",
    'mkfifo evil/fifo; tar -cf fifo.tar -C evil fifo',
    'echo x > evil/suid; chmod 4755 evil/suid; tar -cf suid.tar -C evil suid',
    'ln -s ../outside evil/up; tar -cf link.tar -C evil up',
  ].join('\n')
  const { status, stderr } = spawnSync('bash', ['-ec', make], { cwd: sandbox.folder })
  assert.equal(status, 0, String(stderr))
})
after(() => sandbox.close())

/** Everything in the cache but the notes of what each source was. */
function kept(): string[] {
  const cache = `${sandbox.folder}/cache/dyno`
  return ['trees', 'slugs'].flatMap((name) => {
    try {
      return readdirSync(`${cache}/${name}`).map((entry) => `${name}/${entry}`)
    } catch {
      return [] // not made yet
    }
  })
}

for (const name of ['heroku.tgz', 'bare.tar', 'heroku.tar.zst', 'no-name-at-all']) {
  test(`a slug file is run instead of the folder, told by its content: ${name}`, async () => {
    const ran = await dyno(sandbox, ['run', '--slug', `../${name}`, 'web', '$(cat absolute)'])
    assert.equal(ran.stdout, 'greetings from the slug linked\n')
    assert.equal(ran.status, 0)
    const again = await dyno(sandbox, ['run', `--slug=../${name}`, 'ls; rm -r lib bin; ls'])
    assert.equal(again.stdout, 'Procfile\nabsolute\nbin\nlib\nProcfile\nabsolute\n')
    const third = await dyno(sandbox, ['run:detached', `--slug=${sandbox.folder}/${name}`, 'web'])
    assert.equal(third.status, 0)
  })
}

test('a slug needs no Procfile where it is run', async () => {
  mkdirSync(`${sandbox.folder}/elsewhere`)
  const ran = await dyno(sandbox, ['run', '--slug', '../heroku.tgz', 'web'], {
    cwd: `${sandbox.folder}/elsewhere`,
  })
  assert.equal(ran.stdout, 'greetings from the slug\n')
})

const REFUSED: readonly [file: string, sentence: RegExp][] = [
  ['traversal.tar', /^The slug holds '\.\.\/\.\.\/file', which lies outside the app; /],
  ['absolute.tar', /^The slug holds '\/etc\/hostname', which lies outside the app; /],
  ['through.tar', /^The slug holds /],
  ['link.tar', /^The slug holds /],
  ['fifo.tar', /^The slug holds the FIFO 'fifo'; /],
  ['suid.tar', /^The slug holds 'suid', which is setuid or setgid; /],
  ['short.tgz', /^The slug is (cut short|broken)/],
  ['short.tar.zst', /^The slug is (cut short|broken)/],
  ['noise.tgz', /no archive|not an archive|broken/],
  ['empty.tgz', /^The slug '.*empty\.tgz' is empty; /],
  ['there-is-none.tgz', /^There is no slug '.*there-is-none\.tgz'; /],
  ['make', /^'.*make' is not a file; /],
]

for (const [file, sentence] of REFUSED) {
  test(`a slug that is no good is refused in one sentence, and leaves nothing: ${file}`, async () => {
    const before = kept()
    const ran = await dyno(sandbox, ['run', '--slug', `${sandbox.folder}/${file}`, 'true'])
    const [line, ...more] = ran.stderr.split('\n')
    assert.deepEqual(more, [''])
    assert.ok(line!.startsWith(' !    '), ran.stderr)
    assert.match(line!.slice(6), sentence)
    assert.deepEqual([ran.stdout, ran.status], ['', 1])
    assert.deepEqual(kept(), before)
  })
}

test('.git, .env and what .slugignore names are left out of the slug', async () => {
  const ran = await dyno(sandbox, ['run', 'find . -mindepth 1 | sort; echo $SECRET'])
  const files = ['.slugignore', 'Procfile', 'bin', 'bin/hello', 'lib', 'lib/docs', 'lib/docs/b']
  assert.equal(ran.stdout, `${files.map((file) => `./${file}\n`).join('')}1\n`)
})

test('an edit of the app is seen by the next run, and only by it', async () => {
  const running = startDyno(sandbox, ['run', 'echo ready; read x; bin/hello'])
  await reads(running, 'ready\n')
  writeFiles(sandbox.app, { 'bin/hello': '#!/bin/sh\necho HELLO\n', 'new/file': 'new\n' })
  const next = await dyno(sandbox, ['run', 'bin/hello; cat new/file'])
  assert.equal(next.stdout, 'HELLO\nnew\n')
  const hello = reads(running, 'hello\n')
  running.stdin!.end('x\n')
  assert.equal(await hello, 'hello\n')
  assert.deepEqual(await ended(running), [0, null])
})

test('config vars are read anew for every run', async () => {
  writeFileSync(`${sandbox.app}/.env`, 'SECRET=2\n')
  assert.equal((await dyno(sandbox, ['run', 'echo $SECRET'])).stdout, '2\n')
})

test('an app folder may have blanks, quotes and any letters in its name', async (t) => {
  const odd = openSandbox('widgets')
  t.after(odd.close)
  const app = `${odd.folder}/My "App" – größe 漢字 $HOME 'x'`
  renameSync(odd.app, app)
  const there = { ...odd, app }
  const ran = await dyno(there, ['run', 'pwd; ls'])
  assert.equal(ran.stdout, '/app\nProcfile\nbin\ndb\npackage.json\nsrc\n')
  assert.equal((await dyno(there, ['run:detached', 'true'])).status, 0)
  assert.match((await dyno(there, ['logs', '-p', 'run.2'])).stdout, /Starting process/)
  assert.match(
    (await script(there, '"$BIN" run --walls=folder "cat Procfile | head -1"')).stdout,
    /widget factory/,
  )
})

test('a folder above with a Procfile is the app of the folder below', async () => {
  const ran = await dyno(sandbox, ['run', 'ls -d bin; pwd'], { cwd: `${sandbox.app}/lib/docs` })
  assert.equal(ran.stdout, 'bin\n/app\n')
})

test('a mistake in the Procfile or .env is told with its place, and nothing is started', async (t) => {
  const bad = openSandbox({ Procfile: 'web: echo\n\n= what\n' })
  t.after(bad.close)
  const procfile = await dyno(bad, ['run', 'true'])
  assert.match(procfile.stderr, /^ ! {4}Procfile:3:\d+: [^\n]+\n$/)
  assert.equal(procfile.status, 1)
  writeFileSync(`${bad.app}/Procfile`, 'web: echo\n')
  writeFileSync(`${bad.app}/.env`, 'A=1\nB="open\n')
  const dotenv = await dyno(bad, ['run', 'true'])
  assert.match(dotenv.stderr, /^ ! {4}\.env:2:\d+: [^\n]+\n$/)
  assert.equal(dotenv.status, 1)
})
