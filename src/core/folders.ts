/** Where dyno keeps things on this machine; every path is absolute. */
export type Folders = {
  /** Sockets and what lives as long as a manifold; private to its user. */
  readonly runtime: string
  /** Slugs: can be made again. */
  readonly cache: string
  /** Logs and counters: kept. */
  readonly state: string
}

/** The folders of the XDG base directories, or their usual stand-ins. */
export function foldersFor(
  shell: Readonly<Record<string, string | undefined>>,
  person: { readonly home: string; readonly uid: number; readonly temporary: string },
): Folders {
  const xdg = (name: string, otherwise: string) => {
    const folder = shell[name]
    return `${folder?.startsWith('/') ? folder : otherwise}/dyno`
  }
  const runtime = shell['XDG_RUNTIME_DIR']
  return {
    runtime: runtime?.startsWith('/') ? `${runtime}/dyno` : `${person.temporary}/dyno-${person.uid}`,
    cache: xdg('XDG_CACHE_HOME', `${person.home}/.cache`),
    state: xdg('XDG_STATE_HOME', `${person.home}/.local/state`),
  }
}

/** The longest path a unix socket can have on every system we run on, in bytes. */
export const MAX_SOCKET_PATH = 103
