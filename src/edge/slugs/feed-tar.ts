import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { Problem } from '../../core/problem.ts'
import type { TarEntry } from '../../core/slug/tar-block.ts'
import { TAR_END, tarHeader, tarPadding } from './tar-header.ts'
import type { Owner, TreeSink } from './write-tree.ts'

/** The system's tar, or undefined: three times as fast as anything that can be written in JavaScript. */
export function findTar(path: string): string | undefined {
  return path
    .split(delimiter)
    .filter((folder) => folder.startsWith('/'))
    .map((folder) => join(folder, 'tar'))
    .find(executable)
}

/**
 * Extracts entries below a folder with the system's tar. It never sees the slug: the archive on its stdin is written
 * here, header by header, from what was checked, so that no two programs can read one archive in two ways.
 */
export function openTarFeed(tar: string, into: string, owner: Owner | undefined): TreeSink {
  // -p: modes as they are, whatever the umask; -o: not the owners in the headers. Known to GNU, BSD and BusyBox alike.
  const child = spawn(tar, ['-xpof', '-'], {
    cwd: into,
    stdio: ['pipe', 'ignore', 'pipe'],
    // Not the caller's: TAR_OPTIONS would add to ours. COPYFILE_DISABLE keeps macOS from taking ._files for metadata.
    env: { LC_ALL: 'C', COPYFILE_DISABLE: '1' },
    ...owner,
  })
  let complaint = ''
  let padding: Uint8Array = NOTHING
  let left = 0
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(0, 2000)
  })
  // A tar that ends early breaks the pipe; why it ended is what its exit status and its complaint say.
  child.stdin.on('error', () => undefined)
  const ended = new Promise<number | null>((resolve, reject) =>
    child.on('close', resolve).on('error', reject),
  )
  ended.catch(() => undefined) // whoever writes or finishes hears of it

  return {
    write: async (pieces) => {
      child.stdin.cork()
      for (const piece of pieces) {
        if (piece instanceof Uint8Array) feedContent(piece)
        else feedHeader(piece)
      }
      child.stdin.uncork()
      if (child.stdin.writableNeedDrain)
        await Promise.race([once(child.stdin, 'drain').catch(() => undefined), ended])
      if (child.stdin.destroyed) throw failure(await ended, complaint)
    },
    finish: async () => {
      child.stdin.end(TAR_END)
      const status = await ended
      if (status !== 0) throw failure(status, complaint)
    },
    abandon: async () => {
      child.kill('SIGKILL')
      // A tar that never started has nothing to wait for.
      await ended.catch(() => undefined)
    },
  }

  function feedHeader(entry: TarEntry): void {
    child.stdin.write(tarHeader(entry))
    left = entry.kind === 'file' ? entry.size : 0
    padding = tarPadding(left)
  }

  function feedContent(bytes: Uint8Array): void {
    child.stdin.write(bytes)
    left -= bytes.length
    if (left === 0 && padding.length > 0) child.stdin.write(padding)
  }
}

const NOTHING = new Uint8Array(0)

function executable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false // the answer asked for
  }
}

function failure(status: number | null, complaint: string): Problem {
  // GNU tar names the cause only if not even the first byte found room.
  if (/No space left|quota exceeded|Wrote only \d+ of/i.test(complaint)) return noRoom()
  const line = complaint
    .split('\n')[0]
    ?.replace(/^.*?tar: /, '')
    .replace(/\.$/, '')
  const said = line ? `tar says '${line}'` : `tar ended with ${status ?? 'a signal'}`
  return new Problem('slug', `The slug could not be unpacked (${said}); make the archive again.`)
}

/** The Problem with a disk that is full. */
export function noRoom(): Problem {
  return new Problem('slug', 'No room is left on the disk to unpack the slug; free some and try again.')
}
