import {
  existsSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { DEVICES } from '../../core/mount-table.ts'
import { DYNO_UID } from '../../core/walls.ts'

/** What a dyno's root shows of the host, and which files stand in for the host's. */
export type Skeleton = { readonly shown: readonly string[]; readonly replaced: ReadonlyMap<string, string> }

/** Host folders a dyno has its own of. */
const OWN = new Set(['app', 'dev', 'proc', 'tmp'])

/** Makes `folder`/skeleton, a root folder with a mount point for everything, and the files that go over the host's. */
export function buildSkeleton(folder: string): Skeleton {
  const root = `${folder}/skeleton`
  for (const name of ['skeleton', 'slug', 'writes']) mkdirSync(`${folder}/${name}`, { mode: 0o755 })
  for (const name of OWN) mkdirSync(`${root}/${name}`)
  const shown: string[] = []
  for (const entry of readdirSync('/', { withFileTypes: true })) {
    if (OWN.has(entry.name)) continue
    if (entry.isSymbolicLink()) symlinkSync(readlinkSync(`/${entry.name}`), `${root}/${entry.name}`)
    else if (entry.isDirectory()) shown.push(...showFolder(root, `/${entry.name}`))
  }
  buildDevices(`${root}/dev`)
  return { shown, replaced: standIns(folder) }
}

// Root's home is closed to the dyno's user, and its runtimes (nvm, pyenv, rustup …) are meant to be used: the
// folders in it are shown one by one, and what is private in there stays so.
function showFolder(root: string, path: string): string[] {
  mkdirSync(root + path)
  if (process.geteuid?.() !== 0 || path !== homedir() || (statSync(path).mode & 0o001) !== 0) return [path]
  const inside = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  return inside.map((entry) => {
    mkdirSync(`${root}${path}/${entry.name}`)
    return `${path}/${entry.name}`
  })
}

function buildDevices(dev: string): void {
  for (const name of ['pts', 'shm']) mkdirSync(`${dev}/${name}`)
  for (const name of [...DEVICES, 'console']) writeFileSync(`${dev}/${name}`, '')
  const links = { fd: '/proc/self/fd', stdin: 'fd/0', stdout: 'fd/1', stderr: 'fd/2', ptmx: 'pts/ptmx' }
  for (const [name, target] of Object.entries(links)) symlinkSync(target, `${dev}/${name}`)
}

// Debian's bash.bashrc sets a prompt of its own, so an empty one goes over it.
function standIns(folder: string): Map<string, string> {
  const users = `root:x:0:0:root:/root:/bin/bash\nu${DYNO_UID}:x:${DYNO_UID}:${DYNO_UID}:dyno:/app:/bin/bash\n`
  const groups = `root:x:0:\ndyno:x:${DYNO_UID}:\n`
  const contents = { '/etc/passwd': users, '/etc/group': groups, '/etc/bash.bashrc': '' }
  const replaced = new Map<string, string>()
  for (const [path, text] of Object.entries(contents)) {
    const ours = `${folder}/${path.slice('/etc/'.length)}`
    writeFileSync(ours, text, { mode: 0o644 })
    if (existsSync(path)) replaced.set(path, ours)
  }
  return replaced
}
