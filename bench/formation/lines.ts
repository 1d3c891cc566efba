import { spawn } from 'node:child_process'
import { closeSync, createReadStream, openSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import type { BenchApp } from '../bench-app.ts'
import { report } from '../stopwatch.ts'
import { dynoRunner, makeProcfile, peers, type Runner } from './peers.ts'
import { killGroup, usageOf } from './watch.ts'

const LINES = 1_000_000
const WIDTH = 100

/** A million lines of 100 bytes by one process and by four, through dyno and the peers: all intact and in order? */
export async function benchLines(app: BenchApp): Promise<void> {
  for (const writers of [1, 4]) {
    const types = writerTypes(writers)
    const folder = makeProcfile(app, `lines-${writers}`, types)
    writeLines(folder, writers)
    const rates = new Map<string, { rate: number; intact: boolean }>()
    for (const runner of [dynoRunner(app, '--no-tty'), ...peers()]) {
      const best = { rate: 0, intact: true }
      for (let round = 0; round < (runner.name.startsWith('dyno') ? 3 : 1); round++) {
        const { seconds, intact } = await drain(runner, { folder, types, writers, lines: LINES / writers })
        best.rate = Math.max(best.rate, LINES / seconds)
        best.intact &&= intact
      }
      rates.set(runner.name, best)
      const millions = `million lines/s, ${writers} × ${LINES / writers}: ${runner.name}`
      const isOurs = runner.name.startsWith('dyno')
      const ok = best.intact && (!isOurs || best.rate >= 2e6)
      report(
        `${millions}${best.intact ? '' : ' (lines lost or torn)'}`,
        best.rate / 1e6,
        isOurs ? 'at least 2' : 'to know',
        ok || !isOurs,
      )
    }
    const intact = [...rates].filter(([name, { intact }]) => !name.startsWith('dyno') && intact)
    const best = Math.max(0, ...intact.map(([, { rate }]) => rate))
    const ratio = rates.get('dyno start --no-tty')!.rate / best
    report(`${writers} writers: dyno / the best peer whose lines are intact`, ratio, 'at least 3', ratio >= 3)
  }
  await flat(app)
}

function writerTypes(writers: number): Record<string, string> {
  const names = Array.from({ length: writers }, (_, writer) => `w${writer}`)
  return Object.fromEntries(names.map((name) => [name, `cat ${name}.txt; echo over; exec sleep 1000`]))
}

// Made beforehand: what is measured is reading, not writing. In the app's folder, for a dyno has a /tmp of its own.
function writeLines(folder: string, writers: number): void {
  for (let writer = 0; writer < writers; writer++) {
    const numbers = Array.from({ length: LINES / writers }, (_, i) => i)
    const text = numbers.map((i) => `w${writer} ${i} `.padEnd(WIDTH - 1, 'x')).join('\n')
    writeFileSync(`${folder}/w${writer}.txt`, `${text}\n`)
  }
}

type Drained = { readonly seconds: number; readonly intact: boolean }
type Work = { folder: string; types: Record<string, string>; writers: number; lines: number }

/** Into a file, for whoever reads a pipe needs a core of its own: from its first lines to when nothing is added. */
async function drain(runner: Runner, { folder, types, writers, lines }: Work): Promise<Drained> {
  const [file, ...args] = runner.argv(types)
  const env = { ...process.env, ...runner.env }
  const path = `${folder}.out`
  const out = openSync(path, 'w')
  const child = spawn(file, args, { cwd: folder, env, stdio: ['ignore', out, 'ignore'], detached: true })
  const ended = new Promise((resolve) => child.once('close', resolve))
  const size = () => statSync(path).size
  while (size() < SOME) await sleep(2)
  const began = Date.now()
  for (let before = 0; size() > before; await sleep(QUIET)) before = size()
  const seconds = (statSync(path).mtimeMs - began) / 1000
  child.kill('SIGINT')
  await Promise.race([ended, sleep(5000)])
  killGroup(child)
  closeSync(out)
  const intact = await isIntact(path, writers, lines)
  rmSync(path)
  return { seconds, intact }
}

/** More than what a runner says before its first process does, in bytes. */
const SOME = 20_000
/** Who adds nothing for so long is done, in ms. */
const QUIET = 1000

async function isIntact(path: string, writers: number, lines: number): Promise<boolean> {
  const next = Array<number>(writers).fill(0)
  for await (const line of createInterface({ input: createReadStream(path, 'latin1') })) {
    const match = /w(\d) (\d+) (x+)\s*$/.exec(line)
    if (!match) continue
    const writer = Number(match[1])
    if (Number(match[2]) !== next[writer]!++) return false
    if (`w${match[1]} ${match[2]} ${match[3]}`.length !== WIDTH - 1) return false
  }
  return next.every((count) => count === lines)
}

async function flat(app: BenchApp): Promise<void> {
  const types = { big: `for i in 1 2 3 4 5 6 7 8 9 10; do cat w0.txt; done; echo over; exec sleep 1000` }
  const folder = makeProcfile(app, 'flat', types)
  writeLines(folder, 1)
  const [file, ...args] = dynoRunner(app, '--no-tty').argv(types)
  const child = spawn(file, args, {
    cwd: folder,
    env: { ...process.env, ...app.env },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  await new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => chunk.includes('over\n') && resolve())
  })
  const { memory } = usageOf((line) => line.includes('cli.mjs __manifold'))
  report('MB of the manifold at its most, over 10 million lines', memory, 'below 150', memory < 150)
  child.kill('SIGINT')
  await new Promise((resolve) => child.once('close', resolve))
}
