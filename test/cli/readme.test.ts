import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { BIN, openSandbox, ROOT, type Sandbox, sitDown, startDyno, writeFiles } from '../harness.ts'

// Every transcript in the README, typed again: what it says a command answers is what the command answers, but for
// what is another each time (times, numbers, checksums, the user's name).

type Transcript = readonly { readonly command: string; readonly answer: readonly string[] }[]

const transcripts = transcriptsIn(readFileSync(`${ROOT}/README.md`, 'utf8'))

// A block of lines with four blanks before, in which there is at least one `$ `.
function transcriptsIn(text: string): Transcript[] {
  const blocks = text.match(/(?:^ {4}.*\n|^\n(?= {4}))+/gm) ?? []
  return blocks
    .map((block) => block.replace(/^\n+/, ''))
    .filter((block) => /^ {4}\$ /.test(block))
    .map((block) => {
      const lines = block
        .trimEnd()
        .split('\n')
        .map((line) => line.slice(4))
      return lines.reduce<{ command: string; answer: string[] }[]>((steps, line) => {
        if (line.startsWith('$ ')) steps.push({ command: line.slice(2), answer: [] })
        else steps.at(-1)!.answer.push(line)
        return steps
      }, [])
    })
}

// What is another each time, by its kind; `…` stands for anything.
function plain(line: string): string {
  return line
    .replace(/^\d{4}-\d\d-\d\dT\S+ /, '… ')
    .replace(/\(~? ?\d+\w* ago\)/g, 'AGO')
    .replace(/\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\b/g, 'TIME')
    .replace(/\b[0-9a-f]{8}\b/g, 'DIGEST')
    .replace(/\bwidgets\b/g, 'app') // the sandbox's folder has another name
    .replace(/\bby user \S+/, 'by user you')
    .replace(/(?<=AGO|TIME|\)|DIGEST|vars) +\S+ +(?=TIME)/, ' WHO ')
    .replace(/\d+(?:\.\d+)?/g, 'N')
    .replace(/-{3,}/g, '---')
    .replace(/ {2,}/g, ' ')
    .trimEnd()
}

function isAnswer(expected: string, actual: string): boolean {
  const pattern = plain(expected)
    .split('…')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${pattern.join('.*')}$`).test(plain(actual))
}

/** Fails unless these lines are in the text, in their order unless many dynos wrote it. */
function assertAnswers(
  expected: readonly string[],
  actual: string,
  { inOrder }: { readonly inOrder: boolean },
): void {
  const lines = actual.split('\n')
  let from = 0
  for (const wanted of expected.filter((line) => line !== '')) {
    const at = lines.findIndex((line, i) => i >= from && isAnswer(wanted, line))
    assert.ok(at >= 0, `not answered: ${wanted}\nin:\n${actual}`)
    if (inOrder) from = at + 1
  }
}

function type(sandbox: Sandbox, command: string): string {
  const env = { ...sandbox.env, PATH: `${BIN.slice(0, BIN.lastIndexOf('/'))}:${sandbox.env['PATH']}` }
  const { stdout, stderr } = spawnSync('sh', ['-c', `exec 2>&1; ${command}`], {
    cwd: sandbox.app,
    env,
    encoding: 'utf8',
  })
  return stdout + stderr
}

/** What is there before the first command of a transcript is typed, by how that begins. */
type Scene = {
  readonly app?: Readonly<Record<string, string>>
  prepare?(sandbox: Sandbox): void
  readonly cwd?: string
}

const runs = (sandbox: Sandbox) => type(sandbox, 'dyno start --detach && dyno ps:wait')

const SCENES: Readonly<Record<string, Scene>> = {
  'dyno run bash': {},
  'dyno run:detached bin/do-work': {},
  'dyno ps': {
    prepare: (sandbox) => void type(sandbox, 'dyno run true; dyno run true; dyno run:detached worker 900'),
  },
  'dyno start --no-ui': {},
  'dyno open': { prepare: runs },
  'dyno release': { prepare: (sandbox) => runs(sandbox) && writeFiles(sandbox.app, { 'src/new.js': '' }) },
  'dyno check': {
    app: { Procfile: 'web:node server.js\nworker: bundle exec sidekiq -c 5 &\n', 'server.js': 'PORT' },
  },
  'dyno check --boot': { cwd: ROOT },
}

for (const transcript of transcripts) {
  const [{ command: first }] = transcript as [Transcript[number]]
  test(`README shows what is answered: ${first}`, async (t) => {
    const begins = Object.keys(SCENES).filter((begin) => first.startsWith(begin))
    const scene = SCENES[begins.sort((a, b) => b.length - a.length)[0] ?? '']
    assert.ok(scene, 'a transcript that no test knows the scene of')
    const sandbox = openSandbox(scene.app ?? 'widgets')
    t.after(() => sandbox.close())
    const there = scene.cwd === undefined ? sandbox : { ...sandbox, app: scene.cwd }
    scene.prepare?.(sandbox)
    for (const { command, answer } of transcript) {
      if (command.startsWith('dyno run bash')) await typeInto(there, command, answer)
      else if (command.startsWith('dyno start')) await untilAnswered(there, command, answer)
      else assertAnswers(answer, type(there, forThisPort(command, sandbox)), { inOrder: true })
    }
    type(
      sandbox,
      'dyno down; for one in $(dyno ps --json | sed -n \'s/.*"name": "\\(run[^"]*\\)".*/\\1/p\'); do dyno ps:stop $one; done',
    )
  })
}

const forThisPort = (command: string, { env }: Sandbox) =>
  command.replaceAll('localhost:5000', `localhost:${env['PORT']}`)

// At a terminal, with what was typed at each prompt.
async function typeInto(sandbox: Sandbox, command: string, answer: readonly string[]): Promise<void> {
  const person = sitDown(sandbox, command.split(' ').slice(1))
  for (const line of answer) {
    if (!line.startsWith('~ $ ')) {
      const words = line.split(/\s+|\d+/).filter((word) => word !== '')
      for (const word of words) await person.sees(word)
      continue
    }
    await person.sees('~ $ ')
    person.type(`${line.slice(4)}\r`)
  }
  assert.equal(await person.status, 0)
}

// What goes on for ever is ended when all has been said.
async function untilAnswered(sandbox: Sandbox, command: string, answer: readonly string[]): Promise<void> {
  const child = startDyno(sandbox, command.split(' ').slice(1), { cwd: sandbox.app })
  const closed = new Promise((resolve) => child.once('close', resolve))
  let said = ''
  await new Promise<void>((resolve) => {
    child.stdout!.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (answer.every((wanted) => said.split('\n').some((line) => isAnswer(wanted, line)))) resolve()
    })
    void closed.then(() => resolve())
  })
  child.kill('SIGINT')
  await closed
  assertAnswers(answer, said, { inOrder: false })
}

test('the README has the transcripts of all that it is about', () => {
  assert.ok(transcripts.length >= 8, `${transcripts.length}`)
})
