import type { Socket } from 'node:net'
import type { DynoJson } from '../../core/api/api.ts'
import { commandLine } from '../../core/command.ts'
import { parseEnvFlag } from '../../core/config/config.ts'
import { Problem } from '../../core/problem.ts'
import { SIZES } from '../../core/size.ts'
import { joinAt } from '../ask-dynos.ts'
import { APP_FLAG, DYNO_FLAGS, type Flag, type Typed } from '../command.ts'
import { order, startIfMissing } from '../dial.ts'
import { appPath, type Place } from '../place.ts'
import { complain, warn } from '../print.ts'
import type { KeptFiles } from './keep-files.ts'
import { oneOffStack } from './one-off-stack.ts'

/** Flags of every command that creates a one-off. */
export const RUN_FLAGS: readonly Flag[] = [
  APP_FLAG,
  ...DYNO_FLAGS,
  { name: 'env', short: 'e', value: "'A=1;B=2'", words: [], help: 'more environment for this dyno' },
  {
    name: 'size',
    short: 's',
    value: 'SIZE',
    words: [{ oneOf: SIZES.map((size) => size.toLowerCase()) }],
    help: 'the dyno size: basic, standard-1x, standard-2x …',
  },
  { name: 'release', value: 'vN', help: 'a release to run on (default: the one that the formation runs on)' },
  { name: 'type', value: 'TYPE', help: "accepted for Heroku's sake: must be in the Procfile" },
  { name: 'no-launcher', help: "accepted for Heroku's sake: there is none here" },
]

/** What differs between attached and detached. */
export type Attachment = {
  readonly tty: boolean
  readonly attach: boolean
  readonly force_no_tty?: boolean
  /** What lays its files out, where they are to outlive it. */
  readonly kept?: KeptFiles | undefined
  readonly terminal?: { readonly columns: number; readonly rows: number }
  /** More environment than `--env` says. */
  readonly env?: Readonly<Record<string, string>>
  /** Nothing is drawn: the terminal is somebody else's. */
  readonly isQuiet?: boolean
}

/** Joins a one-off that waits for its client; throws a Problem with this sentence when it cannot be had. */
export async function joinCreated(
  place: Place,
  { attach_url: url }: DynoJson,
  otherwise: string,
): Promise<Socket> {
  const socket = url ? await joinAt(place, url) : undefined
  if (socket) return socket
  throw new Problem('timeout', otherwise)
}

/** Creates the one-off that was typed; `begin` is called when all is prepared and the order goes out. */
export async function createDyno(
  place: Place,
  { flags, words }: Typed,
  { tty, kept, env, isQuiet = false, ...attachment }: Attachment,
  begin: () => void,
): Promise<DynoJson> {
  const extra = parseEnvFlag(flags.get('env') ?? '')
  if (flags.has('env')) extra.warnings.forEach(complain)
  const { ready } = await startIfMissing(place, tty ? 'terminal' : 'pipes')
  ready.catch(() => {}) // what is wrong with the app is said first
  const { body: stack, slug } = await oneOffStack(place, flags, {
    inherit: flags.has('inherit-env'),
    tty,
    isQuiet,
  })
  const live = kept && slug !== null ? { live: await kept.layOut(slug) } : {}
  await ready
  begin()
  const body = {
    command: commandLine(words),
    ...attachment,
    env: { ...Object.fromEntries(extra.vars), ...env },
    ...(flags.has('size') ? { size: flags.get('size') } : {}),
    ...(flags.has('type') ? { type: flags.get('type') } : {}),
    ...(flags.has('walls') ? { walls: flags.get('walls') } : {}),
    ...stack,
    ...live,
  }
  const { body: dyno, warning } = await order(place, {
    method: 'POST',
    path: `${appPath(place)}/dynos`,
    body,
  })
  if (warning) warn(warning)
  return dyno as DynoJson
}
