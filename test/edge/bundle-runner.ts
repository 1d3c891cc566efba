import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { ROOT } from '../harness.ts'

let bundled: string | undefined

/** `run-walled.ts` in one file, made once: one is started for every manifold to be killed, and its sources load slowly. */
export function runnerFile(): string {
  bundled ??= bundle()
  return bundled
}

function bundle(): string {
  const folder = mkdtempSync(`${ROOT}/node_modules/.dyno-t-`)
  chmodSync(folder, 0o755) // for nobody, too
  process.once('exit', () => rmSync(folder, { recursive: true }))
  const runner = `${folder}/run-walled.mjs`
  const source = fileURLToPath(new URL('run-walled.ts', import.meta.url))
  const how = ['--bundle', '--format=esm', '--platform=node', '--external:node-pty', '--log-level=warning']
  execFileSync(`${ROOT}/node_modules/.bin/esbuild`, [source, `--outfile=${runner}`, ...how])
  return runner
}
