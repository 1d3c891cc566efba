import { Problem } from './problem.ts'

export const WALLS_KINDS = ['full', 'folder'] as const

/** What separates dynos: namespaces and an overlay, or only a folder and a session of their own. */
export type WallsKind = (typeof WALLS_KINDS)[number]

/** One of the two kinds; throws a Problem for any other word. */
export function wallsKind(word: unknown): WallsKind {
  if (word === 'full' || word === 'folder') return word
  throw new Problem('invalid', `Walls are 'full' or 'folder', not '${word}'.`)
}

/** What trying the full walls on this machine showed. */
export type WallsProbe =
  | { readonly full: true }
  /** `passing`: the machine was too busy to say; the next one who asks finds out. */
  | { readonly full: false; readonly reason: string; readonly passing?: boolean }

/** What a reason costs, and the exact commands that mend it. */
export type WallsAdvice = { readonly cause: string; readonly commands: readonly string[] }

/** Settings of this machine that decide whether a user may have namespaces; undefined: the setting is not there. */
export type NamespaceSettings = {
  readonly platform: string
  /** kernel.apparmor_restrict_unprivileged_userns (Ubuntu from 23.10 on) */
  readonly appArmor: string | undefined
  /** kernel.unprivileged_userns_clone (Debian's switch) */
  readonly userns: string | undefined
  /** user.max_user_namespaces */
  readonly most: string | undefined
  /** Programs the walls need that are not installed. */
  readonly missing: readonly string[]
  readonly container: boolean
}

/** Why full walls fail here and what to type, most likely cause first. */
export function wallsAdvice(settings: NamespaceSettings): WallsAdvice {
  if (settings.platform !== 'linux') {
    return { cause: 'Full walls need Linux: this system has no namespaces.', commands: [] }
  }
  if (settings.missing.length > 0) {
    return {
      cause: `Full walls need programs that are not installed: ${settings.missing.join(', ')}.`,
      commands: [
        'sudo apt-get install bash coreutils util-linux',
        'sudo dnf install bash coreutils util-linux',
      ],
    }
  }
  if (settings.appArmor === '1') {
    return { cause: "Ubuntu's AppArmor does not let users make namespaces.", commands: sysctl(APPARMOR, 0) }
  }
  if (settings.userns === '0') {
    return { cause: 'This kernel does not let users make namespaces.', commands: sysctl(USERNS, 1) }
  }
  if (settings.most === '0') {
    return { cause: 'The number of user namespaces is limited to 0.', commands: sysctl(MOST, 15_000) }
  }
  if (settings.container) {
    return {
      cause: 'This container does not let its processes make namespaces or mount.',
      commands: [
        'docker run --privileged …',
        'docker run --cap-add SYS_ADMIN --security-opt seccomp=unconfined …',
      ],
    }
  }
  return { cause: 'The kernel refuses a namespace, an overlay or a mount.', commands: [] }
}

/** What the fallback costs, in one sentence. */
export const FOLDER_COST =
  'Each dyno gets its own copy of the slug and its own session, but no /app, no process tree and no user of its own.'

const APPARMOR = 'kernel.apparmor_restrict_unprivileged_userns'
const USERNS = 'kernel.unprivileged_userns_clone'
const MOST = 'user.max_user_namespaces'

// At once, and again after every boot.
function sysctl(name: string, value: number): string[] {
  return [`sudo sysctl -w ${name}=${value}`, `echo '${name}=${value}' | sudo tee /etc/sysctl.d/60-dyno.conf`]
}

/** A program ready to be started within its walls. */
export type Walled = {
  readonly argv: readonly [string, ...string[]]
  readonly environment: Readonly<Record<string, string>>
  readonly cwd: string
  /** How many processes at the top of the tree are ours: signals for the dyno pass them by. */
  readonly ours: number
  /** A variable as only this dyno's processes have it, where the kernel does not end them for us. */
  readonly mark: string | null
  /** The user of the host that its processes are. */
  readonly user: number
  /** The file where those that outlive its first one are noted; usually none. */
  readonly notes?: string
}

/** The user a dyno runs as, as on Heroku: a high number with no name on the host. */
export const DYNO_UID = 43232

/** What a live dyno in folder walls carries, whose HOME is the app folder that other programs work in as well. */
export const LIVE_MARK = 'DYNO_LIVE'
