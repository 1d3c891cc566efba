import { chmodSync, copyFileSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { isCovered } from '../../core/mount-table.ts'
import { findProgram } from '../../edge/find-program.ts'
import { isOneFile } from '../ourselves.ts'

/** Runs a script as Node would: the single binary is all the Node that there may be. Resolves with its exit status. */
export async function playNode([file, ...args]: readonly string[]): Promise<number> {
  const path = resolve(file ?? '')
  process.argv.splice(1, process.argv.length, path, ...args)
  const { runMain } = process.getBuiltinModule('node:module') as { runMain?(path: string): void }
  runMain?.(path)
  return new Promise((done) => process.once('beforeExit', () => done(Number(process.exitCode ?? 0))))
}

/**
 * Gives an app that runs on Node a `node` where the machine has none: ourselves. Dynos must be able to see us, else a
 * copy goes into the app.
 */
export function lendNode(folder: string): void {
  if (!isOneFile() || existsSync(`${folder}/vendor/node`)) return
  if (findProgram('node', process.env['PATH'] ?? '') !== undefined) return
  mkdirSync(`${folder}/vendor`, { recursive: true })
  mkdirSync(`${folder}/.profile.d`, { recursive: true })
  let program = process.execPath
  if (!isSeen(program)) {
    copyFileSync(program, `${folder}/vendor/dyno`)
    program = '"$(dirname "$0")/dyno"'
  }
  writeFileSync(`${folder}/vendor/node`, `#!/bin/sh\nexec ${program} __node "$@"\n`)
  chmodSync(`${folder}/vendor/node`, 0o755)
  writeFileSync(`${folder}/.profile.d/node.sh`, 'PATH="$PATH:$HOME/vendor"\n')
}

// Dynos are another user where we are root, so all the way down must be open to everybody.
function isSeen(path: string): boolean {
  if (isCovered(path)) return false
  if (process.geteuid?.() !== 0) return true
  if ((statSync(path).mode & 0o005) !== 0o005) return false
  for (let folder = dirname(path); folder !== '/'; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return false
  }
  return true
}
