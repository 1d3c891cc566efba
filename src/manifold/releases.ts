import { manifoldEnding } from '../core/absence.ts'
import { newPorts } from '../core/api/formation-api.ts'
import type { Environment } from '../core/environment.ts'
import { exitStatus } from '../core/exit.ts'
import { applyUpdates, type Formation, isStartable, one } from '../core/formation.ts'
import type { Formed } from '../core/manifold.ts'
import { dynoName, RELEASE } from '../core/name.ts'
import { oneOffPort } from '../core/ports.ts'
import { Problem } from '../core/problem.ts'
import { type Release, type Stack, stackEnvironment } from '../core/release.ts'
import {
  currentRelease,
  cutShort,
  isSameContent,
  type ReleaseContent,
  type ReleaseRecord,
  releaseMeant,
  slugGone,
} from '../core/release-record.ts'
import { DEFAULT_SIZE } from '../core/size.ts'
import type { Edges } from './edges.ts'
import type { OpenManifold } from './open.ts'
import { takeTurns } from './turns.ts'

/** What a release is made of: told what runs so far it says what is to run, and why. */
export type Making = {
  readonly user: string
  /** What the caller's shell lends its release command. */
  readonly caller: Environment
  readonly make: (current: ReleaseRecord | undefined) => ReleaseContent & { readonly description: string }
  /** Its release command is not run: the formation begins on it, or somebody saves a file every other minute. */
  readonly withoutCommand?: boolean
  /** It is made though nothing would change. */
  readonly always?: boolean
  /** The slug that it differs from in its Procfile only. */
  readonly sameFilesAs?: string | null
}

/** The app's releases. */
export type Releases = {
  all(): readonly ReleaseRecord[]
  /** The newest one that did not fail. */
  current(): ReleaseRecord | undefined
  /** The one of this name, whose slug is still there; throws a Problem. */
  find(name: string): ReleaseRecord
  /**
   * Makes the next release when its turn comes, and resolves when the formation is about to run on it; with the current
   * one where nothing would change. Throws a Problem when its command fails: the one before runs on.
   */
  create(making: Making): Promise<ReleaseRecord>
}

/** How long a release command may take, in milliseconds. */
const LONGEST = 3_600_000

export function openReleases(manifold: OpenManifold, edges: Edges): Releases {
  let records: readonly ReleaseRecord[] | undefined
  let highest = 0
  const inTurn = takeTurns()

  const { tell } = manifold.logplex

  const all = (): readonly ReleaseRecord[] => {
    if (records) return records
    const kept = edges.readReleases()
    for (const path of kept.broken)
      tell(`${path} is no whole release; it was set aside, and the others count.`)
    highest = kept.highest
    records = kept.records.map((record) => (record.status === 'pending' ? keptFailed(record) : record))
    return records
  }

  const keptFailed = (record: ReleaseRecord): ReleaseRecord => {
    const failed = cutShort(record)
    try {
      edges.keepRelease(failed)
    } catch (error) {
      if (!(error instanceof Problem)) throw error // where there is no room, the next manifold keeps it
    }
    return failed
  }

  const keep = (record: ReleaseRecord): ReleaseRecord => {
    edges.keepRelease(record)
    const others = all().filter(({ version }) => version !== record.version)
    records = [...others, record].sort((a, b) => a.version - b.version)
    return record
  }

  const begin = async (making: Making): Promise<ReleaseRecord> => {
    const { user, caller, make, withoutCommand, always, sameFilesAs } = making
    if (manifold.isClosing()) throw manifoldEnding()
    const current = currentRelease(all())
    const { description, ...content } = make(current)
    if (current && !always && isSameContent(current, content)) return current
    const hasCommand = !withoutCommand && content.slug !== null && content.processTypes.has(RELEASE)
    const made: ReleaseRecord = {
      ...content,
      ...{ description, user, id: edges.id(), createdAt: Math.round(edges.now()) },
      version: Math.max(highest, all().at(-1)?.version ?? 0) + 1,
      status: hasCommand ? 'pending' : 'succeeded',
    }
    keep(made)
    tell(`${description} by user ${user}`)
    if (hasCommand) await command(made, caller)
    const record = hasCommand ? keep({ ...made, status: 'succeeded' }) : made
    tell(`Release v${record.version} created by user ${user}`)
    await roll(record, { user, sameFiles: current !== undefined && sameFilesAs === current.slug })
    return record
  }

  // Runs the release command; throws a Problem when it fails.
  const command = async (record: ReleaseRecord, caller: Environment): Promise<void> => {
    const { version, user, processTypes } = record
    const line = processTypes.get(RELEASE)!
    const named = { type: RELEASE, number: version }
    const [name, id, stack] = [dynoName(RELEASE, version), edges.id(), releaseStack(record, caller)]
    tell(`Running release v${version} commands by user ${user}`)
    const own = { extra: {}, dyno: name, port: oneOffPort(version), terminal: null }
    const environment = stackEnvironment(stack, own)
    const walls = manifold.formed()?.release.walls ?? null
    const launch = () => ({ line, slug: stack.slug, environment, terminal: null, walls })
    const asked = { id, command: line, size: DEFAULT_SIZE, attached: false, user, version, launch, named }
    manifold.post({ order: 'run', ...asked })
    const { life } = manifold.dynos().find((dyno) => dyno.id === id)!
    let isLate = false
    const impatience = edges.wake(LONGEST, () => {
      isLate = true
      manifold.post({ order: 'stop', name })
    })
    const exit = await manifold.finished(life)
    impatience()
    const status = exit ? exitStatus(exit) : 1
    if (status === 0 && !isLate) return
    keep({ ...record, status: 'failed' })
    tell(`Release v${version} command failed by user ${user}`)
    const before = currentRelease(all())
    const how = isLate ? 'was stopped after an hour' : `ended with status ${status}`
    const instead = before ? `v${before.version} stays` : 'nothing was released'
    const sentence = `The release command of v${version} ${how}; ${instead}. See 'dyno logs -p ${name}'.`
    throw new Problem('release', sentence)
  }

  // The formation goes on with the new release, each dyno in a new life.
  const roll = async (
    record: ReleaseRecord,
    { user, sameFiles }: { user: string; sameFiles: boolean },
  ): Promise<void> => {
    const formed = manifold.formed()
    if (!formed?.held || record.slug === null) return
    const next = onto(record, formed)
    for (const port of newPorts(next.release, next.formation, manifold.dynos())) {
      await edges.claimPort(port).catch(({ message }: Problem) => tell(message))
    }
    const now = manifold.formed() // it may have been scaled meanwhile
    if (now?.held) manifold.post({ order: 'release', ...onto(record, now), user, sameFiles })
  }

  return {
    all,
    current: () => currentRelease(all()),
    find(name) {
      const record = releaseMeant(all(), name)
      if (record.slug === null || edges.hasSlug(record.slug)) return record
      throw slugGone(record)
    },
    create: (making) => inTurn(() => begin(making)),
  }
}

/** What a formation becomes on this release: types that are gone end, and new ones begin where all types were started. */
function onto(
  record: ReleaseRecord,
  { release: before, wanted }: Formed,
): { release: Release; formation: Formation } {
  const stack = releaseStack(record, before.stack.caller)
  const types = [...stack.processTypes.keys()]
  const fresh = types.filter((type) => !before.stack.processTypes.has(type) && isStartable(type))
  const formation = applyUpdates(wanted, before.startsNewTypes ? fresh.map(one) : [], types)
  return { release: { ...before, version: record.version, stack }, formation }
}

/** What dynos of this release run on; throws a Problem when it has no slug. */
export function releaseStack(
  { version, slug, processTypes, config }: ReleaseRecord,
  caller: Environment,
): Stack {
  if (slug === null)
    throw new Problem('invalid', `v${version} has no slug yet; 'dyno release' makes one that has.`)
  return { slug, processTypes, config, caller }
}
