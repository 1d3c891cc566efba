import { execFileSync, spawn } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { type BenchApp, makeFiles } from './bench-app.ts'
import { median, report, type Timed, timeInTurn } from './stopwatch.ts'

const FILES = 20_000
const SAVES = 7

/** Releases of an app of 20,000 files: packed, unchanged, and with one file changed at a time. */
export async function benchReleases(app: BenchApp): Promise<void> {
  const folder = `${app.scratch}/many`
  makeFiles(folder, FILES)
  writeFileSync(`${folder}/Procfile`, 'worker: exec sleep 1000\n')
  const env = { ...process.env, ...app.env } as Record<string, string>
  packing(app)
  execFileSync(app.dyno, ['release'], { cwd: folder, env })
  const same: Timed = { name: 'same', argv: [app.dyno, 'release'], cwd: folder, env }
  const node: Timed = { name: 'node', argv: [process.execPath, '-e', '0'] }
  const times = timeInTurn([same, node], 7)
  const unchanged = times.get('same')!
  report('dyno release, nothing changed in 20,000 files, ms', unchanged, 'at most 150', unchanged <= 150)
  report('… / node -e 0', unchanged / times.get('node')!, 'none', true)
  disk(app, folder, env)
  await saves(app, folder, env)
}

// 280 MB that pack about as well as programs do.
function packing(app: BenchApp): void {
  const folder = `${app.scratch}/sources`
  const words = Array.from({ length: 4000 }, () =>
    Math.random()
      .toString(36)
      .slice(2, 4 + Math.random() * 8),
  )
  makeFiles(folder, FILES, () => {
    let text = ''
    while (text.length < 14_000) text += `${words[Math.floor(Math.random() * words.length)]!} `
    return text
  })
  const file = `${app.scratch}/many.tgz`
  const ours: Timed = { name: 'ours', argv: [app.dyno, 'slug:build', folder, '-o', file], env: app.env }
  const tar = `tar -cf - . | gzip -6 > ${app.scratch}/theirs.tgz`
  const theirs: Timed = { name: 'tar', argv: ['sh', '-c', tar], cwd: folder }
  const times = timeInTurn([ours, theirs], 2)
  rmSync(folder, { recursive: true })
  const ratio = times.get('ours')! / times.get('tar')!
  report('slug:build of 20,000 files, 280 MB / tar | gzip -6', ratio, 'at most 1.2', ratio <= 1.2)
}

// What ten releases with one file changed each take on the disk, beside the first.
function disk(app: BenchApp, folder: string, env: Record<string, string>): void {
  const used = (): number =>
    Number(
      execFileSync('du', ['-s', `${app.scratch}/cache`])
        .toString()
        .split('\t')[0],
    )
  const before = used()
  for (let n = 0; n < 10; n++) {
    writeFileSync(`${folder}/lib/0/0.js`, `export const changed = ${n}\n`)
    execFileSync(app.dyno, ['release'], { cwd: folder, env })
  }
  const ratio = used() / before
  report('disk after ten more releases, one file changed each / before', ratio, 'at most 1.2', ratio <= 1.2)
}

// From the save to the moment the dyno's new life is told.
async function saves(app: BenchApp, folder: string, env: Record<string, string>): Promise<void> {
  const child = spawn(app.dyno, ['start', '--watch', '--no-tty', '--grace', '1'], { cwd: folder, env })
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => (text += chunk))
  const ups = () => text.split('to up\n').length - 1
  const reaches = async (count: number): Promise<void> => {
    while (ups() < count) await sleep(1)
  }
  await reaches(1)
  await sleep(3000) // until everything is watched
  const took: number[] = []
  for (let n = 0; n < SAVES; n++) {
    const before = ups()
    const began = performance.now()
    writeFileSync(`${folder}/lib/1/100.js`, `export const saved = ${n}\n`)
    await reaches(before + 1)
    took.push(performance.now() - began)
    await sleep(500)
  }
  child.kill('SIGTERM')
  await new Promise((resolve) => child.once('close', resolve))
  const time = median(took)
  report('--watch, from a save in 20,000 files to the new dyno, ms', time, 'at most 300', time <= 300)
}
