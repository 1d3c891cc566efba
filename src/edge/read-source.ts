import { isUtf8 } from 'node:buffer'
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'

/** A file's text; or why it has none that could be checked, and the line and column at which that shows. */
export type SourceText =
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'missing' }
  | { readonly is: 'refused'; readonly why: string; readonly line: number; readonly column: number }

/** Reads a file that somebody else wrote, of at most so many bytes; it never waits for a pipe, and never throws. */
export function readSource(path: string, limit: number): SourceText {
  let file: number
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (error) {
    return refusal(error as NodeJS.ErrnoException)
  }
  try {
    const stat = fstatSync(file)
    if (stat.isDirectory()) return refused('This is a folder. Name a file in it.')
    if (!stat.isFile()) return refused('This is a pipe, a socket or a device. Name a file.')
    if (stat.size > limit)
      return refused(`This file has more than ${limit >> 20} MiB, which no such file has. Name another.`)
    return decoded(readAll(file, stat.size))
  } catch (error) {
    return refusal(error as NodeJS.ErrnoException)
  } finally {
    closeSync(file)
  }
}

/** Decodes the bytes of a text. */
export function decoded(bytes: Buffer): SourceText {
  const text = bytes.toString()
  if (isUtf8(bytes)) return { is: 'text', text }
  const before = text.slice(0, text.indexOf('\uFFFD')).split('\n')
  const why = 'This is no UTF-8 text. Save the file as UTF-8, or name another.'
  return { is: 'refused', why, line: before.length, column: [...before.at(-1)!].length + 1 }
}

function readAll(file: number, size: number): Buffer {
  const bytes = Buffer.alloc(size)
  let read = 0
  while (read < size) {
    const count = readSync(file, bytes, read, size - read, null)
    if (count === 0) break
    read += count
  }
  return bytes.subarray(0, read)
}

function refusal({ code, message }: NodeJS.ErrnoException): SourceText {
  if (code === 'ENOENT' || code === 'ENOTDIR') return { is: 'missing' }
  if (code === 'EACCES') return refused('You may not read this file. Give yourself permission to.')
  if (code === 'ELOOP') return refused('This link leads back to itself. Name a file.')
  if (code === 'ENXIO') return refused('This is a pipe, a socket or a device. Name a file.')
  return refused(`This file cannot be read (${code ?? message}). Try again, or name another.`)
}

function refused(why: string): SourceText {
  return { is: 'refused', why, line: 1, column: 1 }
}
