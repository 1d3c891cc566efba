import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { spawn as spawnOnTerminal } from 'node-pty'
import type { BenchApp } from './bench-app.ts'
import { isOnPath } from './formation/peers.ts'
import { usageOf } from './formation/watch.ts'
import { median, report } from './stopwatch.ts'

const SIZE = { cols: 120, rows: 40 }
const SECONDS = 6
const PRESSES = 30

/** Writes so many lines a second, evenly. */
const FLOOD = `const PER_TICK = 200
let line = 0
setInterval(() => {
  let text = ''
  for (let i = 0; i < PER_TICK; i++) text += 'line ' + ++line + ' of a program that says what it does all day long\\n'
  process.stdout.write(text)
}, 10)
`

/** What a full-screen program does while lines flow: CPU as a part of one core, bytes a second, pictures a second. */
type Load = { readonly cpu: number; readonly bytes: number; readonly pictures: number }

/** The dashboard at 20,000 lines a second, beside mprocs where this machine has it. */
export async function benchDashboard(app: BenchApp): Promise<void> {
  const folder = `${app.scratch}/dashboard`
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${folder}/flood.js`, FLOOD)
  writeFileSync(`${folder}/Procfile`, `flood: ${process.execPath} flood.js\n`)
  const env = { ...process.env, ...app.env } as Record<string, string>
  const options = { cwd: folder, env }
  execFileSync(app.dyno, ['start', '--detach', '--no-tty'], options)
  try {
    const first: number[] = []
    for (let round = 0; round < 5; round++) first.push(await firstPicture(app.dyno, options))
    report('first picture of dyno ui, ms', median(first), 'at most 300', median(first) <= 300)
    const screen = open(app.dyno, ['ui'], options)
    await screen.shows('flood.1')
    const ours = await screen.load()
    const delays = await screen.delays('?', 'the dyno above')
    screen.close()
    report('pictures a second at 20,000 lines a second', ours.pictures, 'at least 30', ours.pictures >= 30)
    report('part of a core', ours.cpu, 'at most 0.20', ours.cpu <= 0.2)
    const p95 = delays.sort((a, b) => a - b)[Math.floor(delays.length * 0.95)]!
    report('from key to screen at p95, ms', p95, 'at most 50', p95 <= 50)
    process.stdout.write(`      bytes a second: ${Math.round(ours.bytes)}\n`)
    if (isOnPath('mprocs')) await compare(ours, folder, options)
    else process.stdout.write('      mprocs: not on PATH, left out\n')
  } finally {
    execFileSync(app.dyno, ['down'], options)
  }
}

type Options = { readonly cwd: string; readonly env: Record<string, string> }

async function compare(ours: Load, folder: string, options: Options): Promise<void> {
  const screen = open('mprocs', [`${process.execPath} ${folder}/flood.js`], options)
  await screen.shows('line')
  const theirs = await screen.load()
  screen.close()
  report('CPU of the dashboard / mprocs', ours.cpu / theirs.cpu, 'none', true)
  report('bytes written by the dashboard / mprocs', ours.bytes / theirs.bytes, 'none', true)
}

async function firstPicture(dyno: string, options: Options): Promise<number> {
  const began = performance.now()
  const screen = open(dyno, ['ui'], options)
  await screen.shows('flood.1')
  const took = performance.now() - began
  screen.close()
  return took
}

function open(file: string, args: string[], { cwd, env }: Options) {
  const pty = spawnOnTerminal(file, args, { name: 'xterm-256color', ...SIZE, cwd, env })
  let text = ''
  pty.onData((data) => {
    text += data
  })
  // mprocs is a small program of Node around one that is not.
  const used = () => usageOf((line, pid) => pid === pty.pid || /(?:^|\/)mprocs\b/.test(line)).cpu / 1000
  const shows = async (wanted: string): Promise<void> => {
    while (!text.includes(wanted)) await sleep(1)
  }
  return {
    shows,
    close: () => pty.kill('SIGTERM'),
    async load(): Promise<Load> {
      await sleep(1000)
      text = ''
      const [before, began] = [used(), performance.now()]
      await sleep(SECONDS * 1000)
      const seconds = (performance.now() - began) / 1000
      // Each picture begins by saving the cursor.
      const pictures = text.split('\u001b7').length - 1
      return {
        cpu: (used() - before) / seconds,
        bytes: Buffer.byteLength(text) / seconds,
        pictures: pictures / seconds,
      }
    },
    async delays(key: string, answer: string): Promise<number[]> {
      const found: number[] = []
      for (let press = 0; press < PRESSES; press++) {
        text = ''
        const began = performance.now()
        pty.write(key)
        await shows(answer)
        found.push(performance.now() - began)
        pty.write('\u001b')
        await sleep(700) // an escape alone is known as one a while later
      }
      return found
    },
  }
}
