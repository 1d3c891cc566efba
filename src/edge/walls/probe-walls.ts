import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { promisify } from 'node:util'
import type { NamespaceSettings, WallsProbe } from '../../core/walls.ts'
import type { Tools } from './find-tools.ts'
import { buildFullWalls } from './full-walls.ts'

/** What is known about this machine's walls; `told` once somebody has been told about the fallback. */
export type KnownWalls = { readonly probe: WallsProbe; readonly told: boolean }

/** What a program says that is refused a process or memory. */
const TOO_BUSY = /resource temporarily unavailable|cannot (?:fork|allocate memory)/i

/** Finds out, once a boot, whether full walls work, by really building them. `runtime` is private and exists. */
export async function probeWalls(runtime: string, tools: Tools): Promise<KnownWalls> {
  const known = readKnown(runtime, tools)
  if (known) return known
  const probe = await tryWalls(runtime, tools)
  const fresh = { probe, told: false }
  keepKnown(runtime, tools, fresh)
  return fresh
}

/** Removes what probes left behind that were killed. */
export function sweepProbes(runtime: string): void {
  for (const name of readdirSync(runtime)) {
    const pid = /^probe-(\d+)$/.exec(name)?.[1]
    if (pid && !existsSync(`/proc/${pid}`)) rmSync(`${runtime}/${name}`, { recursive: true, force: true })
  }
}

/** Keeps what is known until the next boot, but for a failure of the moment. */
export function keepKnown(runtime: string, tools: Tools, known: KnownWalls): void {
  if (!known.probe.full && known.probe.passing) return
  writeFileSync(knownFile(runtime), JSON.stringify({ boot: bootId(tools), ...known }))
}

/** The settings that decide about namespaces, for `dyno doctor`. */
export function readNamespaceSettings({ missing }: Tools): NamespaceSettings {
  const setting = (path: string) => readText(`/proc/sys/${path}`)
  return {
    platform: process.platform,
    appArmor: setting('kernel/apparmor_restrict_unprivileged_userns'),
    userns: setting('kernel/unprivileged_userns_clone'),
    most: setting('user/max_user_namespaces'),
    missing: process.platform === 'linux' ? missing : [],
    container: existsSync('/.dockerenv') || existsSync('/run/.containerenv'),
  }
}

async function tryWalls(runtime: string, tools: Tools): Promise<WallsProbe> {
  if (process.platform !== 'linux') return { full: false, reason: 'this system is not Linux' }
  if (tools.missing.length > 0) return { full: false, reason: `${tools.missing.join(', ')} not installed` }
  const folder = `${runtime}/probe-${process.pid}`
  mkdirSync(folder)
  try {
    mkdirSync(`${folder}/trees/slug`, { recursive: true })
    const walls = buildFullWalls({ folder, runtime, trees: `${folder}/trees`, tools })
    const launch = {
      line: 'cd /app && : > x && rm x',
      slug: 'slug',
      environment: { HOME: '/app', DYNO: 'run.0' },
    }
    const { walled, admit } = walls.build({ terminal: false })
    admit({ ...launch, terminal: null, walls: null })
    const [file, ...args] = walled.argv
    await promisify(execFile)(file, args, { cwd: walled.cwd, env: walled.environment, timeout: 10_000 })
    return { full: true }
  } catch (error) {
    const { stderr, message, code, syscall } = error as NodeJS.ErrnoException & { stderr?: string }
    if (syscall !== undefined && !syscall.startsWith('spawn')) throw error // a full disk says nothing of walls
    const reason = (stderr || message).trim().split('\n')[0]!
    // Walls that cannot be built say so by a status; else they were killed for their slowness, or could not even begin.
    return { full: false, reason, passing: typeof code !== 'number' || TOO_BUSY.test(reason) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function readKnown(runtime: string, tools: Tools): KnownWalls | undefined {
  try {
    const known = JSON.parse(readFileSync(knownFile(runtime), 'utf8')) as KnownWalls & { boot: string }
    return known.boot === bootId(tools) && typeof known.probe.full === 'boolean' ? known : undefined
  } catch {
    return undefined // never probed, or half written: probe again
  }
}

function knownFile(runtime: string): string {
  return `${runtime}/walls.json`
}

// Settings change with sysctl as well as with a boot, and programs get installed: then the walls may change too.
function bootId(tools: Tools): string {
  const { appArmor, userns, most, missing } = readNamespaceSettings(tools)
  const boot = readText('/proc/sys/kernel/random/boot_id')
  return [boot, appArmor, userns, most, process.geteuid?.(), ...missing].join(' ')
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return undefined // this kernel does not have it
  }
}
