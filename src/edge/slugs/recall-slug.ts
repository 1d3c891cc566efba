import { readFileSync, realpathSync, statSync } from 'node:fs'
import { isSlugName } from '../../core/slug/slug-name.ts'
import { writeWhole } from '../write-whole.ts'

/** Something a slug comes from, and what it looks like from outside: as long as the stamp is the same, so is the slug. */
export type SlugSource = Readonly<{ path: string; stamp: string }>

/** A slug file as a source; undefined if there is none to look at. Two calls of stat: no byte of it is read. */
export function slugFileSource(file: string): SlugSource | undefined {
  try {
    const path = realpathSync.native(file)
    const { dev, ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true })
    return { path, stamp: [dev, ino, size, mtimeNs, ctimeNs].join('-') }
  } catch {
    return undefined // whoever then opens it says what is wrong
  }
}

/** The SHA-256 a source had when it was remembered with this stamp. */
export function recallSlug(folder: string, source: SlugSource): string | undefined {
  const note = noteOf(folder, source.path)
  return note?.stamp === source.stamp ? note.sha256 : undefined
}

/** What was remembered of a source last, whatever it looks like now. A broken note counts as none. */
export function noteOf(folder: string, path: string): (SlugSource & { readonly sha256: string }) | undefined {
  try {
    const note: unknown = JSON.parse(readFileSync(noteFile(folder, path), 'utf8'))
    if (typeof note !== 'object' || note === null || !('sha256' in note)) return undefined
    if (!('path' in note && note.path === path && 'stamp' in note)) return undefined
    const { sha256, stamp } = note
    if (typeof sha256 !== 'string' || typeof stamp !== 'string') return undefined
    return isSlugName(sha256) ? { path, stamp, sha256 } : undefined
  } catch {
    return undefined // no note yet, or half of one: it is written anew
  }
}

/** Notes that a source is this slug. One note per source: a newer one takes its place. */
export function rememberSlug(folder: string, source: SlugSource, sha256: string): void {
  writeNote(noteFile(folder, source.path), { ...source, sha256 })
}

/** Writes a note, whole or not at all: what cannot be written is only worked out again the next time. */
export function writeNote(file: string, note: object): void {
  try {
    writeWhole(file, JSON.stringify(note))
  } catch {
    // There is no room, or the folder is gone.
  }
}

/**
 * Where the note of a source is. FNV-1a: loading node:crypto would cost more than all the rest here, and the note itself
 * says whose it is.
 */
export function noteFile(folder: string, path: string): string {
  let hash = 0x811c9dc5
  for (let at = 0; at < path.length; at += 1) hash = Math.imul(hash ^ path.charCodeAt(at), 0x01000193)
  return `${folder}/${(hash >>> 0).toString(16).padStart(8, '0')}.json`
}
