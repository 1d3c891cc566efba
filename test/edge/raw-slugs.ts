import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { checksum } from '../../src/core/slug/tar-block.ts'
import { TAR_END, tarHeader, tarPadding } from '../../src/edge/slugs/tar-header.ts'

/** A folder for one test file, removed when its tests are over. */
export const work = mkdtempSync(join(tmpdir(), 'dyno-unpack-'))
after(() => rmSync(work, { recursive: true, force: true }))

/** Both ways to write a tree: each promise has to hold for both. */
export const ENGINES = [
  { engine: 'the system tar', how: {} },
  { engine: 'the portable writer', how: { tar: '' } },
] as const

export const some = { path: 'Procfile', content: 'web: node server.js\n' }

export type Raw = { path: string; type?: string; mode?: number; target?: string; content?: string }

/** An archive of headers nobody checked. */
export function archive(...entries: readonly Raw[]): Buffer {
  const parts = entries.flatMap(({ path, type = '0', mode = 0o644, target = '', content = '' }) => {
    const size = Buffer.byteLength(content)
    const blocks = tarHeader({ kind: 'file', path, mode: 0, mtime: 1_600_000_000, size })
    const header = blocks.subarray(-512)
    header.set(Buffer.from(mode.toString(8).padStart(7, '0')), 100)
    header[156] = type.charCodeAt(0)
    header.set(Buffer.from(target), 157)
    header.set(Buffer.from(checksum(header).toString(8).padStart(6, '0')), 148)
    return [blocks, Buffer.from(content), tarPadding(size)]
  })
  return Buffer.concat([...parts, TAR_END])
}

let count = 0
export function slug(bytes: Uint8Array | string): string {
  count += 1
  const file = join(work, `${count}.slug`)
  writeFileSync(file, bytes)
  return file
}

export function freshFolder(): string {
  count += 1
  const folder = join(work, `${count}.into`)
  mkdirSync(folder)
  return folder
}
