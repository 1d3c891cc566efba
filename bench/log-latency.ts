import { type ChildProcess, spawn } from 'node:child_process'
import type { BenchApp } from './bench-app.ts'
import { median, report } from './stopwatch.ts'

const LINES = 300

/** A program that says what time it is, often, by the clock that all processes share. */
const CLOCK = `let left = ${LINES}; const tick = setInterval(() => {
  console.log('sent ' + process.hrtime.bigint())
  if (--left === 0) clearInterval(tick)
}, 10)`

/** How long a line takes from a dyno to a reader's screen, and without dyno, in milliseconds. */
export async function benchLogLatency(app: BenchApp): Promise<void> {
  const env = { ...process.env, ...app.env }
  const reader = spawn(app.dyno, ['logs', '-t', '-n', '1'], {
    cwd: app.folder,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const through = delays(reader)
  spawn(app.dyno, ['run:detached', 'node', '-e', CLOCK], { cwd: app.folder, env, stdio: 'ignore' })
  const ours = median(await through)
  reader.kill()
  const bare = median(
    await delays(spawn(process.execPath, ['-e', CLOCK], { stdio: ['ignore', 'pipe', 'inherit'] })),
  )
  report(
    `a line from dyno to reader, ms (a bare pipe takes ${bare.toFixed(2)})`,
    ours,
    'at most 1',
    ours <= 1,
  )
}

function delays(child: ChildProcess): Promise<number[]> {
  const found: number[] = []
  let tail = ''
  return new Promise((resolve) => {
    child.stdout!.on('data', (chunk) => {
      const now = process.hrtime.bigint()
      const lines = (tail + chunk).split('\n')
      tail = lines.pop()!
      for (const line of lines) {
        const sent = /(?:: |^)sent (\d+)$/.exec(line)
        if (sent) found.push(Number(now - BigInt(sent[1]!)) / 1e6)
      }
      if (found.length >= LINES) resolve(found)
    })
  })
}
