import { mkdirSync, readFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { foldersFor } from '../core/folders.ts'
import { Problem } from '../core/problem.ts'
import { writeWhole } from './write-whole.ts'

/**
 * Loads node-pty's addon out of the single binary, in which there are no files that the system could load: it is laid
 * down in the cache once. Throws a Problem when it cannot be. Only the single binary calls this: see bin/bundle-plugins.mjs.
 */
export function loadAddon(): unknown {
  const { getRawAsset } = process.getBuiltinModule('node:sea')
  const addon = Buffer.from(getRawAsset('pty.node'))
  const { homedir, uid, username } = userInfo()
  const { cache } = foldersFor(process.env, {
    home: homedir || `/home/${username}`,
    uid,
    temporary: tmpdir(),
  })
  const digest = process.getBuiltinModule('node:crypto').hash('sha256', addon)
  const path = `${cache}/native/${digest}.node`
  try {
    if (!isThere(path, addon)) layDown(path, addon)
  } catch (error) {
    const { message } = error as Error
    throw new Problem(
      'walls',
      `Terminals need a file in ${cache}, and it cannot be made (${message}); set XDG_CACHE_HOME.`,
    )
  }
  const loaded = { exports: {} }
  process.dlopen(loaded, path)
  return loaded.exports
}

function isThere(path: string, addon: Buffer): boolean {
  try {
    return readFileSync(path).equals(addon)
  } catch {
    return false // the first time
  }
}

// Whole or not at all, for two may do it at once.
function layDown(path: string, addon: Buffer): void {
  mkdirSync(path.slice(0, path.lastIndexOf('/')), { recursive: true, mode: 0o700 })
  writeWhole(path, addon, { mode: 0o700 })
}
