import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline/promises'
import { Problem } from '../core/problem.ts'

type Step = {
  readonly says: string
  readonly commands: readonly (readonly string[])[]
  readonly shows: string
}

// What a person would type, one after the other; each is really run, by this same program.
const STEPS: readonly Step[] = [
  {
    says: '1 of 6  A one-off dyno: any command, exactly like a dyno of the formation, and at /app.',
    commands: [['run', 'pwd; ls']],
    shows: 'It was numbered, is never restarted, is sent no request, and is gone with its files.',
  },
  {
    says: '2 of 6  Its files are its own copy: what it deletes changes nothing for the others.',
    commands: [
      ['run', 'rm Procfile; ls'],
      ['run', 'ls Procfile'],
    ],
    shows: 'The app, and every other dyno, still has its Procfile.',
  },
  {
    says: '3 of 6  The formation says how many dynos of each type are wanted.',
    commands: [['ps:scale', 'web=2'], ['ps:wait'], ['ps']],
    shows: 'The router sends requests to both, and to no other dyno.',
  },
  {
    says: '4 of 6  A dyno of the formation that is stopped is still wanted, and begins again.',
    commands: [['ps:stop', 'worker.1'], ['ps']],
    shows: 'To have fewer, scale down.',
  },
  {
    says: '5 of 6  Every line of every dyno is in the log, with its time and its dyno.',
    commands: [['logs', '-n', '6', '-p', 'worker.1']],
    shows: 'That was the log of one dyno alone, its end included.',
  },
  {
    says: '6 of 6  A dyno that crashes is started again: at once, then after 10 seconds, 20, 40 …',
    commands: [
      ['ps:exec', 'worker.1', 'kill -9 $(cat tmp/worker.pid)'],
      ['logs', '-n', '5', '-p', 'worker.1'],
      ['ps'],
    ],
    shows: 'That is the model. dyno help has all commands, dyno start runs your own app.',
  },
]

/** Shows the steps as text, each after an Enter where somebody can press it; answers with our exit status. */
export async function showPlainly(folder: string, port: ReadonlyMap<string, string>): Promise<number> {
  const person =
    process.stdin.isTTY && process.stdout.isTTY ? createInterface(process.stdin, process.stdout) : undefined
  const over = new AbortController()
  person?.once('close', () => over.abort()) // Ctrl-C, Ctrl-D
  const ports = [...port].flatMap(([name, value]) => [`--${name}`, value])
  try {
    say(`The demo app is in ${folder}. Its formation is started in the background:`)
    await perform(folder, ['start', '--detach', ...ports])
    await perform(folder, ['ps'])
    for (const { says, commands, shows } of STEPS) {
      await person?.question('\n— Enter goes on —', { signal: over.signal })
      say(`\n${says}\n`)
      for (const words of commands) await perform(folder, words)
      say(`\n${shows}`)
    }
    return 0
  } catch (error) {
    if (error instanceof Problem) throw error
    if (over.signal.aborted) return 130
    throw error
  } finally {
    person?.close()
    await perform(folder, ['down'])
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

// By ourselves once more, so that what is shown is what everybody sees.
async function perform(folder: string, words: readonly string[]): Promise<void> {
  say(`$ dyno ${words.map(shown).join(' ')}`)
  const { isSea } = process.getBuiltinModule('node:sea')
  const ourselves = isSea() ? [] : [process.argv[1]!]
  const child = spawn(process.execPath, [...ourselves, ...words], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (status !== 0 && words[0] === 'start')
    throw new Problem(
      'manifold',
      'The demo cannot go on without its formation; mend what is said above and try again.',
    )
}

function shown(word: string): string {
  return /^[\w.=:@/-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
