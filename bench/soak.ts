import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { type IPty, spawn as spawnOnTerminal } from 'node-pty'
import type { BenchApp } from './bench-app.ts'
import { median, report } from './stopwatch.ts'

/** Lines of each burst; a day of 20 lines a second is 1,728,000. */
const LINES = Number(process.env['DYNO_SOAK_LINES'] ?? 1_000_000)
const ROUNDS = 3

/** Says so many lines as fast as they are taken, and in the end how many milliseconds that took. */
const BURST = `const fs = require('node:fs')
const [lines, batch] = [Number(process.argv[2]), 500]
const began = performance.now()
for (let line = 0; line < lines; line += batch) {
  let text = ''
  for (let i = 0; i < batch; i++) text += 'line ' + (line + i) + ' of a program that says what it does all day long\\n'
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; ) {
    try { at += fs.writeSync(1, bytes, at) } catch (error) { if (error.code !== 'EAGAIN') throw error }
  }
}
console.log('BURST ' + Math.round(performance.now() - began) + ' of ' + Date.now())
setInterval(() => {}, 1e6)
`

/** As many lines as can be, with no dashboard and with three: how fast they are taken, and what memory they cost. */
export async function benchSoak(app: BenchApp): Promise<void> {
  const folder = `${app.scratch}/soak`
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${folder}/burst.js`, BURST)
  writeFileSync(`${folder}/Procfile`, `burst: ${process.execPath} burst.js ${LINES}\n`)
  const env = { ...process.env, ...app.env } as Record<string, string>
  const dyno = (...words: string[]) =>
    execFileSync(app.dyno, words, { cwd: folder, env, maxBuffer: 1e9 }).toString()
  let last = ''
  const burst = async (): Promise<number> => {
    for (;;) {
      const took = /BURST (\d+) of \d+/.exec(dyno('logs', '-n', '3', '-p', 'burst.1'))
      if (took && took[0] !== last) {
        last = took[0]
        return Number(took[1])
      }
      await sleep(500)
    }
  }
  const again = (): Promise<number> => {
    dyno('ps:restart', 'burst')
    return burst()
  }
  dyno('start', '--detach', '--no-tty')
  const screens: IPty[] = []
  try {
    await burst()
    const alone: number[] = []
    for (let round = 0; round < ROUNDS; round++) alone.push(await again())
    for (let n = 0; n < 3; n++) {
      const screen = spawnOnTerminal(app.dyno, ['ui'], {
        name: 'xterm-256color',
        cols: 120,
        rows: 40,
        cwd: folder,
        env,
      })
      screen.onData(() => {})
      screens.push(screen)
    }
    const watched: number[] = []
    for (let round = 0; round < ROUNDS; round++) watched.push(await again()) // until its heap is as large as it gets
    const before = memoryOf(screens[0]!)
    for (let round = 0; round < ROUNDS; round++) watched.push(await again())
    const after = memoryOf(screens[0]!)
    process.stdout.write(`      ms: ${alone.join(' ')} alone, ${watched.join(' ')} with three\n`)
    const ratio = median(alone) / median(watched)
    report(`lines taken with 3 dashboards / with none`, ratio, 'at least 0.95', ratio >= 0.95)
    const grown = after / before
    report(`memory of a dashboard after ${LINES * ROUNDS} more lines`, grown, 'at most 1.10', grown <= 1.1)
    process.stdout.write(`      ${Math.round(before)} MB, then ${Math.round(after)} MB\n`)
  } finally {
    for (const screen of screens) screen.kill('SIGTERM')
    dyno('down')
  }
}

// In MB, as it is now: what was the most it ever had says nothing about leaks.
function memoryOf({ pid }: IPty): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))![1]) / 1024
}
