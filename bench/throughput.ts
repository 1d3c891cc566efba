import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { spawn } from 'node-pty'
import type { BenchApp } from './bench-app.ts'
import { median, report } from './stopwatch.ts'

const MEGABYTES = 60

/** 60 MB of lines to a terminal, through `dyno run` and through script(1). */
export async function benchThroughput(app: BenchApp): Promise<void> {
  const line = `${'the quick brown fox jumps over the lazy dog '.repeat(2).slice(0, 79)}\n`
  const text = line.repeat((MEGABYTES * 1e6) / 80)
  writeFileSync(`${app.folder}/big.txt`, text)
  const ours: number[] = []
  const theirs: number[] = []
  for (let round = 0; round < 3; round++) {
    ours.push(await drain(app, app.dyno, ['run', 'cat big.txt']))
    theirs.push(await drain(app, 'script', ['-qc', 'cat big.txt', '/dev/null']))
  }
  execFileSync('rm', [`${app.folder}/big.txt`])
  const ratio = median(theirs) / median(ours)
  report('attached 60 MB: dyno run / script -qc, in MB/s', ratio, 'at least 0.6', ratio >= 0.6)
}

// A terminal that throws away what it reads as fast as it can; the time until the program ends, in ms.
function drain(app: BenchApp, file: string, args: string[]): Promise<number> {
  const began = performance.now()
  const env = { ...process.env, ...app.env } as Record<string, string>
  const pty = spawn(file, args, { cwd: app.folder, env, encoding: null })
  pty.onData(() => {})
  return new Promise((resolve) => pty.onExit(() => resolve(performance.now() - began)))
}
