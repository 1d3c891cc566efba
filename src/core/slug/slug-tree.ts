import { Problem } from '../problem.ts'
import { checkEntry, quotedName, refusal, type SlugLimits } from './slug.ts'
import type { TarEntry } from './tar-block.ts'
import type { TarClaim } from './tar-claim.ts'

/** What a slug turned out to be: where in it the app lies, and the links to put right once it is unpacked there. */
export type SlugShape = Readonly<{
  /** 'app' in Heroku's layout (everything below `./app/`), '' if the archive is the app itself. */
  root: '' | 'app'
  /** Links to `/app/…`, by path inside the app, with a relative target that means the same in every kind of walls. */
  relinks: ReadonlyMap<string, string>
}>

export type SlugTree = Readonly<{
  /** The entry as it may be written, undefined for the root. Throws a Problem if it must not be. */
  take: (claim: TarClaim) => TarEntry | undefined
  /** Says that this was all. Throws a Problem if a link leads out of the app, or there is nothing. */
  finish: () => SlugShape
}>

/**
 * Judges the entries of a slug together. The layout is known only at the end (a bare Rails app begins with `./app/`
 * as well), so entries are unpacked where the archive has them and the app is moved up afterwards.
 */
export function openSlugTree(limits: SlugLimits, trustLinks: boolean): SlugTree {
  const links = new Map<string, string>()
  let entries = 0
  let names = 0
  let inApp = 0
  let outside = 0
  let looks = 0
  const look: Look = (letters) => {
    looks += letters
    if (looks > limits.looks) throw tooDeep()
  }
  let checked = ''

  return {
    take: (claim) => {
      const entry = checkEntry(claim)
      entries += 1
      names += claim.path.length + claim.target.length
      if (entries > limits.entries || names > limits.names) throw tooMany(limits)
      if (entry === undefined) return undefined
      if (entry.path.startsWith('app/') || (entry.path === 'app' && entry.kind === 'folder')) inApp += 1
      else outside += 1
      const folder = above(entry.path)
      if (folder !== checked) checkParents(entry.path, links, look)
      checked = folder
      if (entry.kind === 'symlink') {
        if (!trustLinks && entry.target.startsWith('/') && appPath(entry.target) === undefined)
          throw leadsOut(entry.path, entry.target)
        links.set(entry.path, entry.target)
        checked = '' // it may be in place of a folder that was there
      } else if (links.has(entry.path)) throw throughLink(entry.path, entry.path)
      if (entry.kind === 'hardlink') checkHardLink(entry.target, links, look)
      return entry
    },
    finish: () => {
      if (inApp + outside === 0)
        throw new Problem('slug', 'The slug is empty; make the archive again from the app folder.')
      const root = outside === 0 ? 'app' : ''
      if (!trustLinks)
        for (const [path, target] of links) if (escapes(path, links, root, look)) throw leadsOut(path, target)
      return { root, relinks: relinksOf(links, root) }
    },
  }
}

/** Is told of each path before it is looked for, by its length; throws a Problem when they are too many. */
type Look = (letters: number) => void

function checkParents(path: string, links: ReadonlyMap<string, string>, look: Look): void {
  if (links.size === 0) return
  for (let slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
    look(slash)
    if (links.has(path.slice(0, slash))) throw throughLink(path, path.slice(0, slash))
  }
}

/** A hard link to a symlink would be that symlink at another place, where it means something else. */
function checkHardLink(target: string, links: ReadonlyMap<string, string>, look: Look): void {
  checkParents(target, links, look)
  if (links.has(target)) throw throughLink(target, target)
}

/**
 * Whether following a link, and the links on its way, ever leaves the app. Looking at the words alone is not enough:
 * `d/a -> ..` and `x -> d/a/..` are both inside by their words, and `x` is outside. More than 40 links in a row are
 * refused, as the kernel does.
 */
function escapes(path: string, links: ReadonlyMap<string, string>, root: '' | 'app', look: Look): boolean {
  let at = path
  const ahead: string[] = []
  const follow = (target: string): void => {
    look(target.length)
    const absolute = appPath(target)
    at = absolute === undefined ? above(at) : root
    for (const part of (absolute ?? target).split('/').reverse()) ahead.push(part)
  }
  follow(links.get(path)!)
  for (let hops = 1; ahead.length > 0; ) {
    const part = ahead.pop()!
    if (part === '' || part === '.') continue
    if (part === '..') {
      if (at === root) return true
      at = above(at)
      continue
    }
    at = at === '' ? part : `${at}/${part}`
    look(at.length)
    const target = links.get(at)
    if (target === undefined) continue
    hops += 1
    if (hops > 40) return true
    follow(target)
  }
  return false
}

/** The folder that a path is in; '' at the top. */
function above(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

function relinksOf(links: ReadonlyMap<string, string>, root: '' | 'app'): ReadonlyMap<string, string> {
  const relinks = new Map<string, string>()
  for (const [path, target] of links) {
    const inside = root === '' ? path : path.slice('app/'.length)
    const relinked = linkTarget(inside, target)
    if (relinked !== target) relinks.set(inside, relinked)
  }
  return relinks
}

/** Where a link at this path in the app leads: to `/app/…` by a relative way that means the same in every kind of walls. */
export function linkTarget(path: string, target: string): string {
  const below = appPath(target)
  if (below === undefined) return target
  const up = '../'.repeat(path.split('/').length - 1)
  return `${up}${below}`.replace(/\/$/, '') || '.'
}

/** What follows `/app/` in an absolute target; undefined if it is something else. */
function appPath(target: string): string | undefined {
  return /^\/+(?:\.\/+)*app(?:\/+(.*)|)$/s
    .exec(target)
    ?.slice(1)
    .map((rest) => rest ?? '')[0]
}

function leadsOut(path: string, target: string): Problem {
  return refusal(
    `the link ${quotedName(path)} to ${quotedName(target)}, which leads out of the app; leave it out or point it inside the app`,
  )
}

function throughLink(path: string, link: string): Problem {
  return refusal(
    `${quotedName(path)} by way of the link ${quotedName(link)}; make the archive again from the real folders`,
  )
}

function tooMany(limits: SlugLimits): Problem {
  const count = limits.entries.toLocaleString('en-US')
  return new Problem(
    'slug',
    `The slug holds more than ${count} files, or names to match; leave out what the app does not need.`,
  )
}

function tooDeep(): Problem {
  return new Problem(
    'slug',
    'The slug holds folders so deep, or links so long, that nobody can follow them all; make it again with shorter paths.',
  )
}
