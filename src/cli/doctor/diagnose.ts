import { readFileSync } from 'node:fs'
import { parseDotenv } from '../../core/config/config.ts'
import type { Diagnosis, NeededPort, OurScreen, Versions } from '../../core/diagnosis.ts'
import { isStartable } from '../../core/formation.ts'
import { dynoName, WEB } from '../../core/name.ts'
import { DEFAULT_BASE_PORT, parsePort, portOf } from '../../core/ports.ts'
import { Problem } from '../../core/problem.ts'
import { parseProcfile } from '../../core/procfile/procfile.ts'
import { findApp } from '../../edge/find-app.ts'
import { readText } from '../../edge/read-text.ts'
import { keptSlugs } from '../../edge/slugs/prune-slugs.ts'
import { makeFolders, placeOf } from '../place.ts'

// What is heavy is what others load on demand as well: a piece of dist/ of our own would cut theirs into smaller ones.

/** Finds out what dynos would have on this machine, and the app in this folder if there is one. */
export async function diagnose(folder: string | undefined, versions: Versions): Promise<Diagnosis> {
  const root = folder ?? findApp(process.cwd())
  const place = placeOf(root ?? '/')
  makeFolders(place)
  const { runtime, cache, state } = place.folders
  const { findTools } = await import('../../edge/walls/find-tools.ts')
  const { probeWalls, readNamespaceSettings } = await import('../../edge/walls/probe-walls.ts')
  const tools = findTools()
  const { probe } = await probeWalls(runtime, tools)
  const kept = keptSlugs(cache)
  return {
    versions,
    walls: probe,
    namespaces: { ...readNamespaceSettings(tools), root: process.geteuid?.() === 0 },
    overlay: knowsOverlay(),
    ports: await Promise.all(neededPorts(root).map(withHolder)),
    screen: ourScreen(),
    addon: await whyNoAddon(),
    folders: { runtime, cache, state },
    cache: { slugs: kept.length, bytes: kept.reduce((sum, { bytes }) => sum + bytes, 0) },
  }
}

function knowsOverlay(): boolean {
  try {
    return /\toverlay$/m.test(readFileSync('/proc/filesystems', 'latin1'))
  } catch {
    return false // not Linux
  }
}

/** Those of the router and of the first dyno of each type. */
function neededPorts(root: string | undefined): Omit<NeededPort, 'holder'>[] {
  const types = [...typesOf(root)].filter(isStartable)
  const routed = types.includes(WEB)
  const base = baseOf(root)
  const dynos = types.map((type) => ({
    port: portOf({ type, number: 1 }, { types, base, routed }),
    of: dynoName(type, 1),
  }))
  return (routed ? [{ port: base, of: 'router' }, ...dynos] : dynos).sort((a, b) => a.port - b.port)
}

// Where there is no app, or one that cannot be read: as for the simplest one that there is.
function typesOf(root: string | undefined): Iterable<string> {
  const { types } = parseProcfile(textOf(root, 'Procfile'))
  return types.size > 0 ? types.keys() : [WEB]
}

// What is wrong with them is for dyno check to say.
function baseOf(root: string | undefined): number {
  const { PORT: shell = '' } = process.env
  const { vars } = parseDotenv(textOf(root, '.env'), (name) => process.env[name])
  return parsePort(vars.get('PORT') ?? '') ?? parsePort(shell) ?? DEFAULT_BASE_PORT
}

function textOf(root: string | undefined, name: string): string {
  try {
    return root === undefined ? '' : (readText(`${root}/${name}`) ?? '')
  } catch (error) {
    if (error instanceof Problem) return ''
    throw error
  }
}

async function withHolder(needed: Omit<NeededPort, 'holder'>): Promise<NeededPort> {
  const { probePort } = await import('../../edge/ports/probe-port.ts')
  const found = await probePort(needed.port)
  return { ...needed, holder: found === 'free' ? null : found }
}

function ourScreen(): OurScreen {
  const { stdin, stdout, env } = process
  const { isTTY: output = false } = stdout
  return {
    term: env['TERM'] ?? null,
    columns: output ? stdout.columns : null,
    rows: output ? stdout.rows : null,
    colours: output ? 2 ** stdout.getColorDepth() : 0,
    input: stdin.isTTY ?? false,
    output,
    ci: Boolean(env['CI']),
  }
}

async function whyNoAddon(): Promise<string | null> {
  try {
    await import('../../edge/spawn-pty.ts')
    return null
  } catch (error) {
    return (error as Error).message.trim().split('\n')[0]!
  }
}
