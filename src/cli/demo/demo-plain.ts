import { spawn } from 'node:child_process'
import { createInterface, type Interface } from 'node:readline/promises'
import { type Held, holdFormation } from '../formation/hold-formation.ts'
import { beginFormation, joinFormation } from '../formation/start-formation.ts'
import { ourCommand } from '../ourselves.ts'
import { findPlace, makeFolders } from '../place.ts'

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
      ['ps:exec', 'worker.1', 'sleep 1; kill -9 $(cat tmp/worker.pid)'],
      ['logs', '-n', '8', '-p', 'worker.1'],
      ['ps'],
    ],
    shows: 'That is the model. dyno help has all commands, dyno start runs your own app.',
  },
]

/** Shows the steps as text, each after an Enter where somebody can press it; answers with our exit status. */
export async function showPlainly(folder: string, port: ReadonlyMap<string, string>): Promise<number> {
  const { stdin, stdout } = process
  say(
    `The demo app is in ${folder}.\n\n$ dyno start${[...port.values()].map((value) => ` -p ${value}`).join('')}`,
  )
  const held = await startHeld(folder, port)
  const person = stdin.isTTY && stdout.isTTY ? createInterface(stdin, stdout) : undefined
  person?.once('close', () => held.end('SIGINT')) // Ctrl-C and Ctrl-D at the question
  const status = await Promise.race([held.ended, showSteps(folder, person)])
  person?.removeAllListeners('close')
  person?.close()
  held.end('SIGTERM')
  const ended = await held.ended
  return status === undefined ? 0 : ended
}

// Held by our own connection: whatever ends us ends the formation as well.
async function startHeld(folder: string, port: ReadonlyMap<string, string>): Promise<Held> {
  const place = findPlace(folder, { anywhere: false })
  makeFolders(place)
  const terminal = { terminal: { columns: 80, rows: 24 } }
  const url = await beginFormation(place, { flags: port, words: [] }, { tty: true, terminal, leased: true })
  return holdFormation(await joinFormation(place, url!), say) // which a leased one always has
}

async function showSteps(folder: string, person: Interface | undefined): Promise<undefined> {
  await perform(folder, ['ps:wait'])
  await perform(folder, ['ps'])
  for (const { says, commands, shows } of STEPS) {
    await person?.question('\n— Enter goes on —')
    say(`\n${says}\n`)
    for (const words of commands) await perform(folder, words)
    say(`\n${shows}`)
  }
  return undefined
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

// By ourselves once more, so that what is shown is what everybody sees.
async function perform(folder: string, words: readonly string[]): Promise<void> {
  say(`$ dyno ${words.map(shown).join(' ')}`)
  const { program, words: ours } = ourCommand()
  const child = spawn(program, [...ours, ...words], { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] })
  await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve))
}

function shown(word: string): string {
  return /^[\w.=:@/-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
