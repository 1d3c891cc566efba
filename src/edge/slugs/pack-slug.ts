import { createHash } from 'node:crypto'
import { closeSync, createWriteStream, fstatSync, openSync, readSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { constants, createGzip, createZstdCompress } from 'node:zlib'
import { Problem } from '../../core/problem.ts'
import { isDiskFull, temporaryName } from '../write-whole.ts'
import type { AppScan, ScannedEntry } from './scan-app.ts'
import { TAR_END, tarHeader, tarPadding } from './tar-header.ts'

/** What to pack, and where to. `progress` is told bytes read of all there are. */
export type Packing = Readonly<{
  scan: AppScan
  file: string
  /** zstd where nobody says: as fast as the disk. gzip is what Heroku takes, and then times are all the same. */
  format?: 'zstd' | 'gzip' | undefined
  /** Permissions of the slug, before the umask; without them it is for its owner only. */
  mode?: number | undefined
  /** Told how large the slug is, in bytes, before it takes the place of what is there; throws when that is too much. */
  judge?: ((bytes: number) => void) | undefined
  progress?: ((done: number, total: number) => void) | undefined
}>

/**
 * Writes an app as a tar in Heroku's layout; the same tree gives the same bytes, as gzip in another checkout as well.
 * Links are packed as they are, even those that lead out of the folder: virtualenvs are made of them. Throws a Problem,
 * and leaves no file, if a file cannot be read ('app') or the slug cannot be written ('slug').
 */
export async function packSlug(packing: Packing): Promise<{ sha256: string; bytes: number }> {
  const temporary = join(dirname(packing.file), temporaryName())
  const hash = createHash('sha256')
  let bytes = 0
  try {
    // Opened here and not by the stream: a stream that fails early opens its file after it was removed.
    const descriptor = openSync(temporary, 'wx', packing.mode ?? 0o600)
    await pipeline(
      Readable.from(inEqualChunks(tarOf(packing)), { objectMode: true, highWaterMark: 2 }),
      packing.format === 'gzip'
        ? createGzip({ chunkSize: CHUNK })
        : createZstdCompress({ params: ZSTD, chunkSize: CHUNK }),
      async function* (packed: AsyncIterable<Buffer>) {
        for await (const chunk of packed) {
          hash.update(chunk)
          bytes += chunk.length
          yield chunk
        }
      },
      createWriteStream(temporary, { fd: descriptor }),
    )
    packing.judge?.(bytes)
    renameSync(temporary, packing.file)
    return { sha256: hash.digest('hex'), bytes }
  } catch (error) {
    rmSync(temporary, { force: true })
    throw unwritable(error, packing.file)
  }
}

/** Level 1 is as fast as the disk; the checksum finds a slug that rotted. */
const ZSTD = { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 }
const CHUNK = 1024 * 1024

/** The time of every entry where a checkout's own would make two slugs of one tree, in seconds: the first of 1980. */
const EPOCH = 315_532_800

function* tarOf({ scan, format, progress }: Packing): Generator<Uint8Array> {
  const total = scan.entries.reduce((sum, entry) => sum + entry.size, 0)
  let done = 0
  yield tarHeader({ path: './app', kind: 'folder', mode: 0o755, mtime: format === 'gzip' ? EPOCH : 0 })
  for (const entry of scan.entries) {
    const common = {
      path: `./app/${entry.path}`,
      mode: entry.mode,
      mtime: format === 'gzip' ? EPOCH : Math.max(0, Math.floor(entry.mtimeMs / 1000)),
    }
    if (entry.kind === 'folder') yield tarHeader({ ...common, kind: 'folder' })
    else if (entry.kind === 'symlink')
      yield tarHeader({ ...common, kind: 'symlink', mode: 0o777, target: entry.target })
    else {
      let size = 0
      for (const content of contentOf(scan.folder, entry)) {
        if (typeof content === 'number') {
          size = content
          yield tarHeader({ ...common, kind: 'file', size })
          continue
        }
        yield content
        done += content.length
        progress?.(done, total)
      }
      yield tarPadding(size)
    }
  }
  yield TAR_END
}

/** First the size of a file as it is now, then exactly that many bytes, whatever else happens to the file. */
function* contentOf(folder: string, entry: ScannedEntry): Generator<number | Uint8Array> {
  let descriptor: number | undefined
  try {
    descriptor = openSync(`${folder}/${entry.path}`, 'r')
    const size = fstatSync(descriptor).size
    yield size
    for (let left = size; left > 0; ) {
      const chunk = Buffer.allocUnsafe(Math.min(left, CHUNK))
      const read = readSync(descriptor, chunk)
      if (read === 0)
        throw new Problem(
          'app',
          `'${entry.path}' got shorter while it was packed; try again when it is at rest.`,
        )
      left -= read
      yield chunk.subarray(0, read)
    }
  } catch (error) {
    throw unreadable(entry.path, error)
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
  }
}

/** zstd is given the same pieces for the same tree; the last one is shorter. */
function* inEqualChunks(parts: Iterable<Uint8Array>): Generator<Uint8Array> {
  let chunk = Buffer.allocUnsafe(CHUNK)
  let filled = 0
  for (const part of parts) {
    for (let at = 0; at < part.length; ) {
      const taken = part.subarray(at, at + CHUNK - filled)
      chunk.set(taken, filled)
      at += taken.length
      filled += taken.length
      if (filled < CHUNK) continue
      yield chunk
      chunk = Buffer.allocUnsafe(CHUNK)
      filled = 0
    }
  }
  yield chunk.subarray(0, filled)
}

function unreadable(path: string, error: unknown): unknown {
  const code = codeOf(error)
  if (code === 'ENOENT') return new Problem('app', `'${path}' vanished while the app was packed; try again.`)
  if (code === 'EACCES' || code === 'EPERM')
    return new Problem('app', `'${path}' may not be read; change its permissions or name it in .slugignore.`)
  return code === undefined
    ? error
    : new Problem('app', `'${path}' cannot be read (${code}); name it in .slugignore.`)
}

function unwritable(error: unknown, file: string): unknown {
  const code = codeOf(error)
  if (isDiskFull(error))
    return new Problem(
      'slug',
      `No room is left on the disk to pack the app into ${dirname(file)}; free some and try again.`,
    )
  if (error instanceof Problem || code === undefined) return error
  return new Problem(
    'slug',
    `The app cannot be packed into ${dirname(file)} (${code}); make that folder writable.`,
  )
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && 'errno' in error
    ? error.code
    : undefined
}
