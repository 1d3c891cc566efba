import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync, readSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { BenchApp } from './bench-app.ts'
import { benchLogLatency } from './log-latency.ts'
import { median, report } from './stopwatch.ts'

const PART = 250_000
const PARTS = 4
const LINE = 100
/** `2026-11-23T22:59:42.000123+00:00 app[run.12]: `, but for the number. */
const PREFIX = '2026-11-23T22:59:42.000123+00:00 app[run.]: '.length

/** Lines per second from dynos through the log file to a reader in another process, all of them intact and in order. */
export async function benchLogs(app: BenchApp): Promise<void> {
  const files = Array.from({ length: PARTS }, (_, part) => `part-${part}`)
  for (const [part, name] of files.entries()) writeFileSync(`${app.folder}/${name}`, linesOf(part))
  try {
    await dyno(app, 'run', 'true') // the slug is packed
    for (const [says, commands] of [
      ['1 x 1,000,000', [`cat ${files.join(' ')}`]],
      ['4 x 250,000', files.map((name) => `cat ${name}`)],
    ] as const) {
      const rates: number[] = []
      const ratios: number[] = []
      for (let round = 0; round < 3; round++) {
        const ours = await drain(app, commands)
        rates.push(ours)
        ratios.push(ours / pipeRate(app, files))
      }
      const rate = median(rates)
      report(`${says} lines of 100 bytes, millions of lines/s`, rate, 'at least 2.0', rate >= 2)
      const ratio = median(ratios)
      report(`… as a ratio to cat | cat > file`, ratio, 'at least 0.25', ratio >= 0.25)
    }
    await benchMemory(app, files)
  } finally {
    for (const name of files) rmSync(`${app.folder}/${name}`)
  }
  await benchLogLatency(app)
}

function linesOf(part: number): string {
  return Array.from({ length: PART }, (_, i) => `${`line ${part * PART + i} `.padEnd(LINE - 1, '.')}\n`).join(
    '',
  )
}

function dyno(app: BenchApp, ...args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(app.dyno, args, { cwd: app.folder, env: { ...process.env, ...app.env } })
    let out = ''
    child.stdout.on('data', (chunk) => {
      out += chunk
    })
    child.once('close', (status) =>
      status === 0 ? resolve(out) : reject(new Error(`dyno ${args.join(' ')}: ${status}`)),
    )
  })
}

/** A reader of the log that writes it to a file. */
async function startReader(app: BenchApp, path: string): Promise<ChildProcess> {
  const file = openSync(path, 'w')
  const reader = spawn(app.dyno, ['logs', '-t', '-n', '1'], {
    cwd: app.folder,
    env: { ...process.env, ...app.env },
    stdio: ['ignore', file, 'inherit'],
  })
  closeSync(file)
  while (statSync(path).size === 0) await sleep(5)
  return reader
}

// From the stamp of the first line to the moment when the reader has the last one.
async function drain(app: BenchApp, commands: readonly string[]): Promise<number> {
  const path = `${app.scratch}/seen`
  const reader = await startReader(app, path)
  // All begin in the same second, when the clients that started them are long gone.
  const at = Math.ceil(Date.now() / 1000) + 2
  const starts = commands.map((command) => {
    return dyno(app, 'run:detached', `until [ $(date +%s) -ge ${at} ]; do sleep 0.02; done; ${command}`)
  })
  const names = (await Promise.all(starts)).map((said) => /run\.\d+/.exec(said)![0])
  const lines = PARTS * PART
  const bytes = (lines / names.length) * names.reduce((sum, name) => sum + LINE + PREFIX + name.length - 4, 0)
  while (statSync(path).size < bytes) await sleep(2)
  const reached = Date.now()
  // What the system still says is waited for, but not timed.
  for (let size = 0; size < statSync(path).size; await sleep(200)) size = statSync(path).size
  reader.kill()
  const text = readFileSync(path, 'latin1')
  verify(text, names)
  const first = text.slice(text.lastIndexOf('\n', text.indexOf(': line ')) + 1).split(' ', 1)[0]!
  return lines / 1000 / (reached - Date.parse(first))
}

function endOf(path: string): string {
  const block = Buffer.alloc(64 * 1024)
  const file = openSync(path, 'r')
  const read = readSync(file, block, 0, block.length, Math.max(0, statSync(path).size - block.length))
  closeSync(file)
  return block.toString('latin1', 0, read)
}

function verify(text: string, names: readonly string[]): void {
  const next = new Map<string, number>()
  let count = 0
  for (const match of text.matchAll(/^\S{32} app\[(run\.\d+)\]: line (\d+) (\.*)$/gm)) {
    const [, name, number, dots] = match as unknown as [string, string, string, string]
    const expected = next.get(name) ?? Number(number)
    if (Number(number) !== expected || `line ${number} ${dots}`.length !== LINE - 1)
      throw new Error(`torn: ${match[0]}`)
    next.set(name, expected + 1)
    count++
  }
  if (count !== PART * PARTS || next.size !== names.length)
    throw new Error(`${count} lines of ${next.size} dynos`)
}

// The same bytes from the same producer through a pipe into a file, and nothing else: millions of lines/s.
function pipeRate(app: BenchApp, files: readonly string[]): number {
  const began = performance.now()
  execFileSync('sh', ['-c', `cat ${files.join(' ')} | cat > ${app.scratch}/copy`], { cwd: app.folder })
  return (PARTS * PART) / 1000 / (performance.now() - began)
}

async function benchMemory(app: BenchApp, files: readonly string[]): Promise<void> {
  const all = files.join(' ')
  const path = `${app.scratch}/seen`
  const reader = await startReader(app, path)
  const command = `for i in 1 2 3 4 5 6 7 8 9 10; do cat ${all}; done`
  const name = /run\.\d+/.exec(await dyno(app, 'run:detached', command))![0]
  const manifold = Number(
    execFileSync('pgrep', ['-f', `__manifold ${app.folder}`])
      .toString()
      .trim()
      .split('\n')[0],
  )
  let peak = 0
  while (!endOf(path).includes(`${name}]: State changed from up to complete`)) {
    peak = Math.max(peak, residentOf(manifold))
    await sleep(50)
  }
  const readers = residentOf(reader.pid!)
  reader.kill()
  report('10,000,000 lines: the manifold at its largest, MB', peak, 'under 150', peak < 150)
  report('… and the reader after them, MB', readers, 'under 150', readers < 150)
}

function residentOf(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1000
  } catch {
    return 0 // just gone
  }
}
