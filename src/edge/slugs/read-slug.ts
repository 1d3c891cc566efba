import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { PassThrough, type Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createZstdDecompress, type Gunzip } from 'node:zlib'
import { Problem } from '../../core/problem.ts'
import { slugFormat } from '../../core/slug/slug.ts'
import { noArchive } from '../../core/slug/tar-walk.ts'

/** How to read a slug. `take` gets each decompressed chunk and how many bytes of the file are read so far, of `size`. */
export type SlugReading = Readonly<{
  file: string
  take: (chunk: Buffer, read: number, size: number) => Promise<void>
}>

/**
 * Streams a slug, gzip, zstd or plain by its first bytes, and returns the SHA-256 of the file.
 * Throws a Problem 'slug' if it is missing, unreadable, no archive, cut short or broken.
 */
export async function readSlug({ file, take }: SlugReading): Promise<string> {
  const handle = await openSlug(file)
  try {
    const size = (await handle.stat()).size
    const format = await formatOf(handle, file)
    const hash = createHash('sha256')
    let read = 0
    const decompress = decompressor(format)
    await pipeline(
      createReadStream(file, { fd: handle, start: 0, highWaterMark: CHUNK, autoClose: false }),
      async function* (packed: AsyncIterable<Buffer>) {
        for await (const chunk of packed) {
          hash.update(chunk)
          read += chunk.length
          yield chunk
        }
      },
      decompress,
      async (plain: AsyncIterable<Buffer>) => {
        for await (const chunk of plain) await take(chunk, read, size)
        // What follows the compressed data (zeros after gzip, anything after zstd) is left alone by the decompressor,
        // and the pipeline would say no more than that it was aborted.
        if (format !== 'tar' && (decompress as Gunzip).bytesWritten < size) throw broken()
      },
    )
    return hash.digest('hex')
  } catch (error) {
    throw brokenOf(error) ?? error
  } finally {
    await handle.close()
  }
}

/** The SHA-256 of a slug, at a fraction of what unpacking costs. Throws a Problem 'slug' as `readSlug` does. */
export async function hashSlug(file: string): Promise<string> {
  const handle = await openSlug(file)
  try {
    await formatOf(handle, file)
    const hash = createHash('sha256')
    const chunks: AsyncIterable<Buffer> = createReadStream(file, {
      fd: handle,
      start: 0,
      highWaterMark: CHUNK,
      autoClose: false,
    })
    for await (const chunk of chunks) hash.update(chunk)
    return hash.digest('hex')
  } finally {
    await handle.close()
  }
}

const CHUNK = 256 * 1024

async function openSlug(file: string): Promise<FileHandle> {
  let handle: FileHandle
  try {
    handle = await open(file, 'r')
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new Problem('slug', `There is no slug '${file}'; look for a typing mistake in its name.`)
    if (code === 'EACCES' || code === 'EPERM')
      throw new Problem('slug', `The slug '${file}' may not be read; change its permissions.`)
    throw new Problem('slug', `The slug '${file}' cannot be opened (${code ?? String(error)}).`)
  }
  if ((await handle.stat()).isFile()) return handle
  await handle.close()
  throw new Problem(
    'slug',
    `'${file}' is not a file; hand over a .tar, .tgz or .tar.zst, or use --app for a folder.`,
  )
}

async function formatOf(handle: FileHandle, file: string): Promise<'gzip' | 'zstd' | 'tar'> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(512), 0, 512, 0)
  if (bytesRead === 0)
    throw new Problem('slug', `The slug '${file}' is empty; download it or make the archive again.`)
  const format = slugFormat(buffer.subarray(0, bytesRead))
  if (format === undefined) throw noArchive()
  return format
}

function decompressor(format: 'gzip' | 'zstd' | 'tar'): Transform {
  switch (format) {
    case 'gzip':
      return createGunzip({ chunkSize: CHUNK })
    case 'zstd':
      return createZstdDecompress({ chunkSize: CHUNK })
    case 'tar':
      return new PassThrough()
    default:
      return format satisfies never
  }
}

/** The Problem behind an error of gunzip or zstd; undefined if it is another one. */
function brokenOf(error: unknown): Problem | undefined {
  const code = codeOf(error)
  if (code === 'Z_BUF_ERROR')
    return new Problem('slug', 'The slug is cut short; download it or make the archive again.')
  return code?.startsWith('Z_') || code?.startsWith('ZSTD_') ? broken() : undefined
}

function broken(): Problem {
  return new Problem(
    'slug',
    'The slug is broken: its compressed data does not add up; download it or make it again.',
  )
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
