import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import type { BenchApp } from '../bench-app.ts'
import { report } from '../stopwatch.ts'
import { dynoRunner, makeProcfile, peers, type Runner } from './peers.ts'
import { usageOf } from './watch.ts'

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

/** From the first line that is read to the last. */
function drain(
  runner: Runner,
  {
    folder,
    types,
    writers,
    lines,
  }: { folder: string; types: Record<string, string>; writers: number; lines: number },
): Promise<Drained> {
  const [file, ...args] = runner.argv(types)
  const env = { ...process.env, ...runner.env }
  const child = spawn(file, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'ignore'] })
  const chunks: Buffer[] = []
  let began = 0
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => finish(), 60_000)
    const finish = () => {
      clearTimeout(timer)
      const seconds = (performance.now() - began) / 1000
      child.kill('SIGINT')
      child.once('close', () => resolve({ seconds, intact: isIntact(chunks, writers, lines) }))
      setTimeout(() => child.kill('SIGKILL'), 10_000).unref()
    }
    let over = 0
    child.once('error', reject)
    child.stdout.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      if (began === 0 && chunk.includes('w0 0 ')) began = performance.now()
      for (let at = chunk.indexOf('over\n'); at >= 0; at = chunk.indexOf('over\n', at + 1)) over++
      if (over === writers) finish()
    })
  })
}

function isIntact(chunks: readonly Buffer[], writers: number, lines: number): boolean {
  const next = Array<number>(writers).fill(0)
  let tail = ''
  for (const chunk of chunks) {
    const parts = (tail + chunk.toString('latin1')).split('\n')
    tail = parts.pop()!
    for (const line of parts) {
      const match = /w(\d) (\d+) (x+)\s*$/.exec(line)
      if (!match) continue
      const writer = Number(match[1])
      if (Number(match[2]) !== next[writer]! || `w${match[1]} ${match[2]} ${match[3]}`.length !== WIDTH - 1)
        return false
      next[writer]!++
    }
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
