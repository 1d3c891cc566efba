import { type Pointer, pointerEnvironment } from '../../core/platform/shell-lines.ts'
import { basePort } from '../../core/ports.ts'
import { readReleases } from '../../edge/keep-releases.ts'
import { order } from '../dial.ts'
import { appPath, makeFolders, type Place } from '../place.ts'
import { ourCaller, prepareStack } from '../stack.ts'
import { authoritiesFile } from './authorities.ts'

/** How it is opened: undefined leaves a choice to who opened it before, or to us. */
export type ApiOptions = {
  readonly port?: number | undefined
  readonly attach?: string | undefined
  /** It is open only as long as whoever comes with `attach_url` stays. */
  readonly lease?: boolean
}

/** Where it is. */
export type OpenedApi = {
  readonly url: string
  readonly environment: Readonly<Record<string, string>>
  readonly attach: 'rendezvous' | 'ssh'
  readonly attachUrl: string | null
}

/** Opens the Platform API of the app's manifold on a port, or says where it is open. An app without a release gets its first one. */
export async function openApi(place: Place, { port, attach, lease = false }: ApiOptions): Promise<OpenedApi> {
  makeFolders(place)
  await releaseFirst(place)
  const start = {
    port: basePort({ flag: undefined, config: undefined, shell: process.env['PORT'] }),
    router: {}, // as it is without a flag of dyno start
  }
  const reply = await order(place, {
    method: 'POST',
    path: `${appPath(place)}/api`,
    body: { port, attach, lease, start, caller: ourCaller() },
  })
  const opened = reply.body as {
    url: string
    key: string
    authority: string
    attach: OpenedApi['attach']
    attach_url: string | null
  }
  const pointer: Pointer = {
    ...{ url: opened.url, key: opened.key, app: place.app.name },
    authorities: authoritiesFile(opened.authority, process.env),
  }
  const { url, attach: mode, attach_url: attachUrl } = opened
  return { url, environment: pointerEnvironment(pointer), attach: mode, attachUrl }
}

// Heroku's CLI knows of no app folder: what it runs is a release.
async function releaseFirst(place: Place): Promise<void> {
  const { records } = readReleases(place.state)
  if (records.some(({ status, slug }) => status === 'succeeded' && slug !== null)) return
  const stack = await prepareStack(place, { isQuiet: true })
  const body = { stack, without_command: true }
  await order(place, { method: 'POST', path: `${appPath(place)}/releases`, body })
}
