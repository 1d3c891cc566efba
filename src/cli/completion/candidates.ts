import { statSync } from 'node:fs'
import type { DynoJson } from '../../core/api/api.ts'
import { DEFAULT_CONFIG_FILE } from '../../core/config/config-files.ts'
import { isStartable } from '../../core/formation.ts'
import { compareNames, ONE_OFF, parseDynoName } from '../../core/name.ts'
import { type ProcessTypes, parseProcfile } from '../../core/procfile/procfile.ts'
import { currentRelease, overlaid } from '../../core/release-record.ts'
import { readReleases } from '../../edge/keep-releases.ts'
import { readText } from '../../edge/read-text.ts'
import { listDynos } from '../ask-dynos.ts'
import type { Flag, Typed } from '../command.ts'
import { ALIASES, COMMANDS } from '../commands.ts'
import { readConfig } from '../config/config-files.ts'
import { findPlace, type Place } from '../place.ts'
import type { WordKind } from '../word-kind.ts'

/** A word that is offered, and what it is. */
export type Candidate = { readonly text: string; readonly about?: string }

/** How long a manifold may take to say what runs, in milliseconds: whoever pressed Tab waits for it. */
const PATIENCE = 300

/** What answers with all that there is of a kind, in the app that was typed; it throws when that cannot be read. */
export function candidatesFor(typed: Typed) {
  let asked: Promise<DynoJson[]> | undefined
  return async (kind: Exclude<WordKind, 'files' | 'folders'>): Promise<readonly Candidate[]> => {
    if (typeof kind === 'object') return kind.oneOf.map((text) => ({ text }))
    if (kind === 'commands') return commands()
    const place = findPlace(typed.flags.get('app'), { anywhere: true })
    const running = () => {
      asked ??= answerInTime(place) // once, for all kinds
      return asked
    }
    switch (kind) {
      case 'types':
        return typesIn(procfile(place, typed))
      case 'formation-types':
        return formationTypes(procfile(place, typed), await running())
      case 'counts':
        return formationTypes(procfile(place, typed), await running()).map(assigned)
      case 'dynos':
        return (await running()).map(dynoCandidate)
      case 'formation-dynos':
        return (await running()).filter(({ kind }) => kind === 'formation').map(dynoCandidate)
      case 'releases':
        return releases(place)
      case 'config-vars':
        return configNames(place)
      case 'assignments':
        return configNames(place).map(assigned)
      default:
        return kind satisfies never
    }
  }
}

/** Flags as they are typed; with `short` their letters too. */
export function flagCandidates(flags: readonly Flag[], { short }: { readonly short: boolean }): Candidate[] {
  return flags.flatMap((flag) => [
    { text: `--${flag.name}`, about: flag.help },
    ...(short && flag.short ? [{ text: `-${flag.short}`, about: flag.help }] : []),
  ])
}

/** The other names of commands, for whoever types what no command begins with. */
export function aliases(): Candidate[] {
  return [...ALIASES].map(([text, name]) => ({ text, about: COMMANDS.get(name)!.summary }))
}

function commands(): Candidate[] {
  const all = [...COMMANDS].map(([text, { summary }]) => ({ text, about: summary }))
  return [...all, { text: 'help', about: 'Lists the commands, or shows one with its flags and examples.' }]
}

function assigned({ text }: Candidate): Candidate {
  return { text: `${text}=` }
}

function dynoCandidate({ name, state, command }: DynoJson): Candidate {
  return { text: name, about: `${state}: ${command}` }
}

function typesIn(types: ProcessTypes): Candidate[] {
  return [...types].map(([text, about]) => ({ text, about }))
}

function formationTypes(types: ProcessTypes, running: readonly DynoJson[]): Candidate[] {
  const written = typesIn(types).filter(({ text }) => isStartable(text))
  const others = new Set(running.map(({ name }) => parseDynoName(name)!.type))
  for (const each of [ONE_OFF, ...written.map(({ text }) => text)]) others.delete(each)
  return [...written, ...[...others].map((text) => ({ text }))]
}

// A Procfile that cannot be read has no types, and what runs is offered all the same.
function procfile({ app }: Place, { flags }: Typed): ProcessTypes {
  const path = flags.get('procfile') ?? `${app.root}/Procfile`
  try {
    return isFile(path) ? parseProcfile(readText(path) ?? '').types : new Map()
  } catch {
    return new Map() // `dyno start` says what is wrong with it
  }
}

// A manifold that is not there is not started, and one that hangs runs nothing.
async function answerInTime(place: Place): Promise<DynoJson[]> {
  const late = new Promise<DynoJson[]>((resolve) => setTimeout(resolve, PATIENCE, []))
  try {
    const dynos = await Promise.race([listDynos(place), late])
    return dynos.filter(({ name }) => parseDynoName(name)).sort((a, b) => compareNames(a.name, b.name))
  } catch {
    return [] // `dyno ps` says what is wrong with it
  }
}

function releases({ state }: Place): Candidate[] {
  const newestFirst = [...readReleases(state).records].reverse()
  return newestFirst.map(({ version, description }) => ({ text: `v${version}`, about: description }))
}

// Their values are nobody's business who looks on.
function configNames(place: Place): Candidate[] {
  const current = currentRelease(readReleases(place.state).records)
  const wouldBe = overlaid(Object.fromEntries(written(place)), current?.settings ?? {})
  return [...new Set([...Object.keys(current?.config ?? {}), ...Object.keys(wouldBe)])].map((text) => ({
    text,
  }))
}

function written({ app }: Place): ReadonlyMap<string, string> {
  try {
    const isThere = isFile(`${app.root}/${DEFAULT_CONFIG_FILE}`)
    return isThere ? readConfig(app.root, undefined, { isQuiet: true }) : new Map()
  } catch {
    return new Map() // `dyno config` says what is wrong with it
  }
}

// A pipe of this name, which password managers make, would be waited for.
function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}
