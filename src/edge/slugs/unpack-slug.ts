import {
  chmodSync,
  chownSync,
  lchownSync,
  mkdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { resolve } from 'node:path'
import { Problem } from '../../core/problem.ts'
import { checkVolume, SLUG_LIMITS, type SlugLimits } from '../../core/slug/slug.ts'
import { openSlugTree, type SlugShape } from '../../core/slug/slug-tree.ts'
import { openTarWalk } from '../../core/slug/tar-walk.ts'
import { isDiskFull } from '../write-whole.ts'
import { findTar, noRoom, openTarFeed } from './feed-tar.ts'
import { readSlug } from './read-slug.ts'
import { type Owner, openTreeWriter, type TreePiece, type TreeSink } from './write-tree.ts'

/** What to unpack and how. `into` must not exist yet, its parent must. */
export type Unpacking = Readonly<{
  file: string
  into: string
  /** Who is to own the files; heeded only if we are root. */
  owner?: Owner | undefined
  /** Slugs we packed ourselves may hold links that lead out, and nothing but zeros. */
  trustLinks?: boolean | undefined
  limits?: SlugLimits | undefined
  /** Bytes of the file read, of all there are. */
  progress?: ((done: number, total: number) => void) | undefined
  /** The tar to use, '' for none; the one on PATH if not said. */
  tar?: string | undefined
}>

/**
 * Unpacks a slug and returns its SHA-256.
 * Every header is checked before anything of it is written; on any refusal or failure nothing of `into` is left and a
 * Problem 'slug' is thrown.
 */
export async function unpackSlug(unpacking: Unpacking): Promise<string> {
  const { file, trustLinks = false, progress } = unpacking
  const given = unpacking.limits ?? SLUG_LIMITS
  const limits = trustLinks ? { ...given, ratio: Number.POSITIVE_INFINITY } : given
  const into = resolve(unpacking.into)
  const owner = process.getuid?.() === 0 ? unpacking.owner : undefined
  const walk = openTarWalk()
  const tree = openSlugTree(limits, trustLinks)
  let bytes = 0
  let sink: TreeSink | undefined
  let made = false
  try {
    const sha256 = await readSlug({
      file,
      take: async (chunk, read, size) => {
        bytes += chunk.length
        checkVolume(bytes, size, limits)
        const pieces: TreePiece[] = []
        for (const piece of walk.push(chunk)) {
          if (piece.is === 'bytes') pieces.push(piece.bytes)
          else {
            const entry = tree.take(piece.claim)
            if (entry !== undefined) pieces.push(entry)
          }
        }
        // Nothing is made before the first chunk has passed.
        if (!made) makeFolder(into, owner)
        made = true
        sink ??= openSink(into, owner, unpacking.tar)
        await sink.write(pieces)
        progress?.(read, size)
      },
    })
    walk.end()
    const shape = tree.finish()
    await sink?.finish()
    sink = undefined
    settle(into, shape, owner)
    return sha256
  } catch (error) {
    await sink?.abandon()
    if (made) for (const folder of [into, movedUp(into)]) rmSync(folder, { recursive: true, force: true })
    throw explained(error, into)
  }
}

function makeFolder(into: string, owner: Owner | undefined): void {
  mkdirSync(into)
  chmodSync(into, 0o755)
  if (owner !== undefined) chownSync(into, owner.uid, owner.gid)
}

function openSink(into: string, owner: Owner | undefined, tar = findTar(process.env.PATH ?? '')): TreeSink {
  return tar ? openTarFeed(tar, into, owner) : openTreeWriter(into, owner)
}

/** Moves the app to where it belongs and puts its links to `/app/…` right. */
function settle(into: string, { root, relinks }: SlugShape, owner: Owner | undefined): void {
  if (root !== '') {
    renameSync(`${into}/${root}`, movedUp(into))
    rmdirSync(into)
    renameSync(movedUp(into), into)
  }
  for (const [path, target] of relinks) {
    rmSync(`${into}/${path}`)
    symlinkSync(target, `${into}/${path}`)
    if (owner !== undefined) lchownSync(`${into}/${path}`, owner.uid, owner.gid)
  }
}

function movedUp(into: string): string {
  return `${into}.app`
}

function explained(error: unknown, into: string): unknown {
  if (error instanceof Problem || !(error instanceof Error) || !('code' in error)) return error
  if (isDiskFull(error)) return noRoom()
  return new Problem(
    'slug',
    `The slug could not be unpacked into ${into} (${error.code}); see that this can be written.`,
  )
}
