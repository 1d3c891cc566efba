import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { type BenchApp, makeFiles } from './bench-app.ts'
import { report, type Timed, timeInTurn, timeOnce } from './stopwatch.ts'

/** The first unpack of a large slug against tar, and a run on it against a run on a small one. */
export function benchSlugs(app: BenchApp): void {
  const big = slugOf(app, 'big', 20_000)
  const small = slugOf(app, 'small', 20)
  const cwd = app.folder
  const { env } = app
  const run = (name: string, slug: string): Timed => ({
    name,
    argv: [app.dyno, 'run', '--slug', slug, 'true'],
    cwd,
    env,
  })
  const into = `${app.scratch}/untar`
  const untar: Timed = {
    name: 'tar -xzf',
    argv: ['tar', '-xzf', big, '-C', into],
    before() {
      rmSync(into, { recursive: true, force: true })
      mkdirSync(into)
    },
  }
  const first: Timed = {
    ...run('first run', big),
    before: () => rmSync(`${app.scratch}/cache`, { recursive: true, force: true }),
  }
  const ratios = [0, 1, 2].map(() => timeOnce(first) / timeOnce(untar)).sort((a, b) => a - b)
  report('first run on 20,000 files / tar -xzf of the same', ratios[1]!, 'at most 1.5', ratios[1]! <= 1.5)
  const medians = timeInTurn([run('20,000 files', big), run('20 files', small)], 15)
  const ratio = medians.get('20,000 files')! / medians.get('20 files')!
  report('warm run on 20,000 files / on 20', ratio, 'within 20 %', ratio > 0.8 && ratio < 1.2)
}

function slugOf(app: BenchApp, name: string, files: number): string {
  const parent = `${app.scratch}/${name}`
  makeFiles(`${parent}/app`, files)
  execFileSync('tar', ['-czf', `${parent}.tgz`, '-C', parent, './app'])
  return `${parent}.tgz`
}
