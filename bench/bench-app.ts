import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A small app in a folder of its own, with its own cache and sockets. */
export type BenchApp = {
  readonly dyno: string
  readonly folder: string
  readonly scratch: string
  readonly env: Readonly<Record<string, string>>
  remove(): void
}

export function makeBenchApp(): BenchApp {
  const scratch = mkdtempSync(join(tmpdir(), 'dyno-b-'))
  const folder = `${scratch}/app`
  makeFiles(folder, 20)
  mkdirSync(`${scratch}/run`, { mode: 0o700 })
  return {
    dyno: `${dirname(dirname(fileURLToPath(import.meta.url)))}/bin/dyno`,
    folder,
    scratch,
    env: {
      XDG_RUNTIME_DIR: `${scratch}/run`,
      XDG_CACHE_HOME: `${scratch}/cache`,
      XDG_STATE_HOME: `${scratch}/state`,
    },
    remove: () => rmSync(scratch, { recursive: true, force: true }),
  }
}

/** Fills a folder with so many files, of about 5 kB unless said otherwise, a hundred to a folder, and a Procfile. */
export function makeFiles(folder: string, count: number, textOf = usualText): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${folder}/Procfile`, 'web: sleep 1000\n')
  for (let i = 0; i < count; i++) {
    const inside = `${folder}/lib/${Math.floor(i / 100)}`
    if (i % 100 === 0) mkdirSync(inside, { recursive: true })
    writeFileSync(`${inside}/${i}.js`, textOf(i))
  }
}

function usualText(i: number): string {
  return `// ${i}\n${`export const x${i} = '${Math.random()}'\n`.repeat(110)}`
}
