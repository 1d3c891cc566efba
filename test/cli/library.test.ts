import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, symlinkSync } from 'node:fs'
import test from 'node:test'
import * as library from '../../src/cli/library/library.ts'
import type { Procfile } from '../../src/cli/library/library-types.ts'
import { ended, openSandbox, ROOT, reads, type Sandbox, writeFiles } from '../harness.ts'

// Whoever changes one of the two without the other does not get past the compiler.
library satisfies typeof import('../../src/cli/library/library-types.ts')

const APP = {
  Procfile: 'web: node server.js\nworker: echo working; exec sleep 3601\n',
  'server.js': "require('node:http').createServer((_, answer) => answer.end()).listen(process.env.PORT)\n",
}

/** A sandbox beside whose app there is somebody's own project, which has dyno installed. */
function openProject(t: { after(call: () => Promise<void>): void }): Sandbox & { readonly project: string } {
  const sandbox = openSandbox(APP)
  t.after(() => sandbox.close())
  const project = `${sandbox.folder}/project`
  mkdirSync(`${project}/node_modules`, { recursive: true })
  symlinkSync(ROOT, `${project}/node_modules/dyno`)
  return { ...sandbox, project }
}

function start({ project, env, app }: ReturnType<typeof openProject>, text: string) {
  const head = `import { checkText, openManifold, parseDotenv, parseProcfile, Problem } from 'dyno'
    const say = (value) => console.log(JSON.stringify(value))
    const app = ${JSON.stringify(app)}\n`
  writeFiles(project, { 'ours.mjs': head + text })
  return spawn(process.execPath, ['ours.mjs'], { cwd: project, env, stdio: 'pipe' })
}

/** What a script said, a value a line. */
async function said(project: ReturnType<typeof openProject>, text: string): Promise<unknown[]> {
  const child = start(project, text)
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  child.stderr.on('data', (chunk) => {
    err += chunk
  })
  assert.deepEqual([err, (await ended(child))[0]], ['', 0])
  return out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)
}

test('files are read as plain data, in their order, and nothing throws', async (t) => {
  const [procfile, dotenv, wrong, findings] = await said(
    openProject(t),
    `say(parseProcfile('web: node .\\n1: true\\n'))
     say(parseDotenv('A=1\\nB="\${A} \${HOME}"\\n', { HOME: '/h' }))
     say(parseProcfile('web node').errors.map(({ rule, line, column }) => [rule, line, column]))
     say(checkText('A =1\\n', '.env').map(({ file, severity }) => [file, severity]))`,
  )
  assert.deepEqual((procfile as Procfile).types, [
    { name: 'web', command: 'node .' },
    { name: '1', command: 'true' },
  ])
  assert.deepEqual((dotenv as { vars: unknown }).vars, { A: '1', B: '1 /h' })
  assert.deepEqual(wrong, [['no-colon', 1, 4]])
  assert.ok((findings as unknown[]).length > 0)
})

test('a one-off runs to its end, with its input, output, environment and status', async (t) => {
  const [ran] = await said(
    openProject(t),
    `const manifold = await openManifold({ app })
     const ran = await manifold.run('cat; echo "$A" >&2; exit 3', { input: 'hello', env: { A: 'x;y' } })
     say({ ...ran, stdout: String(ran.stdout), stderr: String(ran.stderr) })`,
  )
  assert.deepEqual(ran, { name: 'run.1', status: 3, stdout: 'hello', stderr: 'x;y\n' })
})

test('words reach a one-off as they are, and its output can be had as it comes', async (t) => {
  const output = await said(
    openProject(t),
    `const manifold = await openManifold({ app })
     const onOutput = (bytes, stream) => say([stream, String(bytes)])
     await manifold.run(['printf', '%s', "it's 'quoted'"], { onOutput })`,
  )
  assert.deepEqual(output, [['stdout', "it's 'quoted'"]])
})

test('a one-off ends when its signal is aborted', async (t) => {
  const project = openProject(t)
  const [reason] = await said(
    project,
    `const manifold = await openManifold({ app })
     const over = new AbortController()
     const onOutput = () => over.abort(new Error('enough'))
     await manifold.run('echo begun; exec sleep 3602', { onOutput, signal: over.signal }).catch(({ message }) => say(message))`,
  )
  assert.equal(reason, 'enough')
})

// Who has only just been spawned may not hear a SIGTERM yet: what workers say is waited for before they are to end.
const WORKING = `const working = async (manifold, count) => {
  const dynos = []
  for await (const { dyno, message } of manifold.logs({ dyno: 'worker', source: 'app', follow: true })) {
    if (message === 'working') dynos.push(dyno)
    if (dynos.length === count) return dynos.sort()
  }
}`

test('a formation is started, scaled and waited for, and ends with close()', async (t) => {
  const answers = await said(
    openProject(t),
    `${WORKING}
     const manifold = await openManifold({ app })
     const names = (dynos) => dynos.map(({ name }) => name).sort()
     const counts = (formation) => formation.map(({ type, quantity }) => [type, quantity].join('='))
     say(counts(await manifold.start({ web: 1 })))
     say(names(await manifold.up()))
     say(counts(await manifold.scale({ worker: '+1' })))
     say(names(await manifold.up()))
     await working(manifold, 1)
     await manifold.close()
     say(await manifold.dynos())`,
  )
  assert.deepEqual(answers, [
    ['web=1', 'worker=0'],
    ['web.1'],
    ['web=1', 'worker=1'],
    ['web.1', 'worker.1'],
    [],
  ])
})

test('dynos get a new life, and the log is read as it comes and as it was', async (t) => {
  const answers = await said(
    openProject(t),
    `${WORKING}
     const manifold = await openManifold({ app })
     await manifold.start({ worker: 2 })
     await working(manifold, 2)
     await manifold.restart('worker.2')
     say(await manifold.restart('run.1').catch(({ message }) => message))
     await manifold.stop('worker.1')
     say(await working(manifold, 4))
     await manifold.close()
     say((await Array.fromAsync(manifold.logs({ lines: 2 }))).length)`,
  )
  const refused = "A one-off is never restarted; end it with 'dyno ps:stop run.1'."
  assert.deepEqual(answers, [refused, ['worker.1', 'worker.1', 'worker.2', 'worker.2'], 2])
})

test('a formation ends with the program that holds it, however that ends', async (t) => {
  const project = openProject(t)
  const child = start(project, `await (await openManifold({ app })).start({ worker: 1 }); say('holds')`)
  await reads(child, 'holds')
  child.kill('SIGKILL')
  await ended(child) // and closing the sandbox waits until nothing is left
})

test('a detached formation goes on without the program, until down()', async (t) => {
  const project = openProject(t)
  await said(
    project,
    `say((await (await openManifold({ app })).start({ worker: 1 }, { detach: true })).filter(({ quantity }) => quantity > 0).length)`,
  )
  const [before, after] = await said(
    project,
    `const manifold = await openManifold({ app })
     say((await manifold.dynos()).length)
     await manifold.down()
     say((await manifold.dynos()).length)`,
  )
  assert.deepEqual([before, after], [1, 0])
})

test('what goes wrong is a Problem that says what to do', async (t) => {
  const problems = await said(
    openProject(t),
    `const tell = (error) => say([error instanceof Problem, error.code, error.message])
     await openManifold({ app: '/nowhere' }).catch(tell)
     const manifold = await openManifold({ app })
     await manifold.scale({ web: 2 }).catch(tell)
     await manifold.stop('run.9').catch(tell)
     await manifold.start({ wrker: 1 }).catch(tell)
     await manifold.run('').catch(tell)`,
  )
  assert.deepEqual(
    problems.map((problem) => (problem as unknown[]).slice(0, 2)),
    [
      [true, 'app'],
      [true, 'not-found'],
      [true, 'not-found'],
      [true, 'not-found'],
      [true, 'usage'],
    ],
  )
})

test('the types that come with it let through what is right, and nothing else', (t) => {
  const { project, env } = openProject(t)
  writeFiles(project, {
    'package.json': '{"type":"module"}',
    'ours.ts': `import { type LogLine, openManifold, parseProcfile, Problem } from 'dyno'
      const manifold = await openManifold({ app: '.' })
      const { status, stdout } = await manifold.run(['ls', '-l'], { env: { A: '1' } })
      export const text: string = new TextDecoder().decode(stdout) + status.toFixed()
      await manifold.scale({ web: 2, worker: '+1' })
      const lines: LogLine[] = []
      for await (const line of manifold.logs({ follow: true })) lines.push(line)
      export const names: string[] = parseProcfile('').types.map(({ name }) => name)
      export const offer = (error: unknown): number | undefined => (error instanceof Problem ? error.offer : undefined)
      // @ts-expect-error: a number, or how much more or less
      await manifold.scale({ web: 'two' })
      // @ts-expect-error: no such method
      await manifold.deploy()
    `,
    'tsconfig.json': JSON.stringify({
      compilerOptions: {
        module: 'nodenext',
        target: 'es2024',
        lib: ['es2024', 'dom'],
        strict: true,
        noEmit: true,
        types: [],
      },
      files: ['ours.ts'],
    }),
  })
  const { stdout, status } = spawnSync(`${ROOT}/node_modules/.bin/tsc`, ['-p', '.'], {
    cwd: project,
    env,
    encoding: 'utf8',
  })
  assert.deepEqual([stdout, status], ['', 0])
})
