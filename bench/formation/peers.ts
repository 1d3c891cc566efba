import { accessSync, constants, mkdirSync, writeFileSync } from 'node:fs'
import type { BenchApp } from '../bench-app.ts'

/** A program that runs a Procfile in the foreground and writes what its processes write. */
export type Runner = {
  readonly name: string
  readonly argv: (types: Readonly<Record<string, string>>) => readonly [string, ...string[]]
  readonly env: Readonly<Record<string, string>>
}

/** dyno as it is started here: with pipes, and with the walls named. */
export function dynoRunner(app: BenchApp, ...flags: string[]): Runner {
  return {
    name: ['dyno start', ...flags].join(' '),
    argv: () => [app.dyno, 'start', ...flags],
    env: app.env,
  }
}

/** What keeps heroku from speaking to Heroku. */
export const QUIET = { DISABLE_TELEMETRY: 'true', HEROKU_SKIP_NEW_VERSION_CHECK: '1' }

/** Those peers that are on PATH; the others are named. */
export function peers(): Runner[] {
  const known: readonly Runner[] = [
    { name: 'foreman', argv: () => ['foreman', 'start'], env: {} },
    { name: 'nf', argv: () => ['nf', 'start'], env: {} },
    { name: 'heroku local', argv: () => ['heroku', 'local'], env: QUIET },
    {
      name: 'concurrently',
      argv: (types) => ['concurrently', ...Object.values(types)],
      env: {},
    },
  ]
  return thoseOnPath(known, ({ argv }) => argv({})[0])
}

/** Those whose program is on PATH; the others are named. */
export function thoseOnPath<Peer extends { readonly name: string }>(
  known: readonly Peer[],
  programOf: (peer: Peer) => string,
): Peer[] {
  return known.filter((peer) => {
    if (isOnPath(programOf(peer))) return true
    process.stdout.write(`      ${peer.name}: not on PATH, left out\n`)
    return false
  })
}

/** A folder with this Procfile and nothing else. */
export function makeProcfile(app: BenchApp, name: string, types: Readonly<Record<string, string>>): string {
  const folder = `${app.scratch}/${name}`
  mkdirSync(folder, { recursive: true })
  const lines = Object.entries(types).map(([type, command]) => `${type}: ${command}\n`)
  writeFileSync(`${folder}/Procfile`, lines.join(''))
  return folder
}

export function isOnPath(name: string): boolean {
  return (process.env['PATH'] ?? '').split(':').some((folder) => {
    try {
      accessSync(`${folder}/${name}`, constants.X_OK)
      return true
    } catch {
      return false // the question is just whether it is there
    }
  })
}
