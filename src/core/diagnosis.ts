import { describeHolder, type PortHolder } from './port-holder.ts'
import { sizeText } from './slug/slug-list.ts'
import { FOLDER_COST, type NamespaceSettings, type WallsProbe, wallsAdvice } from './walls.ts'

/** Which program this is, and what it runs on. */
export type Versions = {
  readonly dyno: string
  readonly node: string
  readonly v8: string
  readonly platform: string
  readonly arch: string
  /** Whether all of it is one file, its Node too. */
  readonly single_binary: boolean
}

/** A port that the formation of this app would take, and who has it. */
export type NeededPort = {
  readonly port: number
  /** `router`, or the dyno that gets it. */
  readonly of: string
  /** Null while it is free. */
  readonly holder: PortHolder | null
}

/** The terminal that somebody types this on. */
export type OurScreen = {
  /** `TERM`; null where there is none. */
  readonly term: string | null
  readonly columns: number | null
  readonly rows: number | null
  /** How many it shows. */
  readonly colours: number
  readonly input: boolean
  readonly output: boolean
  readonly ci: boolean
}

/** What dynos would have on this machine, as it was found out. */
export type Diagnosis = {
  readonly versions: Versions
  readonly walls: WallsProbe
  readonly namespaces: NamespaceSettings & { readonly root: boolean }
  /** Whether the kernel says that it knows overlays. */
  readonly overlay: boolean
  readonly ports: readonly NeededPort[]
  readonly screen: OurScreen
  /** Why dynos cannot have terminals; null where they can. */
  readonly addon: string | null
  readonly folders: { readonly runtime: string; readonly cache: string; readonly state: string }
  readonly cache: { readonly slugs: number; readonly bytes: number }
}

/** Something that this machine does not allow: what happens instead, why, and what to type against it. */
export type Lack = {
  readonly of: string
  readonly instead: string
  readonly why: string
  readonly mend: readonly string[]
}

/** What falls back on this machine; nothing where all is as on Heroku. */
export function lacksOf({ walls, namespaces, ports, screen, addon }: Diagnosis): Lack[] {
  const lacks: Lack[] = []
  if (!walls.full) {
    const { cause, commands } = wallsAdvice(namespaces)
    const why = `${cause} (It said: ${walls.reason})`
    lacks.push({ of: 'walls', instead: `Folders only. ${FOLDER_COST}`, why, mend: commands })
  }
  for (const { port, of, holder } of ports) {
    if (!holder) continue
    lacks.push({
      of: 'ports',
      instead: `${of} cannot have port ${port}, and 'dyno start' offers a base port that is free.`,
      why: describeHolder(port, holder),
      mend: [],
    })
  }
  if (addon !== null) {
    const instead = 'Dynos get pipes only: give dyno run and dyno start --no-tty.'
    lacks.push({ of: 'terminals', instead, why: `node-pty does not load: ${addon}`, mend: [] })
  }
  const blind = whyNoPicture(screen)
  if (blind) {
    lacks.push({
      of: 'dashboard',
      instead: 'dyno start shows the log, and every view is plain lines.',
      why: blind,
      mend: [],
    })
  }
  return lacks
}

function whyNoPicture({ input, output, term, ci }: OurScreen): string | undefined {
  if (!input || !output) return `Standard ${output ? 'input' : 'output'} is not a terminal.`
  if (term === 'dumb') return 'TERM is dumb.'
  return ci ? 'CI is set.' : undefined
}

/** The diagnosis for a person: first whether dynos can run, then what there is, then what is less than it could be. */
export function diagnosisText(diagnosis: Diagnosis): string {
  const lacks = lacksOf(diagnosis)
  const rows = rowsOf(diagnosis).map(([name, text]) => `${`${name}:`.padEnd(12)}${text}`)
  return [
    lacks.length === 0
      ? 'Dynos can run here, as on Heroku.'
      : 'Dynos can run here, and what falls back is said below.',
    '',
    ...rows,
    ...lacks.flatMap(({ of, instead, why, mend }) => [
      '',
      `${of[0]!.toUpperCase()}${of.slice(1)}: ${instead}`,
      `  Why: ${why}`,
      ...(mend.length > 0 ? ['  To mend it:', ...mend.map((each) => `    ${each}`)] : []),
    ]),
    '',
  ].join('\n')
}

function rowsOf({ versions, walls, namespaces, overlay, ports, screen, addon, folders, cache }: Diagnosis) {
  const { dyno, node, v8, platform, arch, single_binary } = versions
  const program = `dyno ${dyno}, node ${node}, v8 ${v8}, ${platform}-${arch}${single_binary ? ', one file' : ''}`
  const isLinux = platform === 'linux'
  return [
    ['Versions', program],
    [
      'Walls',
      walls.full
        ? 'full: each dyno has its own /app, /tmp, process tree and user; the host is read-only'
        : 'folders only',
    ],
    ...(isLinux
      ? [
          ['Namespaces', namespacesText(namespaces, walls)],
          ['Overlay', overlayText(overlay, walls)],
        ]
      : []),
    ['Ports', ports.map(({ port, of, holder }) => `${port} ${of}${holder ? ' (taken)' : ''}`).join(', ')],
    ['Terminals', addon === null ? 'each dyno can have one' : 'none'],
    ['Screen', screenText(screen)],
    ['Sockets', folders.runtime],
    ['Slugs', `${folders.cache} (${cache.slugs}, ${sizeText(cache.bytes)})`],
    ['Logs', folders.state],
  ] as const satisfies readonly (readonly [string, string] | readonly string[])[]
}

function namespacesText(
  { root, userns, appArmor, most }: Diagnosis['namespaces'],
  { full }: WallsProbe,
): string {
  if (root) return full ? "as root, with no need of a user's" : 'refused, though this is root'
  const settings = [
    userns === undefined ? '' : `kernel.unprivileged_userns_clone=${userns}`,
    appArmor === undefined ? '' : `kernel.apparmor_restrict_unprivileged_userns=${appArmor}`,
    most === undefined ? '' : `user.max_user_namespaces=${most}`,
  ].filter((setting) => setting !== '')
  return `${full ? "a user's" : 'refused'}${settings.length > 0 ? ` (${settings.join(', ')})` : ''}`
}

function overlayText(overlay: boolean, { full }: WallsProbe): string {
  if (full) return 'mounted and written to'
  return overlay
    ? 'the kernel knows it'
    : 'the kernel does not name it (perhaps it is loaded when it is asked for)'
}

function screenText({ term, columns, rows, colours, output, ci }: OurScreen): string {
  const size = output ? `${columns}×${rows}, ${colours} colours` : 'output is not a terminal'
  return `${term ?? 'TERM is not set'}, ${size}${ci ? ', CI' : ''}`
}
