import type { BenchApp } from '../bench-app.ts'
import { median, report } from '../stopwatch.ts'
import { dynoRunner, makeProcfile, peers } from './peers.ts'
import { watch } from './watch.ts'

const LINES = 100

/** From a process's write to our read, in ms: the line says when it was written. */
export async function benchLatency(app: BenchApp): Promise<void> {
  const script =
    'let n = 0; setInterval(() => { if (n++ < 100) console.log("at " + (performance.timeOrigin + performance.now())) }, 20)'
  const types = { clock: `${process.execPath} -e '${script}'` }
  const folder = makeProcfile(app, 'latency', types)
  for (const runner of [dynoRunner(app, '--no-tty'), ...peers()]) {
    const watched = watch(runner, folder, types)
    const delays: number[] = []
    watched.child.stdout!.on('data', (chunk: string) => {
      const now = performance.timeOrigin + performance.now()
      for (const match of chunk.matchAll(/at ([\d.]{10,})/g)) delays.push(now - Number(match[1]))
    })
    await watched.seen(/at [\d.]+/, LINES)
    await watched.interrupt()
    const middle = median(delays)
    const isOurs = runner.name.startsWith('dyno')
    report(
      `ms from child to screen, median: ${runner.name}`,
      middle,
      isOurs ? 'at most 1' : 'to know',
      !isOurs || middle <= 1,
    )
  }
}
